//! Many requests of one type, each with its own outcome, and a journal with which a restarted program continues.

mod call;
mod file_journal;
mod journal;
mod settings;
mod stream;

use bitrix24_core::Method;

use crate::client::Client;

pub use file_journal::FileJournal;
pub use journal::{Journal, JournalError, JournalFuture, JournalOutcome, JournalState};
pub use stream::{Bulk, BulkOutcome};

impl Client {
    /// Sends many requests, each with a key of the caller: thousands of updates, for example. They go in batches of up to 50, several
    /// calls at the same time, and the stream yields each key with the outcome of its request, as it arrives. The iterator is read
    /// as requests are sent, so that neither requests nor outcomes fill the memory.
    ///
    /// Each request has exactly one outcome. Requests are independent: one that fails stops no other. [`Error::executed`] says
    /// whether a failed request ran; one with [`Executed::Unknown`] is never sent again. After several calls in a row that failed
    /// as a whole, nothing more is sent, and the remaining requests are [`ErrorKind::NotExecuted`]; see
    /// [`Bulk::max_failed_calls`]. A request that a batch cannot express, such as one with `null` or of REST 3, is a call of its own.
    ///
    /// ```no_run
    /// use bitrix24_client::{Client, FileJournal};
    /// use bitrix24_core::{Executed, json, raw};
    ///
    /// # async fn example(portal: Client, prices: Vec<(u64, String)>) -> Result<(), Box<dyn std::error::Error>> {
    /// let updates = prices.into_iter().map(|(id, price)| {
    ///     (id, raw("crm.product.update", json!({"id": id, "fields": {"PRICE": price}})))
    /// });
    /// let mut outcomes = portal.bulk(updates).journal(FileJournal::open("prices.journal")?);
    /// while let Some((id, outcome)) = outcomes.next().await {
    ///     match outcome {
    ///         Ok(_) => {}
    ///         Err(error) if error.executed() == Executed::Unknown => eprintln!("check product {id}: {error}"),
    ///         Err(error) => eprintln!("product {id} is unchanged: {error}"),
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Continue after a restart
    ///
    /// With a [journal](Bulk::journal), a program that was stopped starts again with the same requests and keys:
    ///
    /// - A request that ran, whatever its result, is skipped: the stream does not yield it again.
    /// - A request that did not run is sent.
    /// - A request that was about to be sent, and whose outcome is not recorded, is uncertain: the stream yields an error with
    ///   [`Executed::Unknown`], and it is not sent. When a program is killed, these are at most the requests of the calls in
    ///   progress.
    ///
    /// Without a journal, a program stores the keys of the outcomes that it has handled, and leaves their requests out of the
    /// iterator. Requests whose outcome it has not seen may have run, too: updates to fixed values can be sent again, others need a
    /// journal. Whether a request is the same depends on its key alone, which must be unique and stay the same: the identifier
    /// of a record, not the position in a list that changes.
    ///
    /// [`Error::executed`]: bitrix24_core::Error::executed
    /// [`Executed::Unknown`]: bitrix24_core::Executed::Unknown
    /// [`ErrorKind::NotExecuted`]: bitrix24_core::ErrorKind::NotExecuted
    pub fn bulk<K, M: Method, I>(&self, requests: I) -> Bulk<K, M, I::IntoIter>
    where
        I: IntoIterator<Item = (K, M)>,
    {
        Bulk::new(self, requests.into_iter())
    }
}
