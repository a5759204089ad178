//! I want to create a department and print the structure of the company.

use bitrix24::{AnyError, Client, department};

const COMPANY: i64 = 1;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    run(&Client::webhook(&std::env::var("BITRIX24_WEBHOOK")?)?).await?;
    Ok(())
}

pub(crate) async fn run(portal: &Client) -> Result<Vec<String>, AnyError> {
    portal.call(department::add("Workshop", COMPANY).sort(200)).await?;
    let all = portal.rows(department::get()).collect_all().await?;
    Ok(all.into_iter().filter_map(|department| department.name).collect())
}
