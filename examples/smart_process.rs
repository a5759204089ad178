//! I want a smart process of my own, with items as a struct of my program.

use bitrix24::crm::{item, r#type};
use bitrix24::{AnyError, Client, Method, Required, json};

#[derive(serde::Deserialize, Debug, PartialEq)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Contract {
    pub(crate) id: u32,
    pub(crate) title: String,
    pub(crate) uf_crm_signed: bool,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    run(&Client::webhook(&std::env::var("BITRIX24_WEBHOOK")?)?).await?;
    Ok(())
}

pub(crate) async fn run(portal: &Client) -> Result<Vec<Contract>, AnyError> {
    let created = portal.call(r#type::add(r#type::AddFields::new("Contracts"))).await?.result;
    let contracts = created.r#type.and_then(|created| created.entity_type_id).required("entityTypeId")?;

    portal.call(item::add(contracts, json!({"title": "Chairs 2026", "ufCrmSigned": "Y"}))).await?;
    Ok(portal.rows(item::list(contracts).of::<Contract>()).collect_all().await?)
}
