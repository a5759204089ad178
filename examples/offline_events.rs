//! I want to read changed deals from the queue of the portal, and lose none, although my program has no address in the internet.

use bitrix24::crm::item::{Deal, Kind};
use bitrix24::events::crm;
use bitrix24::{
    AnyError, App, Client, EventBinding, FileStore, OfflineEvent, OfflineHandle, Required, Subscriptions,
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let app = App::new(std::env::var("CLIENT_ID")?, std::env::var("CLIENT_SECRET")?);
    let portal = Client::application(app, FileStore::new("tokens.json"));
    run(&portal, &mut Vec::new(), |titles| titles.len() == 1000).await?;
    Ok(())
}

pub(crate) async fn run(
    portal: &Client,
    titles: &mut Vec<String>,
    is_enough: impl Fn(&[String]) -> bool,
) -> Result<(), AnyError> {
    let wanted = Subscriptions::new().event(EventBinding::offline_of::<crm::DealUpdate>().connector("stock"));
    wanted.apply(portal).await?.into_result()?;

    let mut events = portal.offline_events().connector("stock");
    // Ctrl+C can call it too.
    let handle: OfflineHandle = events.handle();
    while let Some(event) = events.next().await {
        let event = event?;
        match title(portal, &event).await {
            Ok(title) => {
                titles.push(title);
                // Only now may the portal forget the event.
                event.done().await;
            }
            Err(error) => event.failed(error).await,
        }
        if is_enough(titles) {
            handle.stop();
        }
    }
    events.drain().await?;
    Ok(())
}

async fn title(portal: &Client, event: &OfflineEvent) -> Result<String, AnyError> {
    let updated = event.read::<crm::DealUpdate>().and_then(|event| event.id());
    let id = updated.required("ID")?;
    let deal = portal.call(Deal::get(id)).await?.result.item;
    Ok(deal.and_then(|deal| deal.title).unwrap_or_default())
}
