//! Uploads and downloads by a separate URL.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use bitrix24_client::{AcquireFuture, CallReport, Client, Limiter, RateLimitRequest, Upload};
use bitrix24_core::retry::RetryPolicy;
use bitrix24_core::{ErrorKind, Executed, File, RawRequest, json, raw};
use tokio::io::{AsyncRead, ReadBuf};

use bitrix24_testing::{Call, Fault, MockResponse, MockServer, SECRET};

type Script = fn() -> MockResponse;

/// The token in the URL of a file, which no text may show either.
const TOKEN: &str = "tok3n-Of-One-File";

fn client(server: &MockServer) -> Client {
    Client::builder()
        .timeout(Duration::from_millis(500))
        .retry_policy(RetryPolicy::never())
        .webhook(&server.webhook())
        .unwrap()
}

/// A drive that returns upload URLs on its own host, and accepts forms there.
fn drive(call: &Call) -> MockResponse {
    let host = call.header("host").unwrap_or_default();
    match call.method.as_str() {
        "disk.folder.uploadfile" if call.params.get("fileContent").is_some() => {
            MockResponse::result(json!({"ID": 1, "NAME": call.params["fileContent"][0]}))
        }
        "disk.folder.uploadfile" => MockResponse::result(
            json!({"field": "file", "uploadUrl": format!("http://{host}/rest/upload.json?token={TOKEN}")}),
        ),
        "upload" => MockResponse::result(json!({"ID": 2, "SIZE": call.body.len()})),
        _ => MockResponse::error(404, "ERROR_METHOD_NOT_FOUND", "No such method"),
    }
}

fn into_folder(id: i64) -> RawRequest {
    raw("disk.folder.uploadfile", json!({"id": id, "data": {"NAME": "plan.bin"}}))
}

#[tokio::test]
async fn a_small_file_is_sent_inside_the_request() {
    let server = MockServer::start(drive).await;
    let file = File::new("plan \"B\".txt", "naïve");
    let request =
        raw("disk.folder.uploadfile", json!({"id": 7, "fileContent": bitrix24_core::Value::from(file)}));
    client(&server).call(request).await.unwrap();
    assert_eq!(server.calls()[0].params["fileContent"], json!(["plan \"B\".txt", "bmHDr3Zl"]));
}

#[tokio::test]
async fn a_large_file_is_uploaded_to_the_url_that_the_method_returns() {
    let server = MockServer::start(drive).await;
    let content: Vec<u8> = (0..300_000_u32).map(|n| n.to_le_bytes()[0]).collect();
    let upload = Upload::from_bytes("plan \"B\".bin", content.clone());
    let saved = client(&server).upload(into_folder(7), upload).await.unwrap();
    assert_eq!(saved.result["ID"], json!(2));

    let calls = server.calls();
    assert_eq!(
        calls.iter().map(|call| &*call.method).collect::<Vec<_>>(),
        ["disk.folder.uploadfile", "upload"]
    );
    let (kind, boundary) = calls[1].header("content-type").unwrap().split_once("; boundary=").unwrap();
    assert_eq!((kind, &*calls[1].verb), ("multipart/form-data", "POST"));
    let head = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"plan %22B%22.bin\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n"
    );
    let expected = [head.as_bytes(), &content, format!("\r\n--{boundary}--\r\n").as_bytes()].concat();
    assert_eq!(calls[1].body, expected);
}

