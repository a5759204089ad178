//! Lists that are longer than one answer, as streams.

mod flight;
mod listing;
mod pages;
mod progress;
mod request;
mod stream;

pub use pages::Pages;
pub use progress::Progress;
pub use stream::{Interrupted, Rows};

use bitrix24_core::{List, Method};

use crate::client::Client;
pub(crate) use listing::Listing;
use request::Asked;

impl Client {
    /// The pages of a list, one after another, each as the reply that [`call`](Self::call) gives.
    ///
    /// The walk begins where the request begins: at the beginning, or at its `start`, `offset` or page. It ends where the list
    /// ends, or with an error; a list never ends early without one. Nothing is sent before a page is asked for.
    ///
    /// ```no_run
    /// use bitrix24_client::Client;
    /// use bitrix24_core::{json, raw};
    ///
    /// # async fn example(portal: Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let mut pages = portal.pages(raw("crm.deal.list", json!({})).that_only_reads());
    /// while let Some(page) = pages.next().await {
    ///     let page = page?;
    ///     println!("{:?} of {:?}", page.result, page.total);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn pages<M: Method + Send + 'static>(&self, request: M) -> Pages<M> {
        let params = request.params().into_map();
        Pages::new(Listing::new(self, Asked::page_by_page(request), params))
    }

    /// The rows of a list, one after another, page by page as they are asked for.
    ///
    /// With [`by_id`](Rows::by_id) a long list is read much faster: by ascending identifier, without counting, and up to fifty
    /// pages in a request.
    ///
    /// ```no_run
    /// use bitrix24_client::Client;
    /// use bitrix24_core::{Keyset, json, raw};
    ///
    /// # async fn example(portal: Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let deals = raw("crm.deal.list", json!({"filter": {"CLOSED": "N"}, "select": ["ID", "TITLE"]}));
    /// let mut rows = portal.rows(deals.keyed(Keyset::new("ID")).that_only_reads()).by_id();
    /// while let Some(deal) = rows.next().await {
    ///     println!("{}", deal?["TITLE"]);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn rows<M: List + Send + 'static>(&self, request: M) -> Rows<M::Row, M::Error> {
        let params = request.params().into_map();
        Rows::new(Listing::new(self, Asked::row_by_row(request), params))
    }
}
