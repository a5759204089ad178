//! Names in Rust.

use std::fmt;

use serde::Serialize;

/// The path of a module below the crate root.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ModulePath(pub Vec<RustName>);

impl ModulePath {
    /// Whether this module is `other` or is inside it.
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

/// The path as it is written in Rust, so that it can be a key in YAML.
impl Serialize for ModulePath {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A valid identifier in Rust. Only [`crate::lower`] and [`crate::emit::parse_path`] create one, so that
/// a wire name cannot be emitted as an identifier.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct RustName(pub(crate) String);

impl RustName {
    /// The identifier, with `r#` before a keyword.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The identifier without `r#`, for file names and links.
    pub fn bare(&self) -> &str {
        self.0.trim_start_matches("r#")
    }

    /// A rustdoc link to the function of this name in the same module. rustdoc interprets the `#` of a raw identifier as the
    /// start of a fragment, and resolves the bare name.
    pub(crate) fn function_link(&self) -> String {
        let name = self.bare();
        format!("[`{name}`]({name}())")
    }
}

/// The path of a type of another crate, or of the crate that the code is generated for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RustPath {
    /// Whether it begins with the name of a crate: `::zoo::Animal`. Otherwise with `crate`.
    pub(crate) is_global: bool,
    /// The segments.
    pub(crate) segments: Vec<RustName>,
}

impl fmt::Display for RustPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let segments: Vec<&str> = self.segments.iter().map(RustName::as_str).collect();
        write!(f, "{}{}", if self.is_global { "::" } else { "" }, segments.join("::"))
    }
}

impl Serialize for RustPath {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl fmt::Display for RustName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
