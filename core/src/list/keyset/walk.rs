//! The walk: what is left of the list, and which pages to ask for next.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::Direction::{self, Down, Up};
use super::density::{Density, pages};
use super::gap::Gap;
use super::query::Query;
use super::request::{Ask, Pages, Shape, What};
use crate::batch::LIMIT;
use crate::error::{Failure, Kind};
use crate::method::{Api, Keyset, MethodInfo};

/// How many rows a full page of REST 2 has.
const FULL: usize = 50;

/// How many values a command of a batch may have: PHP reads no more than this out of a query unless it is told otherwise, and drops
/// the rest without a word.
const VALUES: usize = 1_000;

/// How many full batches must be left for a second walker to be sent.
const WORTH_A_SECOND: f64 = 2.0;

/// A list walked by ascending identifier. It knows no portal: whoever drives it sends each [`Ask`] and gives the answers back.
///
/// A row that is there from the beginning to the end of the walk is given exactly once, whatever else comes and goes.
///
/// The caller's conditions are kept. His `>ID` is where the walk begins, his `<ID` where it ends; all others stand beside
/// ours, those of REST 3 and choices (`logic: OR`) in a place of their own.
#[derive(Debug)]
pub struct ById {
    pub(super) shape: Arc<Shape>,
    /// Whether two walkers may be under way at once, so that rows come in no order.
    pub(super) overlapping: bool,
    /// Whether pages can be found only one by one: REST 3 has other batches, a query has no room for very many conditions, and in
    /// a list with holes no row has a number.
    pub(super) singly: bool,
    pub(super) begun: bool,
    pub(super) ended: bool,
    pub(super) gap: Gap,
    pub(super) size: usize,
    pub(super) density: Density,
    pub(super) up: Walker,
    pub(super) down: Walker,
}

/// Who walks in one direction.
#[derive(Debug, Default)]
pub(super) struct Walker {
    /// How many rows are expected of the request that is under way, if one is.
    pub(super) expected: Option<f64>,
    /// The pages of the last request, if all of them were full.
    pub(super) used_up: usize,
    /// Whether the last page was short, and yet did not reach the end.
    pub(super) short: bool,
    /// Whether the portal has refused a page of a batch for the sake of its limits. The page is then asked for by itself, since a
    /// client waits and repeats whole calls.
    pub(super) alone: bool,
}

impl ById {
    /// A walk through the list that `params` ask for. Rows come in ascending order with one request at a time, or, if it is to be
    /// `overlapping`, in no order with up to two.
    ///
    /// # Errors
    /// A [`Failure`] of the kind [`Kind::Request`] where the list cannot be walked so: because it is not known how, because the
    /// parameters ask for another order, or for a beginning by number.
    pub fn new(info: MethodInfo<'_>, params: Map<String, Value>, overlapping: bool) -> Result<Self, Failure> {
        let keyset = info.keyset.ok_or_else(unknown)?;
        let singly = info.api == Api::V3 || params.values().map(values).sum::<usize>() >= VALUES;
        let query = Query::new(info, keyset, params)?;
        let low = query.above.unwrap_or(0);
        Ok(Self {
            shape: Arc::new(shape(info, keyset, query)),
            overlapping: overlapping && !singly,
            singly,
            begun: singly,
            ended: false,
            gap: Gap { low, high: i64::MAX },
            size: FULL,
            density: Density::default(),
            up: Walker::default(),
            down: Walker::default(),
        })
    }

    /// The next request that may be sent now. `None` where an answer must come first, or where the walk [is over](Self::is_over).
    pub fn ask(&mut self) -> Option<Ask> {
        if self.is_over() {
            return None;
        }
        if !self.begun {
            return self.ask_for_the_ends();
        }
        self.ask_upwards().or_else(|| self.ask_downwards())
    }

    /// Whether nothing more is to be asked for; what is still under way can be dropped.
    pub fn is_over(&self) -> bool {
        self.ended || (self.begun && self.gap.is_closed())
    }

    fn ask_for_the_ends(&mut self) -> Option<Ask> {
        let what = What::Ends { low: self.gap.low, identifiers_alone: !self.overlapping };
        let free = self.up.expected.replace(0.0).is_none();
        free.then(|| Ask { shape: Arc::clone(&self.shape), what })
    }

    fn ask_upwards(&mut self) -> Option<Ask> {
        let other = self.down.expected;
        let left = self.density.rows_in(self.gap.identifiers()) - other.unwrap_or(0.0);
        // What the other walker will bring may be all.
        if self.up.expected.is_some() || (other.is_some() && left <= 0.0) {
            return None;
        }
        let longest = if self.singly || self.up.alone { 1 } else { LIMIT };
        let count = pages(left, self.gap.identifiers(), self.size, self.up.used_up, longest);
        // The row at the upper edge is asked for as well: it proves that the gap has been crossed.
        let edge = self.overlapping.then(|| self.gap.high.saturating_add(1));
        let until = edge.into_iter().chain(self.shape.query.below).min();
        Some(self.send(Pages { direction: Up, from: self.gap.low, until, count, size: self.size }))
    }

    fn ask_downwards(&mut self) -> Option<Ask> {
        let left = self.density.rows_in(self.gap.identifiers()) - self.up.expected.unwrap_or(0.0);
        let batch = (LIMIT * self.size) as f64;
        let worth = self.overlapping && !self.singly && left > WORTH_A_SECOND * batch;
        if !worth || self.down.expected.is_some() {
            return None;
        }
        // Rows have come from below by now, so that the one at the edge is one of the caller's.
        let until = Some(self.gap.low.saturating_sub(1));
        let count = if self.down.alone { 1 } else { LIMIT };
        Some(self.send(Pages { direction: Down, from: self.gap.high, until, count, size: self.size }))
    }

    fn send(&mut self, pages: Pages) -> Ask {
        self.walker(pages.direction).expected = Some((pages.count * pages.size) as f64);
        Ask { shape: Arc::clone(&self.shape), what: What::Pages(pages) }
    }

    pub(super) fn walker(&mut self, direction: Direction) -> &mut Walker {
        match direction {
            Up => &mut self.up,
            Down => &mut self.down,
        }
    }
}

fn shape(info: MethodInfo<'_>, keyset: Keyset<'_>, query: Query) -> Shape {
    let place = info.rows.unwrap_or_default().to_owned();
    Shape { query, place, row_id: keyset.row_id.to_owned() }
}

/// How many values there are in a parameter.
fn values(parameter: &Value) -> usize {
    match parameter {
        Value::Array(items) => items.iter().map(values).sum(),
        Value::Object(map) => map.values().map(values).sum(),
        _ => 1,
    }
}

fn unknown() -> Failure {
    let text =
        "it is not known how this list is read by identifier; name the field, or walk the list page by page";
    Failure::new(Kind::Request, text)
}
