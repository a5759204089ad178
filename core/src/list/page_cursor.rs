//! The position in a list and the parameter for the next page, for each kind of [`Pagination`].

mod counted;
mod next_page;

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::nested_param::NestedParam;
use super::page_summary::{PageSummary, fingerprint};
use super::param_names;
use crate::error::{ErrorKind, Failure};
use crate::method::{MethodInfo, Pagination};
use crate::wire::{JsonRef, decode_strict, is_php_empty};
use counted::{NumberCursor, StartCursor};
use next_page::ends;

pub(super) use next_page::NextPage;

#[derive(Debug)]
pub(super) enum PageCursor {
    /// `start` is the last `next`. Methods with unknown pagination may return `next` as well.
    Start(StartCursor),
    /// `offset` is the number of rows received.
    Offset { position: u64 },
    /// `LAST_ID` is the identifier of the last row.
    LastId { requested: HashSet<u64> },
    /// `page` counts pages.
    Page(NumberCursor),
    /// `pagination.offset` is the number of rows received.
    PaginationOffset { position: u64, pagination: Map<String, Value> },
    /// `pagination.page` counts pages.
    PaginationPage { number: NumberCursor, pagination: Map<String, Value> },
    /// `pagination.afterCursor` is the last `nextCursor`.
    Cursor { requested: HashSet<u64>, pagination: Map<String, Value> },
}

impl PageCursor {
    /// Creates the cursor of a method, at the caller's start. A page number of REST 3 may become the offset that it stands for.
    pub(super) fn new(
        info: MethodInfo<'_>,
        nested_param: Option<&NestedParam>,
        params: &mut Map<String, Value>,
    ) -> Result<Self, Failure> {
        let start = |name| match nested_param {
            Some(param) => parse_start(name, param.get(params)),
            None => parse_start(name, param_names::get(params, info.api, name)),
        };
        Ok(match info.pagination {
            Pagination::Start => Self::Start(StartCursor::new(start("start")?, !info.positional)),
            // A parameter `start` may have another meaning here, as long as no page contains `next`.
            Pagination::None | Pagination::Unknown => {
                let position = start("start");
                let unknown = info.pagination == Pagination::Unknown;
                let may_probe = unknown && !info.positional && position.is_ok();
                Self::Start(StartCursor::new(position.ok().flatten(), may_probe))
            }
            Pagination::LimitOffset => Self::Offset { position: start("offset")?.unwrap_or(0) },
            Pagination::LastId => Self::LastId { requested: HashSet::new() },
            Pagination::Page => Self::Page(NumberCursor::new(start("page")?.unwrap_or(1))),
            Pagination::V3 => Self::pagination(params)?,
            Pagination::Cursor => {
                Self::Cursor { requested: HashSet::new(), pagination: pagination_object(params)? }
            }
        })
    }

    /// Pages of REST 3 are requested by offset: a limit that the portal reduces would shift page numbers and skip rows. Only a page
    /// number without a limit cannot be converted, and without a limit nothing is reduced.
    fn pagination(params: &mut Map<String, Value>) -> Result<Self, Failure> {
        let mut pagination = pagination_object(params)?;
        let number = |key| parse_start(key, pagination.get(key));
        let (page, limit, offset) = (number("page")?, number("limit")?, number("offset")?);
        let position = match (page, limit) {
            (Some(page @ 2..), None) => {
                return Ok(Self::PaginationPage { number: NumberCursor::new(page), pagination });
            }
            (Some(page), Some(limit)) => page.saturating_sub(1).saturating_mul(limit),
            _ => offset.unwrap_or(0),
        };
        if pagination.shift_remove("page").is_some() {
            pagination.insert("offset".to_owned(), Value::from(position));
            params.insert("pagination".to_owned(), Value::Object(pagination.clone()));
        }
        Ok(Self::PaginationOffset { position, pagination })
    }

    /// Whether the next request depends on the rows of a page.
    pub(super) fn needs_rows(&self) -> bool {
        !matches!(self, Self::Start(_) | Self::Cursor { .. })
    }

    /// Whether the position is known to be before the end of the list, so that pagination terminates.
    pub(super) fn is_before_end(&self, total: Option<u64>) -> bool {
        let position = match self {
            Self::Start(start) => start.position.unwrap_or(0),
            Self::Offset { position } | Self::PaginationOffset { position, .. } => *position,
            _ => return false,
        };
        total.is_some_and(|total| position < total)
    }

