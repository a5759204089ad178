//! What things are called in Rust.

use std::fmt;

use serde::Serialize;

/// The path of a module below the crate's root.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ModulePath(pub Vec<RustName>);

impl ModulePath {
    /// Whether this module is `other` or lies below it.
    pub fn is_within(&self, other: &Self) -> bool {
        self.0.starts_with(&other.0)
    }
}

impl fmt::Display for ModulePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.0.iter().map(RustName::as_str).collect();
        f.write_str(&names.join("::"))
    }
}

/// As it is written in Rust, so that it can be a key of YAML.
impl Serialize for ModulePath {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// An identifier that is legal in Rust; a wire name can never be printed in its place. Made by [`crate::lower`] alone.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct RustName(pub(crate) String);

impl RustName {
    /// The identifier as it is written, with `r#` before a keyword.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name without the mark of a raw identifier, as it stands in paths of files and in links.
    pub fn bare(&self) -> &str {
        self.0.trim_start_matches("r#")
    }

    /// A link of rustdoc to the function of this name in the same module. rustdoc takes the `#` of a raw identifier for the
    /// beginning of a fragment, and finds the item by its bare name.
    pub(crate) fn function_link(&self) -> String {
        let name = self.bare();
        format!("[`{name}`]({name}())")
    }
}

impl fmt::Display for RustName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
