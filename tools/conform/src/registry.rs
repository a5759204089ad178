//! Access to the generated types for the conformance check.

use bitrix24::Value;
use bitrix24::oauth::{EventRequest, IncomingRequest};
use bitrix24::wire::Mismatch;
use bitrix24_codegen::conform::{ResponseMismatch, TypeRegistry};
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

    fn knows_error(&self, api: Api, method: &str, code: &str, message: &str) -> Option<bool> {
        Some((find(api, method)?.knows_error)(code, message))
    }

    fn read_form(&self, form: &str) -> Result<Value, String> {
        let form = format!("{form}{AUTH}");
        let request = EventRequest::parse(&IncomingRequest::new(form.as_bytes()), 0);
        let request = request.map_err(|error| error.to_string())?;
        let mut body = serde_json::Map::new();
        body.extend(request.event().map(|event| ("event".to_owned(), Value::from(event))));
        body.insert("data".to_owned(), request.data().clone());
        Ok(Value::Object(body))
    }
}

/// Completes a form without `auth`, which recorded forms may lack.
const AUTH: &str = "&auth[recorded]=1";

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
