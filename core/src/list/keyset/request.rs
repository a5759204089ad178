//! A request of the walk: one page, or a batch of pages in which each begins where the last one ends.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::Direction;
use super::query::Query;
use crate::batch::{CommandId, Commands, Outcome};
use crate::envelope::Answer;
use crate::error::Failure;
use crate::list::rows::steps;
use crate::method::MethodInfo;

/// What does not change during a walk.
#[derive(Debug)]
pub(super) struct Shape {
    pub(super) query: Query,
    /// Where rows stand in a result.
    pub(super) place: String,
    /// The identifier's name in a row.
    pub(super) row_id: String,
}

/// A request that is to be sent: either [one page](Self::page), or the [commands](Self::commands) of a batch.
#[derive(Clone, Debug)]
pub struct Ask {
    pub(super) shape: Arc<Shape>,
    pub(super) what: What,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum What {
    /// A page from below and one from above.
    Ends {
        low: i64,
        identifiers_alone: bool,
    },
    Pages(Pages),
}

/// Pages one behind the other.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pages {
    pub(super) direction: Direction,
    /// Behind which identifier the first page begins.
    pub(super) from: i64,
    /// Which identifier the pages need not go beyond.
    pub(super) until: Option<i64>,
    pub(super) count: usize,
    /// How many rows a full page has, by which the last row of a page is found.
    pub(super) size: usize,
}

impl Ask {
    /// The parameters, where the request is one page. Otherwise it is a batch.
    pub fn page(&self) -> Option<Map<String, Value>> {
        match &self.what {
            What::Pages(pages) if pages.count == 1 => Some(self.shape.page(pages, pages.from.into())),
            _ => None,
        }
    }

    /// The pages as commands of a batch, which has the mark of [`Commands::new`].
    pub fn commands(&self, mark: u32, info: MethodInfo<'_>) -> Commands {
        let mut commands = Commands::new(mark);
        match &self.what {
            What::Ends { low, identifiers_alone } => {
                let query = &self.shape.query;
                let below = query.below.map(Value::from);
                commands.add(info, query.page(Direction::Up, (*low).into(), below.clone()));
                let top = query.page(Direction::Down, (*low).into(), below);
                commands.add(info, if *identifiers_alone { query.with_identifiers_alone(top) } else { top });
            }
            What::Pages(pages) => {
                // Behind a page that failed the portal would run the others with the text of their references.
                commands.halt();
                let mut from = Value::from(pages.from);
                for _ in 0..pages.count {
                    let page = commands.add(info, self.shape.page(pages, from));
                    from = self.shape.last_row(page, pages.size);
                }
            }
        }
        commands
    }

    /// The answers to a batch of pages, as far as they are what was asked for: a page that was to begin behind a row that is not
    /// there is some other page.
    pub fn answers(outcomes: Vec<Outcome>) -> Vec<Result<Answer, Failure>> {
        let asked = outcomes.into_iter().take_while(|outcome| outcome.unresolved.is_none());
        asked.map(|outcome| outcome.answer).collect()
    }
}

impl Shape {
    fn page(&self, pages: &Pages, from: Value) -> Map<String, Value> {
        let until = pages.until.map(Value::from);
        match pages.direction {
            Direction::Up => self.query.page(Direction::Up, from, until),
            // A bound from below is always known: the walk upwards begins there.
            Direction::Down => self.query.page(Direction::Down, until.unwrap_or_default(), Some(from)),
        }
    }

    /// The identifier of the last row of a full page, as a reference.
    fn last_row(&self, page: CommandId, size: usize) -> Value {
        let rows = steps(&self.place).into_iter().fold(page.result(), |result, step| result.at(step));
        rows.at(size.saturating_sub(1)).at(self.row_id.as_str()).into()
    }
}