#[tokio::test]
async fn an_upload_is_sent_once_whatever_its_outcome() {
    let cases: [(&str, Script, ErrorKind, Executed); 6] = [
        ("lost", MockResponse::empty, ErrorKind::Transport, Executed::Unknown),
        ("page", || MockResponse::html(502, "<h1>Bad gateway</h1>"), ErrorKind::NotJson, Executed::Unknown),
        (
            "silent",
            || MockResponse::empty().after(Duration::from_secs(60)),
            ErrorKind::Timeout,
            Executed::Unknown,
        ),
        ("moved", || MockResponse::redirect(307, Some("/elsewhere")), ErrorKind::Redirect, Executed::No),
        (
            "refused",
            || MockResponse::error(400, "QUERY_LIMIT_EXCEEDED", "Slow down"),
            ErrorKind::System,
            Executed::No,
        ),
        (
            "repeated",
            || MockResponse::html(200, &format!("at /?token={TOKEN}")),
            ErrorKind::NotJson,
            Executed::Unknown,
        ),
    ];
    for (name, response, kind, executed) in cases {
        let server =
            MockServer::start(move |call| if call.method == "upload" { response() } else { drive(call) })
                .await;
        let error =
            client(&server).upload(into_folder(7), Upload::from_bytes("a", "content")).await.unwrap_err();
        assert_eq!((error.kind(), error.executed()), (kind, executed), "{name}: {error:?}");
        assert_eq!(server.calls_of("upload").len(), 1, "{name}");
        let text = format!("{error} {error:?}");
        assert!(!text.contains(TOKEN) && !text.contains(SECRET), "{name}: {text}");
    }
}

#[tokio::test]
async fn a_file_shorter_than_its_declared_size_is_not_sent() {
    let server = MockServer::start(drive).await;
    let short = Upload::from_async_read("a", 10, std::io::Cursor::new(b"seven".to_vec()));
    let error = client(&server).upload(into_folder(7), short).await.unwrap_err();
    let text = error_chain(&error);
    assert!(text.contains("5 bytes shorter than the given size"), "{text}");
    assert_eq!(server.calls_of("upload").len(), 0);
}

/// A reader that fails with a connect error, as a file that is read over another connection.
struct FailingReader(Option<reqwest::Error>);

impl AsyncRead for FailingReader {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        _: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        Poll::Ready(Err(std::io::Error::other(self.0.take().unwrap())))
    }
}

#[tokio::test]
async fn a_file_read_error_is_not_a_connect_error() {
    let server = MockServer::start(drive).await;
    let elsewhere = reqwest::Client::builder().no_proxy().build().unwrap();
    let error = elsewhere.get("http://127.0.0.1:1/").send().await.unwrap_err();
    assert!(error.is_connect(), "{error:?}");
    let upload = Upload::from_async_read("a", 10, FailingReader(Some(error)));
    let error = client(&server).upload(into_folder(7), upload).await.unwrap_err();
    assert_eq!((error.kind(), error.executed()), (ErrorKind::Transport, Executed::Unknown), "{error:?}");
    assert!(error_chain(&error).contains("the file cannot be read"), "{error:?}");
}

fn error_chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(&format!(": {error}"));
        cause = error.source();
    }
    text
}

#[tokio::test]
async fn an_unencrypted_file_url_is_refused() {
    for address in ["http://files.example/x", "ftp://files.example/x", "file:///etc/passwd"] {
        let server =
            MockServer::start(move |_| MockResponse::result(json!({"field": "file", "uploadUrl": address})))
                .await;
        let error = client(&server).upload(into_folder(7), Upload::from_bytes("a", "b")).await.unwrap_err();
        assert_eq!((error.kind(), error.executed()), (ErrorKind::Request, Executed::No), "{error}");
        let error = client(&server).download(address).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Request, "{error}");
    }
}

#[tokio::test]
async fn a_method_without_an_upload_url_is_an_error() {
    let server = MockServer::start(|_| MockResponse::result(json!({"ID": 5}))).await;
    let error = client(&server).upload(into_folder(7), Upload::from_bytes("a", "b")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedResponse);
    assert!(error.to_string().contains("uploadUrl"), "{error}");
}

