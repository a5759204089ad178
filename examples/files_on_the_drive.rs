//! I want to put a large file on the drive and download it again. Only a chunk at a time is in memory.

use bitrix24::disk::{file, folder};
use bitrix24::{AnyError, Client, Required, Upload};

const FOLDER: i64 = 8930;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    run(&Client::webhook(&std::env::var("BITRIX24_WEBHOOK")?)?).await?;
    Ok(())
}

pub(crate) async fn run(portal: &Client) -> Result<usize, AnyError> {
    let film = std::io::Cursor::new(vec![7; 1_000_000]); // or a `tokio::fs::File`
    let upload = Upload::from_async_read("film.mp4", 1_000_000, film);
    let saved = portal.upload(folder::upload_file(FOLDER).data([("NAME", "film.mp4")]), upload).await?.result;

    let stored = portal.call(file::get(saved.id.required("ID")?)).await?.result;
    let mut download = portal.download(&stored.download_url.required("DOWNLOAD_URL")?).await?;
    let mut size = 0;
    while let Some(chunk) = download.chunk().await? {
        size += chunk.len();
    }
    Ok(size)
}
