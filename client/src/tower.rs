//! A client as a service of tower.

use std::pin::Pin;
use std::task::{Context, Poll};

use bitrix24_core::{Error, Method, Response};
use tower_service::Service;

use crate::client::Client;

/// A client is a service whose requests are those of methods: layers of tower count, limit or route calls. It is always ready; calls
/// wait for the rate limit themselves.
///
/// Layers wrap a whole call, with its retries and its token. A layer that repeats calls must ask
/// [`Error::executed`] first, as this client does.
///
/// ```no_run
/// use bitrix24_client::Client;
/// use bitrix24_core::{json, raw};
/// use tower::{ServiceBuilder, ServiceExt};
///
/// # async fn example(portal: Client) -> Result<(), Box<dyn std::error::Error>> {
/// let exports = ServiceBuilder::new().concurrency_limit(2).service(portal);
/// let deal = exports.clone().oneshot(raw("crm.deal.get", json!({"id": 12})).read_only()).await?;
/// # let _ = deal;
/// # Ok(())
/// # }
/// ```
impl<M> Service<M> for Client
where
    M: Method + 'static,
    M::Output: 'static,
    M::Error: 'static,
{
    type Response = Response<M::Output>;
    type Error = Error<M::Error>;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: M) -> Self::Future {
        Box::pin(Client::call(self, request))
    }
}
