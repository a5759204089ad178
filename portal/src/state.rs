//! The state of a portal, and the way of a call through it: limits, authorization, faults, the method, the record.

mod batches;
mod envelope;
mod grants;
mod others;
mod scripted;
mod settings;

use std::cell::OnceCell;
use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::changes::Subjects;
use crate::check::Refusal;
use crate::data::{Change, Data, Saving};
use crate::deliveries::Deliveries;
use crate::exchange::{Answer, Params};
use crate::families::find;
use crate::fault::{Fault, Faults};
use crate::files::Sent;
use crate::idempotency::Replays;
use crate::limits::Limits;
use crate::oauth::Tokens;
use crate::outgoing::Outbox;
use crate::php;
use crate::record::{Call, Record};
use crate::run::Machine;
use crate::script::Scripts;
use crate::spec::{Api, Context, Method};

use envelope::{Envelope, Started};

/// A request to call a method.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) api: Api,
    pub(crate) method: String,
    pub(crate) caller: Caller,
    pub(crate) params: Params,
    /// The size of the parameters as they were sent.
    pub(crate) bytes: usize,
    pub(crate) peer: SocketAddr,
    /// The idempotency key, which only REST 3 has.
    pub(crate) key: Option<String>,
}

/// Who calls.
#[derive(Debug)]
pub(crate) enum Caller {
    /// A webhook: user and secret of its address.
    Webhook(String, String),
    /// An application with its access token.
    Application(String),
    /// There is neither a secret nor a token.
    Anonymous,
}

/// A method that is called, directly or as a command of a batch.
#[derive(Clone, Copy, Debug)]
struct Asked<'a> {
    api: Api,
    /// The name in lower case.
    key: &'a str,
    caller: &'a Caller,
    params: &'a Params,
}

/// The response to a request.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) body: Bytes,
    /// What happens to the response on its way.
    pub(crate) fault: Option<Fault>,
}

/// A successful response.
#[derive(Debug)]
enum Response {
    Envelope(Envelope),
    /// The response of an idempotency key.
    Kept(Value),
}

/// Everything that changes with calls.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) machine: Machine,
    /// Where state is after a restart.
    pub(crate) data: Data,
    /// What changed since it was saved.
    pub(crate) unsaved: Vec<Change>,
    pub(crate) limits: Limits,
    pub(crate) tokens: Tokens,
    pub(crate) faults: Faults,
    pub(crate) scripts: Scripts,
    pub(crate) record: Record,
    pub(crate) replays: Replays,
    /// The origin to which the portal has moved.
    pub(crate) moved_to: Option<String>,
    /// The secret of the webhook.
    pub(crate) secret: String,
    /// The secret of the control address.
    pub(crate) control_secret: String,
    /// Requests that wait to be sent to handlers.
    pub(crate) outbox: Outbox,
    /// Requests that were sent to handlers.
    pub(crate) deliveries: Deliveries,
    /// What events are about, once it is needed.
    pub(crate) subjects: OnceCell<Subjects>,
}

impl State {
    /// The response to a request.
    pub(crate) fn answer(&mut self, request: Request) -> Reply {
        let api = request.api;
        let key = request.method.to_ascii_lowercase();
        let due = self.take_fault(&key);
        let ran = due.as_ref().is_none_or(|due| due.runs).then(|| {
            // References of a batch are resolved inside results, and a response that is kept is a value.
            if key != "batch" && request.key.is_none() {
                self.machine.write_directly();
            }
            match self.run(&request, &key) {
                Ok(Response::Envelope(envelope)) => (200, self.machine.written(&envelope)),
                Ok(Response::Kept(body)) => (200, self.machine.written(&body)),
                Err(refusal) => (refusal.status, self.machine.written(&refusal.body(api))),
            }
        });
        let fault = due.map(|due| due.fault);
        let instead = fault.as_ref().and_then(|fault| fault.response(api));
        let (status, body) = instead.or(ran).unwrap_or_default();
        let reply = Reply { status, body, fault };
        let lost = reply.fault.as_ref().is_some_and(Fault::loses_answer);
        let status = if lost { 0 } else { reply.status };
        let Request { method, params, bytes, peer, key, .. } = request;
        let call = Call { api, method, params, status, peer, idempotency_key: key };
        self.record.add(call, bytes, if lost { Bytes::new() } else { reply.body.clone() });
        reply
    }

    fn run(&mut self, request: &Request, key: &str) -> Result<Response, Refusal> {
        let started = Started::now();
        self.limits.count(&self.machine.spec.system, request.peer.ip(), started.at)?;
        self.authorize(&request.caller)?;
        if let Some(idempotency) = &request.key
            && let Some(body) = self.replays.find(idempotency, key, &request.params)?
        {
            return Ok(Response::Kept(body));
        }
        let asked = Asked { api: request.api, key, caller: &request.caller, params: &request.params };
        let answer = self.respond(asked)?;
        let envelope = self.envelope(key, answer, started);
        let Some(idempotency) = &request.key else { return Ok(Response::Envelope(envelope)) };
        let body = envelope.into_value();
        self.replays.keep(idempotency, key, &request.params, &body);
        Ok(Response::Kept(body))
    }

