//! The keys of the files in `spec/words/`. `spec/words/README.md` describes them.

use indexmap::IndexMap;
#[cfg(feature = "importer")]
use schemars::JsonSchema;
use serde::Deserialize;

/// Texts by name, path, value, code or message.
pub(super) type Texts = IndexMap<String, String>;

/// What values mean, by the name or the path of the value.
pub(super) type ValueTexts = IndexMap<String, Texts>;

/// A file of `glossary/`: names, values and errors in one part of the product.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(feature = "importer", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct PartFile {
    /// The first words of the methods and entities that the file is about: `crm`; of REST 3 `v3:tasks`.
    pub(super) prefixes: Vec<String>,
    /// What parameters and fields mean, by name.
    #[serde(default)]
    pub(super) fields: Texts,
    /// What values mean, by the name of the parameter or field.
    #[serde(default)]
    pub(super) values: ValueTexts,
    /// When errors happen, by code; errors without a code by their message.
    #[serde(default)]
    pub(super) errors: Texts,
}

/// `errors.yaml`: what errors mean wherever they occur.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(feature = "importer", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct ErrorsFile {
    /// When an error of this code happens, and what to do.
    #[serde(default)]
    pub(super) codes: Texts,
    /// The same for errors without a code, by their message.
    #[serde(default)]
    pub(super) messages: Texts,
}

/// `scopes.yaml`: the parts of the product.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(feature = "importer", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct ScopesFile {
    /// The scopes by name.
    #[serde(default)]
    pub(super) scopes: IndexMap<String, ScopeTexts>,
}

/// What a scope is.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(feature = "importer", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct ScopeTexts {
    /// The name of this part of the product.
    pub(super) title: String,
    /// What it is for.
    #[serde(default)]
    pub(super) text: Option<String>,
    /// Which methods to begin with.
    #[serde(default)]
    pub(super) start: Option<String>,
}

/// `modules.yaml`: groups of methods, by the wire name without its last word.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(feature = "importer", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct ModulesFile {
    /// Groups of REST 2.
    #[serde(default)]
    pub(super) modules: Texts,
    /// Groups of REST 3.
    #[serde(default)]
    pub(super) modules_v3: Texts,
}

/// A file of `entities/`: the things that methods are about. `entities/v3.yaml` has those of REST 3.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(feature = "importer", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct EntitiesFile {
    /// The entities by name: the wire name of their methods without its last word.
    #[serde(default)]
    pub(super) entities: IndexMap<String, EntityTexts>,
}

/// What an entity is.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(feature = "importer", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct EntityTexts {
    /// The word for one and the word for several.
    #[serde(default)]
    pub(super) noun: Option<(String, String)>,
    /// What it is.
    #[serde(default)]
    pub(super) text: Option<String>,
    /// What its fields mean, by name.
    #[serde(default)]
    pub(super) fields: Texts,
    /// What the values of its fields mean, by the name of the field.
    #[serde(default)]
    pub(super) values: ValueTexts,
}

/// A file of `methods/`.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(feature = "importer", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct MethodsFile {
    /// Methods of REST 2, by wire name.
    #[serde(default)]
    pub(super) methods: IndexMap<String, MethodTexts>,
    /// Methods of REST 3, by wire name.
    #[serde(default)]
    pub(super) methods_v3: IndexMap<String, MethodTexts>,
}

/// A file of `events/`.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(feature = "importer", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct EventsFile {
    /// The events by name.
    #[serde(default)]
    pub(super) events: IndexMap<String, EventTexts>,
}

/// The words about an event.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(feature = "importer", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct EventTexts {
    /// What happened.
    pub(super) text: String,
    /// When it is sent and when not, and what is surprising.
    #[serde(default)]
    pub(super) notes: Vec<String>,
    /// What the fields of its payload mean, by path: `FIELDS/ID`.
    #[serde(default)]
    pub(super) data: Texts,
    /// What the values of a field mean, by path.
    #[serde(default)]
    pub(super) values: ValueTexts,
}

/// A file of `placements/`.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(feature = "importer", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct PlacementsFile {
    /// The placements by code.
    #[serde(default)]
    pub(super) placements: IndexMap<String, PlacementTexts>,
}

/// The words about a placement.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(feature = "importer", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct PlacementTexts {
    /// What place of the interface it is.
    pub(super) text: String,
    /// When it is shown and when not, and what is surprising.
    #[serde(default)]
    pub(super) notes: Vec<String>,
    /// What its options mean, by path.
    #[serde(default)]
    pub(super) options: Texts,
    /// What the values that its handler receives mean, by path.
    #[serde(default)]
    pub(super) receives: Texts,
    /// What the values of an option or a received field mean, by path.
    #[serde(default)]
    pub(super) values: ValueTexts,
}

/// A file of `handlers/`.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(feature = "importer", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct HandlersFile {
    /// The handlers by name.
    #[serde(default)]
    pub(super) handlers: IndexMap<String, HandlerTexts>,
}

/// The words about a handler.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(feature = "importer", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct HandlerTexts {
    /// When the portal sends the request, and what it wants.
    pub(super) text: String,
    /// What the portal does with the response, its limits, and what is surprising.
    #[serde(default)]
    pub(super) notes: Vec<String>,
    /// What the fields of the request mean, by path.
    #[serde(default)]
    pub(super) receives: Texts,
    /// What the fields of the response mean, by path.
    #[serde(default)]
    pub(super) response: Texts,
    /// What the values of a field mean, by path.
    #[serde(default)]
    pub(super) values: ValueTexts,
}

/// What a method does.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(feature = "importer", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct MethodTexts {
    /// What it does and to what.
    pub(super) text: String,
    /// What it returns.
    #[serde(default)]
    pub(super) returns: Option<String>,
    /// The rights that it needs, its limits, and what is surprising.
    #[serde(default)]
    pub(super) notes: Vec<String>,
    /// What its parameters mean, by path: `fields/TITLE`.
    #[serde(default)]
    pub(super) params: Texts,
    /// What the fields of its result mean, by path.
    #[serde(default)]
    pub(super) result: Texts,
    /// What the values of a parameter or a field of the result mean, by path.
    #[serde(default)]
    pub(super) values: ValueTexts,
    /// When errors happen, by code; errors without a code by their message.
    #[serde(default)]
    pub(super) errors: Texts,
}
