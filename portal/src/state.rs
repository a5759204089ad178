//! The state of a portal, and the way of a call through it: limits, authorization, faults, the method, the record.

mod batches;
mod settings;

use std::cell::OnceCell;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use serde_json::{Value, json};

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
use crate::moment::moment_of_seconds;
use crate::oauth::Tokens;
use crate::outgoing::Outbox;
use crate::php;
use crate::record::{Call, Record};
use crate::run::Machine;
use crate::spec::{Api, Context, Method};

/// A request to call a method.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) api: Api,
    pub(crate) method: String,
    pub(crate) caller: Caller,
    pub(crate) params: Params,
    /// The size of the parameters as they were sent.
    pub(crate) bytes: usize,
    pub(crate) address: IpAddr,
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

/// The response to a request.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) body: Bytes,
    /// What happens to the response on its way.
    pub(crate) fault: Option<Fault>,
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
        let Request { api, method: name, params, bytes, .. } = &request;
        let key = name.to_ascii_lowercase();
        let fault = self.faults.take(&key);
        let reply = match &fault {
            Some(Fault::Error { status, code, message }) => {
                let refusal = Refusal::new(*status, code, message);
                Reply { status: *status, body: to_bytes(&refusal.body(*api)), fault: None }
            }
            Some(Fault::Html(status)) => Reply { status: *status, body: Fault::page(*status).into(), fault },
            Some(fault) if !fault.runs() => {
                Reply { status: 0, body: Bytes::new(), fault: Some(fault.clone()) }
            }
            _ => {
                // References of a batch are resolved inside results, and a response that is kept is a value.
                let is_direct = key != "batch" && request.key.is_none();
                if is_direct {
                    self.machine.write_directly();
                }
                let (status, body) = self.run(&request, &key);
                let body = if is_direct { self.machine.written(&body).into() } else { to_bytes(&body) };
                Reply { status, body, fault }
            }
        };
        let lost = matches!(reply.fault, Some(Fault::LoseAnswer | Fault::CutAnswer | Fault::Close));
        let status = if lost { 0 } else { reply.status };
        let call = Call { api: *api, method: name.clone(), params: params.clone(), status };
        self.record.add(call, *bytes, if lost { Bytes::new() } else { reply.body.clone() });
        reply
    }

    fn run(&mut self, request: &Request, key: &str) -> (u16, Value) {
        let started = (Instant::now(), SystemTime::now());
        let refused = |refusal: Refusal| (refusal.status, refusal.body(request.api));
        let system = &self.machine.spec.system;
        if let Err(refusal) = self.limits.count(system, request.address, started.0) {
            return refused(refusal);
        }
        let authorized = self.authorize(&request.caller);
        if let (Ok(()), Some(idempotency)) = (&authorized, &request.key) {
            match self.replays.find(idempotency, key, &request.params) {
                Ok(Some(body)) => return (200, body),
                Err(refusal) => return refused(refusal),
                Ok(None) => {}
            }
        }
        let finished = authorized.and_then(|()| {
            if key == "batch" {
                return if request.api == Api::V2 { self.batch(request) } else { self.batch_v3(request) };
            }
            self.call(request.api, key, &request.caller, &request.params)
        });
        match finished {
            Ok(answer) => {
                let body = self.envelope(key, answer, started);
                if let Some(idempotency) = &request.key {
                    self.replays.keep(idempotency, key, &request.params, &body);
                }
                (200, body)
            }
            Err(refusal) => refused(refusal),
        }
    }

    /// The response to the second request of an upload: status and body.
    pub(crate) fn upload(&mut self, token: &str, sent: &Sent) -> (u16, Value) {
        let started = (Instant::now(), SystemTime::now());
        let Some((method, answer)) = self.machine.upload(token, sent) else {
            let refusal = Refusal::new(400, "ERROR_ARGUMENT", "The address is unknown or was used");
            return (refusal.status, refusal.body(Api::V2));
        };
        self.rows_changed(&method, &Params::new());
        let key = method.name.to_ascii_lowercase();
        match answer {
            Ok(answer) => {
                self.record.count_run(&key);
                (200, self.envelope(&key, answer, started))
            }
            Err(refusal) => (refusal.status, refusal.body(method.api)),
        }
    }

    fn authorize(&self, caller: &Caller) -> Result<(), Refusal> {
        let system = &self.machine.spec.system;
        match caller {
            Caller::Webhook(user, secret) if user == "1" && *secret == self.secret => Ok(()),
            Caller::Webhook(..) => {
                Err(Refusal::system(system, "INVALID_CREDENTIALS", "Invalid request credentials"))
            }
            Caller::Application(token) => self.tokens.check(system, token),
            Caller::Anonymous => Err(Refusal::system(system, "NO_AUTH_FOUND", "Wrong authorization data")),
        }
    }

    /// Runs one method, directly or as a command of a batch.
    fn call(&mut self, api: Api, key: &str, caller: &Caller, params: &Params) -> Result<Answer, Refusal> {
        let method = self.method(api, key)?;
        let system = &self.machine.spec.system;
        if method.context == Context::Application && !matches!(caller, Caller::Application(_)) {
            let message = "Current authorization type is denied for this method";
            return Err(Refusal::system(system, "WRONG_AUTH_TYPE", message));
        }
        let now = Instant::now();
        self.limits.check_operating(system, key, now)?;
        let answer = self.machine.call(&method, params);
        self.rows_changed(&method, params);
        let mut answer = answer?;
        if api == Api::V2 && key == "app.info" {
            answer.result = self.application(caller, answer.result);
        }
        self.record.count_run(key);
        self.limits.add_time(key, now.elapsed(), now);
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
    fn envelope(&mut self, key: &str, answer: Answer, started: (Instant, SystemTime)) -> Value {
        let mut envelope = json!({"result": answer.result});
        for (name, count) in [("next", answer.next), ("total", answer.total)] {
            if let Some(count) = count {
                envelope[name] = count.into();
            }
        }
        let seconds =
            |moment: SystemTime| moment.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64();
        let (start, duration) = (seconds(started.1), started.0.elapsed().as_secs_f64());
        let (operating, free) = self.limits.operating(key, Instant::now());
        let date_start = moment_of_seconds(start);
        let is_same = start as i64 == (start + duration) as i64;
        let date_finish = if is_same { date_start.clone() } else { moment_of_seconds(start + duration) };
        envelope["time"] = json!({
            "start": start,
            "finish": start + duration,
            "duration": duration,
            "processing": duration,
            "date_start": date_start,
            "date_finish": date_finish,
            "operating_reset_at": start as u64 + free.as_secs(),
            "operating": operating,
        });
        envelope
    }
}

fn to_bytes(body: &Value) -> Bytes {
    body.to_string().into()
}
