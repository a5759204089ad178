//! How further pages of a list are asked for: told by the parameters that ask for them, or by what stands beside the rows in an
//! answer.

use indexmap::IndexMap;

use crate::descriptor::{AdditionalProperties, Api, Descriptor, JsonType, Pagination, Schema};
use crate::extract::facts::PageFacts;
use crate::extract::merge::Merge;

/// What asks for further pages, and where in the parameters as they are sent, if it is none of its own.
type PageRequest = (Pagination, Option<String>);

impl Merge<'_> {
    /// A result that lists nothing has no pages, and neither has a list whose page speaks of none. Where a page speaks of them
    /// and does not say how to ask for them, nothing is certain.
    pub(super) fn pagination(&mut self) {
        let stated = |page: &PageFacts| {
            let stated = page.front_matter.as_ref()?.pagination;
            stated.filter(|pagination| *pagination != Pagination::Unknown)
        };
        let heard = self.first(|page| (page.params.is_some() || page.answer.returns.is_some()).then_some(()));
        let next = self.first(|page| page.answer.next.then_some(()));
        let descriptor = &self.descriptor;
        // A table does not always tell what stands in the result from what stands beside it.
        let total = self
            .first(|page| page.answer.total.then_some(()))
            .filter(|_| !descriptor.returns.properties.contains_key("total"));
        let starts = self.pages.iter().any(|page| page.paging.sends_start);
        let as_all_lists = self.first(|page| page.paging.as_all_lists.then_some(()));
        let lists = lists_anything(&descriptor.returns, 0);
        let silent = descriptor.returns.is_unknown() && is_list_by_name(&descriptor.method);
        let by = |witness: Option<(usize, ())>| witness.map(|(by, ())| by);
        let (by, (pagination, page_at)) = match page_request(descriptor, total.is_some()) {
            Some(requested) if lists || holds_list(&descriptor.returns) => (by(heard), requested),
            _ if lists && next.is_some() => (by(next), (Pagination::Start, None)),
            // The number of all rows comes with pages; the examples tell how these are asked for.
            _ if lists && total.is_some() && starts && !descriptor.positional => {
                (by(total), (Pagination::Start, None))
            }
            _ if silent && as_all_lists.is_some() => (by(as_all_lists), (Pagination::Start, None)),
            _ if lists && (total.is_some() || silent) => {
                if let Some((by, pagination)) = self.first(stated) {
                    self.descriptor.pagination = pagination;
                    self.credit_front_matter(by, "pagination");
                }
                return;
            }
            _ => (by(heard).or(Some(0)), (Pagination::None, None)),
        };
        self.descriptor.pagination = pagination;
        let Some(by) = by.filter(|_| pagination != Pagination::Unknown) else { return };
        self.credit(by, "pagination");
        if page_at.is_some() {
            self.descriptor.page_at = page_at;
            self.credit(by, "page_at");
        }
    }
}

/// Whether the last part of a method's name says that it gives a list.
pub(super) fn is_list_by_name(method: &str) -> bool {
    method.rsplit('.').next().unwrap_or_default().to_lowercase().ends_with("list")
}

/// How the parameters ask for further pages. What a moment starts at is no page, so a text counts rows only where an answer
/// counts them as well.
fn page_request(descriptor: &Descriptor, counted: bool) -> Option<PageRequest> {
    let Descriptor { params, returns, .. } = descriptor;
    let has = |name: &str| parameter(params, name).is_some();
    let counts = |name: &str| {
        parameter(params, name).is_some_and(|schema| {
            schema.format.is_none() && (counted || schema.types.single() != Some(JsonType::String))
        })
    };
    if descriptor.api == Api::V3
        && let Some(pagination) = parameter(params, "pagination")
    {
        return Some((of_object(&pagination.properties), None));
    }
    if counts("start") {
        return Some((Pagination::Start, None));
    }
    if has("limit") && has("offset") {
        // Where an answer tells the next offset, it counts something else than rows.
        let told = returns.properties.keys().any(|name| name.eq_ignore_ascii_case("nextOffset"));
        return Some((if told { Pagination::Unknown } else { Pagination::LimitOffset }, None));
    }
    if has("last_id") || has("lastId") {
        return Some((Pagination::LastId, None));
    }
    if counts("page") {
        return Some((Pagination::Page, None));
    }
    params.properties.iter().enumerate().find_map(|(place, (name, schema))| {
        parameter(schema, "limit")?;
        let (offset, _) = schema.properties.iter().find(|(name, _)| name.eq_ignore_ascii_case("offset"))?;
        let first = if descriptor.positional { place.to_string() } else { name.clone() };
        Some((Pagination::LimitOffset, Some(format!("/{first}/{offset}"))))
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
fn parameter<'a>(params: &'a Schema, name: &str) -> Option<&'a Schema> {
    params.properties.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, schema)| schema)
}

/// Whether a result may be a list of rows or hold one: at its top, or as all that there is in the one object that it holds.
fn lists_anything(returns: &Schema, depth: usize) -> bool {
    let kind = returns.types.single();
    if kind.is_none() && returns.types.0 != [JsonType::Null] || kind == Some(JsonType::Array) {
        return true;
    }
    if kind != Some(JsonType::Object) {
        return false;
    }
    // A map may be a list by identifiers; descriptions of fields are all there at once.
    let is_map = |schema: &Schema| matches!(&schema.additional, Some(AdditionalProperties::Of(values)) if values.reference.is_none());
    if returns.properties.is_empty() {
        return returns.additional.is_none() || is_map(returns);
    }
    let mut fields = returns.properties.values();
    match (fields.next(), fields.next()) {
        (Some(only), None) if depth == 0 => lists_anything(only, 1),
        _ if depth > 0 => returns.properties.len() == 1 && returns.properties.values().any(is_list),
        _ => returns.properties.values().any(|field| is_list(field) || is_map(field)),
    }
}

/// Whether there is a list anywhere in the first two steps of a result.
fn holds_list(returns: &Schema) -> bool {
    let holds = |schema: &Schema| schema.properties.values().any(is_list);
    holds(returns) || returns.properties.values().any(holds)
}

fn is_list(schema: &Schema) -> bool {
    schema.types.single() == Some(JsonType::Array)
}
