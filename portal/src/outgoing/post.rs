//! One POST request, which follows no redirect.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Body;
use hyper::client::conn::http1;
use hyper::{Request, Uri, header};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

use super::Outgoing;

/// How long a handler may take, from the connection to the end of its response.
const TIMEOUT: Duration = Duration::from_secs(10);

/// How many bytes of a response are read.
const MAX_RESPONSE: usize = 16 << 10;

/// Posts a request: status and body of the response, or what is wrong.
pub(crate) async fn post(outgoing: &Outgoing) -> Result<(u16, String), String> {
    match tokio::time::timeout(TIMEOUT, exchange(outgoing)).await {
        Ok(response) => response,
        Err(_) => Err(format!("no response within {} s", TIMEOUT.as_secs())),
    }
}

async fn exchange(outgoing: &Outgoing) -> Result<(u16, String), String> {
    let uri: Uri = outgoing.url.parse().map_err(|error| format!("not an address: {error}"))?;
    let is_plain = match uri.scheme_str() {
        Some("http") => true,
        Some("https") => false,
        _ => return Err("not an address with http:// or https://".to_owned()),
    };
    let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
    let port = uri.port_u16().unwrap_or(if is_plain { 80 } else { 443 });
    let stream = TcpStream::connect((host, port)).await;
    let stream = stream.map_err(|error| format!("not reached: {error}"))?;
    let request = request(outgoing, &uri)?;
    if is_plain {
        return exchange_on(stream, request).await;
    }
    #[cfg(feature = "tls")]
    return exchange_on(super::tls::connect(host, stream).await?, request).await;
    #[cfg(not(feature = "tls"))]
    Err("https:// needs the feature `tls`".to_owned())
}

/// Sends a request on a connection: status and body of the response.
async fn exchange_on<S>(stream: S, request: Request<Full<Bytes>>) -> Result<(u16, String), String>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let broken = |error: hyper::Error| format!("no valid response: {error}");
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(broken)?;
    let response = async {
        let response = sender.send_request(request).await.map_err(broken)?;
        let status = response.status().as_u16();
        Ok((status, read(response.into_body()).await))
    };
    tokio::pin!(response);
    tokio::select! {
        response = &mut response => response,
        ended = connection => match ended {
            // The end of the connection may be the end of the response.
            Ok(()) => response.await,
            Err(error) => Err(broken(error)),
        },
    }
}

fn request(outgoing: &Outgoing, uri: &Uri) -> Result<Request<Full<Bytes>>, String> {
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let query = outgoing.query();
    let joint = match (query.is_empty(), path.contains('?')) {
        (true, _) => "",
        (false, true) => "&",
        (false, false) => "?",
    };
    let host = uri.authority().map_or("", |authority| authority.as_str());
    let host = host.rsplit('@').next().unwrap_or_default();
    Request::post(format!("{path}{joint}{query}"))
        .header(header::HOST, host)
        .header(header::USER_AGENT, "Bitrix24 Webhook Engine")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::CONNECTION, "close")
        .body(Full::new(outgoing.body().into()))
        .map_err(|error| format!("not an address: {error}"))
}

/// The beginning of a body.
async fn read<B: Body<Data = Bytes> + Unpin>(mut body: B) -> String {
    let mut read = Vec::new();
    while let Some(Ok(frame)) = body.frame().await {
        if let Some(data) = frame.data_ref() {
            read.extend_from_slice(&data[..data.len().min(MAX_RESPONSE - read.len())]);
        }
        if read.len() >= MAX_RESPONSE {
            break;
        }
    }
    String::from_utf8_lossy(&read).into_owned()
}
