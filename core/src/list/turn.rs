//! Where a walk stands, and the parameter that leads on from there: one way for each [`Pagination`].

mod counted;

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::names;
use super::page::{Page, print_of};
use super::within::Within;
use crate::error::{Failure, Kind};
use crate::method::{MethodInfo, Pagination};
use crate::wire::{FromWire, is_empty_form};

use counted::{Numbered, Start};

/// The parameter that the next request has instead of the last one's.
#[derive(Debug)]
pub(super) struct Next {
    pub(super) name: &'static str,
    pub(super) value: Value,
    /// Whether the answer looks like the end of the list, and is not trusted. Then a page that has come before ends it.
    pub(super) doubted: bool,
}

impl Next {
    fn new(name: &'static str, value: Value) -> Self {
        Self { name, value, doubted: false }
    }

    fn doubted(mut self, doubted: bool) -> Self {
        self.doubted = doubted;
        self
    }
}

#[derive(Debug)]
pub(super) enum Turn {
    /// `start` is what `next` was. A method of which nothing is known may give a `next` as well.
    Start(Start),
    /// `offset` is how many rows have come.
    Offset { at: u64 },
    /// `LAST_ID` is the identifier of the last row.
    LastId { asked: HashSet<u64> },
    /// `page` counts pages.
    Page(Numbered),
    /// `pagination.offset` is how many rows have come.
    PaginationOffset { at: u64, pagination: Map<String, Value> },
    /// `pagination.page` counts pages.
    PaginationPage { numbers: Numbered, pagination: Map<String, Value> },
    /// `pagination.afterCursor` is what `nextCursor` was.
    Cursor { asked: HashSet<u64>, pagination: Map<String, Value> },
}

impl Turn {
    /// The way of a method, begun where the caller says. A page number of REST 3 may become the offset that it stands for.
    pub(super) fn new(
        info: MethodInfo<'_>,
        within: Option<&Within>,
        params: &mut Map<String, Value>,
    ) -> Result<Self, Failure> {
        let begun = |name| match within {
            Some(within) => as_number(name, within.get(params)),
            None => as_number(name, names::get(params, info.api, name)),
        };
        Ok(match info.pagination {
            Pagination::Start => Self::Start(Start { at: begun("start")?, may_ask: !info.positional }),
            // What is called `start` there may be something else, as long as no page names a `next`.
            Pagination::None | Pagination::Unknown => {
                let at = begun("start");
                let may_ask = info.pagination == Pagination::Unknown && !info.positional && at.is_ok();
                Self::Start(Start { at: at.ok().flatten(), may_ask })
            }
            Pagination::LimitOffset => Self::Offset { at: begun("offset")?.unwrap_or(0) },
            Pagination::LastId => Self::LastId { asked: HashSet::new() },
            Pagination::Page => Self::Page(Numbered::from(begun("page")?.unwrap_or(1))),
            Pagination::V3 => Self::pagination(params)?,
            Pagination::Cursor => Self::Cursor { asked: HashSet::new(), pagination: object(params)? },
        })
    }

    /// Pages of REST 3 are walked by offset: a limit that the portal cuts shifts page numbers, and rows between them are lost.
    /// Only a page number without a limit cannot be told as an offset, and then nothing is cut either.
    fn pagination(params: &mut Map<String, Value>) -> Result<Self, Failure> {
        let mut pagination = object(params)?;
        let at = |key| as_number(key, pagination.get(key));
        let (page, limit, offset) = (at("page")?, at("limit")?, at("offset")?);
        let at = match (page, limit) {
            (Some(number @ 2..), None) => {
                return Ok(Self::PaginationPage { numbers: Numbered::from(number), pagination });
            }
            (Some(page), Some(limit)) => page.saturating_sub(1).saturating_mul(limit),
            _ => offset.unwrap_or(0),
        };
        if pagination.shift_remove("page").is_some() {
            pagination.insert("offset".to_owned(), Value::from(at));
            params.insert("pagination".to_owned(), Value::Object(pagination.clone()));
        }
        Ok(Self::PaginationOffset { at, pagination })
    }

    /// Whether the next request depends on the rows of a page.
    pub(super) fn needs_rows(&self) -> bool {
        !matches!(self, Self::Start(_) | Self::Cursor { .. })
    }

    /// Whether the walk is known to stand before the end of the list, so that it cannot go on for ever.
    pub(super) fn is_within(&self, total: Option<u64>) -> bool {
        let at = match self {
            Self::Start(start) => start.at.unwrap_or(0),
            Self::Offset { at } | Self::PaginationOffset { at, .. } => *at,
            _ => return false,
        };
        total.is_some_and(|total| at < total)
    }

