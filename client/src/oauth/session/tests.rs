//! What a session promises, over real sockets: one renewal for all, nothing lost, nothing shown.

use std::cell::Cell;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use bitrix24_core::json;
use bitrix24_core::oauth::Tokens;

use super::*;
use crate::oauth::store::{MemoryStore, StoreFuture};
use mock_server::{Fault, MockResponse, MockServer};

#[path = "../../../../tests/support/mock_server.rs"]
mod mock_server;

mod refreshing;
mod saving;

const APP_SECRET: &str = "app-s3cret.of/mine==";
const START: u64 = 1_800_000_000;

thread_local! {
    /// The time of the test; its tasks run on its thread.
    static NOW: Cell<u64> = const { Cell::new(START) };
}

fn advance_clock(seconds: u64) {
    NOW.set(NOW.get() + seconds);
}

/// The pair with this number, as the authorization server of these tests gives it.
fn pair(number: usize) -> Tokens {
    Tokens::new(format!("acc3ss|{number}."), "https://shop.example/rest/")
        .with_refresh_token(format!("r3fresh|{number}."))
        .with_expires_at(START + 3600)
}

/// A store whose doings are seen, and which can be out of order.
#[derive(Default)]
struct TestStore {
    memory: MemoryStore,
    broken: AtomicBool,
    loads: AtomicUsize,
    saves: AtomicUsize,
}

impl TestStore {
    fn set_broken(&self, broken: bool) {
        self.broken.store(broken, Ordering::SeqCst);
    }

    fn counts(&self) -> (usize, usize) {
        (self.loads.load(Ordering::SeqCst), self.saves.load(Ordering::SeqCst))
    }

    fn tokens(&self) -> Option<Tokens> {
        self.memory.tokens()
    }

    /// What another process, or a new installation, does.
    async fn put(&self, tokens: &Tokens) {
        self.memory.save(tokens).await.unwrap();
    }
}

impl TokenStore for TestStore {
    fn load(&self) -> StoreFuture<'_, Option<Tokens>> {
        self.loads.fetch_add(1, Ordering::SeqCst);
        if self.broken.load(Ordering::SeqCst) {
            return Box::pin(async { Err("the store is locked".into()) });
        }
        self.memory.load()
    }

    fn save<'a>(&'a self, tokens: &'a Tokens) -> StoreFuture<'a, ()> {
        self.saves.fetch_add(1, Ordering::SeqCst);
        if self.broken.load(Ordering::SeqCst) {
            let text = format!("no room for {} and {:?}", tokens.access_token(), tokens.refresh_token());
            return Box::pin(async { Err(text.into()) });
        }
        self.memory.save(tokens)
    }
}

/// A session with the tokens of a store, and the authorization server that it asks.
struct Fixture {
    server: MockServer,
    store: Arc<TestStore>,
    session: Session,
}

impl Fixture {
    /// With an authorization server that gives pair 2 for pair 1, pair 3 for pair 2, and so on.
    async fn new(tokens: Option<Tokens>) -> Self {
        Self::with_server(tokens, |call| {
            let spent = call.field("refresh_token").unwrap_or_default();
            let number: usize =
                spent.trim_matches(|c: char| !c.is_ascii_digit()).replace("3fresh|", "").parse().unwrap();
            issued(number + 1)
        })
        .await
    }

    async fn with_server(
        tokens: Option<Tokens>,
        script: impl Fn(&mock_server::Call) -> MockResponse + Send + Sync + 'static,
    ) -> Self {
        let server = MockServer::start(script).await;
        let store = Arc::new(TestStore::default());
        if let Some(tokens) = tokens {
            store.put(&tokens).await;
        }
        let session = Self::session(&server.origin(), &store);
        Self { server, store, session }
    }

    fn session(server: &str, store: &Arc<TestStore>) -> Session {
        let app =
            App::new("app.1", APP_SECRET).with_server(server).unwrap().with_timeout(Duration::from_secs(5));
        Session::with_clock(app, Arc::clone(store) as Arc<dyn TokenStore>, || NOW.get())
    }

    fn refreshes(&self) -> usize {
        self.server.runs("token")
    }

    async fn token(&self) -> String {
        self.session.access().await.unwrap().token().expose().to_owned()
    }

    /// Many callers at once.
    async fn access_concurrently(&self, refused: Option<&Access>) -> Vec<Result<Access, Failure>> {
        let callers: Vec<_> = (0..100)
            .map(|_| {
                let (session, refused) = (self.session.clone(), refused.cloned());
                tokio::spawn(async move {
                    match refused {
                        Some(refused) => session.refresh(&refused).await,
                        None => session.access().await,
                    }
                })
            })
            .collect();
        let mut outcomes = Vec::new();
        for caller in callers {
            outcomes.push(caller.await.unwrap());
        }
        outcomes
    }
}

/// What the authorization server answers with this pair.
fn issued(number: usize) -> MockResponse {
    let tokens = pair(number);
    MockResponse::json(
        200,
        &json!({
            "access_token": tokens.access_token(),
            "refresh_token": tokens.refresh_token(),
            "expires_in": 3600,
            "client_endpoint": tokens.client_endpoint(),
            "domain": "oauth.example",
        }),
    )
}

/// Every text that can be seen of a failure.
fn texts(failure: &Failure) -> String {
    let error: bitrix24_core::Error = bitrix24_core::Error::new("profile", failure.clone());
    let mut texts = format!("{failure} {failure:?} {error} {error:?} {error:#?}");
    let mut cause = std::error::Error::source(&error);
    while let Some(error) = cause {
        texts.push_str(&format!(" {error} {error:?}"));
        cause = error.source();
    }
    texts
}

fn check_no_secret(text: &str) {
    for secret in ["acc3ss", "r3fresh", "s3cret"] {
        assert!(!text.to_ascii_lowercase().contains(secret), "{text}");
    }
}
