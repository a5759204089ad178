//! Access to the generated types for the conformance check.

use bitrix24::events::{Event, RawEvent};
use bitrix24::wire::Mismatch;
use bitrix24::{Map, Value};
use bitrix24_codegen::conform::{ReceivedEvent, ResponseMismatch, TypeRegistry};
use bitrix24_codegen::descriptor::Api;

use crate::entry::Entry;
use crate::table::TABLE;

/// The types of the `bitrix24` crate that this program was built with.
pub(crate) struct GeneratedTypes;

impl TypeRegistry for GeneratedTypes {
    fn decode(
        &self,
        api: Api,
        method: &str,
        result: Value,
    ) -> Option<Result<Vec<ResponseMismatch>, ResponseMismatch>> {
        let entry = find(api, method)?;
        Some(match (entry.decode)(result) {
            Ok(mismatches) => Ok(mismatches.iter().map(describe).collect()),
            Err(error) => Err(describe(error.mismatch())),
        })
    }

    fn event(&self, name: &str, body: &Value) -> Result<ReceivedEvent, String> {
        let is_named =
            |fields: &Map<String, Value>| fields.contains_key("event") || fields.contains_key("EVENT_NAME");
        let event = match body {
            Value::Object(fields) if !is_named(fields) => {
                Ok(RawEvent::new(name, fields.get("data").unwrap_or(body)))
            }
            _ => RawEvent::from_recorded(body).map_err(|error| error.to_string()),
        }?;
        let (name, data) = (event.name().to_owned(), event.data.to_value());
        let decoded = match Event::from(event) {
            Event::Other(_) => None,
            event => Some(match event.mismatches() {
                [whole] if whole.pointer().is_empty() => Err(describe(whole)),
                mismatches => Ok(mismatches.iter().map(describe).collect()),
            }),
        };
        Ok(ReceivedEvent { name, data, decoded })
    }

    fn knows_error(&self, api: Api, method: &str, code: &str, message: &str) -> Option<bool> {
        Some((find(api, method)?.knows_error)(code, message))
    }
}

fn describe(mismatch: &Mismatch) -> ResponseMismatch {
    ResponseMismatch {
        path: mismatch.path(),
        field: mismatch.field(),
        pointer: mismatch.pointer(),
        message: mismatch.to_string(),
    }
}

fn find(api: Api, method: &str) -> Option<&'static Entry> {
    let name = method.to_lowercase();
    let (v2, v3) = TABLE.split_at(TABLE.partition_point(|entry| matches!(entry.api, bitrix24::Api::V2)));
    let methods = match api {
        Api::V2 => v2,
        Api::V3 => v3,
    };
    let at = methods.binary_search_by(|entry| entry.name.cmp(name.as_str())).ok()?;
    methods.get(at)
}
