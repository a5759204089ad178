//! One exchange: a request there, an answer back. Nothing is repeated here and nothing is followed.

use std::time::Duration;

use bitrix24_core::{Answer, Failure, read_answer};
use bytes::Bytes;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue, LOCATION};
use reqwest::{Body, Client, Method, Request, Response, Url};

use crate::address::origin_of;
use crate::trouble;

/// What came back from a portal.
pub(crate) enum Came {
    /// An answer that tells of a result.
    Answer(Box<Answer>),
    /// A redirect, and where to, if the portal says so.
    Redirect { status: u16, to: Option<Url> },
}

/// The way to a portal and back.
#[derive(Clone, Copy)]
pub(crate) struct Wire<'a> {
    pub(crate) http: &'a Client,
    /// How many bytes an answer may have.
    pub(crate) largest: usize,
}

impl Wire<'_> {
    /// Sends a request with a JSON body and reads what comes back.
    pub(crate) async fn post(
        self,
        url: Url,
        headers: HeaderMap,
        body: Bytes,
        timeout: Duration,
    ) -> Result<Came, Failure> {
        let mut request = Request::new(Method::POST, url);
        let json = HeaderValue::from_static("application/json");
        *request.headers_mut() = headers;
        request.headers_mut().insert(CONTENT_TYPE, json.clone());
        request.headers_mut().insert(ACCEPT, json);
        *request.timeout_mut() = Some(timeout);
        *request.body_mut() = Some(Body::from(body));
        self.send(request).await
    }

    /// Sends any request and reads what comes back as the answer to a call.
    pub(crate) async fn send(self, request: Request) -> Result<Came, Failure> {
        let asked = request.url().clone();
        let sent = self.http.execute(request).await;
        let response = sent.map_err(|error| trouble::without_answer(error, &origin_of(&asked)))?;
        if *response.url() != asked {
            return Err(trouble::followed(&response));
        }
        let status = response.status();
        if status.is_redirection() {
            return Ok(Came::Redirect { status: status.as_u16(), to: location(&response) });
        }
        Ok(Came::Answer(Box::new(self.read(response).await?)))
    }

    /// Reads a response as the answer to a call.
    pub(crate) async fn read(self, response: Response) -> Result<Answer, Failure> {
        let status = response.status().as_u16();
        let body = body_of(response, self.largest).await?;
        Ok(read_answer(status, &body)?.with_body(body))
    }
}

/// Where a redirect leads.
fn location(response: &Response) -> Option<Url> {
    let location = response.headers().get(LOCATION)?.to_str().ok()?;
    response.url().join(location).ok()
}

/// The whole body, piece by piece, so that it can be said how much has come when it breaks off.
async fn body_of(mut response: Response, largest: usize) -> Result<Vec<u8>, Failure> {
    let status = response.status().as_u16();
    let promised = response.content_length();
    if promised.is_some_and(|promised| promised > largest as u64) {
        return Err(trouble::too_large(status, largest));
    }
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if chunk.len() > largest - body.len() => {
                return Err(trouble::too_large(status, largest));
            }
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => return Ok(body),
            Err(error) => return Err(trouble::broken_answer(error, status, body.len(), promised)),
        }
    }
}
