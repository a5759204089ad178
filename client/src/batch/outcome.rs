//! The outcome of one request of a batch, as it arrives.

use std::fmt;
use std::sync::Arc;

use bitrix24_core::batch::{CommandId, CommandOutcome};
use bitrix24_core::{Error, Method, Response};

use super::handle::BatchHandle;
use super::response::{checked_response, decode};
use crate::client_inner::ClientInner;

/// The outcome of one request of a batch; see [`Client::run_stream`](crate::Client::run_stream).
pub struct BatchOutcome {
    client: Arc<ClientInner>,
    id: CommandId,
    outcome: CommandOutcome,
}

impl BatchOutcome {
    pub(super) fn new(client: &Arc<ClientInner>, id: CommandId, outcome: CommandOutcome) -> Self {
        Self { client: Arc::clone(client), id, outcome }
    }

    /// How many requests were added to the batch before this one.
    pub fn position(&self) -> usize {
        self.id.position()
    }

    /// The response to the request, if this is the outcome of the request with this handle; `None` if it is that of another one.
    ///
    /// # Errors
    /// Those of [`BatchResponse::get`](super::BatchResponse::get).
    #[expect(clippy::type_complexity, reason = "the type of the response to a call, if there is one")]
    pub fn get<M: Method>(
        &self,
        request: BatchHandle<M>,
    ) -> Option<Result<Response<M::Output>, Error<M::Error>>> {
        (request.id() == self.id).then(|| decode::<M>(&self.client, &self.outcome))
    }

    /// The error, if the request failed or was not executed. A result that does not match the documentation is none: only
    /// [`get`](Self::get) decodes results.
    pub fn error(&self) -> Option<Error> {
        Some(Error::new(&self.outcome.method, checked_response(&self.outcome).err()?))
    }

    /// The undecoded outcome.
    pub fn outcome(&self) -> &CommandOutcome {
        &self.outcome
    }
}

/// Shows the position, the method, and whether the request succeeded.
impl fmt::Debug for BatchOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BatchOutcome")
            .field("position", &self.position())
            .field("method", &self.outcome.method)
            .field("error", &self.error())
            .finish_non_exhaustive()
    }
}
