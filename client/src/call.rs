//! The life of one call: everything that does not depend on which method it is.

mod request;

use std::pin::Pin;
use std::sync::Arc;

use bitrix24_core::batch;
use bitrix24_core::pace::{self, Outcome};
use bitrix24_core::retry::{self, Attempt, Cause, Verdict};
use bitrix24_core::{Answer, Failure, Kind, Map, MethodInfo, Time, Value};
use tokio::time::{Instant, sleep};
use tracing::{Instrument, debug_span};

use crate::clock::{Clock, Patience};
use crate::credentials::Key;
use crate::exchange::Came;
use crate::observe::{End, Step};
use crate::pace::{Ask, News};
use crate::portal::Portal;
use crate::redirect;
use request::Call;

/// How often a key is renewed for one call: it may run out once more while the call waits for its turn.
const RENEWALS: u32 = 2;

/// A call under way. It is boxed, and the same type for every method, so that what is generic stays small.
pub(crate) type Underway<T = Answer> = Pin<Box<dyn Future<Output = Result<T, Failure>> + Send>>;

impl Portal {
    /// Carries a call. The request is made before the first wait, so nothing that is borrowed is held.
    pub(crate) fn send(
        self: &Arc<Self>,
        patience: Patience,
        info: MethodInfo<'_>,
        params: &Map<String, Value>,
    ) -> Underway {
        let span = debug_span!("bitrix24.call", method = self.masked(info.name));
        let carried = self.begin(patience, Call::new(info, params));
        Box::pin(async move { Ok(carried.await?.0) }.instrument(span))
    }

    /// Carries a call of several commands. What it tells of pace is told by [`tell_commands`](Self::tell_commands), once it has
    /// been read; that is why the key comes along with which it was made.
    pub(crate) fn send_commands(
        self: &Arc<Self>,
        patience: Patience,
        request: &batch::Request,
    ) -> Underway<(Answer, Key)> {
        let call =
            Call::new(request.info(), request.params()).map(|call| call.with_commands(request.methods()));
        let span = debug_span!("bitrix24.call", method = batch::NAME, commands = request.methods().len());
        Box::pin(self.begin(patience, call).instrument(span))
    }

    /// Tells the limiter what an answer to several commands says about pace.
    pub(crate) fn tell_commands(&self, key: &Key, time: &Time, commands: &[Outcome<'_>]) {
        let news = News::new(key.origin(), key.name(), Outcome::ran(batch::NAME, time));
        self.limiter.told(news.with_commands(commands));
    }

    fn begin(
        self: &Arc<Self>,
        patience: Patience,
        call: Result<Call, Failure>,
    ) -> impl Future<Output = Result<(Answer, Key), Failure>> + Send + use<> {
        let portal = Arc::clone(self);
        async move { portal.carry(&call?, patience).await }
    }

    async fn carry(&self, call: &Call, patience: Patience) -> Result<(Answer, Key), Failure> {
        let clock = Clock::start(patience);
        let key = clock.within(self.credentials.key()).await.ok_or_else(late).and_then(|key| key);
        let key = key.inspect_err(|failure| {
            let end = End::of(Some(failure));
            self.audience.tell("", &call.name, Step::Ended { attempts: 0, took: clock.elapsed(), end });
        })?;
        let mut run = Run { portal: self, call, clock, key, attempts: 0, lost: false };
        let outcome = run.until_settled().await;
        let end = End::of(outcome.as_ref().err());
        run.step(Step::Ended { attempts: run.attempts, took: run.clock.elapsed(), end });
        match outcome {
            Ok(answer) => Ok((answer, run.key)),
            Err(failure) => {
                let failure = failure.with_attempts(run.attempts);
                Err(if run.lost { failure.after_a_lost_attempt() } else { failure })
            }
        }
    }
}

/// A call on its way, and how far it has come.
struct Run<'a> {
    portal: &'a Portal,
    call: &'a Call,
    clock: Clock,
    key: Key,
    attempts: u32,
    /// Whether it is unknown what came of an attempt before the last one.
    lost: bool,
}

