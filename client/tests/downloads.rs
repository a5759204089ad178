//! Downloads whose connection breaks: continued, sent again, or void.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use bitrix24_client::{AcquireFuture, CallReport, Client, Limiter, RateLimitRequest};
use bitrix24_core::retry::RetryPolicy;
use bitrix24_core::{Error, ErrorKind};

use bitrix24_testing::{Call, Fault, MockResponse, MockServer, SECRET};

/// The token in the URL of a file, which no text may show.
const TOKEN: &str = "tok3n-Of-One-File";

fn client(server: &MockServer, attempts: u32) -> Client {
    let retries =
        RetryPolicy::default().with_max_attempts(attempts).with_initial_backoff(Duration::from_millis(1));
    let timeout = Duration::from_secs(20);
    Client::builder().timeout(timeout).retry_policy(retries).webhook(&server.webhook()).unwrap()
}

fn content(version: u8) -> Vec<u8> {
    (0..300_000_u32).map(|n| (n / 251).to_le_bytes()[0] ^ version).collect()
}

/// A server with one file.
#[derive(Clone, Copy)]
struct FileServer {
    /// Headers that say which version it is.
    etag: Option<&'static str>,
    date: Option<&'static str>,
    /// Whether it sends parts of the file.
    ranges: bool,
    /// The response to a request for a part starts this many bytes late.
    shift: u64,
}

const ETAG: FileServer = FileServer { etag: Some("\"v1\""), date: None, ranges: true, shift: 0 };

impl FileServer {
    fn answer(self, version: u8, call: &Call) -> MockResponse {
        let whole = content(version);
        let etag = self.etag.map(|etag| etag.replace('1', &version.to_string()));
        let date = self.date.map(|date| date.replace('1', &version.to_string()));
        let current = etag.clone().or(date.clone());
        let range = call.header("range").and_then(|range| range.strip_prefix("bytes=")?.strip_suffix('-'));
        let start = range.and_then(|start| start.parse::<u64>().ok()).filter(|_| self.ranges);
        let start = start.filter(|_| call.header("if-range") == current.as_deref());
        let mut response = match start {
            Some(start) if start >= whole.len() as u64 => MockResponse::content(416, "text/plain", b""),
            Some(start) => {
                let start = start + self.shift;
                let range = format!("bytes {start}-{}/{}", whole.len() - 1, whole.len());
                MockResponse::content(206, "video/mp4", &whole[usize::try_from(start).unwrap()..])
                    .with_header("content-range", &range)
            }
            None => MockResponse::content(200, "video/mp4", &whole),
        };
        for (name, value) in [("etag", etag), ("last-modified", date)] {
            if let Some(value) = value {
                response = response.with_header(name, &value);
            }
        }
        response
    }

    async fn start(self) -> MockServer {
        MockServer::start(move |call| self.answer(1, call)).await
    }

    /// A server whose file changes after the first request.
    async fn start_changing(self) -> MockServer {
        let requests = AtomicUsize::new(0);
        MockServer::start(move |call| {
            self.answer(if requests.fetch_add(1, Ordering::SeqCst) == 0 { 1 } else { 2 }, call)
        })
        .await
    }
}

fn url(server: &MockServer) -> String {
    format!("{}/rest/1/{SECRET}/download/?token={TOKEN}", server.origin())
}

/// Reads the chunks of a download.
async fn chunks(client: &Client, url: &str) -> Result<Vec<u8>, Error> {
    let mut download = client.download(url).await?;
    let mut received = Vec::new();
    while let Some(chunk) = download.chunk().await? {
        received.extend_from_slice(&chunk);
        assert_eq!(download.received(), received.len() as u64);
    }
    assert!(download.chunk().await.unwrap().is_none(), "it has ended");
    Ok(received)
}

fn starts(server: &MockServer) -> Vec<Option<String>> {
    server.calls().iter().map(|call| call.header("range").map(str::to_owned)).collect()
}

