//! Carrying one call: everything that does not depend on which method it is.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bitrix24_core::{Answer, Failure, Kind, Map, MethodInfo, Value, read_answer};
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderValue};
use reqwest::{Body, Method, Request, Response};

use crate::address::Address;
use crate::trouble;

/// What all clones of a client share.
pub(crate) struct Portal {
    pub(crate) address: Address,
    /// How long a whole call may take.
    pub(crate) timeout: Duration,
    /// The HTTP client, or why there is none: with a name that has no certificates, say.
    pub(crate) http: Result<reqwest::Client, Box<str>>,
}

/// A call under way. It is boxed, and the same type for every method, so that what is generic stays small.
pub(crate) type Exchange = Pin<Box<dyn Future<Output = Result<Answer, Failure>> + Send>>;

impl Portal {
    /// Carries a call. The request is made before the first wait, so nothing that is borrowed is held.
    pub(crate) fn send(self: &Arc<Self>, info: MethodInfo<'_>, params: &Map<String, Value>) -> Exchange {
        let request = self.request(info, params);
        let portal = Arc::clone(self);
        Box::pin(async move { portal.carry(request?).await })
    }

    fn request(&self, info: MethodInfo<'_>, params: &Map<String, Value>) -> Result<Request, Failure> {
        check_name(info.name)?;
        let body = serde_json::to_vec(params).map_err(|error| {
            Failure::new(Kind::Request, "the parameters cannot be written as JSON").with_source(error)
        })?;
        let mut request = Request::new(Method::POST, self.address.of_method(info.api, info.name));
        let json = HeaderValue::from_static("application/json");
        request.headers_mut().insert(CONTENT_TYPE, json.clone());
        request.headers_mut().insert(ACCEPT, json);
        *request.timeout_mut() = Some(self.timeout);
        *request.body_mut() = Some(Body::from(body));
        Ok(request)
    }

    async fn carry(&self, request: Request) -> Result<Answer, Failure> {
        let http = self.http.as_ref().map_err(|reason| Failure::new(Kind::Request, reason.clone()))?;
        let asked = request.url().clone();
        let sent = http.execute(request).await;
        let response = sent.map_err(|error| trouble::without_answer(error, self.address.origin()))?;
        if *response.url() != asked {
            return Err(trouble::followed(&response));
        }
        if response.status().is_redirection() {
            return Err(trouble::redirected(&response));
        }
        let status = response.status().as_u16();
        read_answer(status, &body_of(response).await?)
    }

    /// The failure with the secret taken out of every text. Each failure passes here before anyone sees it.
    pub(crate) fn scrubbed(&self, failure: Failure) -> Failure {
        failure.scrubbed(&|text| self.masked(text))
    }

    /// The text with the secret masked.
    pub(crate) fn masked(&self, text: &str) -> String {
        self.address.secret().masked(text)
    }
}

/// Refuses what is no name of a method: it would lead to another address than that of a method.
fn check_name(name: &str) -> Result<(), Failure> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.';
    // An empty name is one empty part, and so is what stands before, behind or between dots that lack a neighbour.
    if name.bytes().all(allowed) && name.split('.').all(|part| !part.is_empty()) {
        return Ok(());
    }
    let text = "this is no name of a method: letters, digits and `_` in parts with single dots between, as in `crm.deal.list`";
    Err(Failure::new(Kind::Request, text))
}

/// The whole body, piece by piece, so that it can be said how much has come when it breaks off.
async fn body_of(mut response: Response) -> Result<Vec<u8>, Failure> {
    let status = response.status().as_u16();
    let promised = response.content_length();
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => return Ok(body),
            Err(error) => return Err(trouble::broken_answer(error, status, body.len(), promised)),
        }
    }
}
