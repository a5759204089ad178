//! I want to add a lead with two phones and an address of e-mail.

use bitrix24::crm::item::{Kind, Lead, LeadFields, LeadFieldsFm, LeadFieldsFmTypeId};
use bitrix24::{AnyError, Client};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    run(&Client::webhook(&std::env::var("BITRIX24_WEBHOOK")?)?).await?;
    Ok(())
}

pub(crate) async fn run(portal: &Client) -> Result<Option<i64>, AnyError> {
    let phone = LeadFieldsFm::new().type_id(LeadFieldsFmTypeId::Phone);
    let email = LeadFieldsFm::new().type_id(LeadFieldsFmTypeId::Email);
    let lead = LeadFields::new().title("Forty chairs").name("Ann").fm([
        phone.clone().value_type("WORK").value("+44 20 7946 0018"),
        phone.value_type("MOBILE").value("+44 7700 900123"),
        email.value_type("WORK").value("ann@example.com"),
    ]);
    let added = portal.call(Lead::add(&lead)).await?.result;
    Ok(added.item.and_then(|lead| lead.id))
}
