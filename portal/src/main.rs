//! `bitrix24-portal`: a portal on your own machine.

use std::io::Write;
use std::net::SocketAddr;
use std::process::ExitCode;

use bitrix24_portal::{Plan, Portal};
use clap::Parser;

/// A Bitrix24 portal on your own machine: every documented method answers, and rows that are added can be read back.
#[derive(Parser)]
#[command(name = "bitrix24-portal", version)]
struct Arguments {
    /// The address to listen on. Everyone who reaches it can do everything.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8024")]
    listen: SocketAddr,
    /// Plausible rows that a table has at the beginning: `crm.deal=10000`. May be given several times.
    #[arg(long, value_name = "TABLE=NUMBER", value_parser = parse_rows)]
    rows: Vec<(String, usize)>,
    /// Plausible rows that each other table has at the beginning.
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    sample_rows: usize,
    /// A row that is got, changed or deleted by its identifier exists, unless it was deleted before.
    #[arg(long)]
    rows_on_demand: bool,
    /// The seed of plausible values and of the webhook's secret.
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
    /// The language of the portal, in which messages of REST 3 are: `en`, `de`, `ru`.
    #[arg(long, value_name = "LANGUAGE", default_value = "en")]
    language: String,
    /// Limits requests and operating time as this plan does, such as `Enterprise` or `Basic`. Default: no limits.
    #[arg(long, value_name = "NAME")]
    plan: Option<String>,
}

fn parse_rows(text: &str) -> Result<(String, usize), String> {
    let wrong = || format!("`{text}` is not TABLE=NUMBER, such as crm.deal=10000");
    let (table, number) = text.split_once('=').ok_or_else(wrong)?;
    Ok((table.to_owned(), number.parse().map_err(|_| wrong())?))
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    match runtime.and_then(|runtime| runtime.block_on(run(arguments))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "bitrix24-portal: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> std::io::Result<()> {
    let mut builder = Portal::builder()
        .listen(arguments.listen)
        .seed(arguments.seed)
        .sample_rows(arguments.sample_rows)
        .rows_on_demand(arguments.rows_on_demand)
        .language(&arguments.language);
    for (table, rows) in &arguments.rows {
        builder = builder.rows(table, *rows);
    }
    if let Some(plan) = arguments.plan {
        builder = builder.plan(Plan::Named(plan));
    }
    let portal = builder.start().await?;
    let (client_id, client_secret) = portal.client_credentials();
    let reach = if portal.address().ip().is_loopback() {
        "only this machine reaches it"
    } else {
        "EVERYONE who reaches this address can do everything"
    };
    // The secrets are of this portal, whose data is made up.
    let text = format!(
        "webhook        {}\nREST 3         {}/rest/api/\ntokens         {}\nclient_id      {client_id}\nclient_secret  {client_secret}\n\
         control        {}/control/\ncontrol secret {}\n\
         listening on {}: {reach}\n",
        portal.webhook(),
        portal.origin(),
        portal.token_endpoint(),
        portal.origin(),
        portal.control_secret(),
        portal.address(),
    );
    let mut output = std::io::stdout().lock();
    output.write_all(text.as_bytes())?;
    output.flush()?;
    drop(output);
    tokio::signal::ctrl_c().await
}
