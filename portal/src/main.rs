//! `bitrix24-portal`: a portal on your own machine.

mod health;

use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use bitrix24_portal::{Plan, Portal};
use clap::Parser;

/// A Bitrix24 portal on your own machine, for tests and demonstrations: every documented REST method answers, and rows that are added
/// can be read back. It needs no account, no network and no real data.
///
/// It prints the address of a webhook, with which every client of Bitrix24 can call it, and shows everything in a browser at the
/// address that it listens on. Ctrl+C ends it.
#[derive(Parser)]
#[command(name = "bitrix24-portal", version, after_help = EXAMPLES, args_override_self = true)]
struct Arguments {
    /// The address to listen on; port 0 is any free port. Everyone who reaches it can do everything: others than this machine reach
    /// 0.0.0.0.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8024", value_parser = parse_address)]
    listen: SocketAddr,
    /// A host name by which browsers may reach the portal, and whose pages may call it. May be given several times. Default: addresses,
    /// names without a dot, and reserved names such as localhost and portal.test.
    #[arg(long, value_name = "NAME")]
    allow_host: Vec<String>,
    /// Starts no portal: asks the one at this address whether it answers, and fails if not. For the health check of a container.
    #[arg(long, value_name = "ADDRESS:PORT", value_parser = parse_address)]
    health: Option<SocketAddr>,
    /// Keeps the state in this file, which is created if it does not exist. Default: in memory.
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,
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
    /// Encrypts connections, with a certificate that is made at the start.
    #[cfg(feature = "tls")]
    #[arg(long)]
    tls: bool,
    /// The file for the certificate that clients have to trust, as PEM. Default: a file in the folder of temporary files.
    #[cfg(feature = "tls")]
    #[arg(long, value_name = "FILE", requires = "tls")]
    tls_cert: Option<std::path::PathBuf>,
    /// A further host name or IP address that the certificate is valid for. May be given several times.
    #[cfg(feature = "tls")]
    #[arg(long, value_name = "NAME", requires = "tls")]
    tls_name: Vec<String>,
    /// The largest body of a request, in mebibytes. A body may need five times its size in memory, and four are read at the same time.
    #[arg(long, value_name = "MIB", default_value_t = 32)]
    max_body: usize,
    /// Limits requests and operating time as this plan does, such as `Enterprise` or `Basic`. Default: no limits.
    #[arg(long, value_name = "NAME")]
    plan: Option<String>,
}

const EXAMPLES: &str = "\
Examples:
  bitrix24-portal --rows crm.deal=10000
  bitrix24-portal --sample-rows 20 --plan Basic
  bitrix24-portal --listen 127.0.0.1:0 --data portal.redb

  curl 'http://127.0.0.1:8024/rest/1/SECRET/crm.deal.list?select[]=ID'   (with the printed address)";

fn parse_address(text: &str) -> Result<SocketAddr, String> {
    let local = text.strip_prefix("localhost:").map(|port| format!("127.0.0.1:{port}"));
    let address = local.as_deref().unwrap_or(text).parse();
    address
        .map_err(|_| format!("`{text}` is not ADDRESS:PORT, such as 127.0.0.1:8024, 0.0.0.0:8024 or [::1]:0"))
}

fn parse_rows(text: &str) -> Result<(String, usize), String> {
    let wrong = || format!("`{text}` is not TABLE=NUMBER, such as crm.deal=10000");
    let (table, number) = text.split_once('=').ok_or_else(wrong)?;
    Ok((table.to_owned(), number.parse().map_err(|_| wrong())?))
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if let Some(address) = arguments.health {
        return finish(health::check(address));
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    finish(runtime.and_then(|runtime| runtime.block_on(run(arguments))))
}

fn finish(result: std::io::Result<()>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "bitrix24-portal: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Writes the certificate to a file, and says where it is.
#[cfg(feature = "tls")]
fn write_certificate(portal: &Portal, file: Option<std::path::PathBuf>) -> std::io::Result<String> {
    let Some(certificate) = portal.certificate() else { return Ok(String::new()) };
    let file = file.unwrap_or_else(|| {
        std::env::temp_dir().join(format!("bitrix24-portal-{}.pem", portal.address().port()))
    });
    // What is at the name is replaced and not written to: it may be a link that someone else made.
    let part = file.with_extension(format!("{}.part", std::process::id()));
    let written = std::fs::File::create_new(&part)
        .and_then(|mut part| part.write_all(certificate.as_bytes()))
        .and_then(|()| std::fs::rename(&part, &file));
    if let Err(error) = written {
        let _ = std::fs::remove_file(&part);
        let message = format!("the certificate cannot be written to {}: {error}", file.display());
        return Err(std::io::Error::new(error.kind(), message));
    }
    Ok(format!("certificate    {}\n", file.display()))
}

async fn run(arguments: Arguments) -> std::io::Result<()> {
    let mut builder = Portal::builder()
        .listen(arguments.listen)
        .seed(arguments.seed)
        .sample_rows(arguments.sample_rows)
        .rows_on_demand(arguments.rows_on_demand)
        .max_body(arguments.max_body.saturating_mul(1 << 20))
        .language(&arguments.language);
    for (table, rows) in &arguments.rows {
        builder = builder.rows(table, *rows);
    }
    builder = arguments.allow_host.iter().fold(builder, |builder, name| builder.allow_host(name));
    if let Some(path) = arguments.data {
        builder = builder.data(path);
    }
    if let Some(plan) = arguments.plan {
        builder = builder.plan(Plan::Named(plan));
    }
    #[cfg(feature = "tls")]
    if arguments.tls {
        builder = arguments.tls_name.iter().fold(builder.tls(), |builder, name| builder.tls_name(name));
    }
    let portal = builder.start().await?;
    #[cfg(feature = "tls")]
    let certificate = write_certificate(&portal, arguments.tls_cert)?;
    #[cfg(not(feature = "tls"))]
    let certificate = String::new();
    let (client_id, client_secret) = portal.client_credentials();
    let pair = portal.issue_tokens();
    let reach = if portal.address().ip().is_loopback() {
        "only this machine reaches it"
    } else {
        "OTHER MACHINES MAY REACH IT, and everyone who does can do everything"
    };
    // The secrets are of this portal, whose data is made up.
    let text = format!(
        "page           {}/\nwebhook        {}\nREST 3         {}/rest/api/\ntokens         {}\nclient_id      {client_id}\nclient_secret  {client_secret}\n\
         access_token   {}\nrefresh_token  {}\n\
         control        {}/control/\ncontrol secret  {}\n\
         {certificate}listening on {}: {reach}\n",
        portal.origin(),
        portal.webhook(),
        portal.origin(),
        portal.token_endpoint(),
        pair.access_token,
        pair.refresh_token,
        portal.origin(),
        portal.control_secret(),
        portal.address(),
    );
    let mut output = std::io::stdout().lock();
    output.write_all(text.as_bytes())?;
    output.flush()?;
    drop(output);
    stopped().await
}

/// Waits for Ctrl+C, or for the signal with which a container is stopped.
async fn stopped() -> std::io::Result<()> {
    #[cfg(unix)]
    {
        let mut terminated = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
        tokio::select! {
            interrupted = tokio::signal::ctrl_c() => interrupted,
            _ = terminated.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await
}