#[tokio::test]
async fn a_download_continues_where_its_connection_broke() {
    let date = Some("Mon, 01 Jun 2026 10:00:01 GMT");
    let by_date = FileServer { etag: None, date, ranges: true, shift: 0 };
    for file in [ETAG, by_date, FileServer { date, ..ETAG }] {
        let server = file.start().await;
        server.fail("download", Fault::Truncate(60_000)).times(4);
        server.fail("download", Fault::HangUp);
        server.fail("download", Fault::Html(502));
        // Fewer attempts than failures: they count anew after each progress.
        let received = chunks(&client(&server, 4), &url(&server)).await.unwrap();
        assert!(received == content(1));
        let expected =
            [0, 60_000, 120_000, 180_000, 240_000, 240_000, 240_000].map(|start| format!("bytes={start}-"));
        let starts: Vec<String> =
            starts(&server).into_iter().map(|start| start.unwrap_or("bytes=0-".to_owned())).collect();
        assert_eq!(starts, expected);
        for call in server.calls() {
            assert_eq!(
                (call.header("authorization"), call.header("accept-encoding")),
                (None, Some("identity"))
            );
        }
    }
}

#[tokio::test]
async fn a_download_that_stalls_continues() {
    let server = ETAG.start().await;
    server.fail("download", Fault::Drip(60_000, Duration::from_millis(1500)));
    server.fail("download", Fault::Silence);
    let (client, url) = (client(&server, 8).with_timeout(Duration::from_secs(1)), url(&server));
    assert!(chunks(&client, &url).await.unwrap() == content(1));
}

#[tokio::test]
async fn a_server_without_parts_sends_the_same_file_again_and_nothing_is_doubled() {
    let server = FileServer { ranges: false, ..ETAG }.start().await;
    server.fail("download", Fault::Truncate(100_000));
    server.fail("download", Fault::Truncate(50_000));
    server.fail("download", Fault::Truncate(200_000));
    assert!(chunks(&client(&server, 3), &url(&server)).await.unwrap() == content(1));
    assert_eq!(server.calls().len(), 4);
    // A server that breaks at the same place each time.
    server.fail("download", Fault::Truncate(100_000)).always();
    let error = chunks(&client(&server, 3), &url(&server)).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Truncated, 3), "{error}");
    assert_eq!(server.calls().len(), 4 + 3);
}

/// Saves the file of a server.
async fn save(server: &MockServer, attempts: u32, path: &Path) -> std::io::Result<u64> {
    client(server, attempts).download(&url(server)).await.unwrap().save(path).await
}

#[tokio::test]
async fn a_file_that_changed_is_saved_anew_and_its_chunks_are_void() {
    let folder = tempfile::tempdir().unwrap();
    let unknown = FileServer { etag: None, date: None, ranges: true, shift: 0 };
    let weak = FileServer { etag: Some("W/\"v1\""), ..ETAG };
    for (name, file) in [("etag", ETAG), ("weak", weak), ("unknown", unknown)] {
        let server = file.start_changing().await;
        server.fail("download", Fault::Truncate(200_000)).times(1);
        let error = chunks(&client(&server, 3), &url(&server)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Truncated, "{name}");
        assert!(error.to_string().contains("another version"), "{name}: {error}");

        let server = file.start_changing().await;
        server.fail("download", Fault::Truncate(200_000)).times(1);
        let path = folder.path().join(name);
        assert_eq!(save(&server, 3, &path).await.unwrap(), 300_000, "{name}");
        assert!(std::fs::read(&path).unwrap() == content(2), "{name}");
        assert_eq!(server.calls()[1].header("range").is_some(), name == "etag", "{name}");

        let server = file.start_changing().await;
        server.fail("download", Fault::Truncate(200_000)).times(1);
        let download = client(&server, 3).download(&url(&server)).await.unwrap();
        assert!(download.bytes(300_000).await.unwrap() == content(2), "{name}");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3, "no parts are left");
}

#[tokio::test]
async fn a_part_that_does_not_fit_is_not_used() {
    let folder = tempfile::tempdir().unwrap();
    let server = FileServer { shift: 10, ..ETAG }.start().await;
    server.fail("download", Fault::Truncate(100_000));
    // The same file, by its tag, from its beginning.
    assert!(chunks(&client(&server, 3), &url(&server)).await.unwrap() == content(1));
    let starts = starts(&server);
    assert_eq!(starts, [None, Some("bytes=100000-".to_owned()), None]);

    // A file that has become shorter.
    let server = ETAG.start().await;
    server.fail("download", Fault::Truncate(100_000));
    server.fail("download", Fault::Instead(MockResponse::content(416, "text/plain", b"no such part")));
    let path = folder.path().join("a");
    assert_eq!(save(&server, 3, &path).await.unwrap(), 300_000);
    assert!(std::fs::read(path).unwrap() == content(1));
}

