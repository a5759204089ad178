//! A placement: a place of the interface that shows an application, in `spec/placements/<scope>/<code>.yaml`.

use std::path::{Path, PathBuf};

#[cfg(feature = "importer")]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Deprecated, OneOrMany, Schema, Source, Undocumented, is_default, one_or_many};

/// The method that binds a placement where the descriptor names none.
pub const BINDING_METHOD: &str = "placement.bind";

/// The folder of the placements, below `spec/`.
pub(super) const PLACEMENTS: &str = "placements";

/// One place of the interface that shows an application, or a family of them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "importer", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Placement {
    /// The code, spelled as documented. Unique.
    pub placement: String,
    /// The code of a family, with the variable part in braces: `CRM_DYNAMIC_{entityTypeId}_DETAIL_TAB`. A part whose name ends in
    /// `Id` is a number, any other a text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pattern: Option<String>,
    /// The scopes. The caller needs one of them. Front matter may give a single word.
    #[serde(default, deserialize_with = "one_or_many")]
    #[cfg_attr(feature = "importer", schemars(with = "OneOrMany"))]
    pub scope: Vec<String>,
    /// Whether the placement is deprecated, and what replaces it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub deprecated: Deprecated,
    /// Since when no document describes the placement. It is kept for one release.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undocumented: Option<Undocumented>,
    /// The method that binds a handler to it. Default: `placement.bind`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// What the interface shows for the application.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown: Option<Shown>,
    /// JSON Schema of the options that the method accepts for it. Absent: none are documented.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub options: Option<Schema>,
    /// JSON Schema of `PLACEMENT_OPTIONS`, which the handler receives as JSON in a text. `{type: "null"}`: it receives none. Absent:
    /// not documented.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receives: Option<Schema>,
    /// The page of the official documentation, as a path without a file extension.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// The summary, in the project's own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// The documents that the facts come from, newest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<Source>,
}

/// What the interface shows for an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "importer", derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Shown {
    /// A tab.
    Tab,
    /// An item of a menu that a click on an object opens.
    ContextMenu,
    /// An item of a menu below a button.
    DropdownMenu,
    /// An item of another menu.
    Menu,
    /// An item of a panel, a toolbar or a list.
    Item,
    /// A page behind a link.
    Link,
    /// Nothing: the application runs in the background.
    Hidden,
}

impl Placement {
    /// The method that binds a handler to it.
    pub fn binding_method(&self) -> &str {
        self.method.as_deref().unwrap_or(BINDING_METHOD)
    }

    /// The parts of the pattern: the text before the variable part, its name, and the text behind it. `None` for a single code,
    /// and for a pattern that has no or several variable parts.
    pub fn variable(&self) -> Option<(&str, &str, &str)> {
        let (before, rest) = self.pattern.as_deref()?.split_once('{')?;
        let (name, behind) = rest.split_once('}')?;
        let is_name = |name: &str| {
            name.starts_with(|c: char| c.is_ascii_lowercase())
                && name.chars().all(|c| c.is_ascii_alphanumeric())
        };
        (is_name(name) && !behind.contains(['{', '}'])).then_some((before, name, behind))
    }
}

/// The path of a placement below `spec/`: `placements/<scope>/<code>.yaml`, without a scope below `placements/basic/`. The file
/// has the letters, digits and underscores of the code.
pub fn placement_path(placement: &Placement) -> PathBuf {
    let scope = placement.scope.first().map_or("basic", String::as_str);
    let fits = |c: &char| c.is_ascii_alphanumeric() || *c == '_';
    let name: String = placement.placement.chars().filter(fits).collect();
    Path::new(PLACEMENTS).join(scope).join(format!("{}.yaml", name.trim_matches('_')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn family(pattern: &str) -> Placement {
        Placement { pattern: Some(pattern.to_owned()), ..Placement::default() }
    }

    #[test]
    fn a_pattern_has_one_variable_part() {
        assert_eq!(family("ZOO_{cageId}_TAB").variable(), Some(("ZOO_", "cageId", "_TAB")));
        assert_eq!(family("ZOO_BLOCK_{code}").variable(), Some(("ZOO_BLOCK_", "code", "")));
        for wrong in ["ZOO_TAB", "ZOO_{}_TAB", "ZOO_{a}_{b}", "ZOO_{a b}", "ZOO_{CAGE}", "ZOO_{a"] {
            assert_eq!(family(wrong).variable(), None, "{wrong}");
        }
        assert_eq!(Placement::default().variable(), None);
    }

    #[test]
    fn a_file_has_the_letters_of_its_code() {
        let path = |code: &str, scope: &[&str]| {
            let scope = scope.iter().map(|&word| word.to_owned()).collect();
            placement_path(&Placement { placement: code.to_owned(), scope, ..Placement::default() })
        };
        assert_eq!(path("ZOO_TAB", &["zoo", "crm"]), Path::new("placements/zoo/ZOO_TAB.yaml"));
        assert_eq!(path("ZOO_BLOCK_*", &[]), Path::new("placements/basic/ZOO_BLOCK.yaml"));
        assert_eq!(path("ZOO_BLOCK_<CODE>", &["zoo"]), Path::new("placements/zoo/ZOO_BLOCK_CODE.yaml"));
    }
}
