//! Whether a portal answers: the health check of a container, which has no other program that could ask.

use std::io::{self, Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::time::Duration;

const TIMEOUT: Duration = Duration::from_secs(5);

/// Requests the page for people. The address of all interfaces stands for this machine.
///
/// # Errors
/// Nothing listens there, or it is no portal.
pub(crate) fn check(address: SocketAddr) -> io::Result<()> {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    let address = SocketAddr::new(ip, address.port());
    let failed =
        |error: io::Error| io::Error::new(error.kind(), format!("no portal answers at {address}: {error}"));
    let mut stream = TcpStream::connect_timeout(&address, TIMEOUT).map_err(failed)?;
    stream.set_read_timeout(Some(TIMEOUT)).map_err(failed)?;
    let request = format!("GET / HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).map_err(failed)?;
    let mut head = Vec::new();
    stream.take(12).read_to_end(&mut head).map_err(failed)?;
    // A portal with TLS answers a request without it with an alert of TLS (content type 21): it is there.
    if head.starts_with(b"HTTP/1.1 200") || head.starts_with(&[21, 3]) {
        return Ok(());
    }
    Err(io::Error::other(format!("what answers at {address} is no portal")))
}
