//! Sets one value inside a descriptor, addressed by a path.

use serde_json::{Map, Value};

use crate::descriptor::unescape_token;

/// The reason why an assignment cannot be applied.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct AssignError {
    /// Whether the target does not have the place that the path names.
    pub(crate) no_such_place: bool,
    pub(crate) message: String,
}

fn no_such_place(message: String) -> AssignError {
    AssignError { no_such_place: true, message }
}

/// Sets the value at a path of keys with `/` between them; in a list of errors a key is the code of one. `null` removes
/// a value.
///
/// # Errors
/// If the path leads through a value without keys.
pub(crate) fn assign(target: &mut Value, path: &str, value: &Value) -> Result<(), AssignError> {
    let keys: Vec<String> = path.trim_start_matches('/').split('/').map(unescape_token).collect();
    let Some((last, parents)) = keys.split_last() else {
        return Ok(());
    };
    let mut place = target;
    for (index, key) in parents.iter().enumerate() {
        // A missing list of errors is empty.
        let absent =
            if index == 0 && key == "errors" { Value::Array(Vec::new()) } else { Value::Object(Map::new()) };
        place = step(place, key, absent)?;
    }
    match place {
        Value::Object(map) if value.is_null() => {
            map.shift_remove(last);
        }
        Value::Object(map) => {
            map.insert(last.clone(), value.clone());
        }
        Value::Array(errors) => set_error(errors, last, value)?,
        _ => return Err(no_such_place(format!("the value above `{last}` has no keys"))),
    }
    Ok(())
}

/// The value at a path, as [`assign`] addresses it.
pub(crate) fn value_at<'a>(target: &'a Value, path: &str) -> Option<&'a Value> {
    let keys = path.trim_start_matches('/').split('/').map(unescape_token);
    keys.into_iter().try_fold(target, |place, key| match place {
        Value::Object(map) => map.get(&key),
        Value::Array(items) => items
            .iter()
            .find(|item| has_code(item, &key))
            .or_else(|| key.parse::<usize>().ok().and_then(|index| items.get(index))),
        _ => None,
    })
}

fn step<'a>(place: &'a mut Value, key: &str, absent: Value) -> Result<&'a mut Value, AssignError> {
    match place {
        Value::Object(map) => Ok(map.entry(key).or_insert(absent)),
        Value::Array(items) => {
            let index = key.parse::<usize>().ok().filter(|index| *index < items.len());
            let index = items.iter().position(|item| has_code(item, key)).or(index);
            index
                .and_then(|index| items.get_mut(index))
                .ok_or_else(|| no_such_place(format!("there is no `{key}` in the list")))
        }
        _ => Err(no_such_place(format!("the value above `{key}` has no keys"))),
    }
}

/// Sets an error of a list. A new current error comes behind the current ones, before the historical ones.
fn set_error(errors: &mut Vec<Value>, code: &str, value: &Value) -> Result<(), AssignError> {
    let known = errors.iter().position(|error| has_code(error, code));
    if value.is_null() {
        return match known {
            Some(index) => {
                errors.remove(index);
                Ok(())
            }
            None => Err(no_such_place(format!("there is no error `{code}`"))),
        };
    }
    let Value::Object(details) = value else {
        let message = "an error is a mapping with keys such as `status`".to_owned();
        return Err(AssignError { no_such_place: false, message });
    };
    let mut error = Map::from_iter([("code".to_owned(), Value::from(code))]);
    error.extend(details.clone());
    let error = Value::Object(error);
    let is_historical = |error: &Value| error.get("historical") == Some(&Value::Bool(true));
    match known {
        Some(index) if errors.get(index).map(is_historical) == Some(is_historical(&error)) => {
            errors.splice(index..=index, [error]);
            return Ok(());
        }
        Some(index) => {
            errors.remove(index);
        }
        None => {}
    }
    let behind_current = errors.iter().position(is_historical).unwrap_or(errors.len());
    let at = if is_historical(&error) { errors.len() } else { behind_current };
    errors.insert(at, error);
    Ok(())
}

fn has_code(error: &Value, code: &str) -> bool {
    error.get("code").and_then(Value::as_str) == Some(code)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn after(path: &str, value: Value) -> Result<Value, AssignError> {
        let mut target = json!({
            "summary": "old",
            "params": {"type": "object"},
            "errors": [{"code": "A", "status": 400}, {"code": "OLD", "historical": true}],
        });
        assign(&mut target, path, &value).map(|()| target)
    }

    #[test]
    fn missing_objects_of_a_path_are_created() {
        let set = after("/params/properties/ID/minimum", json!(1)).unwrap();
        assert_eq!(set["params"], json!({"type": "object", "properties": {"ID": {"minimum": 1}}}));
        assert_eq!(after("summary", Value::Null).unwrap().get("summary"), None);
        assert!(after("summary/x", json!(1)).is_err());
    }

    #[test]
    fn an_error_is_addressed_by_its_code() {
        let errors = |path, value| after(path, value).map(|target| target["errors"].clone());
        let old = json!({"code": "OLD", "historical": true});
        let a = json!({"code": "A", "status": 400});
        assert_eq!(
            errors("errors/A", json!({"status": 403})),
            Ok(json!([{"code": "A", "status": 403}, old]))
        );
        assert_eq!(errors("errors/A/status", json!(403)), Ok(json!([{"code": "A", "status": 403}, old])));
        assert_eq!(errors("errors/B", json!({"status": 1})), Ok(json!([a, {"code": "B", "status": 1}, old])));
        assert_eq!(errors("errors/OLD", json!({"status": 1})), Ok(json!([a, {"code": "OLD", "status": 1}])));
        assert_eq!(errors("errors/OLD", Value::Null), Ok(json!([a])));
        assert!(errors("errors/NONE", Value::Null).is_err());
        assert!(errors("errors/NONE/status", json!(1)).is_err());
    }
}
