//! Files that are too large for a request: uploads to a URL that the portal provides, and downloads, both in chunks.
//!
//! A small file is part of a request, as a [`File`](bitrix24_core::File).

mod blocking_reader;
mod download;
mod file_url;
mod multipart;
mod transfer_progress;
mod upload;

pub use download::Download;
#[cfg(feature = "blocking")]
pub(crate) use download::into_io_error;
pub use upload::Upload;