#[tokio::test]
async fn a_download_is_read_in_chunks() {
    let content = vec![7_u8; 300_000];
    let sent = content.clone();
    let server = MockServer::start(move |call| match call.method.as_str() {
        "store" => MockResponse::content(200, "image/png", &sent),
        _ => MockResponse::redirect(302, Some("/store?key=1")),
    })
    .await;
    for address in [format!("{}/download?token={TOKEN}", server.origin()), format!("/download?token={TOKEN}")]
    {
        let mut download = client(&server).download(&address).await.unwrap();
        assert_eq!((download.length(), download.content_type()), (Some(300_000), Some("image/png")));
        let mut received = Vec::new();
        while let Some(chunk) = download.chunk().await.unwrap() {
            received.extend_from_slice(&chunk);
        }
        assert!(received == content);
    }
    assert_eq!(server.calls()[0].verb, "GET");
    let whole = client(&server).download("/store").await.unwrap();
    assert_eq!(whole.bytes(1000).await.unwrap_err().kind(), ErrorKind::Request);
}

#[tokio::test]
async fn a_failed_download_has_its_kind_of_error() {
    let cases: [(&str, Script, ErrorKind); 6] = [
        ("cut", || MockResponse::content(200, "image/png", &[1; 9000]).cut_to(2000), ErrorKind::Truncated),
        (
            "silent",
            || MockResponse::content(200, "image/png", &[1; 9]).after(Duration::from_secs(9)),
            ErrorKind::Timeout,
        ),
        ("gone", || MockResponse::html(404, "<h1>Not here</h1>"), ErrorKind::UnexpectedResponse),
        ("refused", || MockResponse::error(401, "expired_token", "The token has expired"), ErrorKind::System),
        ("repeated", || MockResponse::error(404, "GONE", &format!("No {TOKEN}")), ErrorKind::Method),
        ("round", || MockResponse::redirect(302, Some("/again")), ErrorKind::Redirect),
    ];
    for (name, response, kind) in cases {
        let server = MockServer::start(move |_| response()).await;
        let address = format!("{}/download?token={TOKEN}", server.origin());
        let error = match client(&server).download(&address).await {
            Ok(download) => download.bytes(1 << 20).await.unwrap_err(),
            Err(error) => error,
        };
        assert_eq!(error.kind(), kind, "{name}: {error:?}");
        assert!(!format!("{error} {error:?}").contains(TOKEN), "{name}: {error:?}");
    }
}

#[tokio::test]
async fn a_slow_download_ends_at_its_deadline() {
    let server = MockServer::start(|_| MockResponse::text(200, "text/plain", &"x".repeat(10_000))).await;
    server.fail("file", Fault::Drip(64, Duration::from_millis(20)));
    let with_short_deadline = client(&server).with_deadline(Duration::from_millis(400));
    let error = match with_short_deadline.download("/rest/file.json").await {
        Ok(file) => file.bytes(10_000).await.unwrap_err(),
        Err(error) => error,
    };
    assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
}

/// Admits every request, and records the methods that were rejected.
#[derive(Clone, Default)]
struct RejectionRecorder(Arc<Mutex<Vec<String>>>);

impl Limiter for RejectionRecorder {
    fn acquire<'a>(&'a self, _: RateLimitRequest<'a>) -> AcquireFuture<'a> {
        Box::pin(std::future::ready(Ok(())))
    }

    fn record(&self, report: CallReport<'_>) {
        if report.call().rejection().is_some() {
            self.0.lock().unwrap().push(report.call().method().to_owned());
        }
    }
}

#[tokio::test]
async fn the_limiter_receives_the_rejection_of_an_upload() {
    let server = MockServer::start(drive).await;
    server.fail("upload", Fault::QueryLimit);
    let recorder = RejectionRecorder::default();
    let client = Client::builder().limiter(recorder.clone()).webhook(&server.webhook()).unwrap();
    let error = client.upload(into_folder(7), Upload::from_bytes("a", "b")).await.unwrap_err();
    assert_eq!((error.kind(), error.executed()), (ErrorKind::System, Executed::No), "{error}");
    assert_eq!(*recorder.0.lock().unwrap(), ["upload"]);
}
