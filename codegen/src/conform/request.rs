//! Checks request bodies against the parameters of a descriptor, with the coercions of PHP.
//!
//! Names of parameters at the top are compared without case, as a portal does; names inside of them exactly. Numbers may be
//! strings, booleans may have any form, and lists and objects are interchangeable. In a filter, operators precede names. Nested
//! values are checked as far as the descriptor lists fields.

use serde_json::{Map, Value};

use super::kind::Kind;
use super::values::{describe, is_placeholder, strip_operators, type_phrase};
use crate::descriptor::{AdditionalProperties, Descriptor, JsonType, Schema};
use crate::schema::accepts::coerces;

/// A part of a request body that the descriptor does not allow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The kind.
    pub kind: Kind,
    /// The path: names with dots between them. Empty for the body.
    pub path: String,
    /// The message.
    pub what: String,
    /// Whether the value is a placeholder for the reader.
    pub placeholder: bool,
}

/// Checks a request body.
pub fn check_request(descriptor: &Descriptor, body: &Value) -> Vec<Violation> {
    let mut checker = RequestChecker { root: &descriptor.params, violations: Vec::new() };
    match body {
        Value::Object(given) => checker.check_parameters(descriptor, given),
        // A list has parameters by position.
        Value::Array(_) => {}
        other => checker.report_type("", other, &[JsonType::Object]),
    }
    checker.violations
}

struct RequestChecker<'a> {
    root: &'a Schema,
    violations: Vec<Violation>,
}

impl<'a> RequestChecker<'a> {
    fn report(&mut self, kind: Kind, path: &str, what: String) {
        self.violations.push(Violation { kind, path: path.to_owned(), what, placeholder: false });
    }

    /// Checks the parameters at the top.
    fn check_parameters(&mut self, descriptor: &'a Descriptor, given: &Map<String, Value>) {
        let params = &descriptor.params;
        for (name, value) in given {
            match find_parameter(params, name) {
                Some((known, schema)) => self.check_value(known, schema, value),
                None if name.eq_ignore_ascii_case("auth") || Self::is_open(params) => {}
                // `start` requests a page in every list method, also if it is not listed.
                None if name.eq_ignore_ascii_case("start") => {}
                None if params.properties.is_empty() && descriptor.required_unknown => {}
                None => self.report(Kind::UnknownParameter, name, format!("there is no parameter {name}")),
            }
        }
        for name in &params.required {
            if !given.keys().any(|given| parameters_match(given, name)) {
                let what = format!("the required parameter {name} is missing");
                self.report(Kind::MissingParameter, name, what);
            }
        }
        let is_given = |names: &Schema| {
            names.required.iter().all(|name| given.keys().any(|given| parameters_match(given, name)))
        };
        if !params.any_of.is_empty() && !params.any_of.iter().any(is_given) {
            let sets: Vec<String> = params.any_of.iter().map(|set| set.required.join(" with ")).collect();
            let what = format!("at least one of these is required: {}", sets.join(", "));
            self.report(Kind::MissingParameter, "", what);
        }
    }

    /// Whether an object may have unlisted names.
    fn is_open(object: &Schema) -> bool {
        match &object.additional {
            Some(AdditionalProperties::Allowed(allowed)) => *allowed,
            Some(AdditionalProperties::Of(_)) => true,
            None => false,
        }
    }

    fn check_value(&mut self, path: &str, schema: &'a Schema, value: &Value) {
        let Some(schema) = self.resolve(schema) else { return };
        if !schema.any_of.is_empty() || !schema.one_of.is_empty() {
            return;
        }
        let types = &schema.types.0;
        if !types.is_empty() && !types.iter().any(|wanted| coerces(*wanted, value)) {
            return self.report_type(path, value, types);
        }
        match value {
            Value::Object(given) if !schema.properties.is_empty() => self.check_fields(path, schema, given),
            Value::Object(given) => {
                if let Some(AdditionalProperties::Of(values)) = &schema.additional {
                    given
                        .iter()
                        .for_each(|(name, value)| self.check_value(&join_path(path, name), values, value));
                } else if let Some(items) = &schema.items {
                    given.values().for_each(|value| self.check_value(path, items, value));
                }
            }
            Value::Array(given) => {
                if let Some(items) = &schema.items {
                    given.iter().for_each(|value| self.check_value(path, items, value));
                }
            }
            _ => {}
        }
    }

