//! The life of one call: everything that does not depend on which method it is.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bitrix24_core::pace::{self, Outcome};
use bitrix24_core::retry::{self, Attempt, Verdict};
use bitrix24_core::{Answer, Api, Failure, Kind, Map, MethodInfo, Value, is_method_name};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use tokio::time::{Instant, sleep};
use tracing::{Instrument, debug_span};

use crate::clock::{Clock, Patience};
use crate::credentials::Key;
use crate::exchange::{Came, exchange};
use crate::observe::{End, Step};
use crate::pace::{Ask, News};
use crate::portal::Portal;
use crate::redirect;

/// The header by which REST 3 tells a repeated request from a new one.
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// How often a key is renewed for one call: it may run out once more while the call waits for its turn.
const RENEWALS: u32 = 2;

/// A call under way. It is boxed, and the same type for every method, so that what is generic stays small.
pub(crate) type Underway = Pin<Box<dyn Future<Output = Result<Answer, Failure>> + Send>>;

/// A request as every attempt sends it.
struct Call {
    api: Api,
    name: Box<str>,
    changes: bool,
    body: Vec<u8>,
    headers: HeaderMap,
}

impl Portal {
    /// Carries a call. The request is made before the first wait, so nothing that is borrowed is held.
    pub(crate) fn send(
        self: &Arc<Self>,
        patience: Patience,
        info: MethodInfo<'_>,
        params: &Map<String, Value>,
    ) -> Underway {
        let call = Call::new(info, params);
        let span = debug_span!("bitrix24.call", portal = self.origin, method = self.masked(info.name));
        let portal = Arc::clone(self);
        Box::pin(async move { portal.carry(&call?, patience).await }.instrument(span))
    }

    async fn carry(&self, call: &Call, patience: Patience) -> Result<Answer, Failure> {
        let clock = Clock::start(patience);
        let mut attempts = 0;
        let outcome = self.try_until_settled(call, &clock, &mut attempts).await;
        self.step(&call.name, Step::Ended { attempts, took: clock.elapsed(), end: End::of(&outcome) });
        outcome.map_err(|failure| failure.with_attempts(attempts))
    }

    /// Sends the request when its turn has come, and again as long as that does no harm.
    async fn try_until_settled(
        &self,
        call: &Call,
        clock: &Clock,
        attempts: &mut u32,
    ) -> Result<Answer, Failure> {
        let late = || Failure::new(Kind::Deadline, "the time for this call was over before it could be sent");
        let mut key = clock.within(self.credentials.key()).await.ok_or_else(late)??;
        let mut renewals = 0;
        let mut last = None;
        loop {
            let asked = Instant::now();
            if clock.within(self.limiter.admit(self.ask(call))).await.is_none() {
                return Err(last.unwrap_or_else(late));
            }
            let waited = asked.elapsed();
            *attempts += 1;
            let outcome = self.attempt(call, &key, clock).await;
            let took = asked.elapsed().saturating_sub(waited);
            self.step(&call.name, Step::Sent { attempt: *attempts, waited, took, end: End::of(&outcome) });
            self.tell(call, &outcome);
            let failure = match outcome {
                Ok(answer) => return Ok(answer),
                Err(failure) => failure,
            };
            if renewals < RENEWALS && self.credentials.may_renew(&failure) {
                key = self.credentials.renewed(&key).await?;
                renewals += 1;
                self.step(&call.name, Step::Renewed);
            } else {
                let Some(pause) = self.pause(call, *attempts, &failure) else { return Err(failure) };
                if clock.within(sleep(pause)).await.is_none() {
                    return Err(failure);
                }
            }
            last = Some(failure);
        }
    }

    /// How long to wait before the next attempt, if there is to be one.
    fn pause(&self, call: &Call, attempts: u32, failure: &Failure) -> Option<Duration> {
        let keyed = call.headers.contains_key(IDEMPOTENCY_KEY);
        let attempt = Attempt::new(attempts, failure).with_changes(call.changes).with_key(keyed);
        match retry::decide(&self.retries, &attempt, fastrand::f64()) {
            Verdict::Again { after, cause } => {
                self.step(&call.name, Step::Repeating { after, cause });
                Some(after)
            }
            _ => None,
        }
    }

    fn ask<'a>(&'a self, call: &'a Call) -> Ask<'a> {
        Ask::new(&self.origin, &self.key_name, &call.name)
    }

    /// Tells the limiter what the answer says about pace.
    fn tell(&self, call: &Call, outcome: &Result<Answer, Failure>) {
        let told = match outcome {
            Ok(answer) => Some(Outcome::ran(&call.name, &answer.time)),
            Err(failure) => pace::refusal(failure).map(|refusal| Outcome::refused(&call.name, refusal)),
        };
        if let Some(told) = told {
            self.limiter.told(News::new(&self.origin, &self.key_name, told));
        }
    }

    /// Sends the request once, and on to where the portal has moved.
    async fn attempt(&self, call: &Call, key: &Key, clock: &Clock) -> Result<Answer, Failure> {
        let http = self.http()?;
        let mut url = key.address_of(call.api, &call.name);
        for hops in 0.. {
            let body = call.body.clone();
            match exchange(http, url.clone(), call.headers.clone(), body, clock.for_exchange()).await? {
                Came::Answer(answer) => return Ok(*answer),
                Came::Redirect { status, to } => {
                    url = redirect::next(self.redirects, status, &url, to, hops)?
                }
            }
        }
        unreachable!("redirects in a row come to an end")
    }
}

impl Call {
    fn new(info: MethodInfo<'_>, params: &Map<String, Value>) -> Result<Self, Failure> {
        check_name(info.name)?;
        let body = serde_json::to_vec(params).map_err(|error| {
            Failure::new(Kind::Request, "the parameters cannot be written as JSON").with_source(error)
        })?;
        let mut headers = HeaderMap::new();
        if info.api == Api::V3 && info.changes {
            headers.insert(IDEMPOTENCY_KEY, new_key());
        }
        Ok(Self { api: info.api, name: info.name.into(), changes: info.changes, body, headers })
    }
}

/// A key that no other request has: 128 random bits in the form of a UUID of version 4.
fn new_key() -> HeaderValue {
    let bits = fastrand::u128(..) & !(0xf << 76) & !(0x3 << 62) | 0x4 << 76 | 0x2 << 62;
    let hex = format!("{bits:032x}");
    let text = format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]);
    HeaderValue::from_str(&text).expect("digits and hyphens are legal in a header")
}

/// Refuses what is no name of a method: it would lead to another address than that of a method.
fn check_name(name: &str) -> Result<(), Failure> {
    if is_method_name(name) {
        return Ok(());
    }
    let text = "this is no name of a method: letters, digits and `_` in parts with single dots between, as in `crm.deal.list`";
    Err(Failure::new(Kind::Request, text))
}
