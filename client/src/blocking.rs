//! The client for programs without an asynchronous runtime.
//!
//! ```no_run
//! use bitrix24_client::blocking::Client;
//! use bitrix24_core::{Keyset, json, raw};
//!
//! # fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let portal = Client::webhook("https://example.bitrix24.com/rest/1/0a1b2c3d4e5f/")?;
//! let response = portal.call(raw("user.current", json!(null)))?;
//! println!("{}", response.result["NAME"]);
//!
//! let deals = raw("crm.deal.list", json!({"select": ["TITLE"]})).keyset(Keyset::new("ID")).read_only();
//! for deal in portal.rows(deals).by_id() {
//!     println!("{}", deal?["TITLE"]);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! It has the same methods and errors as the asynchronous client. [`Client::block_on`] runs any other future, and
//! [`Client::iter`] any other stream: `portal.block_on(|portal| async move { … })`. Offline events are read so too:
//!
//! ```no_run
//! # fn example(portal: bitrix24_client::blocking::Client) -> Result<(), Box<dyn std::error::Error>> {
//! let mut events = portal.block_on(|portal| std::future::ready(portal.offline_events()))?;
//! while let Some(event) = portal.block_on(|_| events.next())? {
//!     let event = event?;
//!     println!("{}", event.name());
//!     portal.block_on(|_| event.done())?;
//! }
//! # Ok(())
//! # }
//! ```

mod app;
mod client;
mod files;
mod iter;
mod lists;
mod runtime;

pub use client::Client;
pub use files::Download;
pub use iter::Iter;
pub use lists::{Pages, Rows};
