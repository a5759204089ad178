//! Walking a list, whatever the types of its rows and errors: the one place where requests of listings are sent.

use std::collections::VecDeque;
use std::fmt;
use std::task::{Context, Poll};

use bitrix24_core::list::{self, ById, Seam, take_rows};
use bitrix24_core::{Answer, ErrorCode, Failure, Keyset, Map, Value};

use super::flight::{Flight, Landed};
use super::progress::{Progress, Watch};
use super::request::Asked;
use crate::client::Client;

/// A list that is being walked.
pub(crate) struct Listing {
    client: Client,
    asked: Asked,
    way: Way,
    flights: VecDeque<Flight>,
    /// Rows that have come and were not given yet, each with its place on its page.
    rows: VecDeque<(usize, Value)>,
    /// What went wrong behind the rows.
    failure: Option<Failure>,
    progress: Progress,
    watch: Option<Watch>,
}

/// How the list is walked.
enum Way {
    /// Not begun.
    Begin {
        params: Map<String, Value>,
        by_id: bool,
        overlapping: bool,
    },
    Pages(Box<list::Pages>, Seam),
    ById(ById),
    Over,
}

impl Listing {
    pub(crate) fn new(client: &Client, asked: Asked, params: Map<String, Value>) -> Self {
        Self {
            client: client.clone(),
            asked,
            way: Way::Begin { params, by_id: false, overlapping: false },
            flights: VecDeque::new(),
            rows: VecDeque::new(),
            failure: None,
            progress: Progress::default(),
            watch: None,
        }
    }

    /// Sets out by identifier. A walk that has begun goes on as it is.
    pub(crate) fn by_id(&mut self, keyset: Option<Keyset<'static>>, in_any_order: bool) {
        if let Way::Begin { by_id, overlapping, .. } = &mut self.way {
            *by_id = true;
            *overlapping |= in_any_order;
            if let Some(keyset) = keyset {
                self.asked.keyed(keyset);
            }
        }
    }

    pub(crate) fn watch(&mut self, watch: Watch) {
        self.watch = Some(watch);
    }

