//! Uploads and a download: a small file inside the request, a large one to an upload URL, and a download in chunks, against a
//! mock portal in this process.
//!
//! ```text
//! cargo run --example files
//! ```
#![allow(clippy::print_stdout, reason = "an example shows what it does")]

#[path = "../tests/support/mock_server.rs"]
mod mock_server;

use bitrix24::{Client, File, Upload, Value, json, raw};
use mock_server::{Call, MockResponse, MockServer};

const FOLDER: i64 = 8930;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let local = MockServer::start(drive).await;
    let client = Client::webhook(&local.webhook())?;

    // With the feature `disk` these are `disk::folder::upload_file(FOLDER)` and `disk::file::get(id)`, with types.
    let note = Value::from(File::new("note.txt", "hello"));
    let request = json!({"id": FOLDER, "data": {"NAME": "note.txt"}, "fileContent": note});
    let saved = client.call(raw("disk.folder.uploadfile", request)).await?;
    println!("{} was sent inside the request.", saved.result["NAME"]);

    // Any `AsyncRead` works; only a chunk at a time is in memory.
    let film: Vec<u8> = (0..1_000_000_u32).map(|byte| byte.to_le_bytes()[0]).collect();
    let size = film.len() as u64;
    let request = raw("disk.folder.uploadfile", json!({"id": FOLDER, "data": {"NAME": "film.mp4"}}));
    let upload = Upload::from_async_read("film.mp4", size, std::io::Cursor::new(film));
    let saved = client.upload(request, upload).await?;
    println!("{} was sent to an upload URL.", saved.result["NAME"]);

    let get = raw("disk.file.get", json!({"id": saved.result["ID"]})).read_only();
    let file = client.call(get).await?.result;
    let mut download = client.download(file["DOWNLOAD_URL"].as_str().unwrap_or_default()).await?;
    let (mut chunks, mut bytes) = (0, 0);
    while let Some(chunk) = download.chunk().await? {
        chunks += 1;
        bytes += chunk.len();
    }
    println!("{bytes} bytes were read in {chunks} chunks.");
    Ok(())
}

/// The methods of the mock portal.
fn drive(call: &Call) -> MockResponse {
    let here = format!("http://{}", call.header("host").unwrap_or_default());
    match call.method.as_str() {
        "disk.folder.uploadfile" if call.params.get("fileContent").is_some() => {
            MockResponse::result(json!({"ID": 1, "NAME": call.params["fileContent"][0]}))
        }
        "disk.folder.uploadfile" => MockResponse::result(
            json!({"field": "file", "uploadUrl": format!("{here}/rest/upload.json?token=k3y")}),
        ),
        "upload" => MockResponse::result(json!({"ID": 2, "NAME": "film.mp4"})),
        "disk.file.get" => MockResponse::result(
            json!({"ID": 2, "DOWNLOAD_URL": format!("{here}/rest/download.json?token=k3y")}),
        ),
        "download" => MockResponse::content(200, "video/mp4", &vec![7; 300_000]),
        _ => MockResponse::error(404, "ERROR_METHOD_NOT_FOUND", "No such method"),
    }
}