    /// What leads on from `page`; `None` where nothing follows, and `Err` where more follows and nothing leads to it.
    pub(super) fn after(&mut self, page: &Page<'_>) -> Result<Option<Next>, String> {
        Ok(match self {
            Self::Start(start) => start.after(page)?,
            Self::Offset { at } => after_offset(at, page)?.map(|offset| Next::new("offset", offset.into())),
            Self::LastId { asked } => after_last_id(asked, page)?.map(|last| Next::new("LAST_ID", last)),
            Self::Page(numbers) => {
                let next = numbers.after(page)?;
                next.map(|(number, doubted)| Next::new("page", number.into()).doubted(doubted))
            }
            Self::PaginationOffset { at, pagination } => {
                after_offset(at, page)?.map(|offset| in_pagination(pagination, "offset", offset.into()))
            }
            Self::PaginationPage { numbers, pagination } => {
                let next = numbers.after(page)?;
                next.map(|(number, _)| in_pagination(pagination, "page", number.into()))
            }
            Self::Cursor { asked, pagination } => {
                let cursor = after_cursor(asked, page)?;
                cursor.map(|cursor| in_pagination(pagination, "afterCursor", cursor.clone()))
            }
        })
    }
}

/// After a page of a method that takes an offset: it grows by the rows that came, whatever the limit was.
fn after_offset(at: &mut u64, page: &Page<'_>) -> Result<Option<u64>, String> {
    let rows = page.rows.unwrap_or(0);
    let reached = page.total.is_some_and(|total| at.saturating_add(rows) >= total) && page.next.is_none();
    if ends(page)? || reached {
        return Ok(None);
    }
    let next = page.next_offset().unwrap_or(at.saturating_add(rows));
    if next <= *at {
        return Err(format!("the page from {at} on names {next} as the beginning of the next one"));
    }
    *at = next;
    Ok(Some(next))
}

fn after_last_id(asked: &mut HashSet<u64>, page: &Page<'_>) -> Result<Option<Value>, String> {
    if ends(page)? {
        return Ok(None);
    }
    let last = page.last_id.ok_or("the last row has no `id` by which the next page could be asked for")?;
    if !asked.insert(print_of(last)) {
        return Err(format!("a second page ends with the row {last}"));
    }
    Ok(Some(last.clone()))
}

fn after_cursor<'p>(asked: &mut HashSet<u64>, page: &Page<'p>) -> Result<Option<&'p Value>, String> {
    match page.next_cursor() {
        Some(cursor) if asked.insert(print_of(cursor)) => Ok(Some(cursor)),
        Some(cursor) => Err(format!("the cursor {cursor} is given a second time")),
        None if page.has_more() == Some(true) => {
            Err("more rows follow, and no cursor leads to them".to_owned())
        }
        None => Ok(None),
    }
}

/// Whether the list ends with this page: by its word, or because there are no rows in it.
fn ends(page: &Page<'_>) -> Result<bool, String> {
    match page.has_more() {
        Some(false) => Ok(true),
        Some(true) if page.is_empty() => Err("a page without rows says that more follow".to_owned()),
        _ => Ok(page.is_empty()),
    }
}

/// `pagination` with one of its parts set.
fn in_pagination(pagination: &mut Map<String, Value>, key: &str, value: Value) -> Next {
    pagination.insert(key.to_owned(), value);
    Next::new("pagination", Value::Object(pagination.clone()))
}

/// The caller's `pagination`.
fn object(params: &Map<String, Value>) -> Result<Map<String, Value>, Failure> {
    match params.get("pagination") {
        None => Ok(Map::new()),
        Some(Value::Object(pagination)) => Ok(pagination.clone()),
        Some(nothing) if is_empty_form(nothing) => Ok(Map::new()),
        Some(other) => Err(refused("pagination", "an object", other)),
    }
}

/// Where the caller wants to begin, by the parameter that is called so.
fn as_number(name: &str, value: Option<&Value>) -> Result<Option<u64>, Failure> {
    let Some(value) = value.filter(|value| !is_empty_form(value)) else {
        return Ok(None);
    };
    let read = i64::from_wire(value.clone()).ok();
    if name == "start" && read == Some(-1) {
        let text = "`start` is -1, which turns off the counting by which pages are found: leave it out, or read the list \
                    by identifier";
        return Err(Failure::new(Kind::Request, text));
    }
    let number = read.and_then(|number| u64::try_from(number).ok());
    number.map(Some).ok_or_else(|| refused(name, "a number from 0 on", value))
}

fn refused(name: &str, expected: &str, found: &Value) -> Failure {
    let found = match found {
        Value::Array(_) | Value::Object(_) => json!("…"),
        scalar => scalar.clone(),
    };
    Failure::new(
        Kind::Request,
        format!("`{name}` says where the list begins; expected {expected}, found {found}"),
    )
}
