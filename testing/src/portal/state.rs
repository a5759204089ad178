//! The handling of a call: authorization, and then the method.

use std::collections::HashMap;

use serde_json::{Map, Value};

use crate::server::{Call, MockResponse, error_response};

use super::access::{MethodError, Tokens};
use super::bindings::Bindings;
use super::methods::MethodResult;
use super::offline::OfflineQueue;
use super::table::Table;
use super::{access, batch, bindings, oauth, offline};
use crate::php;

/// The state of the portal and its counters.
pub(crate) struct PortalState {
    tables: Vec<Table>,
    runs: HashMap<String, usize>,
    /// Whether the call in progress is one of an application.
    by_application: bool,
    pub bindings: Bindings,
    pub offline: OfflineQueue,
    pub tokens: Tokens,
}

impl PortalState {
    pub(crate) fn new(tables: impl IntoIterator<Item = Table>) -> Self {
        Self {
            tables: tables.into_iter().collect(),
            runs: HashMap::new(),
            by_application: false,
            bindings: Bindings::default(),
            offline: OfflineQueue::default(),
            tokens: Tokens::default(),
        }
    }

    /// The response to any call.
    pub(crate) fn answer(&mut self, call: &Call) -> MockResponse {
        if call.route().trim_end_matches('/') == "/oauth/token" {
            return oauth::respond(&mut self.tokens, call);
        }
        let response = self.handle(call);
        response.unwrap_or_else(|error| error_response(call, error.status, &error.code, &error.description))
    }

    fn handle(&mut self, call: &Call) -> Result<MockResponse, MethodError> {
        let mut params = params_of(call);
        let token = params.swap_remove("auth");
        self.by_application = access::check(&self.tokens, call, token.as_ref().and_then(Value::as_str))?;
        self.execute(call, &params)
    }

    fn execute(&mut self, call: &Call, params: &Map<String, Value>) -> Result<MockResponse, MethodError> {
        let result = if call.method.eq_ignore_ascii_case("batch") && !call.v3 {
            self.run_batch(params)?
        } else {
            self.run(&call.method, params)?
        };
        Ok(MockResponse::json(200, &result.into_envelope()))
    }

    fn run_batch(&mut self, params: &Map<String, Value>) -> Result<MethodResult, MethodError> {
        let params = Value::Object(params.clone());
        batch::check(&params)?;
        self.count("batch");
        Ok(batch::run(&params, |method, params| self.command(method, params)))
    }

    /// The response to a command.
    fn command(&mut self, method: &str, params: &Map<String, Value>) -> Result<Value, MethodError> {
        self.run(method, params).map(MethodResult::into_envelope)
    }

    /// Runs one method, directly or as a command of a batch.
    fn run(&mut self, method: &str, params: &Map<String, Value>) -> Result<MethodResult, MethodError> {
        if let Some(result) = self.run_event_method(method, params) {
            self.count(method);
            return result;
        }
        if method.eq_ignore_ascii_case("user.admin") {
            self.count(method);
            return Ok(MethodResult::of(self.tokens.is_admin.into()));
        }
        let (name, verb) = method.rsplit_once('.').unwrap_or((method, ""));
        let position = self.tables.iter().position(|table| table.name.eq_ignore_ascii_case(name));
        let unknown = || MethodError::new(404, "ERROR_METHOD_NOT_FOUND", "Method not found!");
        let table = &mut self.tables[position.ok_or_else(unknown)?];
        let result = table.run(verb, params).ok_or_else(unknown)?;
        *self.runs.entry(method.to_owned()).or_default() += 1;
        result
    }

    /// Runs a method about bindings or offline events; `None` if it is another one.
    fn run_event_method(
        &mut self,
        method: &str,
        params: &Map<String, Value>,
    ) -> Option<Result<MethodResult, MethodError>> {
        let method = method.to_ascii_lowercase();
        if !bindings::METHODS.contains(&&*method) && !offline::METHODS.contains(&&*method) {
            return None;
        }
        if !self.by_application {
            let text = "Current authorization type is denied for this method Application context required";
            return Some(Err(MethodError::new(403, "WRONG_AUTH_TYPE", text)));
        }
        self.bindings.run(&method, params).or_else(|| self.offline.run(&method, params))
    }

    /// Puts an event into the queue, once for each source for which it is bound as an offline event.
    pub(super) fn emit(&mut self, event: &str, data: &Value, from_connector: Option<&str>) {
        for connector in self.bindings.offline_connectors(event) {
            if connector.is_empty() || Some(connector.as_str()) != from_connector {
                self.offline.push(event, data, &connector);
            }
        }
    }

    pub(super) fn runs(&self, method: &str) -> usize {
        self.runs.get(method).copied().unwrap_or_default()
    }

    /// Counts a batch as executed.
    fn count(&mut self, method: &str) {
        *self.runs.entry(method.to_owned()).or_default() += 1;
    }

    pub(super) fn table(&mut self, name: &str) -> &mut Table {
        let table = self.tables.iter_mut().find(|table| table.name == name);
        table.unwrap_or_else(|| panic!("the test has a table {name}"))
    }
}

/// The parameters of a JSON body or a form, with top-level names in lower case: the portal ignores their case, and the later of
/// two equal names wins.
fn params_of(call: &Call) -> Map<String, Value> {
    let params = match &call.params {
        Value::Object(params) => params.clone(),
        Value::Array(values) => {
            values.iter().enumerate().map(|(at, value)| (at.to_string(), value.clone())).collect()
        }
        _ => php::parse_pairs(call.form()),
    };
    params.into_iter().map(|(name, value)| (name.to_ascii_lowercase(), value)).collect()
}