#[tokio::test]
async fn a_download_that_fails_leaves_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("film.mp4");
    std::fs::write(&path, "an older film").unwrap();
    let server = ETAG.start().await;
    server.fail("download", Fault::Truncate(100_000));
    server.fail("download", Fault::refuse(404, "ERROR_NOT_FOUND", &format!("no file {TOKEN}")));
    let error = save(&server, 3, &path).await.unwrap_err();
    let shown = format!("{error} {error:?}");
    assert!(
        shown.contains("ERROR_NOT_FOUND") && !shown.contains(TOKEN) && !shown.contains(SECRET),
        "{shown}"
    );
    assert_eq!(std::fs::read(&path).unwrap(), b"an older film");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);

    // Dropped in the midst.
    let server = ETAG.start().await;
    server.fail("download", Fault::Drip(1000, Duration::from_millis(20)));
    let download = client(&server, 3).download(&url(&server)).await.unwrap();
    let _ = tokio::time::timeout(Duration::from_millis(200), download.save(&path)).await.unwrap_err();
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    let error = client(&server, 1).download(&url(&server)).await.unwrap().save("/no/such/folder/film").await;
    let shown = error.unwrap_err().to_string();
    assert!(shown.contains("/no/such/folder/film.") && shown.contains(".part"), "{shown}");
}

/// A server that sends one file, and half of it only after a signal.
fn pausing_server() -> (String, mpsc::Sender<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let (signal, signals) = mpsc::channel();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let _ = stream.read(&mut [0; 4096]).unwrap();
        let whole = content(1);
        let (first, second) = whole.split_at(whole.len() / 2);
        write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", whole.len()).unwrap();
        stream.write_all(first).unwrap();
        signals.recv().unwrap();
        stream.write_all(second).unwrap();
    });
    (origin, signal)
}

#[tokio::test]
async fn saves_under_one_path_do_not_share_a_part() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("film.mp4");
    let foreign = folder.path().join("film.mp4.part");
    std::fs::write(&foreign, "a file of another program").unwrap();
    let files = || std::fs::read_dir(folder.path()).unwrap().count();
    let (origin, signal) = pausing_server();
    let slow = Client::webhook(&format!("{origin}/rest/1/{SECRET}/")).unwrap();
    let slow = tokio::spawn({
        let path = path.clone();
        async move { slow.download("/film").await.unwrap().save(path).await }
    });
    let start = std::time::Instant::now();
    while files() < 2 {
        assert!(start.elapsed() < Duration::from_secs(60), "no part appears beside the file");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }

    // One that fails, and one that completes, while the first one is in progress.
    let server = MockServer::start(|call| ETAG.answer(2, call)).await;
    server.fail("download", Fault::Truncate(100_000));
    save(&server, 1, &path).await.unwrap_err();
    assert_eq!(files(), 2);
    assert_eq!(save(&server, 1, &path).await.unwrap(), 300_000);
    assert!(std::fs::read(&path).unwrap() == content(2));
    assert_eq!(files(), 3);

    signal.send(()).unwrap();
    assert_eq!(slow.await.unwrap().unwrap(), 300_000);
    assert!(std::fs::read(&path).unwrap() == content(1));
    assert_eq!(std::fs::read(&foreign).unwrap(), b"a file of another program");
    assert_eq!(files(), 2);
}

/// A server whose first response breaks after 60,000 bytes, and whose responses to requests for the rest have at most `bytes` bytes of
/// it; `None` is ten more than there are. Their end is that of the connection, or that of a content length.
async fn start_with_parts_of(bytes: Option<usize>, has_length: bool) -> MockServer {
    let server = MockServer::start(move |call| {
        let range = call.header("range").and_then(|range| range.strip_prefix("bytes=")?.strip_suffix('-'));
        let Some(start) = range.and_then(|start| start.parse::<usize>().ok()) else {
            return ETAG.answer(1, call);
        };
        let mut body = content(1).split_off(start);
        match bytes {
            Some(bytes) => body.truncate(bytes),
            None => body.extend_from_slice(&[0; 10]),
        }
        let mut head = format!(
            "HTTP/1.1 206 Partial Content\r\nconnection: close\r\netag: \"v1\"\r\n\
             content-range: bytes {start}-299999/300000\r\n"
        );
        if has_length {
            head += &format!("content-length: {}\r\n", body.len());
        }
        MockResponse::bytes([(head + "\r\n").as_bytes(), &body].concat())
    })
    .await;
    server.fail("download", Fault::Truncate(60_000));
    server
}

