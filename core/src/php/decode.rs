//! Decoding of queries.

use serde_json::{Map, Value};

use super::arrays::Arrays;
use super::{MAX_DEPTH, Name};
use crate::wire::Json;

/// Decodes a query as PHP's `parse_str` does, for queries of the program itself. [`decode_form`](super::decode_form) decodes what
/// anyone may have sent.
///
/// Every value is a string. An array whose keys are 0, 1, 2 and so on is a list, any other an object; a later value with the
/// same name replaces an earlier one. Bytes that are not UTF-8 become the replacement character. PHP stops at a thousand values
/// by default; this function does not.
///
/// ```
/// use bitrix24_core::{Value, json, php};
/// let params = php::decode("event=ONCRMDEALADD&data[FIELDS][ID]=7&ids[]=1&ids[]=2");
/// assert_eq!(
///     Value::Object(params),
///     json!({"event": "ONCRMDEALADD", "data": {"FIELDS": {"ID": "7"}}, "ids": ["1", "2"]}),
/// );
/// ```
pub fn decode(query: &str) -> Map<String, Value> {
    decode_json(query).get().to_map()
}

/// The same as a document.
pub(crate) fn decode_json(query: &str) -> Json {
    let mut arrays = Arrays::with_capacity(query.len());
    let root = arrays.root();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match Name::parse(&name) {
            Some(name) if name.is_deeper_than(MAX_DEPTH) => arrays.drop_entry(root, &name.top),
            Some(name) => {
                if let Some(value) = arrays.text(|text| text.extend_from_slice(value.as_bytes())) {
                    arrays.insert(root, &name, value);
                }
            }
            None => {}
        }
    }
    arrays.into_json(root).unwrap_or_default()
}
