//! The descriptor: what is known of one method, as it stands in `spec/<scope>/<method>.yaml`.
//!
//! The types here are the format. `spec/README.md` explains it to people, `spec/descriptor.schema.json` is made from these
//! types for editors, [`read_yaml`] reads files into them and says what does not fit, [`Spec`] checks
//! what it means, and [`to_yaml`] gives the one spelling in which the importer leaves them.

mod json_schema;
mod keyset;
mod load;
mod rules;
mod schema;
mod spans;
mod spec;
mod system;
mod write;

pub use json_schema::{SCHEMA_FILE, generate_json_schema};
pub use keyset::Keyset;
pub use load::{Loaded, read_yaml};
pub use schema::{AdditionalProperties, JsonType, Schema, TypeSet};
pub use spans::{Pointer, SpanMap};
pub(crate) use spec::find_contradictions;
pub use spec::{SYSTEM_FILE, Spec, SpecFile, descriptor_path};
pub use system::{Ran, SystemDescriptor, SystemErrorDescriptor};
pub use write::{render_descriptor, render_system, to_yaml};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One method of the API.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Descriptor {
    /// The name, spelled as documented; unique together with `api`, compared without case.
    pub method: String,
    /// Which interface of the portal the method belongs to.
    #[serde(default, skip_serializing_if = "is_default")]
    pub api: Api,
    /// The scopes of which the caller needs one. Front-matter may give a single word.
    #[serde(default, deserialize_with = "one_or_many")]
    #[schemars(with = "OneOrMany")]
    pub scope: Vec<String>,
    /// Whether the documentation advises against the method, and what it advises instead.
    #[serde(default, skip_serializing_if = "is_default")]
    pub deprecated: Deprecated,
    /// Other names under which the portal knows the method.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// The pace of the whole portal, requests a second; no method of its own is documented.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate_limit_per_sec: Option<u32>,
    /// How further pages of a list are asked for.
    #[serde(default)]
    pub pagination: Pagination,
    /// JSON Pointer into the parameters as they are sent, to the number of the page or the offset, where it is no parameter of
    /// its own. By position, the first step is the place of the parameter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page_at: Option<String>,
    /// Whether a call may change something on the portal; only `false` is ever written.
    #[serde(default = "may_be", skip_serializing_if = "is_true")]
    pub changes: bool,
    /// Who may call the method.
    #[serde(default, skip_serializing_if = "is_default")]
    pub context: Context,
    /// Whether parameters go by position and no other may be added.
    #[serde(default, skip_serializing_if = "is_default")]
    pub positional: bool,
    /// The parameters that the constructor takes, in order; set at the first import, then frozen.
    #[serde(default)]
    pub args: Vec<String>,
    /// Whether the page marks no parameter as required, so that nothing can be told from a missing mark.
    #[serde(default, skip_serializing_if = "is_default")]
    pub required_unknown: bool,
    /// JSON Schema of the parameters: an object whose properties stand in the documented order.
    #[serde(default = "Schema::any_object")]
    pub params: Schema,
    /// JSON Schema of `result`, not of the envelope around it.
    #[serde(default)]
    pub returns: Schema,
    /// JSON Pointer into `result` to the rows of a list method; `""` where the result itself is the list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<String>,
    /// How the list is read by ascending identifier, where its conditions and its order allow it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keyset: Option<Keyset>,
    /// The errors of this method, beyond those of `spec/system.yaml`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<ErrorDescriptor>,
    /// The page in the official documentation, as a path without an ending.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// What the method does, in the project's own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// Which documents the facts came from, newest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<Source>,
}

impl Descriptor {
    /// The schema of a row of the list that the method gives; `None` where it gives none, or nothing is known of its rows.
    pub fn row(&self) -> Option<&Schema> {
        let mut list = &self.returns;
        for step in self.rows.as_deref()?.split('/').skip(1) {
            list = list.properties.get(&step.replace("~1", "/").replace("~0", "~"))?;
        }
        let row = match (&list.items, &list.additional) {
            (Some(items), _) => items,
            (None, Some(AdditionalProperties::Of(values))) => values,
            _ => return None,
        };
        match row.reference.as_deref().and_then(|reference| reference.strip_prefix("#/$defs/")) {
            Some(name) => self.returns.defs.get(name),
            None => Some(row),
        }
    }
}

/// The two interfaces of a portal.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Api {
    /// REST 2, under `/rest/`.
    #[default]
    V2,
    /// REST 3, under `/rest/api/`.
    V3,
}

/// Whether a method is deprecated: `false`, `true`, or what replaces it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "true, false or {replaced_by: [method, …]}")]
pub enum Deprecated {
    /// It is, or it is not.
    Flag(bool),
    /// It is, and others take its place.
    Replaced(Replacement),
}

/// What takes the place of a deprecated method.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Replacement {
    /// Names of methods, or of families of them as in `crm.item.*`.
    pub replaced_by: Vec<String>,
}

impl Default for Deprecated {
    fn default() -> Self {
        Self::Flag(false)
    }
}

/// How further pages of a list are asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Pagination {
    /// The method gives everything at once.
    None,
    /// `start` in the request, `next` in the answer.
    Start,
    /// `limit` and `offset`.
    LimitOffset,
    /// The last identifier seen.
    LastId,
    /// A page number.
    Page,
    /// The `pagination` object of REST 3, with `page` and `limit` in it.
    V3,
    /// The `pagination` object of REST 3, with the `afterCursor` that the last page gave.
    Cursor,
    /// The documentation does not say.
    #[default]
    Unknown,
}

/// Who may call a method.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Context {
    /// Whoever holds a key with the scope.
    #[default]
    Any,
    /// An OAuth application only.
    Application,
}

/// One error that a method is documented to answer with.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ErrorDescriptor {
    /// The code on the wire, always in quotes where it is a number; `""` where the portal sends none.
    pub code: String,
    /// The HTTP status that comes with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The portal's message, where the code alone does not tell errors apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Whether only an earlier documentation listed it: understood when received, never promised.
    #[serde(default, skip_serializing_if = "is_default")]
    pub historical: bool,
}

/// A document that a descriptor was drawn from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// The form in which the document came.
    pub form: SourceForm,
    /// Its name, relative to the folder that was imported, or the patch below `spec/`.
    pub file: String,
    /// The day of the snapshot that it is part of, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<String>,
    /// The keys that this document decided although it is not the newest page of the method, or the paths that a patch sets.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub decided: Vec<String>,
}

/// The forms in which a method's documentation comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SourceForm {
    /// Markdown with the tables and directives of Yandex Flavored Markdown.
    Yfm,
    /// The text of a page as a browser shows it; its tables have lost their code spans.
    Rendered,
    /// YAML between `---` lines at the head of a document.
    FrontMatter,
    /// A correction by hand, from `spec/patches/`.
    Patch,
}

/// Whether a value says nothing beyond its default, and may be left out of the file.
fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// What is not known to read alone may change something.
fn may_be() -> bool {
    true
}

fn is_true(value: &bool) -> bool {
    *value
}

/// One word, or a list of them.
#[derive(Deserialize, JsonSchema)]
#[serde(untagged, expecting = "a word or a list of words")]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

fn one_or_many<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    Ok(match OneOrMany::deserialize(deserializer)? {
        OneOrMany::One(word) => vec![word],
        OneOrMany::Many(words) => words,
    })
}
