//! Many requests in few calls.

mod handle;
mod replies;

use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

use bitrix24_core::batch::{Commands, Reference, Run};
use bitrix24_core::{Method, pace};

use crate::client::Client;

pub use handle::Handle;
pub use replies::Replies;

/// Requests that go to the portal together: up to 50 in one call, which counts as one against the limit of calls.
///
/// Each request that is [added](Self::add) gives a [`Handle`], by which its reply is known afterwards and by which later requests
/// can refer to its result. [`Client::run`] sends them, in as many calls as they need.
///
/// ```no_run
/// use bitrix24_client::{Batch, Client};
/// use bitrix24_core::{json, raw};
///
/// # async fn example(portal: Client) -> Result<(), Box<dyn std::error::Error>> {
/// let mut batch = Batch::new().halt();
/// let me = batch.add(raw("user.current", json!(null)).that_only_reads());
/// let deals = batch.add(raw("crm.deal.list", json!({"select": ["ID", "TITLE"]})).that_only_reads());
/// batch.put(deals, "filter[ASSIGNED_BY_ID]", me.at("ID"));
///
/// let replies = portal.run(batch).await;
/// println!("{} has {:?} deals", replies.get(me)?.result["NAME"], replies.get(deals)?.total);
/// # Ok(())
/// # }
/// ```
///
/// A batch sends less than a call of its own: its requests are queries, in which PHP sees neither `null` nor an empty list or
/// object. A request with one of those is refused, and so are requests of REST 3, `batch` itself and references that lead to no
/// earlier request. What is refused is refused before anything is sent.
#[derive(Clone, Debug, PartialEq)]
#[must_use = "a batch does nothing until a client runs it"]
pub struct Batch {
    commands: Commands,
}

impl Default for Batch {
    fn default() -> Self {
        Self::new()
    }
}

impl Batch {
    /// No requests yet. Those that will be added do not depend on each other: each is carried out, whatever comes of the others.
    pub fn new() -> Self {
        Self { commands: Commands::new(mark()) }
    }

    /// The same batch, stopping at the first request that fails: those behind it are not carried out.
    ///
    /// A batch with references must stop so. To a portal a reference to something that failed is a text like any other, and it
    /// would carry on with that.
    pub fn halt(mut self) -> Self {
        self.commands.halt();
        self
    }

    /// Adds a request.
    pub fn add<M: Method>(&mut self, request: M) -> Handle<M> {
        Handle::new(self.commands.add(request.info(), request.params().into_map()))
    }

    /// Lets a request take a parameter from the result of one before it.
    ///
    /// `place` is the parameter in the way of PHP: `id`, `fields[CONTACT_ID]`, `filter[>ID]`, and for methods that read their
    /// parameters by position `0` or `1[RESPONSIBLE_ID]`. What stood there is replaced, so any value will do for one that the
    /// request must have.
    ///
    /// ```
    /// use bitrix24_client::Batch;
    /// use bitrix24_core::{json, raw};
    /// let mut batch = Batch::new().halt();
    /// let contact = batch.add(raw("crm.contact.add", json!({"fields": {"NAME": "Ann"}})));
    /// let deal = batch.add(raw("crm.deal.add", json!({"fields": {"TITLE": "Ann's deal"}})));
    /// batch.put(deal, "fields[CONTACT_ID]", contact.result());
    /// ```
    pub fn put<M: Method>(&mut self, request: Handle<M>, place: &str, reference: Reference) {
        self.commands.put(request.id(), place, reference);
    }

    /// How many requests there are.
    pub fn len(&self) -> usize {
        self.commands.len()
    }

    /// Whether there is no request.
    pub fn is_empty(&self) -> bool {
        self.commands.is_empty()
    }

    /// The requests, ready to be sent.
    pub(crate) fn into_run(self) -> Run {
        self.commands.run()
    }
}

impl Client {
    /// Sends the requests of a batch, one call for up to 50 of them, one after another.
    ///
    /// Requests that refer to each other go in one call. A call that fails ends it: the replies to earlier calls are kept, the
    /// requests of this one have its failure, and those behind it are [not executed](bitrix24_core::Kind::NotExecuted). It is
    /// the same when a batch stops at an error. Nothing happens until the future is awaited; it does not borrow the client.
    pub fn run(&self, batch: Batch) -> impl Future<Output = Replies> + Send + use<> {
        let (client, mut run) = (self.clone(), batch.into_run());
        async move {
            client.advance_to_end(&mut run).await;
            client.replies(run)
        }
    }

    /// Carries all calls that a run of commands needs.
    pub(crate) async fn advance_to_end(&self, run: &mut Run) {
        while self.advance(run).await {}
    }

    /// What has come of a run of commands.
    pub(crate) fn replies(&self, run: Run) -> Replies {
        Replies::new(Arc::clone(&self.portal), run)
    }

    /// Carries the next call that a run of commands needs; false where it needs none.
    async fn advance(&self, run: &mut Run) -> bool {
        let Some(request) = run.request() else { return false };
        match self.portal.send_commands(self.patience, &request).await {
            Ok((answer, key)) => {
                let time = answer.time.clone();
                run.answered(Ok(answer));
                let commands: Vec<pace::Outcome<'_>> = run.paces().collect();
                self.portal.tell_commands(&key, &time, &commands);
            }
            Err(failure) => run.answered(Err(failure)),
        }
        true
    }
}

/// A mark for names of commands that nobody can guess: no text that comes from elsewhere can be taken for a reference to them.
pub(crate) fn mark() -> u32 {
    RandomState::new().hash_one(()) as u32
}
