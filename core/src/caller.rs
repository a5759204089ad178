//! What calls methods.

use serde_json::{Map, Value};

use crate::envelope::RawResponse;
use crate::error::{Error, Failure};
use crate::list::{OverlapFilter, Paginator, mismatch_in_row, rows_of};
use crate::method::{ListMethod, Method, MethodInfo};
use crate::response::Response;
use crate::wire::{Mismatch, MismatchPolicy, Mismatches, Reader};

/// What calls methods: the client of `bitrix24-client`, the double of `bitrix24-testing`, or a program's own, for a platform on
/// which the client does not work. Functions that are generic over it are tested without a network.
///
/// Only [`send`](Self::send) is required. `Client` has methods of the same names, which take precedence.
///
/// ```
/// use bitrix24_core::{AnyError, Caller, Failure, Map, Method, MethodInfo, RawResponse, Value, json, parse_response, raw};
///
/// async fn close(portal: &impl Caller, deal: i64) -> Result<bool, AnyError> {
///     let update = raw("crm.deal.update", json!({"id": deal, "fields": {"CLOSED": "Y"}}));
///     Ok(portal.call(update.of::<bool>()).await?.result)
/// }
///
/// /// The HTTP of another platform.
/// struct Fetch;
///
/// impl Caller for Fetch {
///     async fn send(&self, info: MethodInfo<'_>, params: Map<String, Value>) -> Result<RawResponse, Failure> {
///         // POST to `/rest/USER/SECRET/{info.name}.json`, with `params` as JSON.
/// #       let (_, _) = (info, params);
///         let (status, body) = (200, br#"{"result": true}"#);
///         parse_response(status, body)
///     }
/// }
///
/// let closed = close(&Fetch, 12);
/// # let _ = closed;
/// ```
pub trait Caller: Sync {
    /// Executes a call without decoding its result.
    fn send(
        &self,
        info: MethodInfo<'_>,
        params: Map<String, Value>,
    ) -> impl Future<Output = Result<RawResponse, Failure>> + Send;

    /// Calls a method.
    ///
    /// # Errors
    /// An [`Error`] of the method: the error that the portal returned, or the reason why there is no response.
    fn call<M: Method + Send>(
        &self,
        request: M,
    ) -> impl Future<Output = Result<Response<M::Output>, Error<M::Error>>> + Send {
        async move {
            let (info, params) = (request.info(), request.params().into_map());
            let name: Box<str> = info.name.into();
            let sent = self.send(info, params);
            let response = sent.await;
            let decoded = response
                .and_then(|response| response.decode_as::<M::Output, M::Reader>(MismatchPolicy::Report));
            decoded.map_err(|failure| Error::new(&name, failure))
        }
    }

    /// All rows of a list, page by page.
    ///
    /// # Errors
    /// The first error; the rows before it are dropped.
    fn all_rows<M: ListMethod + Send + Sync + 'static>(
        &self,
        request: M,
    ) -> impl Future<Output = Result<Vec<M::Row>, Error<M::Error>>> + Send
    where
        M::Row: Send,
    {
        async move {
            let info = request.info();
            let rows = read_rows::<M, _>(self, info, request.params().into_map()).await;
            rows.map_err(|failure| Error::new(info.name, failure))
        }
    }
}

/// Reads all pages of a list.
async fn read_rows<M: ListMethod, C: Caller + ?Sized>(
    caller: &C,
    info: MethodInfo<'_>,
    params: Map<String, Value>,
) -> Result<Vec<M::Row>, Failure> {
    let pointer = info.rows_pointer.unwrap_or_default();
    let (mut pages, mut overlap) = (Paginator::new(info, params)?, OverlapFilter::new(info));
    let mut read = Vec::new();
    while let Some(params) = pages.next_request().cloned() {
        let response = caller.send(info, params).await?;
        let page = pages.on_response(&response);
        if page.is_new {
            let rows = rows_of(&response.result, pointer).map_err(Failure::decode)?;
            for (index, row) in overlap.retain_new(rows) {
                let row = <M::Reader as Reader<M::Row>>::read(row.get(), &mut Mismatches::new());
                let in_row = |error| mismatch_in_row(Mismatch::from(error), pointer, index);
                read.push(row.map_err(|error| Failure::decode(in_row(error)))?);
            }
        }
        if let Some(failure) = page.failure {
            return Err(failure);
        }
    }
    Ok(read)
}

/// A reference to a caller is one.
impl<C: Caller + ?Sized> Caller for &C {
    fn send(
        &self,
        info: MethodInfo<'_>,
        params: Map<String, Value>,
    ) -> impl Future<Output = Result<RawResponse, Failure>> + Send {
        (**self).send(info, params)
    }

    fn call<M: Method + Send>(
        &self,
        request: M,
    ) -> impl Future<Output = Result<Response<M::Output>, Error<M::Error>>> + Send {
        (**self).call(request)
    }

    fn all_rows<M: ListMethod + Send + Sync + 'static>(
        &self,
        request: M,
    ) -> impl Future<Output = Result<Vec<M::Row>, Error<M::Error>>> + Send
    where
        M::Row: Send,
    {
        (**self).all_rows(request)
    }
}