    /// The response to the second request of an upload: status and body.
    pub(crate) fn upload(&mut self, token: &str, sent: &Sent) -> (u16, Value) {
        let started = Started::now();
        let Some((method, answer)) = self.machine.upload(token, sent) else {
            let refusal = Refusal::new(400, "ERROR_ARGUMENT", "The address is unknown or was used");
            return (refusal.status, refusal.body(Api::V2));
        };
        self.rows_changed(&method, &Params::new());
        let key = method.name.to_ascii_lowercase();
        match answer {
            Ok(answer) => {
                self.record.count_run(&key);
                (200, self.envelope(&key, answer, started).into_value())
            }
            Err(refusal) => (refusal.status, refusal.body(method.api)),
        }
    }

    fn authorize(&self, caller: &Caller) -> Result<(), Refusal> {
        let system = &self.machine.spec.system;
        match caller {
            Caller::Webhook(user, secret) if user == "1" && *secret == self.secret => Ok(()),
            // The table of general errors says 403, pages of methods and live portals 401.
            Caller::Webhook(..) => {
                Err(Refusal::new(401, "INVALID_CREDENTIALS", "Invalid request credentials"))
            }
            Caller::Application(token) => self.tokens.check(system, token),
            Caller::Anonymous => Err(Refusal::system(system, "NO_AUTH_FOUND", "Wrong authorization data")),
        }
    }

    /// Runs one method, directly or as a command of a batch: its scripts, and else the portal.
    fn respond(&mut self, asked: Asked<'_>) -> Result<Answer, Refusal> {
        let now = Instant::now();
        self.limits.check_operating(&self.machine.spec.system, asked.key, now)?;
        let answer = self.scripted(asked)?;
        self.record.count_run(asked.key);
        // The commands of a batch take the time.
        if asked.key != "batch" {
            self.limits.add_time(asked.key, now.elapsed(), now);
        }
        Ok(answer)
    }

    /// What the portal itself answers.
    fn run_method(&mut self, asked: Asked<'_>) -> Result<Answer, Refusal> {
        let Asked { api, key, caller, params } = asked;
        match (key, api) {
            ("batch", Api::V2) => return self.batch(caller, params),
            ("batch", Api::V3) => return self.batch_v3(caller, params),
            _ => {}
        }
        let method = self.method(api, key)?;
        if method.context == Context::Application && !matches!(caller, Caller::Application(_)) {
            let message = "Current authorization type is denied for this method";
            return Err(Refusal::system(&self.machine.spec.system, "WRONG_AUTH_TYPE", message));
        }
        let answer = self.machine.call(&method, params);
        self.rows_changed(&method, params);
        let mut answer = answer?;
        if api == Api::V2 && key == "app.info" {
            answer.result = self.application(caller, answer.result);
        }
        Ok(answer)
    }

    /// The result of `app.info`. The portal and its authorization server have one address, so an application gets what both say; a
    /// webhook gets its scopes.
    fn application(&self, caller: &Caller, mut result: Value) -> Value {
        let scopes = self.machine.scopes();
        let Caller::Application(token) = caller else {
            return json!({"SCOPE": scopes, "LICENSE": result["LICENSE"]});
        };
        if let Value::Object(installation) =
            self.tokens.installation(token, &self.machine.origin, &scopes.join(","))
        {
            result["CODE"] = installation["client_id"].clone();
            result.as_object_mut().into_iter().for_each(|result| result.extend(installation.clone()));
        }
        result
    }

    /// Everything that follows from rows that a method changed.
    fn rows_changed(&mut self, method: &Method, params: &Params) {
        let changes = self.machine.store.take_changes();
        self.unsaved.extend(self.machine.store.changes_of(&changes));
        if self.machine.bindings.has_events() && !changes.is_empty() {
            let changes = self.machine.changes(method, &changes);
            let connector = find(params, "auth_connector").map(php::text).unwrap_or_default();
            self.raise_changes(&changes, &connector);
        }
    }

    /// What changed since this was called before.
    fn take_unsaved(&mut self) -> Vec<Change> {
        self.unsaved.append(&mut self.tokens.changes);
        self.unsaved.append(&mut self.replays.changes);
        self.unsaved.append(&mut self.machine.bindings.take_changes());
        self.unsaved.append(&mut self.machine.files.changes);
        self.unsaved.append(&mut self.machine.uploads.changes);
        std::mem::take(&mut self.unsaved)
    }

    /// Writes what changed, in one transaction.
    pub(crate) fn save(&mut self) -> Saving {
        let unsaved = self.take_unsaved();
        self.data.save(unsaved)
    }

    /// Writes what changed and waits until it is written.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(crate) fn save_now(&mut self) -> Result<(), String> {
        let unsaved = self.take_unsaved();
        self.data.save_now(unsaved)
    }

    fn method(&self, api: Api, key: &str) -> Result<Arc<Method>, Refusal> {
        self.machine.spec.method(api, key).ok_or_else(|| match api {
            Api::V2 => {
                let refusal =
                    Refusal::system(&self.machine.spec.system, "ERROR_METHOD_NOT_FOUND", "Method not found!");
                Refusal { status: 404, ..refusal }
            }
            Api::V3 => {
                let message = format!("There is no method {key}");
                Refusal::new(404, "BITRIX_REST_V3_EXCEPTION_METHODNOTFOUNDEXCEPTION", message)
            }
        })
    }

    /// The whole response to a successful call.
    fn envelope(&mut self, key: &str, answer: Answer, started: Started) -> Envelope {
        Envelope::new(answer, started, self.limits.operating(key, Instant::now()))
    }
}