    /// The next row, with its place on its page.
    pub(crate) fn poll_row(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<(usize, Value), Failure>>> {
        loop {
            if let Some(row) = self.rows.pop_front() {
                return Poll::Ready(Some(Ok(row)));
            }
            match self.poll_landed(cx) {
                Poll::Ready(Some(Ok(landed))) => self.take(landed),
                Poll::Ready(Some(Err(failure))) => return Poll::Ready(Some(Err(failure))),
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Pending => return Poll::Pending,
            }
        }
    }

    /// The next page as it came.
    pub(crate) fn poll_page(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Answer, Failure>>> {
        loop {
            match self.poll_landed(cx) {
                Poll::Ready(Some(Ok(Landed::Page(answer)))) => {
                    let page = self.take_page(*answer);
                    self.tell();
                    if let Some(answer) = page {
                        return Poll::Ready(Some(Ok(answer)));
                    }
                }
                // Pages by identifier come in batches, so that nobody is given them as replies.
                Poll::Ready(Some(Ok(Landed::ById(..)))) => {}
                Poll::Ready(Some(Err(failure))) => return Poll::Ready(Some(Err(failure))),
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Pending => return Poll::Pending,
            }
        }
    }

    /// The next request that is answered; first of all what went wrong with the last one.
    fn poll_landed(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Landed, Failure>>> {
        if self.failure.is_none() {
            self.set_out();
        }
        if let Some(failure) = self.failure.take() {
            self.way = Way::Over;
            self.flights.clear();
            return Poll::Ready(Some(Err(failure)));
        }
        if self.flights.is_empty() {
            self.way = Way::Over;
            return Poll::Ready(None);
        }
        for _ in 0..self.flights.len() {
            let Some(flight) = self.flights.pop_front() else { break };
            match flight.poll(cx) {
                Ok(landed) => {
                    self.progress.requests += 1;
                    return Poll::Ready(Some(Ok(landed)));
                }
                Err(flight) => self.flights.push_back(flight),
            }
        }
        Poll::Pending
    }

    /// Sends what may be sent now.
    fn set_out(&mut self) {
        if matches!(self.way, Way::Begin { .. }) {
            match self.begin() {
                Ok(way) => self.way = way,
                Err(failure) => self.failure = Some(failure),
            }
        }
        let info = self.asked.info();
        match &mut self.way {
            Way::Pages(pages, _) if self.flights.is_empty() => {
                let params = pages.request();
                self.flights.extend(params.map(|params| Flight::Page(self.client.send(info, params))));
            }
            Way::ById(walk) if walk.is_over() => self.flights.clear(),
            Way::ById(walk) => {
                while let Some(ask) = walk.ask() {
                    self.flights.push_back(Flight::by_id(&self.client, info, ask));
                }
            }
            _ => {}
        }
    }

    fn begin(&mut self) -> Result<Way, Failure> {
        let Way::Begin { params, by_id, overlapping } = std::mem::replace(&mut self.way, Way::Over) else {
            return Ok(Way::Over);
        };
        let info = self.asked.info();
        Ok(if by_id {
            Way::ById(ById::new(info, params, overlapping)?)
        } else {
            Way::Pages(Box::new(list::Pages::new(info, params)?), Seam::new(info))
        })
    }

    /// Takes the rows of what has come.
    fn take(&mut self, landed: Landed) {
        let rows = match landed {
            Landed::Page(answer) => match self.take_page(*answer) {
                Some(answer) => self.rows_of(answer),
                None => Vec::new(),
            },
            Landed::ById(ask, answers) => {
                let Way::ById(walk) = &mut self.way else { return };
                let given = walk.answered(&ask, answers);
                self.failure = given.failure;
                given.rows
            }
        };
        self.progress.rows += rows.len() as u64;
        self.rows.extend(rows);
        self.tell();
    }

    /// Learns from a page; what is left of it is a page that has not been given before.
    fn take_page(&mut self, answer: Result<Answer, Failure>) -> Option<Answer> {
        let Way::Pages(pages, _) = &mut self.way else { return None };
        match answer {
            Ok(answer) => {
                let told = pages.answered(&answer);
                self.failure = told.failure;
                self.progress.total = answer.total.or(self.progress.total);
                told.is_new.then_some(answer)
            }
            Err(failure) => {
                self.failure = Some(failure);
                None
            }
        }
    }

    fn rows_of(&mut self, answer: Answer) -> Vec<(usize, Value)> {
        let place = self.asked.info().rows.unwrap_or_default();
        match (take_rows(answer.result, place), &mut self.way) {
            (Ok(rows), Way::Pages(_, seam)) => seam.fresh(rows),
            (Ok(rows), _) => rows.into_iter().enumerate().collect(),
            (Err(mismatch), _) => {
                self.failure = Some(Failure::undecodable(mismatch));
                Vec::new()
            }
        }
    }

    fn tell(&mut self) {
        if let Some(watch) = &mut self.watch {
            watch(self.progress);
        }
    }

    /// A failure as an error of the method.
    pub(crate) fn error<E: ErrorCode>(&self, failure: Failure) -> bitrix24_core::Error<E> {
        self.client.error(self.asked.info().name, failure)
    }

    /// Where rows stand in a result.
    pub(crate) fn place(&self) -> &str {
        self.asked.info().rows.unwrap_or_default()
    }

    /// Shows the method and how far the walk has come, and nothing of parameters and rows.
    pub(crate) fn fmt_as(&self, name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let method = self.client.portal.masked(self.asked.info().name);
        f.debug_struct(name)
            .field("method", &method)
            .field("progress", &self.progress)
            .finish_non_exhaustive()
    }
}
