//! The result of a method, where its rows stand in it, and how further rows are asked for.

use super::Merge;
use crate::descriptor::{AdditionalProperties, Api, JsonType, Pagination, Schema};
use crate::import::example_types;
use crate::import::testimony::Testimony;

impl Merge<'_> {
    pub(super) fn returns(&mut self) {
        let told =
            |testimony: &Testimony| testimony.answer.returns.clone().filter(|schema| !schema.is_unknown());
        if let Some((by, schema)) = self.first(told) {
            self.descriptor.returns = schema;
            self.page_gave(by, "returns");
            let witnesses = self.testimonies.get(by).map(|told| told.answer.witnesses.clone());
            for witness in witnesses.into_iter().flatten() {
                self.page_gave(by, format!("returns/{witness}"));
            }
        }
        let stated = |testimony: &Testimony| {
            let front_matter = testimony.front_matter.as_ref()?;
            Some((front_matter.returns.clone()?, front_matter.line("returns")))
        };
        let Some((by, (schema, line))) = self.first(stated) else {
            if self.descriptor.returns.is_unknown() {
                self.warn(0, 1, "what the method returns is not known", "an example of a successful answer");
            }
            return;
        };
        if !example_types::agree(&schema, &self.descriptor.returns) {
            let expected = "what the example of a successful answer shows; the front-matter was not used";
            self.warn(
                by,
                line,
                "`returns` in the front-matter contradicts the example of an answer",
                expected,
            );
        } else if schema.is_unknown() || schema == Schema::any_object() {
            self.warn(by, line, "`returns` in the front-matter says nothing", "a schema; it was not used");
        } else if self.descriptor.returns.is_unknown() {
            self.descriptor.returns = schema;
            self.front_matter_gave(by, "returns");
        }
    }

    /// How further pages are asked for: told by the parameters that ask for them, or by `next` in an answer. A result that
    /// lists nothing has no pages. More is not certain.
    pub(super) fn pagination(&mut self) {
        let stated = |testimony: &Testimony| {
            let stated = testimony.front_matter.as_ref()?.pagination;
            stated.filter(|pagination| *pagination != Pagination::Unknown)
        };
        let heard = self.first(|testimony| testimony.params.as_ref().map(|_| ())).map(|(by, ())| by);
        let next = self.first(|testimony| testimony.answer.next.then_some(())).map(|(by, ())| by);
        let returns = &self.descriptor.returns;
        let lists = lists_anything(returns, 0);
        let (by, pagination) = match asked_by(&self.descriptor.params, self.descriptor.api) {
            Some(pagination) if lists || holds_list(returns) => (heard, pagination),
            _ if lists && next.is_some() => (next, Pagination::Start),
            _ if !lists && heard.is_some() => (heard, Pagination::None),
            _ => {
                if let Some((by, pagination)) = self.first(stated) {
                    self.descriptor.pagination = pagination;
                    self.front_matter_gave(by, "pagination");
                }
                return;
            }
        };
        self.descriptor.pagination = pagination;
        if let Some(by) = by {
            self.page_gave(by, "pagination");
        }
    }

    /// Where the rows of a list method stand. It is one if it has pages, counts its rows, or says so in its name.
    pub(super) fn rows(&mut self) {
        let paged = !matches!(self.descriptor.pagination, Pagination::None | Pagination::Unknown);
        let counts = self.first(|testimony| (testimony.answer.total || testimony.answer.next).then_some(()));
        let last = self.descriptor.method.rsplit('.').next().unwrap_or_default().to_lowercase();
        if !paged && counts.is_none() && !last.ends_with("list") {
            return;
        }
        let Some((by, ())) = self.first(|testimony| testimony.answer.returns.as_ref().map(|_| ())) else {
            return;
        };
        self.descriptor.rows = rows_in(&self.descriptor.returns, if paged { 2 } else { 1 });
        if self.descriptor.rows.is_some() {
            self.page_gave(by, "rows");
        } else if paged {
            let line = self.testimonies.get(by).map_or(1, |told| told.answer.line.max(1));
            let message = "it is not certain which list in the result holds the rows";
            self.warn(by, line, message, "one list in the result, or a patch of `rows`");
        }
    }
}

/// How the parameters ask for further pages.
fn asked_by(params: &Schema, api: Api) -> Option<Pagination> {
    let has = |name: &str| params.properties.keys().any(|known| known.eq_ignore_ascii_case(name));
    // A moment at which something starts is no page.
    let counts = |name: &str| {
        let known = params.properties.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        known.is_some_and(|(_, schema)| {
            schema.format.is_none() && schema.types.single() != Some(JsonType::String)
        })
    };
    if api == Api::V3 && has("pagination") {
        return Some(Pagination::V3);
    }
    if counts("start") {
        return Some(Pagination::Start);
    }
    if has("limit") && has("offset") {
        return Some(Pagination::LimitOffset);
    }
    if has("last_id") || has("lastId") {
        return Some(Pagination::LastId);
    }
    let sized = ["limit", "count", "pageSize", "page_size"].into_iter().any(has);
    (has("page") && sized).then_some(Pagination::Page)
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

/// The pointer to the one list of rows.
fn rows_in(schema: &Schema, depth: usize) -> Option<String> {
    match schema.types.single()? {
        JsonType::Array => return Some(String::new()),
        JsonType::Object if depth > 0 => {}
        _ => return None,
    }
    let kind = |kind: JsonType| {
        let of_kind = schema.properties.iter().filter(move |(_, field)| field.types.single() == Some(kind));
        of_kind.collect::<Vec<_>>()
    };
    let of_objects = |field: &Schema| {
        field.items.as_ref().is_some_and(|items| items.types.single() == Some(JsonType::Object))
    };
    let mut lists = kind(JsonType::Array);
    if lists.len() > 1 {
        lists.retain(|(_, field)| of_objects(field));
    }
    let (name, field) = match (lists.as_slice(), kind(JsonType::Object).as_slice()) {
        ([one], _) | ([], [one]) => *one,
        _ => return None,
    };
    let rest = rows_in(field, depth - 1)?;
    Some(format!("/{}{rest}", name.replace('~', "~0").replace('/', "~1")))
}
