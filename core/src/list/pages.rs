//! Which request comes after which page.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::page::Page;
use super::turn::{Next, Turn};
use super::within::Within;
use crate::envelope::Answer;
use crate::error::{Failure, Kind};
use crate::method::{Api, MethodInfo};

/// A list walked page by page, in the way of its method ([`MethodInfo::pagination`]). It knows no portal: whoever drives it
/// sends what [`request`](Self::request) says and gives the answer to [`answered`](Self::answered).
///
/// The caller's parameters are kept as they are, and where he says where to begin, the walk begins there.
///
/// ```
/// use bitrix24_core::{Answer, Api, MethodInfo, Pagination, json, list::Pages, read_answer};
///
/// fn portal(params: &serde_json::Map<String, serde_json::Value>) -> Answer {
///     let body = match params.get("start") {
///         None => json!({"result": [1, 2], "next": 50, "total": 52}),
///         Some(_) => json!({"result": [3], "total": 52}),
///     };
///     read_answer(200, body.to_string().as_bytes()).unwrap()
/// }
///
/// let info = MethodInfo::new(Api::V2, "crm.deal.list").with_pagination(Pagination::Start).with_rows("");
/// let mut pages = Pages::new(info, serde_json::Map::new()).unwrap();
/// let mut asked = 0;
/// while let Some(params) = pages.request() {
///     let told = pages.answered(&portal(params));
///     assert!(told.is_new && told.failure.is_none());
///     asked += 1;
/// }
/// assert_eq!(asked, 2);
/// ```
///
/// # What ends a list
/// An answer that says so: by giving no `next`, by a `hasMore` of false, by a `total` that is reached; where a method says
/// none of this, a page without rows. A page with fewer rows than were asked for ends nothing, since portals cut the limit
/// without saying so. Rows that vanish meanwhile leave a `total` unreached, and that is no error; an answer that itself says
/// that there is more, with no way to come by it, is one.
///
/// Where the first page is full, names no `next`, and its `total` is just its own length, that may be all or the count of the
/// page alone: one more request tells.
#[derive(Debug)]
pub struct Pages {
    name: String,
    api: Api,
    positional: bool,
    place: Option<String>,
    id: Option<String>,
    turn: Turn,
    /// Where the page is asked for, if not in a parameter of its own.
    within: Option<Within>,
    params: Map<String, Value>,
    seen: HashSet<u64>,
    /// The rows of the longest page.
    longest: u64,
    /// How many pages in a row have come before.
    repeated: u32,
    /// Whether the last answer looked like the end of the list and was not trusted.
    doubted: bool,
    ended: bool,
}

/// How many short pages in a row may have come before: rows that are added at the front push the last ones on, again and again.
const REPEATED: u32 = 3;

/// What an answer means for the walk.
#[derive(Debug)]
#[non_exhaustive]
#[must_use = "it may be that the list cannot be read to its end"]
pub struct Told {
    /// Whether the page is one that has not been given before.
    pub is_new: bool,
    /// Why the list cannot be read to its end, though it has not ended. Nothing more is asked for then.
    pub failure: Option<Failure>,
}

impl Pages {
    /// A walk through the list that `params` ask for.
    ///
    /// # Errors
    /// A [`Failure`] of the kind [`Kind::Request`] where the parameters name no place to begin at, or where a method's pages
    /// are told by their rows and it is not known where those stand.
    pub fn new(info: MethodInfo<'_>, mut params: Map<String, Value>) -> Result<Self, Failure> {
        let within = Within::of(info, &params)?;
        let turn = Turn::new(info, within.as_ref(), &mut params)?;
        if turn.needs_rows() && info.rows.is_none() {
            let text = "where the rows of this list stand is not known, and without them no next page can be asked for; \
                        name their place with `raw(…).rows_at(…)`";
            return Err(Failure::new(Kind::Request, text));
        }
        Ok(Self {
            name: info.name.to_owned(),
            api: info.api,
            positional: info.positional,
            place: info.rows.map(str::to_owned),
            id: info.keyset.map(|keyset| keyset.row_id.to_owned()),
            turn,
            within,
            params,
            seen: HashSet::new(),
            longest: 0,
            repeated: 0,
            doubted: false,
            ended: false,
        })
    }

    /// The parameters of the next request; `None` once there is nothing more to be asked for.
    pub fn request(&self) -> Option<&Map<String, Value>> {
        (!self.ended).then_some(&self.params)
    }

    /// Learns from the answer to the last request.
    pub fn answered(&mut self, answer: &Answer) -> Told {
        let page = match Page::of(answer, self.place.as_deref(), self.id.as_deref()) {
            Ok(page) => page,
            Err(mismatch) => return self.failed(false, Failure::undecodable(mismatch)),
        };
        let is_new = !self.repeats(&page);
        self.repeated = if is_new { 0 } else { self.repeated + 1 };
        let rows = page.rows.unwrap_or(0);
        if !is_new && self.doubted {
            self.ended = true;
            return Told { is_new, failure: None };
        }
        if !is_new && (rows >= self.longest || self.repeated > REPEATED) {
            let text = format!("{} gave a page that it has given before", self.name);
            return self.failed(false, incomplete(&text));
        }
        self.longest = self.longest.max(rows);
        let turned = self.turn.after(&page).and_then(|next| self.turn_to(next));
        match turned {
            Ok(()) => Told { is_new, failure: None },
            Err(text) => self.failed(is_new, incomplete(&text)),
        }
    }

    /// Makes the next request.
    fn turn_to(&mut self, next: Option<Next>) -> Result<(), String> {
        let Some(Next { name, value, doubted }) = next else {
            self.ended = true;
            return Ok(());
        };
        self.doubted = doubted;
        match &self.within {
            Some(within) => within.set(&mut self.params, value),
            None if self.positional => {
                let text = "more rows follow, and the parameters of this method go by position, so that the page must be \
                            asked for in them";
                return Err(text.to_owned());
            }
            None => super::names::set(&mut self.params, self.api, name, value),
        }
        Ok(())
    }

    /// Whether the rows of a page have come before. Rows without identifiers may well be equal, so that they count only where
    /// no `total` bounds the walk.
    fn repeats(&mut self, page: &Page<'_>) -> bool {
        if page.is_empty() || page.rows.is_none() {
            return false;
        }
        let known = !self.seen.insert(page.print);
        known && (page.identified || !self.turn.is_within(page.total))
    }

    fn failed(&mut self, is_new: bool, failure: Failure) -> Told {
        self.ended = true;
        Told { is_new, failure: Some(failure) }
    }
}

/// A list that has not ended and cannot be read further.
pub(super) fn incomplete(text: &str) -> Failure {
    let text =
        format!("{text}; the list is incomplete, and only the rows given so far are known to be in it");
    Failure::new(Kind::Incomplete, text)
}
