//! An application, as the authorization server knows it.

use std::fmt;
use std::time::Duration;

use bitrix24_core::oauth::{AUTHORIZATION_SERVER, authorization_query};
use reqwest::Url;

use crate::http::{self, Settings};
use crate::origin::is_loopback;
use crate::secret::{MASK, Secret};
use crate::webhook_url::UrlProblem;

/// An application: its id and secret, and the authorization server that knows them.
///
/// The secret goes to the authorization server alone, never to a portal. `Debug` does not show it.
///
/// The way to the first tokens, where no installation has brought them:
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
}

impl App {
    /// The application with this id and secret, known to the authorization server of all portals.
    pub fn new(client_id: impl Into<String>, client_secret: impl Into<String>) -> Self {
        Self {
            client_id: client_id.into().into(),
            client_secret: Secret::token(client_secret.into()),
            server: Url::parse(AUTHORIZATION_SERVER).expect("a constant that is a URL"),
            timeout: Duration::from_secs(30),
            settings: Settings::default(),
            http: None,
        }
    }

    /// The same application at another authorization server: `https://oauth.bitrix24.tech`, or one that a self-hosted portal
    /// has of its own.
    ///
    /// # Errors
    /// An [`OriginError`] where the text names no server, or not by `https`; plain `http` is for this machine only.
    pub fn with_server(mut self, server: &str) -> Result<Self, OriginError> {
        self.server = parse_origin(server)?;
        Ok(self)
    }

    /// How long a request to the authorization server may take: 30 s unless set.
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Asks the authorization server with this HTTP client: for a proxy, or certificates of your own. Its redirect policy must
    /// be `reqwest::redirect::Policy::none()`: whoever follows takes the secret along.
    pub fn with_http_client(mut self, client: reqwest::Client) -> Self {
        self.http = Some(client);
        self
    }

    /// What a client asks with that has settings of its own, unless the application has.
    pub(crate) fn with_defaults(mut self, settings: &Settings, http: Option<&reqwest::Client>) -> Self {
        self.settings = settings.clone();
        self.http = self.http.or_else(|| http.cloned());
        self
    }

    /// The id of the application, as the portal or the partner's account shows it.
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// The page of a portal on which a user lets the application in. The portal then sends the user's browser back to the
    /// application's address, with a code and the same `state`: a text that nobody can guess, kept with the user's session and
    /// compared on return, so that nobody else's code can be slipped to the user.
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
    /// An [`OriginError`] where the text names no portal.
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

    /// Where tokens are asked for.
    pub(super) fn token_url(&self) -> Url {
        let mut url = self.server.clone();
        url.set_path("/oauth/token/");
        url
    }

    /// What to ask with, or why there is nothing.
    pub(super) fn http(&self) -> Result<reqwest::Client, Box<str>> {
        self.http.clone().map_or_else(|| http::client(&self.settings, Some(&self.server)), Ok)
    }
}

/// Shows which application it is, and where it is known.
impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App")
            .field("client_id", &self.client_id)
            .field("client_secret", &MASK)
            .field("server", &self.server.as_str())
            .finish_non_exhaustive()
    }
}

/// Scheme, host and port of what someone typed; `https` where there is no scheme. The rest of an address is dropped.
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

/// Why a text names no portal and no server. It shows nothing of the text, which may be a pasted secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OriginError {
    problem: UrlProblem,
}

impl OriginError {
    /// What is wrong with it.
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
