//! I want to create a task with a checklist and a file from the drive.

use bitrix24::disk::storage;
use bitrix24::task::check_list_item;
use bitrix24::tasks::task::{self, files};
use bitrix24::{AnyError, Client, File, Required};

const COMPANY_DRIVE: i64 = 1;
const RESPONSIBLE: i64 = 7;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    run(&Client::webhook(&std::env::var("BITRIX24_WEBHOOK")?)?).await?;
    Ok(())
}

pub(crate) async fn run(portal: &Client) -> Result<(), AnyError> {
    let fields =
        task::AddFields::new("Furnish the office", RESPONSIBLE).deadline("2026-12-01T18:00:00+01:00");
    let task = portal.call(task::add(fields)).await?.result.task.and_then(|task| task.id).required("id")?;
    for item in ["Measure the rooms", "Order chairs"] {
        portal.call(check_list_item::add(task, check_list_item::AddFields::new(item))).await?;
    }
    let plan = File::new("plan.txt", "Two rooms, forty chairs");
    let saved = portal.call(storage::upload_file(COMPANY_DRIVE, [("NAME", "plan.txt")], plan)).await?.result;
    portal.call(files::attach(task, saved.id.required("ID")?)).await?;
    Ok(())
}