impl Run<'_> {
    /// Sends the request when its turn has come, and again as long as that does no harm.
    async fn until_settled(&mut self) -> Result<Answer, Failure> {
        let mut renewals = 0;
        let mut failure = None;
        loop {
            if !self.admitted().await {
                return Err(failure.unwrap_or_else(late));
            }
            let failed = match self.attempt().await {
                Ok(answer) => return Ok(answer),
                Err(failed) => failed,
            };
            if renewals < RENEWALS && self.portal.credentials.may_renew(&failed) {
                self.renew().await?;
                renewals += 1;
            } else if !self.paused(&failed).await {
                return Err(failed);
            }
            failure = Some(failed);
        }
    }

    /// Waits for the turn of the next request; false where the time for the call is over before.
    async fn admitted(&self) -> bool {
        let commands: Vec<&str> = self.call.commands.iter().map(|method| &**method).collect();
        let ask = Ask::new(self.key.origin(), self.key.name(), &self.call.name).with_commands(&commands);
        let asked = Instant::now();
        let admitted = self.clock.within(self.portal.limiter.admit(ask)).await.is_some();
        if admitted {
            self.step(Step::Admitted { waited: asked.elapsed() });
        }
        admitted
    }

    /// Sends the request, and tells those who listen what came of it.
    async fn attempt(&mut self) -> Result<Answer, Failure> {
        self.attempts += 1;
        let sent = Instant::now();
        let outcome = self.sent().await;
        let end = End::of(outcome.as_ref().err());
        self.step(Step::Sent { attempt: self.attempts, took: sent.elapsed(), end });
        let told = match &outcome {
            // What each command took is known only once the answer has been read.
            Ok(_) if !self.call.commands.is_empty() => None,
            Ok(answer) => Some(Outcome::ran(&self.call.name, &answer.time)),
            Err(failure) => pace::refusal(failure).map(|refusal| Outcome::refused(&self.call.name, refusal)),
        };
        if let Some(told) = told {
            self.portal.limiter.told(News::new(self.key.origin(), self.key.name(), told));
        }
        outcome
    }

    /// Sends the request once, and on to where the portal has moved.
    async fn sent(&self) -> Result<Answer, Failure> {
        let body = self.key.authorised(&self.call.body);
        let wire = self.portal.wire()?;
        let mut url = self.key.address_of(self.call.api, &self.call.name);
        let mut hops = 0;
        loop {
            let timeout = self.clock.for_exchange();
            match wire.post(url.clone(), self.call.headers.clone(), body.clone(), timeout).await? {
                Came::Answer(answer) => return Ok(*answer),
                Came::Redirect { status, to } => {
                    url = redirect::next(self.portal.redirects, status, &url, to, hops)?;
                    hops += 1;
                    self.step(Step::Redirected { status });
                }
            }
        }
    }

    /// Gets a new key in the place of the one that was refused.
    async fn renew(&mut self) -> Result<(), Failure> {
        let renewed = self.portal.credentials.renewed(&self.key);
        self.key = self.clock.within(renewed).await.ok_or_else(late)??;
        self.step(Step::Renewed);
        Ok(())
    }

    /// Waits before the next attempt; false where there is to be none, or no time for it.
    async fn paused(&mut self, failure: &Failure) -> bool {
        let keyed = self.call.is_keyed();
        let attempt = Attempt::new(self.attempts, failure).with_changes(self.call.changes).with_key(keyed);
        match retry::decide(&self.portal.retries, &attempt, fastrand::f64()) {
            Verdict::Again { after, cause } if self.clock.has_time_for(after) => {
                self.step(Step::Repeating { after, cause });
                self.lost |= cause == Cause::Lost;
                sleep(after).await;
                true
            }
            _ => false,
        }
    }

    fn step(&self, step: Step) {
        self.portal.audience.tell(self.key.origin(), &self.call.name, step);
    }
}

/// A call whose time was over before its turn came.
fn late() -> Failure {
    Failure::new(Kind::Deadline, "the time for this call was over before it could be sent")
}
