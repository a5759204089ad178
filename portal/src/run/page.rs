//! The part of a list that is asked for: conditions, order and page.

use std::cmp::Ordering;

use serde_json::{Value, json};

use super::part::Place;
use super::{Call, Machine};
use crate::check::{Problem, Refusal};
use crate::families::fold;
use crate::php;
use crate::spec::{Pagination, Schema};
use crate::store::{Filter, Row, Table, View, total_order};

/// The rows of one page.
pub(super) struct Page {
    pub(super) ids: Vec<i64>,
    pub(super) total: Option<usize>,
    pub(super) next: Option<usize>,
    /// Whether there are rows after these.
    pub(super) more: bool,
    /// The number of all rows that meet the conditions.
    pub(super) all: usize,
}

/// Which part of the rows is wanted.
pub(super) enum Part {
    All,
    /// After some rows, so many of them, with the number of all rows and the next number.
    Start(usize, usize),
    /// The first rows, so many, without counting.
    Uncounted(usize),
    /// After some rows, so many of them.
    Slice(usize, usize),
    /// Those with a greater identifier.
    After(i64, usize),
    /// Those with a smaller identifier, from the greatest.
    Before(i64, usize),
}

impl Machine {
    /// The part of the rows that is asked for.
    pub(super) fn part(&self, call: &Call<'_>) -> Result<Part, Refusal> {
        let rows = self.spec.system.page_rows();
        let number = |names: &[&str]| names.iter().find_map(|name| call.param(name)).map(php::integer);
        let size = |limit: Option<i64>| {
            let limit = limit.filter(|limit| *limit > 0).unwrap_or(rows as i64);
            usize::try_from(limit).unwrap_or(rows).min(rows.max(1))
        };
        let offset = |offset: i64| usize::try_from(offset).unwrap_or(0);
        Ok(match call.method.pagination {
            Pagination::Start => match number(&["start"]) {
                Some(start) if start < 0 => Part::Uncounted(rows),
                // A portal begins at full pages.
                start => Part::Start(offset(start.unwrap_or(0)) / rows.max(1) * rows, rows),
            },
            Pagination::LimitOffset => {
                let at = call.method.page_at.as_ref().and_then(|at| inside(call, at));
                let from = at.or_else(|| number(&["offset"])).unwrap_or(0);
                Part::Slice(offset(from), size(number(&["limit"])))
            }
            Pagination::Page => {
                let at = call.method.page_at.as_ref().and_then(|at| inside(call, at));
                let page = at.or_else(|| number(&["page"])).unwrap_or(1).max(1) - 1;
                Part::Slice(offset(page).saturating_mul(rows), rows)
            }
            // The rows after the first one that is not wanted, or the newest before the last one.
            Pagination::LastId => match number(&["firstid"]) {
                Some(first) => Part::After(first, size(number(&["limit"]).or(default_limit(call)))),
                None => Part::Before(
                    number(&["lastid"]).unwrap_or(0),
                    size(number(&["limit"]).or(default_limit(call))),
                ),
            },
            Pagination::V3 | Pagination::Cursor => self.part_v3(call)?,
            Pagination::None | Pagination::Unknown => match number(&["limit"]) {
                Some(limit) if limit > 0 => Part::Slice(0, size(Some(limit))),
                _ => Part::All,
            },
        })
    }

    fn part_v3(&self, call: &Call<'_>) -> Result<Part, Refusal> {
        const LARGEST: i64 = 1_000;
        let none = json!({});
        let pagination = call.param("pagination").unwrap_or(&none);
        let number = |name: &str| pagination.get(name).map(php::integer);
        let limit = number("limit").unwrap_or(self.spec.system.page_rows() as i64);
        let (page, offset) = (number("page").unwrap_or(1), number("offset"));
        // Page 0 is the first, too: the official SDK for JavaScript begins with it.
        if !(1..=LARGEST).contains(&limit) || page < 0 || offset.is_some_and(|offset| offset < 0) {
            return Err(self.refuse(call, Problem::Pagination));
        }
        let limit_rows = usize::try_from(limit).unwrap_or(0);
        if let Some(after) = pagination.pointer("/afterCursor/id") {
            return Ok(Part::After(php::integer(after), limit_rows));
        }
        let offset = offset.unwrap_or_else(|| (page - 1).max(0).saturating_mul(limit));
        Ok(Part::Slice(usize::try_from(offset).unwrap_or(usize::MAX), limit_rows))
    }
}

/// The documented default of the parameter with the size of a page.
fn default_limit(call: &Call<'_>) -> Option<i64> {
    let mut params = call.method.params.properties.iter();
    let (_, schema) = params.find(|(name, _)| name.eq_ignore_ascii_case("limit"))?;
    schema.default.as_ref().map(php::integer)
}

/// A number inside the parameters.
fn inside(call: &Call<'_>, pointer: &str) -> Option<i64> {
    let mut steps = pointer.split('/').skip(1);
    let first = steps.next()?;
    let by_position = || {
        let (name, _) = call.method.params.properties.get_index(first.parse().ok()?)?;
        call.param(&fold(name))
    };
    let start = call.param(&fold(first)).or_else(by_position)?;
    steps.try_fold(start, |value, step| value.get(step)).map(php::integer)
}

