//! Requests of a list in flight.

use std::pin::Pin;
use std::task::{Context, Poll};

use bitrix24_core::batch::Commands;
use bitrix24_core::list::PageRequest;
use bitrix24_core::{Failure, MethodInfo, RawResponse};

use crate::batch::new_nonce;
use crate::call::CallFuture;
use crate::client::Client;

/// A request in flight.
pub(crate) enum InFlight {
    /// The next page.
    Page(CallFuture),
    /// Pages by identifier.
    ById(PageRequest, ResponsesFuture),
}

/// The responses to all pages of a request.
pub(crate) type ResponsesFuture = Pin<Box<dyn Future<Output = Vec<Result<RawResponse, Failure>>> + Send>>;

/// A completed request.
pub(crate) enum Completed {
    Page(Box<Result<RawResponse, Failure>>),
    ById(PageRequest, Vec<Result<RawResponse, Failure>>),
}

impl InFlight {
    /// Sends pages by identifier: one as a call, several as a batch.
    pub(crate) fn by_id(client: &Client, info: MethodInfo<'_>, request: PageRequest) -> Self {
        let responses: ResponsesFuture = match request.single_page() {
            Some(params) => {
                let response = client.send(info, &params);
                Box::pin(async move { vec![response.await] })
            }
            None => Box::pin(run(client.clone(), request.commands(new_nonce(), info))),
        };
        Self::ById(request, responses)
    }

    /// Polls the request and returns it if it is not complete.
    pub(crate) fn poll(self, cx: &mut Context<'_>) -> Result<Completed, Self> {
        match self {
            Self::Page(mut call) => match call.as_mut().poll(cx) {
                Poll::Ready(response) => Ok(Completed::Page(Box::new(response))),
                Poll::Pending => Err(Self::Page(call)),
            },
            Self::ById(request, mut responses) => match responses.as_mut().poll(cx) {
                Poll::Ready(responses) => Ok(Completed::ById(request, responses)),
                Poll::Pending => Err(Self::ById(request, responses)),
            },
        }
    }
}

async fn run(client: Client, commands: Commands) -> Vec<Result<RawResponse, Failure>> {
    let mut run = commands.run();
    client.run_to_end(&mut run).await;
    PageRequest::responses(run.finish())
}
