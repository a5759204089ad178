//! A session over real sockets: one refresh for concurrent calls, no lost tokens, no secret in any text.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

use bitrix24_core::json;
use bitrix24_core::oauth::Tokens;

use super::*;
use crate::oauth::store::{MemoryStore, StoreFuture, StoreLock};
use bitrix24_testing::{Fault, MockResponse, MockServer};

mod refreshing;
mod saving;

const APP_SECRET: &str = "app-s3cret.of/mine==";
const START: u64 = 1_800_000_000;

thread_local! {
    /// The clock of the test. Refreshes read it on their own thread.
    static NOW: Arc<AtomicU64> = Arc::new(AtomicU64::new(START));
}

fn now() -> u64 {
    NOW.with(|now| now.load(Ordering::SeqCst))
}

fn set_clock(time: u64) {
    NOW.with(|now| now.store(time, Ordering::SeqCst));
}

fn advance_clock(seconds: u64) {
    set_clock(now() + seconds);
}

fn clock() -> Clock {
    let now = NOW.with(Arc::clone);
    Arc::new(move || now.load(Ordering::SeqCst))
}

/// Pair number `number` of the authorization server of these tests.
fn pair(number: usize) -> Tokens {
    Tokens::new(format!("acc3ss|{number}."), "https://shop.example/rest/")
        .with_refresh_token(format!("r3fresh|{number}."))
        .with_expires_at(START + 3600)
}

/// A store that counts its calls and can fail.
#[derive(Default)]
struct TestStore {
    memory: MemoryStore,
    broken: AtomicBool,
    cannot_save: AtomicBool,
    has_no_lock: bool,
    /// As if a process had been killed in a refresh; known until it is read.
    interrupted: AtomicBool,
    loads: AtomicUsize,
    saves: AtomicUsize,
}

impl TestStore {
    fn set_broken(&self, broken: bool) {
        self.broken.store(broken, Ordering::SeqCst);
    }

    fn fail_saves(&self, fail: bool) {
        self.cannot_save.store(fail, Ordering::SeqCst);
    }

    fn counts(&self) -> (usize, usize) {
        (self.loads.load(Ordering::SeqCst), self.saves.load(Ordering::SeqCst))
    }

    fn tokens(&self) -> Option<Tokens> {
        self.memory.tokens()
    }

    /// Saves tokens as another process or a new installation does.
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
        if self.broken.load(Ordering::SeqCst) || self.cannot_save.load(Ordering::SeqCst) {
            let text = format!("no room for {} and {:?}", tokens.access_token(), tokens.refresh_token());
            return Box::pin(async { Err(text.into()) });
        }
        self.memory.save(tokens)
    }

    fn lock(&self) -> StoreFuture<'_, Option<StoreLock>> {
        if self.has_no_lock { Box::pin(async { Ok(None) }) } else { self.memory.lock() }
    }

    fn was_interrupted(&self) -> StoreFuture<'_, bool> {
        let interrupted = self.interrupted.swap(false, Ordering::SeqCst);
        Box::pin(async move { Ok(interrupted) })
    }
}

/// A session with the tokens of a store, and its authorization server.
struct Fixture {
    server: MockServer,
    store: Arc<TestStore>,
    session: Session,
}

impl Fixture {
    /// With an authorization server that exchanges pair 1 for pair 2, pair 2 for pair 3, and so on.
    async fn new(tokens: Option<Tokens>) -> Self {
        Self::with_server(tokens, |call| {
            let refresh_token = call.field("refresh_token").unwrap_or_default();
            let number: usize = refresh_token
                .trim_matches(|c: char| !c.is_ascii_digit())
                .replace("3fresh|", "")
                .parse()
                .unwrap();
            token_response(number + 1)
        })
        .await
    }

    async fn with_server(
        tokens: Option<Tokens>,
        script: impl Fn(&bitrix24_testing::Call) -> MockResponse + Send + Sync + 'static,
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
        Session::with_clock(app, Arc::clone(store) as Arc<dyn TokenStore>, clock())
    }

    fn refreshes(&self) -> usize {
        self.server.runs("token")
    }

    async fn token(&self) -> String {
        self.session.access().await.unwrap().token().expose().to_owned()
    }

    /// The results of a hundred concurrent callers.
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

/// The response of the authorization server with this pair.
fn token_response(number: usize) -> MockResponse {
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

/// Every text of a failure and its causes.
fn all_texts(failure: &Failure) -> String {
    let error: bitrix24_core::Error = bitrix24_core::Error::new("profile", failure.clone());
    let mut all_texts = format!("{failure} {failure:?} {error} {error:?} {error:#?}");
    let mut cause = std::error::Error::source(&error);
    while let Some(error) = cause {
        all_texts.push_str(&format!(" {error} {error:?}"));
        cause = error.source();
    }
    all_texts
}

fn check_no_secret(text: &str) {
    for secret in ["acc3ss", "r3fresh", "s3cret"] {
        assert!(!text.to_ascii_lowercase().contains(secret), "{text}");
    }
}
