//! The fields that methods of REST 3 describe: `X.field.list` those of the rows of `X`.

use std::collections::HashMap;

use indexmap::IndexMap;

use super::derive::blank_family;
use super::roles::Role;
use super::{Families, Family};
use crate::spec::{Api, JsonType, Schema, Spec};

const FILE: &str = include_str!("described.json");

/// The mark of a list that continues with the fields of the entity.
const FURTHER: &str = "…";

/// What pages say of fields, by prefix and field: the type, with `f` if lists filter and `s` if they sort by the field.
#[derive(Debug, Default)]
pub(super) struct Described(HashMap<String, IndexMap<String, String>>);

/// A described field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DescribedField {
    pub(crate) name: String,
    /// The name of the type.
    pub(crate) kind: String,
    pub(crate) filterable: bool,
    pub(crate) sortable: bool,
}

impl Described {
    pub(super) fn embedded() -> Self {
        Self(serde_json::from_str(FILE).unwrap_or_default())
    }
}

impl Families {
    /// The family of the methods that describe fields, by their prefix: `tasks.task.field`.
    pub(super) fn describing(&self, spec: &Spec, prefix: &str) -> Option<Family> {
        let of = prefix.strip_suffix(".field")?;
        if self.described_fields(spec, of).is_empty() {
            return None;
        }
        let group = spec.group(Api::V3, prefix);
        let described = group.iter().filter(|method| matches!(method.verb().as_str(), "list" | "get"));
        Some(blank_family(prefix, described.map(|method| (method.as_ref(), Role::Fields))))
    }

    /// The fields of the rows of the methods with a prefix.
    pub(crate) fn described_fields(&self, spec: &Spec, prefix: &str) -> Vec<DescribedField> {
        let documented = self.described.0.get(prefix);
        let of_page = documented.into_iter().flatten().filter(|(name, _)| *name != FURTHER);
        let mut fields: Vec<DescribedField> = of_page.map(|(name, words)| of_words(name, words)).collect();
        if documented.is_none_or(|documented| documented.contains_key(FURTHER)) {
            for (name, schema) in self.fields_of_rows(spec, prefix) {
                if !fields.iter().any(|field| field.name == name) {
                    fields.push(DescribedField {
                        kind: kind(&schema).to_owned(),
                        filterable: false,
                        sortable: false,
                        name,
                    });
                }
            }
        }
        fields
    }

    fn fields_of_rows(&self, spec: &Spec, prefix: &str) -> IndexMap<String, Schema> {
        match self.family(spec, Api::V3, prefix) {
            Some(family) => family.fields.clone(),
            None => spec.entity(Api::V3, prefix).map(|entity| entity.fields).unwrap_or_default(),
        }
    }
}

fn of_words(name: &str, words: &str) -> DescribedField {
    let (kind, flags) = words.split_once(' ').unwrap_or((words, ""));
    DescribedField {
        name: name.to_owned(),
        kind: kind.to_owned(),
        filterable: flags.contains('f'),
        sortable: flags.contains('s'),
    }
}

/// The name of a type in REST 3.
fn kind(schema: &Schema) -> &'static str {
    match schema.single() {
        _ if schema.is_date() => "object",
        Some(JsonType::Integer) => "int",
        Some(JsonType::Number) => "float",
        Some(JsonType::Boolean) => "bool",
        Some(JsonType::Array) => "array",
        Some(JsonType::Object) => "object",
        _ => "string",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_read_and_describes_documented_prefixes() {
        let described: HashMap<String, IndexMap<String, String>> =
            serde_json::from_str(FILE).expect("a file");
        let spec = Spec::embedded();
        for prefix in described.keys() {
            assert!(spec.method(Api::V3, &format!("{prefix}.field.list")).is_some(), "{prefix}");
        }
    }

    #[test]
    fn fields_are_those_of_the_page_then_those_of_the_rows() {
        let (spec, families) = (Spec::embedded(), Families::new());
        let of = |prefix: &str| families.described_fields(&spec, prefix);
        let id = DescribedField { name: "id".into(), kind: "int".into(), filterable: true, sortable: true };
        assert_eq!(of("tasks.task").first(), Some(&id));
        assert!(of("tasks.task").iter().any(|field| field.name == "deadline" && field.kind == "object"));
        assert_eq!(of("tasks.task.access"), [id]);
    }
}
