//! I want to invite two users to a meeting, with a reminder.

use bitrix24::calendar::event::{self, EventRemindFields, EventRemindType, EventType};
use bitrix24::{AnyError, Client};

const HOST: i64 = 7;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    run(&Client::webhook(&std::env::var("BITRIX24_WEBHOOK")?)?).await?;
    Ok(())
}

pub(crate) async fn run(portal: &Client) -> Result<i64, AnyError> {
    let meeting = event::add(EventType::User, HOST, "2026-12-01 10:00", "2026-12-01 11:00", "Choose chairs")
        .time_zone_from("Europe/Berlin")
        .time_zone_to("Europe/Berlin")
        .is_meeting(true)
        .host(HOST)
        .attendees([HOST, 9, 12])
        .remind([EventRemindFields::new().r#type(EventRemindType::Min).count(15)]);
    Ok(portal.call(meeting).await?.result)
}
