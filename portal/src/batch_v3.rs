//! The method `batch` of REST 3: a list of commands, whose parameters may have parts of the results of earlier ones.
//!
//! No page documents it; these are the facts that the official JavaScript SDK relies on. The body is a JSON list of
//! `{method, query, as, parallel}`. The result is the list of the results. `{"$ref": "name.item.id"}` is a part of the result of the
//! command with this name, and `{"$refArray": "name.id"}` is a list of one field of all its `items`. Only results with `item` or
//! `items` can be referred to. The first error is that of the whole batch. What ran before it stays.

use serde_json::{Map, Value};

use crate::check::Refusal;
use crate::exchange::Params;
use crate::php;
use crate::spec::System;

/// The results that can be referred to, by the names of the commands.
type Context = Map<String, Value>;

/// The result of a batch. `call` runs a command.
///
/// # Errors
/// The first error of a command; a command that cannot be read; too many commands; a reference that leads to nothing.
pub(crate) fn run(
    system: &System,
    params: &Params,
    mut call: impl FnMut(&str, Params) -> Result<Value, Refusal>,
) -> Result<Value, Refusal> {
    // A list is read as parameters that are numbered.
    let commands = params.iter().filter(|(key, _)| key.parse::<usize>().is_ok());
    let commands: Vec<(&String, &Value)> = commands.collect();
    let most = system.limits.batch_commands.unwrap_or(50);
    if commands.is_empty() || commands.len() > most {
        return Err(invalid("batch", format!("A batch is a list of 1 to {most} commands")));
    }
    let (mut results, mut context) = (Vec::new(), Context::new());
    for (at, command) in commands {
        let method = command.get("method").and_then(Value::as_str).unwrap_or_default();
        if method.is_empty() || method.eq_ignore_ascii_case("batch") {
            return Err(invalid(
                &format!("{at}.method"),
                "A command has a method, other than batch".to_owned(),
            ));
        }
        let query = match command.get("query") {
            None | Some(Value::Null) => Params::new(),
            Some(query) => match resolve(query, &context)? {
                Value::Object(query) => query,
                Value::Array(list) if list.is_empty() => Params::new(),
                _ => {
                    return Err(invalid(
                        &format!("{at}.query"),
                        "The query of a command is an object".to_owned(),
                    ));
                }
            },
        };
        let result = call(method, query)?;
        if result.get("item").is_some() || result.get("items").is_some() {
            let name =
                command.get("as").filter(|name| !php::is_empty(name)).map_or_else(|| at.clone(), php::text);
            context.insert(name, result.clone());
        }
        results.push(result);
    }
    Ok(results.into())
}

/// The value with its references replaced.
fn resolve(value: &Value, context: &Context) -> Result<Value, Refusal> {
    match value {
        Value::Array(items) => items.iter().map(|item| resolve(item, context)).collect(),
        Value::Object(fields) => {
            if let (Some((name, Value::String(path))), 1) = (fields.iter().next(), fields.len()) {
                match name.as_str() {
                    "$ref" => return one(path, context).ok_or_else(|| unresolved(path)),
                    "$refArray" => return each(path, context).ok_or_else(|| unresolved(path)),
                    _ => {}
                }
            }
            let resolved = fields.iter().map(|(name, field)| Ok((name.clone(), resolve(field, context)?)));
            resolved.collect::<Result<Map<String, Value>, Refusal>>().map(Value::Object)
        }
        scalar => Ok(scalar.clone()),
    }
}

/// The part of a result at `name.item.id`.
fn one(path: &str, context: &Context) -> Option<Value> {
    let (name, rest) = path.split_once('.')?;
    at(context.get(name)?, rest).cloned()
}

/// The field of all items at `name.id`.
fn each(path: &str, context: &Context) -> Option<Value> {
    let (name, field) = path.split_once('.')?;
    let field = field.strip_prefix("items.").unwrap_or(field);
    let items = context.get(name)?.get("items")?.as_array()?;
    items.iter().map(|item| at(item, field).cloned()).collect()
}

fn at<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    path.split('.').try_fold(value, |value, step| match value {
        Value::Array(items) => items.get(step.parse::<usize>().ok()?),
        value => value.get(step),
    })
}

fn unresolved(path: &str) -> Refusal {
    let message = format!("The reference {path} leads to no value of an earlier result");
    Refusal::new(400, "BITRIX_REST_V3_EXCEPTION_INVALIDSELECTEXCEPTION", message)
}

fn invalid(field: &str, message: String) -> Refusal {
    let code = "BITRIX_REST_V3_EXCEPTION_VALIDATION_REQUESTVALIDATIONEXCEPTION";
    let mut refusal = Refusal::new(400, code, message.clone());
    refusal.validation.push((field.to_owned(), message));
    refusal
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn batch(commands: &Value) -> Result<Value, Refusal> {
        let numbered = commands.as_array().into_iter().flatten().enumerate();
        let params: Params = numbered.map(|(at, command)| (at.to_string(), command.clone())).collect();
        run(&System::default(), &params, |method, params| match method {
            "get" => Ok(json!({"item": params})),
            "list" => Ok(json!({"items": [{"id": 1, "of": {"id": 5}}, {"id": 2, "of": {"id": 6}}]})),
            "add" => Ok(json!({"id": 7})),
            _ => Err(Refusal::new(404, "NONE", "none")),
        })
    }

    #[test]
    fn references_are_parts_of_earlier_results() {
        let commands = json!([
            {"method": "get", "query": {"id": 3}, "as": "first"},
            {"method": "list", "as": "all"},
            {"method": "get", "query": {"id": {"$ref": "first.item.id"}, "ids": {"$refArray": "all.id"}}},
            {"method": "get", "query": {"of": [{"$refArray": "all.of.id"}], "one": {"$ref": "all.items.1.id"}}},
        ]);
        let results = batch(&commands).expect("results");
        assert_eq!(results[2], json!({"item": {"id": 3, "ids": [1, 2]}}));
        assert_eq!(results[3], json!({"item": {"of": [[5, 6]], "one": 2}}));
    }

    #[test]
    fn the_first_error_is_that_of_the_batch() {
        let code = |commands: Value| batch(&commands).expect_err("an error").code;
        assert_eq!(code(json!([{"method": "add"}, {"method": "x"}])), "NONE");
        for path in ["first.item.id", "0.id", "nothing", "1.item.none"] {
            let commands = json!([{"method": "add"}, {"method": "get"}, {"method": "get", "query": {"id": {"$ref": path}}}]);
            assert_eq!(code(commands), "BITRIX_REST_V3_EXCEPTION_INVALIDSELECTEXCEPTION", "{path}");
        }
        let validation = "BITRIX_REST_V3_EXCEPTION_VALIDATION_REQUESTVALIDATIONEXCEPTION";
        for wrong in
            [json!([]), json!([1]), json!([{"method": "batch"}]), json!([{"method": "get", "query": 7}])]
        {
            assert_eq!(code(wrong), validation);
        }
        let many: Vec<Value> = (0..51).map(|_| json!({"method": "add"})).collect();
        assert_eq!(code(many.into()), validation);
    }
}
