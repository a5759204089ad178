//! The parameters that request further pages.

use indexmap::IndexMap;

use crate::descriptor::{Api, Descriptor, JsonType, Pagination, Schema};
use crate::extract::register::Rule;
use crate::extract::register::lists::{
    LAST_ID_PARAMETER, LIMIT_AND_OFFSET, NESTED_PAGE_POINTER, NEXT_OFFSET_IN_RESULT, PAGE_PARAMETER,
    REST_3_PAGINATION, START_PARAMETER,
};

/// How further pages are requested, and the rule that says so.
pub(super) struct PageRequest {
    pub(super) pagination: Pagination,
    /// The pointer to the number of the first row in the parameters as they are sent, where it is inside of another parameter.
    pub(super) page_at: Option<String>,
    pub(super) rule: &'static Rule,
}

impl PageRequest {
    pub(super) fn new(pagination: Pagination, rule: &'static Rule) -> Self {
        Self { pagination, page_at: None, rule }
    }
}

/// How the parameters request further pages, with the name of the first of them. A text may be the moment at which something
/// starts, so that it counts rows only where the response counts them as well.
pub(super) fn page_request(descriptor: &Descriptor, counted: bool) -> Option<(PageRequest, String)> {
    let Descriptor { params, returns, .. } = descriptor;
    let has = |name: &str| parameter(params, name).map(|(name, _)| name.clone());
    let counts = |name: &str| {
        let (name, schema) = parameter(params, name)?;
        let is_count =
            schema.format.is_none() && (counted || schema.types.single() != Some(JsonType::String));
        is_count.then(|| name.clone())
    };
    if descriptor.api == Api::V3
        && let Some((name, pagination)) = parameter(params, "pagination")
    {
        let request = PageRequest::new(of_object(&pagination.properties), &REST_3_PAGINATION);
        return Some((request, name.clone()));
    }
    if let Some(start) = counts("start") {
        return Some((PageRequest::new(Pagination::Start, &START_PARAMETER), start));
    }
    if let (Some(limit), Some(_)) = (has("limit"), has("offset")) {
        // The next offset in a result counts something else than rows.
        let other = returns.properties.keys().any(|name| name.eq_ignore_ascii_case("nextOffset"));
        let request = if other {
            PageRequest::new(Pagination::Unknown, &NEXT_OFFSET_IN_RESULT)
        } else {
            PageRequest::new(Pagination::LimitOffset, &LIMIT_AND_OFFSET)
        };
        return Some((request, limit));
    }
    if let Some(last_id) = has("last_id").or_else(|| has("lastId")) {
        return Some((PageRequest::new(Pagination::LastId, &LAST_ID_PARAMETER), last_id));
    }
    if let Some(page) = counts("page") {
        return Some((PageRequest::new(Pagination::Page, &PAGE_PARAMETER), page));
    }
    nested(descriptor)
}

/// `limit` and `offset` inside of a parameter.
fn nested(descriptor: &Descriptor) -> Option<(PageRequest, String)> {
    descriptor.params.properties.iter().enumerate().find_map(|(position, (name, schema))| {
        parameter(schema, "limit")?;
        let (offset, _) = parameter(schema, "offset")?;
        let first = if descriptor.positional { position.to_string() } else { name.clone() };
        let page_at = Some(format!("/{first}/{offset}"));
        let request =
            PageRequest { page_at, ..PageRequest::new(Pagination::LimitOffset, &NESTED_PAGE_POINTER) };
        Some((request, name.clone()))
    })
}

/// What the object `pagination` of REST 3 takes.
fn of_object(properties: &IndexMap<String, Schema>) -> Pagination {
    if properties.contains_key("afterCursor") {
        Pagination::Cursor
    } else if properties.is_empty() || properties.contains_key("page") || properties.contains_key("offset") {
        Pagination::V3
    } else {
        Pagination::Unknown
    }
}

/// The parameter of a name, which a portal compares without case.
fn parameter<'a>(params: &'a Schema, name: &str) -> Option<(&'a String, &'a Schema)> {
    params.properties.iter().find(|(known, _)| known.eq_ignore_ascii_case(name))
}