#[tokio::test]
async fn a_part_of_another_length_is_not_the_rest_of_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("film.mp4");
    for has_length in [false, true] {
        // Parts that end early are continued.
        let server = start_with_parts_of(Some(100_000), has_length).await;
        assert!(chunks(&client(&server, 2), &url(&server)).await.unwrap() == content(1));
        let starts = starts(&server);
        let expected = [60_000, 160_000, 260_000].map(|start| Some(format!("bytes={start}-")));
        assert_eq!((&starts[0], &starts[1..]), (&None, &expected[..]));

        let server = start_with_parts_of(Some(0), has_length).await;
        let error = chunks(&client(&server, 3), &url(&server)).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Truncated, 3), "{error}");
        assert!(error.to_string().contains("60000 of 300000 bytes"), "{error}");

        let server = start_with_parts_of(None, has_length).await;
        let error = chunks(&client(&server, 3), &url(&server)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnexpectedResponse, "{error}");
        assert!(error.to_string().contains("more than the 300000 bytes"), "{error}");
        assert_eq!(server.calls().len(), 2, "it would be the same again");

        for bytes in [Some(0), None] {
            save(&start_with_parts_of(bytes, has_length).await, 3, &path).await.unwrap_err();
            assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        }
    }
}

#[tokio::test]
async fn a_response_for_a_part_is_no_file_if_the_whole_was_requested() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("film.mp4");
    let unknown = FileServer { etag: None, ..ETAG };
    let part = MockResponse::content(206, "video/mp4", b"a part")
        .with_header("etag", "\"v1\"")
        .with_header("content-range", "bytes 299994-299999/300000");
    for (status, response) in [(416, MockResponse::content(416, "text/plain", b"no such part")), (206, part)]
    {
        let server = ETAG.start().await;
        server.fail("download", Fault::Instead(response.clone()));
        let error = client(&server, 3).download(&url(&server)).await.unwrap_err();
        assert_eq!((error.kind(), error.status()), (ErrorKind::UnexpectedResponse, Some(status)), "{error}");

        // After a cut: without a version no part is requested, and a part that does not fit is not requested again.
        for (file, requests) in [(unknown, 2), (FileServer { shift: 10, ..ETAG }, 3)] {
            let server = file.start().await;
            server.fail("download", Fault::Truncate(100_000));
            if requests == 3 {
                server.fail("download", Fault::Instead(MockResponse::content(416, "text/plain", b"")));
            }
            server.fail("download", Fault::Instead(response.clone()));
            let error = save(&server, 3, &path).await.unwrap_err();
            assert!(error.to_string().contains(&status.to_string()), "{error}");
            assert_eq!(server.calls().len(), requests);
            assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        }
    }
}

#[tokio::test]
async fn a_download_whose_chunks_were_taken_is_not_read_as_a_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("film.mp4");
    let server = ETAG.start().await;
    let client = client(&server, 1);
    let started = async || {
        let mut download = client.download(&url(&server)).await.unwrap();
        assert!(download.chunk().await.unwrap().is_some());
        download
    };
    let check = |error: &dyn std::error::Error| {
        let shown = error.to_string();
        assert!(shown.contains("chunks of this download were already taken"), "{shown}");
    };
    let error = started().await.bytes(300_000).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Request);
    check(&error);
    check(&started().await.save(&path).await.unwrap_err());
    let mut written = Vec::new();
    check(&started().await.write_to(&mut written).await.unwrap_err());
    assert!(written.is_empty());

    // One that has ended with an error before its first chunk.
    server.fail("download", Fault::Truncate(0));
    let mut download = client.download(&url(&server)).await.unwrap();
    download.chunk().await.unwrap_err();
    check(&download.save(&path).await.unwrap_err());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

/// Counts the requests to the portal and the rejections.
#[derive(Clone, Default)]
struct Counts(Arc<Mutex<Vec<String>>>);