    /// Advances after `page`; `None` at the end of the list, and `Err` if more rows follow and nothing leads to them.
    pub(super) fn advance(&mut self, page: &PageSummary<'_>) -> Result<Option<NextPage>, String> {
        Ok(match self {
            Self::Start(start) => start.advance(page)?,
            Self::Offset { position } => {
                advance_offset(position, page)?.map(|offset| NextPage::new("offset", offset.into()))
            }
            Self::LastId { requested } => {
                advance_last_id(requested, page)?.map(|last| NextPage::new("LAST_ID", last))
            }
            Self::Page(number) => {
                let next = number.advance(page)?;
                next.map(|(number, is_probe)| NextPage::new("page", number.into()).probe(is_probe))
            }
            Self::PaginationOffset { position, pagination } => {
                let next = advance_offset(position, page)?;
                next.map(|offset| in_pagination(pagination, "offset", offset.into()))
            }
            Self::PaginationPage { number, pagination } => {
                let next = number.advance(page)?;
                next.map(|(number, _)| in_pagination(pagination, "page", number.into()))
            }
            Self::Cursor { requested, pagination } => {
                let next = advance_cursor(requested, page)?;
                next.map(|cursor| in_pagination(pagination, "afterCursor", cursor.to_value()))
            }
        })
    }
}

/// Advances an offset by the rows received, whatever the limit was.
fn advance_offset(position: &mut u64, page: &PageSummary<'_>) -> Result<Option<u64>, String> {
    let rows = page.rows.unwrap_or(0);
    let received = position.saturating_add(rows);
    let reached = page.total.is_some_and(|total| received >= total) && page.next.is_none();
    if ends(page)? || reached {
        return Ok(None);
    }
    let next = page.next_offset().unwrap_or(received);
    if next <= *position {
        return Err(format!("the page at offset {position} announces the next page at offset {next}"));
    }
    *position = next;
    Ok(Some(next))
}

fn advance_last_id(requested: &mut HashSet<u64>, page: &PageSummary<'_>) -> Result<Option<Value>, String> {
    if ends(page)? {
        return Ok(None);
    }
    let last = page.last_id.ok_or("the last row has no `id` by which the next page could be requested")?;
    if !requested.insert(fingerprint(last)) {
        return Err(format!("two pages end with the row {last}"));
    }
    Ok(Some(last.to_value()))
}

fn advance_cursor<'p>(
    requested: &mut HashSet<u64>,
    page: &PageSummary<'p>,
) -> Result<Option<JsonRef<'p>>, String> {
    match page.next_cursor() {
        Some(cursor) if requested.insert(fingerprint(cursor)) => Ok(Some(cursor)),
        Some(cursor) => Err(format!("the cursor {cursor} was returned twice")),
        None if page.has_more() == Some(true) => {
            Err("the list has more rows, but the response contains no cursor".to_owned())
        }
        None => Ok(None),
    }
}

/// The parameter `pagination` with one key changed.
fn in_pagination(pagination: &mut Map<String, Value>, key: &str, value: Value) -> NextPage {
    pagination.insert(key.to_owned(), value);
    NextPage::new("pagination", Value::Object(pagination.clone()))
}

/// The caller's `pagination`.
fn pagination_object(params: &Map<String, Value>) -> Result<Map<String, Value>, Failure> {
    match params.get("pagination") {
        None => Ok(Map::new()),
        Some(Value::Object(pagination)) => Ok(pagination.clone()),
        Some(empty) if is_php_empty(empty) => Ok(Map::new()),
        Some(other) => Err(invalid_start("pagination", "an object", other)),
    }
}

/// The caller's start in the parameter with this name.
fn parse_start(name: &str, value: Option<&Value>) -> Result<Option<u64>, Failure> {
    let Some(value) = value.filter(|value| !is_php_empty(value)) else {
        return Ok(None);
    };
    let number = decode_strict::<i64>(value).ok();
    if name == "start" && number == Some(-1) {
        let text = "`start` is -1, which disables the count that pagination needs: omit it, or read the list by identifier";
        return Err(Failure::new(ErrorKind::Request, text));
    }
    let start = number.and_then(|number| u64::try_from(number).ok());
    start.map(Some).ok_or_else(|| invalid_start(name, "a number that is not negative", value))
}

fn invalid_start(name: &str, expected: &str, found: &Value) -> Failure {
    let found = match found {
        Value::Array(_) | Value::Object(_) => json!("…"),
        scalar => scalar.clone(),
    };
    let text = format!("`{name}` is the start of the list: expected {expected}, found {found}");
    Failure::new(ErrorKind::Request, text)
}
