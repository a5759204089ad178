//! An application registered at the authorization server.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bitrix24_core::oauth::{AUTHORIZATION_SERVER, authorization_query};
use reqwest::Url;

use crate::http::{HttpClients, Place, Settings};
use crate::http_client::HttpClient;
use crate::origin::is_loopback;
use crate::secret::{MASK, Secret};
use crate::webhook_url::UrlProblem;

/// An application: its id and secret, and its authorization server.
///
/// The secret is sent only to the authorization server, never to a portal. `Debug` does not show it.
///
/// How to get the first tokens without an installation:
///
/// ```no_run
/// use bitrix24_client::App;
/// use bitrix24_core::oauth::{AuthorizationCallback, IncomingRequest};
///
/// # async fn example(query: &str) -> Result<(), Box<dyn std::error::Error>> {
/// let app = App::new("local.5c8bb1b0891cf2.87252039", "secret of the application");
/// // Where the user is sent to …
/// let page = app.authorization_url("shop.bitrix24.com", "a random text, kept with the user's session")?;
/// // … and what the user comes back with, within 30 seconds.
/// let request = AuthorizationCallback::parse(&IncomingRequest::default().with_query(query))?;
/// assert!(request.verify_state("a random text, kept with the user's session"));
/// let tokens = app.exchange_code(request.code()).await?;
/// # let _ = (page, tokens);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct App {
    client_id: Box<str>,
    client_secret: Secret,
    server: Url,
    timeout: Duration,
    settings: Settings,
    http: Option<reqwest::Client>,
    /// The HTTP clients that it shares with clients of portals.
    shared_http: Option<Arc<HttpClients>>,
}

impl App {
    /// Creates an application with this id and secret, at the authorization server of all portals.
    pub fn new(client_id: impl Into<String>, client_secret: impl Into<String>) -> Self {
        Self {
            client_id: client_id.into().into(),
            client_secret: Secret::token(client_secret.into()),
            server: Url::parse(AUTHORIZATION_SERVER).expect("a constant that is a URL"),
            timeout: Duration::from_secs(30),
            settings: Settings::default(),
            http: None,
            shared_http: None,
        }
    }

    /// Sets another authorization server: `https://oauth.bitrix24.tech`, or that of a self-hosted portal.
    ///
    /// # Errors
    /// An [`OriginError`] if the text is not the `https` address of a server; plain `http` is accepted only for this machine.
    pub fn with_server(mut self, server: &str) -> Result<Self, OriginError> {
        self.server = parse_origin(server)?;
        Ok(self)
    }

    /// Sets the timeout of a request to the authorization server. Default: 30 s.
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sets the HTTP client for requests to the authorization server: for a proxy, or own certificates. Its redirect policy
    /// must be `reqwest::redirect::Policy::none()`: a client that follows redirects sends the secret along.
    pub fn with_http_client(mut self, client: HttpClient) -> Self {
        self.http = Some(client.into_reqwest());
        self
    }

    /// Applies the settings of a client, unless the application has its own.
    pub(crate) fn with_defaults(
        mut self,
        settings: &Settings,
        http: Option<&reqwest::Client>,
        shared_http: Option<&Arc<HttpClients>>,
    ) -> Self {
        self.settings = settings.clone();
        self.http = self.http.or_else(|| http.cloned());
        self.shared_http = shared_http.cloned();
        self
    }

    /// The id of the application, as shown by the portal or the partner account.
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// The page of a portal on which a user authorizes the application. The portal then redirects the user's browser to the
    /// application's address, with a code and the same `state`: an unguessable text, stored with the user's session
    /// and compared in the callback, so that no other code can be passed to the user.
    ///
    /// `portal` is what a user types: `shop.bitrix24.com`, or any address there.
    ///
    /// ```
    /// use bitrix24_client::App;
    /// let page = App::new("app.1", "secret").authorization_url("shop.example/crm/", "x y")?;
    /// assert_eq!(page, "https://shop.example/oauth/authorize/?client_id=app.1&state=x+y");
    /// # Ok::<(), bitrix24_client::OriginError>(())
    /// ```
    ///
    /// # Errors
    /// An [`OriginError`] if the text is not the address of a portal.
    pub fn authorization_url(&self, portal: &str, state: &str) -> Result<String, OriginError> {
        let mut page = parse_origin(portal)?;
        page.set_path("/oauth/authorize/");
        page.set_query(Some(&authorization_query(&self.client_id, state)));
        Ok(page.into())
    }

    pub(super) fn client_secret(&self) -> &Secret {
        &self.client_secret
    }

    pub(super) fn timeout(&self) -> Duration {
        self.timeout
    }

    /// The URL of token requests.
    pub(super) fn token_url(&self) -> Url {
        let mut url = self.server.clone();
        url.set_path("/oauth/token/");
        url
    }

    /// The HTTP clients for requests to the authorization server.
    pub(super) fn http(&self) -> Arc<HttpClients> {
        match (&self.http, &self.shared_http) {
            (Some(http), _) => Arc::new(HttpClients::given(http.clone())),
            (None, Some(shared)) => Arc::clone(shared),
            (None, None) => Arc::new(HttpClients::new(self.settings.clone(), Some(self.server.clone()))),
        }
    }

    /// Waits until another refresh may start, if their number is limited.
    pub(super) async fn refresh_place(&self) -> Place {
        self.shared_http.as_ref()?.refresh().await
    }
}

/// Shows the application and its server.
impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App")
            .field("client_id", &self.client_id)
            .field("client_secret", &MASK)
            .field("server", &self.server.as_str())
            .finish_non_exhaustive()
    }
}

/// Parses scheme, host and port of an address that a user typed; `https` if there is no scheme. The rest of the address is
/// dropped.
fn parse_origin(text: &str) -> Result<Url, OriginError> {
    let text = text.trim();
    let whole = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
    let refuse = |problem| Err(OriginError { problem });
    let Ok(mut url) = Url::parse(&whole) else { return refuse(UrlProblem::NotAUrl) };
    match url.scheme() {
        "https" | "http" if url.host_str().is_none_or(str::is_empty) => return refuse(UrlProblem::Host),
        "https" => {}
        "http" if is_loopback(&url) => {}
        "http" => return refuse(UrlProblem::NotHttps),
        _ => return refuse(UrlProblem::Scheme),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return refuse(UrlProblem::UserInfo);
    }
    url.set_path("/");
    url.set_query(None);
    url.set_fragment(None);
    Ok(url)
}

/// Why a text is not the address of a portal or a server. It contains nothing of the text, which may be a pasted secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OriginError {
    problem: UrlProblem,
}

impl OriginError {
    /// The defect.
    pub fn problem(&self) -> UrlProblem {
        self.problem
    }
}

impl fmt::Display for OriginError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not the address of a portal or server: {}; expected https://HOST", self.problem)
    }
}

impl std::error::Error for OriginError {}
