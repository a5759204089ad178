//! The shape of a batch: its commands keep their methods, and their names match those in the response.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::shapes::whole_object_with;
use super::{envelope, shapes};
use crate::method::is_method_name;
use crate::php;

/// The key of the commands in the parameters.
const COMMANDS: &str = "cmd";

/// The shapes of the parameters and of the response of a batch.
pub(super) fn shapes(params: &Value, body: &Value) -> (Value, Value) {
    let names = Names::of(params);
    let params = match params {
        Value::Object(params) => whole_object_with(params, |key, value| match key {
            COMMANDS => names.rename(value, command),
            _ => shapes::shape(value),
        }),
        other => shapes::shape(other),
    };
    let Value::Object(fields) = body else { return (params, envelope::shape(body)) };
    let mut shaped = envelope::shape(body);
    if let (Some(Value::Object(maps)), Some(result)) = (fields.get("result"), shaped.get_mut("result")) {
        *result = whole_object_with(maps, |_, of_commands| names.rename(of_commands, shapes::shape));
    }
    (params, shaped)
}

/// The names of the commands, and those that replace them.
struct Names<'a>(HashMap<&'a str, String>);

impl<'a> Names<'a> {
    fn of(params: &'a Value) -> Self {
        let commands = params.get(COMMANDS).and_then(Value::as_object);
        let names = commands.into_iter().flat_map(Map::keys).enumerate();
        // A name that is a number says that the response may be a list.
        let name = |index: usize, name: &str| match name.bytes().all(|byte| byte.is_ascii_digit()) {
            true => index.to_string(),
            false => format!("c{index}"),
        };
        Self(names.map(|(index, known)| (known.as_str(), name(index, known))).collect())
    }

    /// A value for each command, under its new name.
    fn rename(&self, of_commands: &Value, shape: impl Fn(&Value) -> Value) -> Value {
        match of_commands {
            Value::Object(map) => {
                let known = map
                    .iter()
                    .filter_map(|(name, value)| Some((self.0.get(name.as_str())?.clone(), shape(value))));
                known.collect()
            }
            Value::Array(items) => items.iter().map(shape).collect(),
            other => shapes::shape(other),
        }
    }
}

/// A command: the method and its query. One without a method is a text.
fn command(command: &Value) -> Value {
    let Value::String(text) = command else { return shapes::shape(command) };
    let (method, query) = text.split_once('?').unwrap_or((text, ""));
    if !is_method_name(method) {
        return shapes::shape(command);
    }
    let params = shapes::shape_params(&Value::Object(php::decode(query)));
    let query = params.as_object().and_then(|params| php::encode(params).ok()).unwrap_or_default();
    Value::from(if query.is_empty() { method.to_owned() } else { format!("{method}?{query}") })
}
