//! Forms as PHP writes them (`http_build_query`).

use form_urlencoded::Serializer;
use serde_json::{Map, Value};

use crate::php;

/// A form: `a[b][0]=1`. Flags are `1` and `0`; what is null or empty is left out.
pub(super) fn write(fields: &Map<String, Value>) -> String {
    let mut form = Serializer::new(String::new());
    for (name, value) in fields {
        append(&mut form, name, value);
    }
    form.finish()
}

fn append(form: &mut Serializer<'_, String>, name: &str, value: &Value) {
    match value {
        Value::Null => {}
        Value::Bool(flag) => drop(form.append_pair(name, if *flag { "1" } else { "0" })),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, item)| append(form, &format!("{name}[{at}]"), item));
        }
        Value::Object(map) => {
            map.iter().for_each(|(key, item)| append(form, &format!("{name}[{key}]"), item));
        }
        scalar => drop(form.append_pair(name, &php::text(scalar))),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_form_is_read_as_it_was_written() {
        let form =
            json!({"a": {"b": [1, {"c": "x & y"}], "none": null, "empty": []}, "flag": false, "é": "ü=+"});
        let Value::Object(fields) = form else { unreachable!("an object") };
        let text = write(&fields);
        assert!(text.starts_with("a%5Bb%5D%5B0%5D=1&"), "{text}");
        let read = Value::Object(php::read_query(text.as_bytes()));
        assert_eq!(read, json!({"a": {"b": ["1", {"c": "x & y"}]}, "flag": "0", "é": "ü=+"}));
    }
}