impl Limiter for Counts {
    fn acquire<'a>(&'a self, request: RateLimitRequest<'a>) -> AcquireFuture<'a> {
        self.0.lock().unwrap().push(request.method().to_owned());
        Box::pin(std::future::ready(Ok(())))
    }

    fn record(&self, report: CallReport<'_>) {
        self.0.lock().unwrap().push(format!("{:?}", report.call().rejection().unwrap()));
    }
}

#[tokio::test]
async fn requests_to_the_portal_wait_for_its_rate_limit_and_no_key_goes_to_a_storage() {
    let storage = ETAG.start().await;
    storage.fail("*", Fault::Truncate(100_000));
    let target = format!("{}/store/download?signature={TOKEN}", storage.origin());
    let portal = MockServer::start(move |_| MockResponse::redirect(302, Some(&target))).await;
    portal.fail("download", Fault::QueryLimit);
    let counts = Counts::default();
    let retries = RetryPolicy::default().with_initial_backoff(Duration::from_millis(1));
    let builder = Client::builder().retry_policy(retries).limiter(counts.clone());
    let client = builder.webhook(&portal.webhook()).unwrap();
    assert!(chunks(&client, &url(&portal)).await.unwrap() == content(1));
    // Rejected, redirected, and redirected again after the cut.
    assert_eq!(*counts.0.lock().unwrap(), ["download", "RateLimited", "download", "download"]);
    assert_eq!((portal.calls().len(), storage.calls().len()), (3, 2));
    for call in storage.calls() {
        let text = format!("{call:?}");
        assert!(!text.contains(SECRET) && call.header("authorization").is_none(), "{text}");
    }
    // A URL of a storage that the portal returned itself.
    let counts_before = counts.0.lock().unwrap().len();
    let direct = format!("{}/store/download?signature={TOKEN}", storage.origin());
    assert!(chunks(&client, &direct).await.unwrap() == content(1));
    assert_eq!(counts.0.lock().unwrap().len(), counts_before);
}

#[tokio::test]
async fn the_deadline_ends_a_download_that_could_continue() {
    let server = ETAG.start().await;
    server.fail("download", Fault::Truncate(100_000)).always();
    // The pause exceeds the deadline, and the deadline exceeds the time that a slow machine takes.
    let (pause, deadline) = (Duration::from_secs(3600), Duration::from_secs(600));
    let patient = RetryPolicy::default().with_initial_backoff(pause).with_max_backoff(pause);
    let client = client(&server, 5).with_retry_policy(patient).with_timeout(deadline).with_deadline(deadline);
    let start = std::time::Instant::now();
    let error = chunks(&client, &url(&server)).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Truncated, 1), "{error}");
    assert!(start.elapsed() < deadline);
    assert_eq!(server.calls().len(), 1);
}

/// The most memory that this process has used so far, in KiB.
fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("0 kB");
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

#[tokio::test]
async fn a_large_file_is_saved_in_bounded_memory() {
    const SIZE: usize = 400 << 20;
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let _ = stream.read(&mut [0; 4096]).unwrap();
        write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: {SIZE}\r\n\r\n").unwrap();
        let part = vec![7; 1 << 20];
        (0..SIZE >> 20).for_each(|_| stream.write_all(&part).unwrap());
    });
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("film.mp4");
    let client = Client::webhook(&format!("{origin}/rest/1/{SECRET}/")).unwrap();
    let before = peak_memory();
    let size = client.download("/film").await.unwrap().save(&path).await.unwrap();
    assert_eq!((size, std::fs::metadata(&path).unwrap().len()), (SIZE as u64, SIZE as u64));
    // Other tests run at the same time.
    let used = peak_memory() - before;
    assert!(used < 64 << 10, "{used} KiB");
}

#[tokio::test]
async fn a_download_is_written_to_any_writer() {
    let server = ETAG.start().await;
    server.fail("download", Fault::Truncate(100_000));
    let (mut near, mut far) = tokio::io::duplex(1000);
    let reader = tokio::spawn(async move {
        let mut received = Vec::new();
        tokio::io::AsyncReadExt::read_to_end(&mut far, &mut received).await.unwrap();
        received
    });
    let download = client(&server, 3).download(&url(&server)).await.unwrap();
    assert_eq!(download.write_to(&mut near).await.unwrap(), 300_000);
    drop(near);
    assert!(reader.await.unwrap() == content(1));
}
