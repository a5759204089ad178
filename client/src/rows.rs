//! Lists of any length as streams.

mod erased_request;
mod in_flight;
mod listing;
mod pages;
mod progress;
mod stream;

pub use pages::Pages;
pub use progress::Progress;
pub use stream::{Rows, RowsError};

use bitrix24_core::wire::Reader;
use bitrix24_core::{ListMethod, Method};

use crate::client::Client;
use erased_request::ErasedRequest;
pub(crate) use listing::Listing;

impl Client {
    /// The pages of a list, each as the response that [`call`](Self::call) returns.
    ///
    /// The stream starts where the request starts: at the beginning, or at its `start`, `offset` or page. It ends at the end of
    /// the list or with an error, never early without an error. Nothing is sent before a page is polled.
    ///
    /// ```no_run
    /// use bitrix24_client::Client;
    /// use bitrix24_core::{json, raw};
    ///
    /// # async fn example(portal: Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let mut pages = portal.pages(raw("crm.deal.list", json!({})).read_only());
    /// while let Some(page) = pages.next().await {
    ///     let page = page?;
    ///     println!("{:?} of {:?}", page.result, page.total);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn pages<M: Method + Send + 'static>(&self, request: M) -> Pages<M> {
        let params = request.params().into_map();
        Pages::new(Listing::new(self, ErasedRequest::for_pages(request), params))
    }

    /// The rows of a list. Pages are requested as rows are polled.
    ///
    /// [`by_id`](Rows::by_id) reads a long list much faster: by ascending identifier, without counting, and with up to fifty
    /// pages in a request. It exists for methods that are known to support it.
    ///
    /// ```no_run
    /// use bitrix24_client::Client;
    /// use bitrix24_core::{Keyset, json, raw};
    ///
    /// # async fn example(portal: Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let deals = raw("crm.deal.list", json!({"filter": {"CLOSED": "N"}, "select": ["ID", "TITLE"]}));
    /// let mut rows = portal.rows(deals.keyset(Keyset::new("ID")).read_only()).by_id();
    /// while let Some(deal) = rows.next().await {
    ///     println!("{}", deal?["TITLE"]);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn rows<M: ListMethod + Send + 'static>(&self, request: M) -> Rows<M::Row, M::Error, M::Keyset> {
        let params = request.params().into_map();
        let listing = Listing::new(self, ErasedRequest::for_rows(request), params);
        Rows::new(listing, <M::Reader as Reader<M::Row>>::read)
    }
}
