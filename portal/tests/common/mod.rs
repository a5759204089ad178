//! What tests of the portal have in common.
#![allow(dead_code, unreachable_pub, reason = "each test uses a part of it")]

use std::sync::{Arc, Mutex};
use std::time::{SystemTime, UNIX_EPOCH};

use bitrix24_client::{App, Client, MemoryStore, NoLimit};
use bitrix24_core::oauth::{IncomingRequest, Tokens};
use bitrix24_core::{Value, raw};
use bitrix24_handler::{Incoming, MemoryInstallations, Receiver};
use bitrix24_portal::Portal;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// A client with the tokens of the portal's application.
pub fn application(portal: &Portal) -> Client {
    let pair = portal.issue_tokens();
    let tokens = Tokens::new(pair.access_token.as_str(), portal.client_endpoint());
    client_with(portal, tokens.with_refresh_token(pair.refresh_token.as_str()))
}

/// A client of the portal's application with these tokens.
pub fn client_with(portal: &Portal, tokens: Tokens) -> Client {
    let (id, secret) = portal.client_credentials();
    let app = App::new(id, secret).with_server(&portal.origin()).expect("a server");
    Client::builder().limiter(NoLimit).application(app, MemoryStore::new(tokens))
}

pub async fn call(client: &Client, method: &str, params: Value) -> Value {
    client.call(raw(method, params)).await.unwrap_or_else(|error| panic!("{method}: {error}")).result
}

/// A server of an application, which gives each request to a receiver.
pub struct Server {
    pub url: String,
    received: Arc<Mutex<Vec<Result<Incoming, String>>>>,
    raw: Arc<Mutex<Vec<String>>>,
    task: JoinHandle<()>,
}

impl Server {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}/hook?from=b24", listener.local_addr().expect("an address"));
        let (received, raw) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(Vec::new())));
        let (all, all_raw) = (Arc::clone(&received), Arc::clone(&raw));
        let receiver = Receiver::builder(MemoryInstallations::from_iter([]))
            .confirm(|candidate| async move { Ok(candidate.tokens().is_some()) })
            .build();
        let task = tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let request = read(&mut stream).await;
                let (head, body) = request.split_once("\r\n\r\n").unwrap_or((&request, ""));
                let target = head.split(' ').nth(1).unwrap_or_default();
                let query = target.split_once('?').map_or("", |(_, query)| query);
                let incoming = IncomingRequest::new(body.as_bytes()).with_query(query);
                let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("a time").as_secs();
                let outcome = receiver.receive(incoming, now).await.map_err(|refusal| refusal.to_string());
                let status = if outcome.is_ok() { "200 OK" } else { "403 Forbidden" };
                all_raw.lock().expect("a lock").push(request.clone());
                all.lock().expect("a lock").push(outcome);
                let response =
                    format!("HTTP/1.1 {status}\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
                let _ = stream.write_all(response.as_bytes()).await;
            }
        });
        Self { url, received, raw, task }
    }

    /// What was received since the last time.
    pub fn take(&self) -> Vec<Incoming> {
        let taken = std::mem::take(&mut *self.received.lock().expect("a lock"));
        taken.into_iter().map(|incoming| incoming.expect("an accepted request")).collect()
    }

    /// The requests as they were sent.
    pub fn raw(&self) -> Vec<String> {
        self.raw.lock().expect("a lock").clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn read(stream: &mut tokio::net::TcpStream) -> String {
    let mut read = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&read);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
            if body.len() >= length.unwrap_or(0) {
                return text.into_owned();
            }
        }
        match stream.read(&mut buffer).await {
            Ok(0) | Err(_) => return String::from_utf8_lossy(&read).into_owned(),
            Ok(length) => read.extend_from_slice(&buffer[..length]),
        }
    }
}
