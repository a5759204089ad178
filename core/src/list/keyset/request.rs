//! A request for one page, or for a batch of pages in which each starts where the previous one ends.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::direction::Direction;
use super::query_template::QueryTemplate;
use crate::batch::{CommandId, CommandOutcome, Commands};
use crate::envelope::RawResponse;
use crate::error::Failure;
use crate::list::rows::segments;
use crate::method::MethodInfo;

/// The part of all requests that does not change.
#[derive(Debug)]
pub(super) struct ListQuery {
    pub(super) template: QueryTemplate,
    /// The place of the rows in a result.
    pub(super) rows_pointer: String,
    /// The identifier's name in a row.
    pub(super) row_id: String,
}

/// A request to send: either [one page](Self::single_page), or the [commands](Self::commands) of a batch.
#[derive(Clone, Debug)]
pub struct PageRequest {
    pub(super) query: Arc<ListQuery>,
    pub(super) kind: RequestKind,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum RequestKind {
    /// The first page in ascending order, and the first one in descending order.
    BothEnds {
        low: i64,
        ids_only: bool,
    },
    Pages(PageSequence),
    /// The first page above `low`, and the identifiers of the last rows of the whole list below `until`.
    Check {
        low: i64,
        until: Option<i64>,
    },
}

/// Consecutive pages.
#[derive(Clone, Copy, Debug)]
pub(super) struct PageSequence {
    pub(super) direction: Direction,
    /// The identifier after which the first page starts.
    pub(super) from: i64,
    /// The identifier at which the pages may end.
    pub(super) until: Option<i64>,
    pub(super) count: usize,
    /// The number of rows of a full page, which gives the index of its last row.
    pub(super) size: usize,
}

impl PageRequest {
    /// The parameters, if the request is one page. Otherwise it is a batch.
    pub fn single_page(&self) -> Option<Map<String, Value>> {
        match &self.kind {
            RequestKind::Pages(pages) if pages.count == 1 => Some(self.query.page(pages, pages.from.into())),
            _ => None,
        }
    }

    /// The pages as commands of a batch with this nonce; see [`Commands::new`].
    pub fn commands(&self, nonce: u32, info: MethodInfo<'_>) -> Commands {
        let mut commands = Commands::new(nonce);
        match &self.kind {
            RequestKind::BothEnds { low, ids_only } => {
                let template = &self.query.template;
                let below = template.below.map(Value::from);
                let bottom = template.page(Direction::Ascending, (*low).into(), below.clone());
                commands.add(info, bottom);
                let top = template.page(Direction::Descending, (*low).into(), below);
                commands.add(info, if *ids_only { template.ids_only(top) } else { top });
            }
            RequestKind::Check { low, until } => {
                let template = &self.query.template;
                let until = until.map(Value::from);
                commands.add(info, template.page(Direction::Ascending, (*low).into(), until.clone()));
                let first = template.above.unwrap_or(0).into();
                commands.add(info, template.ids_only(template.page(Direction::Descending, first, until)));
            }
            RequestKind::Pages(pages) => {
                // After a page that failed the portal would execute the others with the text of their references.
                commands.halt_on_error();
                let mut from = Value::from(pages.from);
                for _ in 0..pages.count {
                    let page = commands.add(info, self.query.page(pages, from));
                    from = self.query.last_row_id(page, pages.size);
                }
            }
        }
        commands
    }

    /// The responses to a batch of pages, up to the first unresolved reference: such a page starts at an unknown row.
    pub fn responses(outcomes: Vec<CommandOutcome>) -> Vec<Result<RawResponse, Failure>> {
        let resolved = outcomes.into_iter().take_while(|outcome| outcome.unresolved.is_none());
        resolved.map(|outcome| outcome.response).collect()
    }
}

impl ListQuery {
    fn page(&self, pages: &PageSequence, from: Value) -> Map<String, Value> {
        let until = pages.until.map(Value::from);
        match pages.direction {
            Direction::Ascending => self.template.page(Direction::Ascending, from, until),
            // A lower bound is always known: the ascending direction starts there.
            Direction::Descending => {
                self.template.page(Direction::Descending, until.unwrap_or_default(), Some(from))
            }
        }
    }

    /// A reference to the identifier of the last row of a full page.
    fn last_row_id(&self, page: CommandId, size: usize) -> Value {
        let rows = segments(&self.rows_pointer)
            .into_iter()
            .fold(page.result(), |result, segment| result.at(segment));
        rows.at(size.saturating_sub(1)).at(self.row_id.as_str()).into()
    }
}
