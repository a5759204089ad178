//! The descriptor of a method, in `spec/<scope>/<method>.yaml`.
//!
//! These types define the format. `spec/README.md` describes it, `spec/descriptor.schema.json` is generated from the types for
//! editors. [`read_yaml`] parses files and reports what does not fit, [`Spec`] validates the content, and [`to_yaml`] writes the
//! canonical form.

mod entity;
mod error_words;
mod event;
mod handler;
#[cfg(feature = "importer")]
mod json_schema;
mod keyset;
mod limits;
mod load;
mod method_key;
mod names;
mod parts;
mod pinned_source;
mod placement;
mod rules;
mod schema;
mod sent_files;
mod spans;
mod spec;
mod spec_file;
mod system;
mod wire_names;
mod write;

pub use entity::{Entities, Entity, Kind, Kinds};
pub(crate) use error_words::{
    MAX_LENGTH, distinguishing_words, is_predicate, message_key, name_words, significant_words, tidy_message,
    without_connectors,
};
pub use event::{Event, EventTokens, event_path};
pub use handler::{Handler, handler_path};
#[cfg(feature = "importer")]
pub use json_schema::{
    generate_entity_json_schema, generate_event_json_schema, generate_handler_json_schema,
    generate_json_schema, generate_placement_json_schema,
};
pub use keyset::Keyset;
pub use limits::{CountedBy, OperatingTime, PlanQuota, RateLimit, SystemLimits};
pub(crate) use load::read_yaml_with_any_keys;
pub use load::{Loaded, read_yaml};
pub(crate) use method_key::{MethodKey, method_key};
pub use names::{FrozenError, FrozenMethod, FrozenModule, FrozenName, FrozenNames, FrozenType};
pub use pinned_source::{PinnedSource, SOURCE_FILE};
pub use placement::{BINDING_METHOD, Placement, Shown, placement_path};
pub use schema::{AdditionalProperties, FLAG, JsonType, Schema, TypeSet, value_key};
pub use spans::{Pointer, SpanMap};
pub(crate) use spans::{escape_token, unescape_token};
pub(crate) use spec::find_contradictions;
pub use spec::{FindEntity, NAMES_FILE, SYSTEM_FILE, Spec, descriptor_path, entity_path};
pub use spec_file::SpecFile;
pub use system::{Ran, SystemDescriptor, SystemErrorDescriptor};
pub(crate) use wire_names::{refuse_dotted_name, refuse_name};
pub use write::{
    ENTITY_SCHEMA_FILE, EVENT_SCHEMA_FILE, HANDLER_SCHEMA_FILE, PLACEMENT_SCHEMA_FILE, SCHEMA_FILE,
    render_descriptor, render_entity, render_event, render_handler, render_names, render_placement,
    render_source, render_system, to_yaml,
};

#[cfg(feature = "importer")]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One method of the API.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "importer", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Descriptor {
    /// The name, spelled as documented; unique together with `api`, compared without case.
    pub method: String,
    /// The interface of the portal.
    #[serde(default, skip_serializing_if = "is_default")]
    pub api: Api,
    /// The scopes. The caller needs one of them. Front matter may give a single word.
    #[serde(default, deserialize_with = "one_or_many")]
    #[cfg_attr(feature = "importer", schemars(with = "OneOrMany"))]
    pub scope: Vec<String>,
    /// Whether the method is deprecated, and what replaces it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub deprecated: Deprecated,
    /// Since when no document describes the method. It is kept for one release.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undocumented: Option<Undocumented>,
    /// Other names of the method.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// The rate limit for the whole portal, in requests per second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate_limit_per_sec: Option<u32>,
    /// A rate limit that is not counted for the whole portal, or not per second. It excludes `rate_limit_per_sec`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate_limit: Option<RateLimit>,
    /// How further pages of a list are requested.
    #[serde(default)]
    pub pagination: Pagination,
    /// JSON Pointer into the sent parameters, to the page number or the offset, if it is inside a parameter. For positional
    /// parameters, the first step is the position.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page_at: Option<String>,
    /// Whether a call may change data on the portal. Default: true; only `false` is written.
    #[serde(default = "may_be", skip_serializing_if = "is_true")]
    pub changes: bool,
    /// Who may call the method.
    #[serde(default, skip_serializing_if = "is_default")]
    pub context: Context,
    /// Whether parameters are sent by position. No undocumented ones can be added then.
    #[serde(default, skip_serializing_if = "is_default")]
    pub positional: bool,
    /// The arguments of the constructor, in order. Set at the first import, then frozen.
    #[serde(default)]
    pub args: Vec<String>,
    /// The parameters that callers rely on and the documents do not give like this any more: dropped arguments, and types that were
    /// kept or widened. Names below objects follow a `/`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub frozen: Vec<String>,
    /// Whether the page has no marks for required parameters, so that a missing mark has no meaning.
    #[serde(default, skip_serializing_if = "is_default")]
    pub required_unknown: bool,
    /// JSON Schema of the parameters: an object with properties in the documented order.
    #[serde(default = "Schema::any_object")]
    pub params: Schema,
    /// JSON Schema of `result`, without the envelope.
    #[serde(default)]
    pub returns: Schema,
    /// JSON Pointer into `result` to the rows of a list. `""`: the result is the list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<String>,
    /// How the list is read by ascending identifier, if its filter and its order allow it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keyset: Option<Keyset>,
    /// The errors of this method, in addition to those of `spec/system.yaml`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<ErrorDescriptor>,
    /// The page of the official documentation, as a path without a file extension.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// The summary, in the project's own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// What the method does, for exports. Files do not have it.
    #[serde(skip)]
    pub description: Option<String>,
    /// The documents that the facts come from, newest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<Source>,
}

