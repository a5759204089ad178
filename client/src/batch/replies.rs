//! What came of the requests of a batch.

use std::fmt;
use std::slice;
use std::sync::Arc;

use bitrix24_core::batch::{CommandId, Outcome, Run};
use bitrix24_core::{Answer, Error, Failure, Kind, Method, Reply};

use super::Handle;
use crate::portal::Portal;

/// The replies to the requests of a batch, each with its own success or failure.
///
/// [`get`](Self::get) reads one by its handle. All of them, as the portal gave them, are had by iterating, in the order in which
/// the requests were added.
#[must_use = "a batch does not fail; its requests do, each by itself"]
pub struct Replies {
    portal: Arc<Portal>,
    mark: u32,
    outcomes: Vec<Outcome>,
}

impl Replies {
    pub(super) fn new(portal: Arc<Portal>, run: Run) -> Self {
        let mark = run.mark();
        let mut outcomes = run.finish();
        for outcome in &mut outcomes {
            // Who calls a method by name may have pasted a whole address.
            outcome.method = portal.masked(&outcome.method).into();
            let answer = std::mem::replace(&mut outcome.answer, Err(Failure::new(Kind::NotExecuted, "")));
            outcome.answer = answer.map_err(|failure| portal.scrubbed(failure));
        }
        Self { portal, mark, outcomes }
    }

    /// The reply to a request.
    ///
    /// # Errors
    /// An [`Error`] of the method, as [`Client::call`](crate::Client::call) has it, and two that only a batch has:
    ///
    /// - [`Kind::NotExecuted`]: the request was not carried out, because another was refused or failed.
    /// - [`Kind::Reference`]: it refers to something that is not in the earlier result, and the portal has carried it out with the
    ///   text of the reference in place of a value. What came of it is in [`outcome`](Self::outcome).
    pub fn get<M: Method>(&self, request: Handle<M>) -> Result<Reply<M::Output>, Error<M::Error>> {
        let (method, answer) = self.answer(request.id());
        let reply = answer.and_then(Answer::read);
        reply.map_err(|failure| {
            let given = self.outcome(request).and_then(|outcome| outcome.answer.as_ref().ok());
            let failure = match given {
                Some(answer) => failure.with_result(answer.result.clone()),
                None => failure,
            };
            Error::new(method, self.portal.scrubbed(failure))
        })
    }

    /// What the portal answered to a request, not yet read as the type of its method; `None` for a handle of another batch.
    pub fn outcome<M: Method>(&self, request: Handle<M>) -> Option<&Outcome> {
        self.at(request.id())
    }

    /// The requests that failed, or were not carried out, with their positions. Results that are not what the documentation says
    /// are not among them: only [`get`](Self::get) reads results.
    ///
    /// ```no_run
    /// # async fn example(portal: bitrix24_client::Client, batch: bitrix24_client::Batch) {
    /// for (position, error) in portal.run(batch).await.errors() {
    ///     eprintln!("request {position}: {error}");
    /// }
    /// # }
    /// ```
    pub fn errors(&self) -> impl Iterator<Item = (usize, Error)> {
        let failures = self.outcomes.iter().enumerate();
        failures.filter_map(|(position, outcome)| {
            Some((position, Error::new(&outcome.method, read(outcome).err()?)))
        })
    }

    /// What came of each request, in the order in which they were added.
    pub fn iter(&self) -> slice::Iter<'_, Outcome> {
        self.outcomes.iter()
    }

    fn at(&self, id: CommandId) -> Option<&Outcome> {
        self.outcomes.get(id.position()).filter(|_| id.mark() == self.mark)
    }

    fn answer(&self, id: CommandId) -> (&str, Result<Answer, Failure>) {
        match self.at(id) {
            Some(outcome) => (&outcome.method, read(outcome)),
            None => {
                let failure = Failure::new(Kind::Request, "this is the handle of a request in another batch");
                ("batch", Err(failure))
            }
        }
    }
}

/// The answer, unless the portal was misled by a reference.
fn read(outcome: &Outcome) -> Result<Answer, Failure> {
    match (&outcome.answer, &outcome.unresolved) {
        (Ok(_), Some(reference)) => {
            let text = format!(
                "it was carried out with the text `{reference}` in place of a value, since there is nothing at that place in \
                 the earlier result"
            );
            Err(Failure::new(Kind::Reference, text))
        }
        (answer, _) => answer.clone(),
    }
}

impl IntoIterator for Replies {
    type Item = Outcome;
    type IntoIter = std::vec::IntoIter<Outcome>;

    fn into_iter(self) -> Self::IntoIter {
        self.outcomes.into_iter()
    }
}

impl<'r> IntoIterator for &'r Replies {
    type Item = &'r Outcome;
    type IntoIter = slice::Iter<'r, Outcome>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// Shows what came of each request.
impl fmt::Debug for Replies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.outcomes).finish()
    }
}
