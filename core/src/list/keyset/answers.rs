//! What the answers of a walk bring: rows, and how much of the list is left.

use serde_json::Value;

use super::Direction::{self, Down, Up};
use super::climb::{Climbed, climb};
use super::request::{Ask, Pages, What};
use super::walk::{ById, Walker};
use crate::envelope::Answer;
use crate::error::Failure;
use crate::list::pages::incomplete;
use crate::pace::refusal;

/// What an answer has brought.
#[derive(Debug, Default)]
#[non_exhaustive]
#[must_use = "it may be that the list cannot be read to its end"]
pub struct Given {
    /// Rows, each with its place on its page.
    pub rows: Vec<(usize, Value)>,
    /// Why the list cannot be read to its end, behind these rows. Nothing more is asked for then.
    pub failure: Option<Failure>,
}

impl ById {
    /// Learns from the answers to a request: to each of its pages, in their order.
    pub fn answered(&mut self, ask: &Ask, answers: Vec<Result<Answer, Failure>>) -> Given {
        let mut given = Given::default();
        let taken = match &ask.what {
            What::Ends { .. } => self.take_ends(answers, &mut given.rows),
            What::Pages(pages) => self.take_pages(*pages, answers, &mut given.rows),
        };
        given.failure = taken.err();
        self.ended |= given.failure.is_some();
        given
    }

    fn take_ends(
        &mut self,
        answers: Vec<Result<Answer, Failure>>,
        given: &mut Vec<(usize, Value)>,
    ) -> Result<(), Failure> {
        self.up = Walker::default();
        self.begun = true;
        let [bottom, top] = <[_; 2]>::try_from(answers).map_err(|_| missing())?;
        if is_refused(&bottom) || is_refused(&top) {
            // Then the end is where no row is.
            self.up.alone = true;
            return Ok(());
        }
        let bottom = self.climb(bottom?, Up, self.gap.low);
        self.singly |= bottom.keyed;
        if let [(_, first, _), .., (_, last, _)] | [(_, first @ last, _)] = &bottom.rows[..] {
            self.size = bottom.rows.len();
            self.density.learn(self.size, *first, *last);
            self.gap.low = *last;
        }
        give(bottom, given, |_| true)?;
        let top = self.climb(top?, Down, self.shape.query.below.unwrap_or(i64::MAX));
        let highest = top.rows.first().map(|(_, id, _)| *id);
        self.gap.high = highest.unwrap_or(self.gap.high);
        if self.overlapping {
            let low = self.gap.low;
            self.learn(&top, self.gap.high);
            self.gap.high = top.rows.last().map_or(self.gap.high, |(_, lowest, _)| *lowest);
            give(top, given, |id| id > low)?;
        } else {
            top.failure.map_or(Ok(()), Err)?;
        }
        // No row at all; otherwise the walk goes on to see what has become of them.
        self.ended = highest.is_none() && given.is_empty();
        Ok(())
    }

    fn take_pages(
        &mut self,
        asked: Pages,
        answers: Vec<Result<Answer, Failure>>,
        given: &mut Vec<(usize, Value)>,
    ) -> Result<(), Failure> {
        let direction = asked.direction;
        let before = std::mem::take(self.walker(direction));
        let (mut from, mut full, mut short) = (asked.from, 0, before.short);
        if answers.is_empty() {
            return Err(missing());
        }
        let mut alone = false;
        for answer in answers {
            if asked.count > 1 && is_refused(&answer) {
                alone = true;
                break;
            }
            let page = self.climb(answer?, direction, from);
            let rows = page.rows.len();
            // A short page that was not the last one hides rows, so that the last row of a page has no certain number.
            self.singly |= page.keyed || (short && rows > 0);
            self.learn(&page, from);
            from = page.rows.last().map_or(from, |(_, last, _)| *last);
            let nothing_left = rows == 0 && page.failure.is_none();
            let seen = self.gap;
            self.gap = seen.without(direction, from);
            // Of two walkers that meet, the one that comes later gives nothing that the other has given.
            let overlapping = self.overlapping;
            give(page, given, |id| !overlapping || (id > seen.low && id < seen.high))?;
            self.ended |= nothing_left;
            short = rows < asked.size && !self.is_over();
            full += usize::from(rows == asked.size);
            // The pages behind a short one begin nowhere, and those behind a longer one in its middle.
            if self.is_over() || rows != asked.size {
                self.size = self.size.max(rows);
                break;
            }
        }
        let used_up = if full == asked.count { full } else { 0 };
        *self.walker(direction) = Walker { expected: None, used_up, short, alone };
        Ok(())
    }

    fn climb(&self, answer: Answer, direction: Direction, from: i64) -> Climbed {
        climb(answer.result, &self.shape.place, &self.shape.row_id, direction, from)
    }

    fn learn(&mut self, page: &Climbed, from: i64) {
        if let Some((_, last, _)) = page.rows.last() {
            self.density.learn(page.rows.len(), from, *last);
        }
    }
}

/// Gives the rows that are new, and then what is wrong with the next one.
fn give(page: Climbed, given: &mut Vec<(usize, Value)>, is_new: impl Fn(i64) -> bool) -> Result<(), Failure> {
    let new = page.rows.into_iter().filter(|(_, id, _)| is_new(*id));
    given.extend(new.map(|(index, _, row)| (index, row)));
    page.failure.map_or(Ok(()), Err)
}

/// Whether the portal refused a page because too much was asked of it.
fn is_refused(answer: &Result<Answer, Failure>) -> bool {
    answer.as_ref().err().and_then(refusal).is_some()
}

fn missing() -> Failure {
    incomplete("the batch has no answer for one of its pages")
}