impl Descriptor {
    /// The rate limit of the method, under either key.
    pub fn rate_limit(&self) -> Option<RateLimit> {
        let per_second = |requests| RateLimit { requests, seconds: 1, counted_by: CountedBy::Portal };
        self.rate_limit.or_else(|| self.rate_limit_per_sec.map(per_second))
    }

    /// The schema of a row. `None`: the method returns no list, or the rows are unknown.
    pub fn row(&self) -> Option<&Schema> {
        let mut list = &self.returns;
        for step in self.rows.as_deref()?.split('/').skip(1) {
            list = list.properties.get(&unescape_token(step))?;
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "importer", derive(JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Api {
    /// REST 2, under `/rest/`.
    #[default]
    V2,
    /// REST 3, under `/rest/api/`.
    V3,
}

/// Whether a method is deprecated: `false`, `true`, or what replaces it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "importer", derive(JsonSchema))]
#[serde(untagged, expecting = "true, false or {replaced_by: [method, …]}")]
pub enum Deprecated {
    /// Deprecated or not.
    Flag(bool),
    /// Deprecated, with replacements.
    Replaced(Replacement),
}

/// The replacements of a deprecated method.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "importer", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Replacement {
    /// Names of methods, or of groups of methods as in `crm.item.*`.
    pub replaced_by: Vec<String>,
}

/// When a method vanished from the documentation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "importer", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Undocumented {
    /// The date of the first documentation without the method, if it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// The version of the crate at that time. The next one does not contain the method.
    pub version: String,
}

impl Default for Deprecated {
    fn default() -> Self {
        Self::Flag(false)
    }
}

/// How further pages of a list are requested.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "importer", derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Pagination {
    /// There are no further pages.
    None,
    /// `start` in the request, `next` in the response.
    Start,
    /// `limit` and `offset`.
    LimitOffset,
    /// The identifier of the last row.
    LastId,
    /// A page number.
    Page,
    /// The `pagination` object of REST 3 with `page` and `limit`.
    V3,
    /// The `pagination` object of REST 3 with `afterCursor`, the cursor of the last page.
    Cursor,
    /// Not documented.
    #[default]
    Unknown,
}

/// Who may call a method.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "importer", derive(JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Context {
    /// Anyone with a token for the scope.
    #[default]
    Any,
    /// An OAuth application only.
    Application,
}

/// A documented error of a method.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "importer", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ErrorDescriptor {
    /// The code on the wire. Numbers are in quotes. `""`: the portal sends no code.
    pub code: String,
    /// A few words that name an error whose code is a number, in upper camel case. Set at the first import, then frozen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The HTTP status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The message of the portal, if the code alone does not distinguish errors.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Whether only an earlier version of the documentation lists it: decoded, no longer documented.
    #[serde(default, skip_serializing_if = "is_default")]
    pub historical: bool,
}

/// A document that facts of a descriptor come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "importer", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// The form of the document.
    pub form: SourceForm,
    /// The path, relative to the imported folder. For a patch, relative to `spec/`.
    pub file: String,
    /// The date of the snapshot that it is part of, if the imported documentation has a newer one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<String>,
    /// The keys that this document decided although a newer document describes the method, or the paths that a patch sets.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub decided: Vec<String>,
}

/// The form of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "importer", derive(JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum SourceForm {
    /// Yandex Flavored Markdown, with its tables and directives.
    Yfm,
    /// The text of a rendered page. Its tables have lost their code spans.
    Rendered,
    /// YAML between `---` lines at the start of a document.
    FrontMatter,
    /// A manual correction from `spec/patches/`.
    Patch,
}

/// Whether a value is its default and is left out of the file.
fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// The default of `changes`: a method may change data unless it is known to only read.
fn may_be() -> bool {
    true
}

fn is_true(value: &bool) -> bool {
    *value
}

/// A word or a list of words.
#[derive(Deserialize)]
#[cfg_attr(feature = "importer", derive(JsonSchema))]
#[serde(untagged, expecting = "a word or a list of words")]
pub(crate) enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl OneOrMany {
    pub(crate) fn into_list(self) -> Vec<String> {
        match self {
            Self::One(word) => vec![word],
            Self::Many(words) => words,
        }
    }
}

fn one_or_many<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    OneOrMany::deserialize(deserializer).map(OneOrMany::into_list)
}
