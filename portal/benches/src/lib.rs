//! What the benchmarks share: servers on threads of their own, and a client that keeps them busy.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::mpsc::sync_channel;
use std::time::Duration;

use tokio::runtime::Handle;

/// A server on one thread, whose work is known.
#[derive(Debug)]
pub struct Server {
    /// Its address.
    pub address: SocketAddr,
    runtime: Handle,
}

impl Server {
    /// Starts a server on a thread with a runtime of its own. `start` returns its address, and a value that lives as long.
    pub fn start<T, F>(start: impl FnOnce() -> F + Send + 'static) -> Self
    where
        F: Future<Output = (SocketAddr, T)>,
    {
        let (sender, started) = sync_channel(1);
        std::thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                let (address, _server) = start().await;
                sender.send((address, Handle::current())).expect("a benchmark");
                std::future::pending::<()>().await;
            });
        });
        let (address, runtime) = started.recv().expect("a server");
        Self { address, runtime }
    }

    /// The CPU time of its thread so far.
    pub fn work(&self) -> Duration {
        let (sender, work) = sync_channel(1);
        self.runtime.spawn(async move {
            let _ = sender.send(work_of_thread());
        });
        work.recv().expect("a time")
    }
}

#[cfg(unix)]
fn work_of_thread() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(u64::try_from(time.tv_sec).unwrap_or(0), u32::try_from(time.tv_nsec).unwrap_or(0))
}

/// Without the clock, a server counts as busy all the time.
#[cfg(not(unix))]
fn work_of_thread() -> Duration {
    static BEGIN: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
    BEGIN.get_or_init(std::time::Instant::now).elapsed()
}

/// Connections that send one request each and then read the responses, so that the server has several to answer at once.
#[derive(Debug)]
pub struct Connections {
    streams: Vec<TcpStream>,
    buffer: Vec<u8>,
}

impl Connections {
    /// Opens some connections.
    ///
    /// # Errors
    /// The server does not accept them.
    pub fn open(address: SocketAddr, count: usize) -> io::Result<Self> {
        let open = || {
            let stream = TcpStream::connect(address)?;
            stream.set_nodelay(true)?;
            Ok(stream)
        };
        let streams = (0..count).map(|_| open()).collect::<io::Result<Vec<_>>>()?;
        Ok(Self { streams, buffer: vec![0; 1 << 20] })
    }

    /// Sends these requests, one on each connection, and returns the body of the last response.
    ///
    /// # Errors
    /// The connection fails, or a status is not 200.
    pub fn exchange(&mut self, requests: &[Vec<u8>]) -> io::Result<Vec<u8>> {
        for (stream, request) in self.streams.iter_mut().zip(requests) {
            stream.write_all(request)?;
        }
        let mut body = 0..0;
        for (stream, _) in self.streams.iter_mut().zip(requests) {
            body = read(stream, &mut self.buffer)?;
        }
        Ok(self.buffer.get(body).unwrap_or_default().to_vec())
    }
}

/// Reads one response, and returns where its body is.
fn read(stream: &mut TcpStream, buffer: &mut [u8]) -> io::Result<std::ops::Range<usize>> {
    let mut filled = 0;
    loop {
        let size = stream.read(&mut buffer[filled..])?;
        filled += size;
        let Some(head) = buffer[..filled].windows(4).position(|end| end == b"\r\n\r\n") else {
            if size == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            continue;
        };
        let text = String::from_utf8_lossy(&buffer[..head]).to_ascii_lowercase();
        if !text.starts_with("http/1.1 200") {
            return Err(io::Error::other(text));
        }
        let length = text.lines().find_map(|line| line.strip_prefix("content-length: "));
        let length: usize = length.and_then(|length| length.parse().ok()).unwrap_or(0);
        let end = head + 4 + length;
        while filled < end {
            filled += stream.read(&mut buffer[filled..])?;
        }
        return Ok(head + 4..end);
    }
}

/// A call as it is sent.
pub fn request(path: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}")
        .into_bytes()
}
