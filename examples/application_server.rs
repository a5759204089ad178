//! I want an application that is installed on portals, marks each deal that is added, and has a tab in each deal.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "an example shows what it does")]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::extract::{FromRef, State};
use axum::http::StatusCode;
use axum::response::Html;
use axum::routing::post;
use bitrix24::crm::item::{self, Deal, Kind};
use bitrix24::events::{Event, RawEvent, basic, crm};
use bitrix24::oauth::{EventRequest, Tokens};
use bitrix24::placements::{NoOptions, crm::DealDetailTab};
use bitrix24::{
    AnyError, App, Client, Error, ErrorKind, FileStore, MemoryStore, PlacementBinding, Portals, Required,
    Subscriptions, json, user,
};
use bitrix24_handler::{
    Candidate, FileInstallations, Handed, Inbox, Incoming, Install, Page, Receiver, StoreError, Worker,
};

#[derive(Clone)]
pub(crate) struct Application {
    app: App,
    portals: Arc<Portals>,
    /// Where portals reach this program: `https://app.example`.
    address: Arc<str>,
    inbox: Inbox,
}

impl FromRef<Application> for Inbox {
    fn from_ref(application: &Application) -> Self {
        application.inbox.clone()
    }
}

impl FromRef<Application> for Receiver {
    fn from_ref(application: &Application) -> Self {
        application.inbox.receiver().clone()
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let app = App::new(std::env::var("CLIENT_ID")?, std::env::var("CLIENT_SECRET")?);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await?;
    std::fs::create_dir_all("portals")?;
    let (application, worker) = application(app, Path::new("portals"), &std::env::var("ADDRESS")?);
    let shutdown = async { tokio::signal::ctrl_c().await.unwrap_or_default() };
    serve(listener, application, worker, shutdown).await?;
    Ok(())
}

/// The application, with the tokens of its portals in a folder.
pub(crate) fn application(app: App, folder: &Path, address: &str) -> (Application, Worker) {
    let tokens: PathBuf = folder.to_owned();
    let stores = move |member_id: &str| FileStore::new(tokens.join(format!("tokens-{member_id}.json")));
    let portals = Arc::new(Portals::builder(app.clone(), stores).build());
    let (of_app, of_portals) = (app.clone(), Arc::clone(&portals));
    let receiver = Receiver::builder(FileInstallations::new(folder))
        .confirm(move |candidate| confirm(of_app.clone(), Arc::clone(&of_portals), candidate))
        .build();
    let (inbox, worker) = receiver.inbox(1000);
    (Application { app, portals, address: address.into(), inbox }, worker)
}

/// Serves until `shutdown`, then handles what has arrived.
pub(crate) async fn serve(
    listener: tokio::net::TcpListener,
    application: Application,
    worker: Worker,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let handled = tokio::spawn(worker.run(4, {
        let application = application.clone();
        move |incoming| handle(application.clone(), incoming)
    }));
    let inbox = application.inbox.clone();
    let portals = Arc::clone(&application.portals);
    let routes = axum::Router::new()
        // The portal gets its response at once.
        .route("/events", post(async |_: Handed| ()))
        .route("/tab", post(tab))
        .with_state(application);
    axum::serve(listener, routes).with_graceful_shutdown(shutdown).await?;
    inbox.close();
    handled.await?;
    portals.shutdown().await
}

/// Whether an installation is genuine: its tokens are of this application and of this portal, and their user is an administrator.
async fn confirm(app: App, portals: Arc<Portals>, candidate: Candidate) -> Result<bool, StoreError> {
    let Some(tokens) = confirmed(&app, candidate.tokens()).await? else { return Ok(false) };
    if tokens.member_id() != Some(candidate.member_id()) {
        return Ok(false);
    }
    let user = Client::application(app, MemoryStore::new(tokens.clone()));
    if !user.call(user::admin()).await?.result {
        return Ok(false);
    }
    portals.install(&tokens).await?;
    Ok(true)
}

/// The pair that replaces the tokens of a request; `None` if they are not genuine.
async fn confirmed(app: &App, claimed: Option<&Tokens>) -> Result<Option<Tokens>, Error> {
    let Some(token) = claimed.and_then(Tokens::refresh_token) else { return Ok(None) };
    match app.confirm(token).await {
        Ok(tokens) => Ok(Some(tokens)),
        Err(error) if error.kind() == ErrorKind::Authorization => Ok(None),
        Err(error) => Err(error),
    }
}

async fn handle(application: Application, incoming: Incoming) {
    let result = match incoming {
        Incoming::Install(install) => on_install(&application, &install).await,
        Incoming::Event(request) => on_event(&application, &request).await.map_err(StoreError::from),
        Incoming::Uninstall(removed) => {
            println!("{} has removed the application", removed.member_id());
            Ok(())
        }
        _ => Ok(()),
    };
    if let Err(error) = result {
        eprintln!("A request could not be handled: {error}");
    }
}

/// Keeps the tokens that `confirm` has not seen, since the portal was known, and binds.
async fn on_install(application: &Application, install: &Install) -> Result<(), StoreError> {
    if let Some(tokens) = install.tokens().filter(|_| !install.is_confirmed()) {
        application.portals.install(tokens).await?;
    }
    Ok(bind(application, install.member_id()).await?)
}

/// Subscribes to events of a portal, and adds the tab. What an earlier version has bound, and is no longer wanted, is removed.
async fn bind(application: &Application, member_id: &str) -> Result<(), AnyError> {
    let address = &application.address;
    let events = format!("{address}/events");
    let bindings = Subscriptions::new()
        .on::<crm::DealAdd>(&*events)
        .on::<basic::AppUninstall>(events)
        .placement(
            PlacementBinding::at(&DealDetailTab, format!("{address}/tab"), &NoOptions).title("Delivery"),
        )
        .owns(&**address);
    bindings.apply(&application.portals.portal(member_id)?).await?.into_result()
}

/// Marks a new deal.
async fn on_event(application: &Application, request: &EventRequest) -> Result<(), AnyError> {
    let Event::CrmDealAdd(event) = Event::from(RawEvent::from(request)) else { return Ok(()) };
    let id = event.id().required("ID")?;
    let portal = application.portals.portal(event.member_id().unwrap_or_default())?;
    let _ = portal.call(item::update(2, id, json!({"comments": "Seen by the application"}))).await?;
    Ok(())
}

/// The tab in a deal. A browser has sent the request, so its tokens are confirmed before anything is shown.
async fn tab(State(application): State<Application>, Page(page): Page) -> Result<Html<String>, StatusCode> {
    let tokens =
        confirmed(&application.app, Some(page.tokens())).await.map_err(|_| StatusCode::BAD_GATEWAY)?;
    let tokens = tokens.ok_or(StatusCode::FORBIDDEN)?;
    let id = page.placement().id().and_then(|id| i64::try_from(id).ok()).ok_or(StatusCode::BAD_REQUEST)?;
    // With the tokens of the user, who sees no deal that the portal does not show.
    let portal = Client::application(application.app, MemoryStore::new(tokens));
    let deal = portal.call(Deal::get(id)).await.map_err(|_| StatusCode::BAD_GATEWAY)?.result.item;
    let title = deal.and_then(|deal| deal.title).unwrap_or_default();
    Ok(Html(format!("<!doctype html><title>Delivery</title><h1>Delivery of {}</h1>", escape(&title))))
}

/// A text in HTML.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