    /// Checks the fields of an object inside a parameter.
    fn check_fields(&mut self, path: &str, schema: &'a Schema, given: &Map<String, Value>) {
        if !given.is_empty() && given.keys().all(|name| name.parse::<u64>().is_ok()) {
            // A list that PHP encodes as an object. Its items are unknown.
            return;
        }
        for (name, value) in given {
            let bare = strip_operators(name);
            match find_field(schema, name).or_else(|| find_field(schema, bare)) {
                // A name with an operator takes the compared values: one or several.
                Some(_) if bare != name => {}
                Some((known, property)) => self.check_value(&join_path(path, known), property, value),
                None if is_dynamic_name(bare) => {}
                None => {
                    let what = match in_another_spelling(schema, bare) {
                        Some(listed) => format!("the field {bare} of {path} is called {listed}"),
                        None if Self::is_open(schema) => continue,
                        None => format!("there is no field {bare} in {path}"),
                    };
                    self.report(Kind::UnknownParameter, &join_path(path, bare), what);
                }
            }
        }
        for name in schema.required.iter().filter(|name| !given.keys().any(|given| fields_match(given, name)))
        {
            let what = format!("the required field {name} of {path} is missing");
            self.report(Kind::MissingParameter, &join_path(path, name), what);
        }
    }

    /// Resolves a reference.
    fn resolve(&self, schema: &'a Schema) -> Option<&'a Schema> {
        match &schema.reference {
            None => Some(schema),
            Some(reference) => self.root.defs.get(reference.strip_prefix("#/$defs/")?),
        }
    }

    fn report_type(&mut self, path: &str, value: &Value, wanted: &[JsonType]) {
        let wanted: Vec<&str> = wanted.iter().map(|wanted| type_phrase(*wanted)).collect();
        let what = format!("{path} is {} instead of {}", describe(value), wanted.join(" or "));
        self.violations.push(Violation {
            kind: Kind::ParameterType,
            path: path.to_owned(),
            what,
            placeholder: is_placeholder(value),
        });
    }
}

fn join_path(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// Finds the parameter of a name in a body: the same name, also in another case, or a pattern such as `UF_*`.
fn find_parameter<'s>(params: &'s Schema, name: &str) -> Option<(&'s str, &'s Schema)> {
    find(params, name, parameters_match)
}

/// Finds the field of a name in an object: the same name, or a pattern.
fn find_field<'s>(object: &'s Schema, name: &str) -> Option<(&'s str, &'s Schema)> {
    find(object, name, fields_match)
}

fn find<'s>(
    object: &'s Schema,
    name: &str,
    matches: fn(&str, &str) -> bool,
) -> Option<(&'s str, &'s Schema)> {
    let exact = object.properties.get_key_value(name);
    let found = exact.or_else(|| object.properties.iter().find(|(known, _)| matches(name, known)));
    found.map(|(known, schema)| (known.as_str(), schema))
}

/// Whether a given name of a parameter is a listed one, without case.
fn parameters_match(given: &str, listed: &str) -> bool {
    given.eq_ignore_ascii_case(listed) || matches_pattern(given, listed, u8::eq_ignore_ascii_case)
}

/// Whether a given name of a field is a listed one.
fn fields_match(given: &str, listed: &str) -> bool {
    given == listed || matches_pattern(given, listed, u8::eq)
}

/// Whether a given name fits a listed pattern: `*`, `...`, `XXX` and `<…>` match any letters.
fn matches_pattern(given: &str, listed: &str, same: fn(&u8, &u8) -> bool) -> bool {
    let open =
        listed.find(['*', '<', '\\', '…']).or_else(|| listed.find("...")).or_else(|| listed.find("XXX"));
    match open {
        Some(stem) if stem > 0 => {
            given.len() > stem
                && given.as_bytes().iter().zip(listed.as_bytes().iter().take(stem)).all(|(a, b)| same(a, b))
        }
        _ => false,
    }
}

/// The listed field that differs from a name in case and in underscores only. An object that may have further fields has none
/// in another spelling.
fn in_another_spelling<'s>(object: &'s Schema, name: &str) -> Option<&'s str> {
    let folded = |name: &str| name.replace('_', "").to_lowercase();
    let wanted = folded(name);
    object.properties.keys().find(|listed| folded(listed) == wanted).map(String::as_str)
}

/// Whether a name is a custom field of a portal, or joins the conditions of a filter.
fn is_dynamic_name(name: &str) -> bool {
    let lower = name.to_lowercase();
    name.parse::<u64>().is_ok()
        || lower == "logic"
        || ["uf_", "ufcrm", "property_", "property", "parent_id_", "parentid"].iter().any(|prefix| {
            lower.strip_prefix(prefix).is_some_and(|rest| {
                !rest.is_empty() && rest.contains(|c: char| c.is_ascii_digit() || c == '_')
            })
        })
        || lower.starts_with("uf_")
}