/// The fields to sort by, folded, and whether each is descending.
pub(super) fn order(call: &Call<'_>) -> Vec<(String, bool)> {
    let params = &call.operation.list;
    let descending = |value: &Value| php::text(value).to_ascii_lowercase().starts_with("desc");
    let given = params.order.as_ref().and_then(|name| call.param(&fold(name)));
    match given {
        Some(Value::Object(fields)) => {
            fields.iter().map(|(name, direction)| (fold(name), descending(direction))).collect()
        }
        Some(Value::String(field)) if params.direction.is_some() => {
            let direction = params.direction.as_ref().and_then(|name| call.param(&fold(name)));
            vec![(fold(field), direction.is_some_and(descending))]
        }
        _ => params.default_order.clone(),
    }
}

/// The rows of a part.
pub(super) fn page(
    call: &Call<'_>,
    table: &Table,
    filter: &Filter,
    order: &[(String, bool)],
    part: &Part,
) -> Page {
    let id_name = call.family.id.as_ref().map(|id| fold(id)).unwrap_or_default();
    let id_name = if call.family.id.is_some() { id_name } else { "id".to_owned() };
    let by_id =
        call.family.id.as_ref().and_then(|id| call.family.fields.get(id)).is_none_or(Schema::is_scalar);
    let (mut low, mut high) = if by_id { filter.id_range(&id_name) } else { (0, i64::MAX) };
    if let Part::After(id, _) = part {
        low = low.max(id.saturating_add(1));
    }
    if let Part::Before(id, _) = part
        && *id > 0
    {
        high = high.min(id.saturating_sub(1));
    }
    // Names are looked up once and not for each row.
    let known: Vec<(&str, Option<Place<'_>>)> =
        filter.fields().into_iter().map(|name| (name, Place::of(table, name))).collect();
    let is_range = by_id && filter.is_id_range(&id_name);
    let meets = |(id, row): &(i64, &Row)| {
        is_range
            || filter.meets(&|name| {
                if name == id_name {
                    return Some(View::Integer(*id));
                }
                // Conditions on a field that no row has are ignored.
                let (_, place) = known.iter().find(|(field, _)| *field == name)?;
                place.as_ref()?.view(row)
            })
    };
    let backwards = match order.first() {
        None => Some(matches!(part, Part::Before(..))),
        Some((name, descending)) if *name == id_name => Some(*descending),
        Some(_) => None,
    };
    let rows = || table.range(low, high);
    match (backwards, part) {
        (Some(false), Part::Uncounted(_) | Part::After(..) | Part::Before(..)) => {
            cut(rows().filter(meets).map(|(id, _)| id), part)
        }
        (Some(true), Part::Uncounted(_) | Part::After(..) | Part::Before(..)) => {
            cut(rows().rev().filter(meets).map(|(id, _)| id), part)
        }
        _ => {
            let found = table.query(filter, order, || match backwards {
                Some(false) => rows().filter(meets).map(|(id, _)| id).collect(),
                Some(true) => rows().rev().filter(meets).map(|(id, _)| id).collect(),
                None => {
                    let mut sorted: Vec<(i64, &Row)> = rows().filter(meets).collect();
                    sort(table, &mut sorted, order, &id_name);
                    sorted.into_iter().map(|(id, _)| id).collect()
                }
            });
            slice(&found, part)
        }
    }
}

fn sort(table: &Table, rows: &mut [(i64, &Row)], order: &[(String, bool)], id_name: &str) {
    let columns: Vec<(Option<usize>, bool, bool)> =
        order.iter().map(|(name, descending)| (table.column(name), name == id_name, *descending)).collect();
    rows.sort_by(|(one_id, one), (other_id, other)| {
        let compared = columns.iter().map(|(column, is_id, descending)| {
            let order = match column {
                _ if *is_id => one_id.cmp(other_id),
                Some(column) => total_order(one.view(*column), other.view(*column)),
                None => Ordering::Equal,
            };
            if *descending { order.reverse() } else { order }
        });
        compared.fold(Ordering::Equal, Ordering::then)
    });
}

/// How many rows a part leaves out, and how many it has.
fn bounds(part: &Part) -> (usize, usize) {
    match part {
        Part::All => (0, usize::MAX),
        Part::Uncounted(rows) => (0, *rows),
        Part::Start(offset, limit) | Part::Slice(offset, limit) => (*offset, *limit),
        Part::After(_, limit) | Part::Before(_, limit) => (0, *limit),
    }
}

/// The rows of a part, of rows that are found while they are counted.
fn cut(found: impl Iterator<Item = i64>, part: &Part) -> Page {
    let (skip, take) = bounds(part);
    let (mut ids, mut all) = (Vec::new(), 0);
    for id in found {
        if all >= skip && ids.len() < take {
            ids.push(id);
        }
        all += 1;
        if matches!(part, Part::Uncounted(_)) && ids.len() == take {
            break;
        }
    }
    finished(ids, all, part)
}

/// The rows of a part, of rows that are known.
fn slice(found: &[i64], part: &Part) -> Page {
    let (skip, take) = bounds(part);
    let take = if matches!(part, Part::Uncounted(_)) { take.min(found.len()) } else { take };
    let ids = found.iter().skip(skip).take(take).copied().collect();
    let all = if matches!(part, Part::Uncounted(_)) { take } else { found.len() };
    finished(ids, all, part)
}

fn finished(ids: Vec<i64>, all: usize, part: &Part) -> Page {
    let end = bounds(part).0.saturating_add(ids.len());
    let mut page = Page { ids, total: None, next: None, more: end < all, all };
    match part {
        Part::Start(..) => {
            page.total = Some(all);
            page.next = page.more.then_some(end);
        }
        Part::Uncounted(_) => page.total = Some(0),
        _ => {}
    }
    page
}
