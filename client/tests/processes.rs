//! Applications of several processes, and processes that end in the midst of a refresh. Each program is this test, started with
//! arguments.

#![expect(clippy::print_stdout, reason = "a test with a `main` of its own reports itself")]

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, io, thread};

use bitrix24_client::{App, Client, FileStore, NoLimit, TokenStore};
use bitrix24_core::oauth::Tokens;
use bitrix24_core::{ErrorKind, json, raw};
use tokio::runtime::Runtime;

use bitrix24_portal::{Fault, Portal};
use bitrix24_testing::{MockResponse, MockServer};

/// How long the authorization server takes, as real ones may.
const SLOW: Duration = Duration::from_millis(1500);

fn main() {
    let arguments: Vec<String> = env::args().collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    if let ["program", program, rest @ ..] = &arguments[1..] {
        return run_program(program, rest);
    }
    let tests: [(&str, fn()); 11] = [
        (
            "a_program_that_ends_during_a_refresh_loses_no_tokens",
            a_program_that_ends_during_a_refresh_loses_no_tokens,
        ),
        ("processes_share_a_slow_refresh", processes_share_a_slow_refresh),
        ("a_refresh_that_keeps_the_access_token_is_shared", a_refresh_that_keeps_the_access_token_is_shared),
        ("no_refresh_token_is_used_while_the_disk_is_full", no_refresh_token_is_used_while_the_disk_is_full),
        ("a_killed_process_leaves_the_newest_pair", a_killed_process_leaves_the_newest_pair),
        ("processes_refresh_in_turn", processes_refresh_in_turn),
        ("eight_processes_renew_once_in_each_period", eight_processes_renew_once_in_each_period),
        (
            "a_kill_after_the_server_has_renewed_names_itself",
            a_kill_after_the_server_has_renewed_names_itself,
        ),
        ("every_later_error_names_the_kill", every_later_error_names_the_kill),
        (
            "a_kill_before_the_server_has_renewed_loses_nothing",
            a_kill_before_the_server_has_renewed_loses_nothing,
        ),
        (
            "a_kill_during_a_refresh_loses_at_most_the_lost_response",
            a_kill_during_a_refresh_loses_at_most_the_lost_response,
        ),
    ];
    let filters: Vec<&&str> = arguments[1..].iter().filter(|argument| !argument.starts_with('-')).collect();
    for (name, test) in tests {
        if filters.is_empty() || filters.iter().any(|filter| name.contains(**filter)) {
            let start = Instant::now();
            test();
            println!("test {name} ... ok ({:.1} s)", start.elapsed().as_secs_f64());
        }
    }
}

/// The programs that the tests start.
fn run_program(program: &str, arguments: &[&str]) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    match (program, arguments) {
        ("impatient", [end, origin, file]) => {
            let error = runtime.block_on(async {
                let portal = client(origin, file).with_deadline(Duration::from_millis(500));
                tokio::spawn(async move { call(&portal).await }).await.unwrap().unwrap_err()
            });
            assert_eq!(error.kind(), ErrorKind::Deadline, "{error}");
            match *end {
                "return" => {}
                "shutdown" => runtime.block_on(client(origin, file).shutdown()).unwrap(),
                _ => std::process::exit(0),
            }
        }
        ("calls", [count, origin, file]) => runtime.block_on(async {
            let portal = client(origin, file);
            for _ in 0..count.parse().unwrap() {
                call(&portal).await.unwrap();
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        }),
        ("calls_for", [seconds, origin, file]) => runtime.block_on(async {
            let (portal, start) = (client(origin, file), Instant::now());
            while start.elapsed() < Duration::from_secs(seconds.parse().unwrap()) {
                call(&portal).await.unwrap();
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }),
        ("refused", [origin, file]) => runtime.block_on(async {
            let error = call(&client(origin, file)).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Authorization, "{error}");
            assert!(error.to_string().contains("were not refreshed"), "{error}");
        }),
        ("renews", [origin, file]) => runtime.block_on(async {
            loop {
                // The token is refused as soon as it is issued, so this renews twice.
                call(&client(origin, file)).await.unwrap_err();
            }
        }),
        ("saves", [file]) => runtime.block_on(async {
            let store = FileStore::new(*file);
            loop {
                let lock = store.lock().await.unwrap();
                let current = store.load().await.unwrap().unwrap();
                let next = numbered(number_of(&current) + 1);
                store.prepare(&current).await.unwrap();
                assert!(store.replace(Some(&current), &next).await.unwrap());
                println!("{}", number_of(&next));
                drop(lock);
            }
        }),
        _ => panic!("no such program: {program}"),
    }
}

fn client(origin: &str, file: &str) -> Client {
    let credentials = fs::read_to_string(credentials_file(file));
    let credentials = credentials.unwrap_or_else(|_| "app.1 s3cret".to_owned());
    let (id, secret) = credentials.split_once(' ').unwrap();
    let app = App::new(id, secret).with_server(origin).unwrap();
    Client::builder().limiter(NoLimit).application(app, FileStore::new(file))
}

/// Where the programs find the credentials of the application, beside its tokens.
fn credentials_file(tokens: &str) -> PathBuf {
    Path::new(tokens).with_file_name("credentials")
}

async fn call(portal: &Client) -> Result<(), bitrix24_core::Error> {
    portal.call(raw("crm.deal.get", json!({"id": 2})).read_only()).await.map(drop)
}

/// A pair whose tokens contain a number.
fn numbered(number: u64) -> Tokens {
    Tokens::new(format!("access-{number}"), "https://shop.example/rest/")
        .with_refresh_token(format!("refresh-{number}"))
}

fn number_of(tokens: &Tokens) -> u64 {
    let number = |token: &str| token.rsplit('-').next().unwrap().parse().unwrap();
    assert_eq!(number(tokens.access_token()), number(tokens.refresh_token().unwrap()));
    number(tokens.access_token())
}

fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env::current_exe().unwrap());
    command.arg("program").args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn check(name: &str, output: &Output) {
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
}

fn run(arguments: &[&str]) {
    check(arguments[0], &program(arguments).output().unwrap());
}

/// A portal, and the file with the tokens of an application that is installed there.
struct Installation {
    portal: Portal,
    /// Where the portal runs.
    _runtime: Runtime,
    folder: tempfile::TempDir,
}

impl Installation {
    fn new() -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let portal = runtime.block_on(Portal::builder().rows("crm.deal", 3).start()).unwrap();
        let this = Self { portal, _runtime: runtime, folder: tempfile::tempdir().unwrap() };
        let (id, secret) = this.portal.client_credentials();
        fs::write(credentials_file(&this.file()), format!("{id} {secret}")).unwrap();
        let pair = this.portal.issue_tokens();
        let tokens = Tokens::new(pair.access_token, this.portal.client_endpoint())
            .with_refresh_token(pair.refresh_token);
        fs::write(this.file(), tokens.to_json().to_string()).unwrap();
        this
    }

    fn file(&self) -> String {
        self.folder.path().join("shop.json").to_str().unwrap().to_owned()
    }

    fn expire(&self) {
        self.portal.expire_tokens();
    }

    fn refreshes(&self) -> usize {
        self.portal.token_requests().granted
    }
}

fn a_program_that_ends_during_a_refresh_loses_no_tokens() {
    for end in ["return", "shutdown", "exit"] {
        // Only the main thread of a program on Linux waits for a refresh; see `Client::shutdown`.
        if end != "shutdown" && !cfg!(target_os = "linux") {
            continue;
        }
        let shop = Installation::new();
        shop.expire();
        shop.portal.fail("oauth.token", Fault::Delay(SLOW), 1);
        run(&["impatient", end, &shop.portal.origin(), &shop.file()]);
        assert_eq!(shop.refreshes(), 1, "{end}");
        run(&["calls", "1", &shop.portal.origin(), &shop.file()]);
        assert_eq!(shop.refreshes(), 1, "{end}: the next start has the new pair");
    }
}

fn start_all(count: usize, arguments: &[&str]) -> Vec<Child> {
    (0..count).map(|_| program(arguments).spawn().unwrap()).collect()
}

fn wait_for_all(programs: Vec<Child>) {
    for program in programs {
        check("calls", &program.wait_with_output().unwrap());
    }
}

fn processes_share_a_slow_refresh() {
    let shop = Installation::new();
    for refreshes in 1..=2 {
        shop.expire();
        shop.portal.fail("oauth.token", Fault::Delay(SLOW), 1);
        wait_for_all(start_all(6, &["calls", "3", &shop.portal.origin(), &shop.file()]));
        assert_eq!((shop.refreshes(), shop.portal.token_requests().received), (refreshes, refreshes));
    }
}

fn a_refresh_that_keeps_the_access_token_is_shared() {
    let refreshes = std::sync::atomic::AtomicUsize::new(0);
    let server = MockServer::start_on_thread(move |call| {
        let done = refreshes.load(std::sync::atomic::Ordering::SeqCst);
        if call.method != "token" {
            return if done > 0 {
                MockResponse::result(json!({"ID": "2"}))
            } else {
                MockResponse::error(401, "expired_token", "The access token provided has expired")
            };
        }
        if call.field("refresh_token") != Some(format!("refresh-{done}")) {
            return MockResponse::error(400, "invalid_grant", "Invalid grant");
        }
        refreshes.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        let next = json!({"access_token": "the-same", "refresh_token": format!("refresh-{}", done + 1), "expires_in": 3600});
        MockResponse::json(200, &next)
    });
    server.fail("token", bitrix24_testing::Fault::Slow(SLOW)).after_running();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("shop.json");
    let tokens =
        Tokens::new("the-same", format!("{}/rest/", server.origin())).with_refresh_token("refresh-0");
    fs::write(&file, tokens.to_json().to_string()).unwrap();
    wait_for_all(start_all(6, &["calls", "3", &server.origin(), file.to_str().unwrap()]));
    assert_eq!(server.calls_of("token").len(), 1);
}

/// Each process finds its token expired again and again, and none presents a used refresh token.
fn processes_refresh_in_turn() {
    let shop = Installation::new();
    let programs = start_all(4, &["calls", "100", &shop.portal.origin(), &shop.file()]);
    for _ in 0..10 {
        thread::sleep(Duration::from_millis(200));
        shop.expire();
    }
    wait_for_all(programs);
    assert_eq!(shop.portal.token_requests().received, shop.refreshes(), "each grant succeeded");
}

/// The period after which the processes renew the tokens: the client renews half a minute before they expire.
const PERIOD: u64 = 2;

/// `RENEWING_SECONDS=600 cargo test -p bitrix24-client --test processes eight` runs it for ten minutes.
fn eight_processes_renew_once_in_each_period() {
    let seconds: u64 = env::var("RENEWING_SECONDS").map_or(8, |seconds| seconds.parse().unwrap());
    let shop = Installation::new();
    shop.portal.set_token_lifetime(Duration::from_secs(30 + PERIOD));
    shop.expire();
    // Each grant takes a part of the period, in which all processes wait.
    shop.portal.fail("oauth.token", Fault::Delay(Duration::from_millis(300)), usize::MAX);
    let (origin, file) = (shop.portal.origin(), shop.file());
    wait_for_all(start_all(8, &["calls_for", &seconds.to_string(), &origin, &file]));
    let (grants, refused) = (shop.refreshes(), shop.portal.token_requests().refused);
    println!("    {seconds} s: {grants} grants, {refused} refused");
    assert_eq!(refused, 0);
    // The first calls renew, too, and the expiry is in whole seconds.
    let periods = seconds / PERIOD;
    assert!((periods / 2..=periods + 2).contains(&(grants as u64)), "{grants} grants in {periods} periods");
}

/// The error of a call with the stored tokens.
fn error_of_call(shop: &Installation) -> Option<bitrix24_core::Error> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(call(&client(&shop.portal.origin(), &shop.file()))).err()
}

fn a_kill_before_the_server_has_renewed_loses_nothing() {
    let shop = Installation::new();
    shop.expire();
    shop.portal.fail("oauth.token", Fault::Silence, 1);
    let mut waits = program(&["calls", "1", &shop.portal.origin(), &shop.file()]).spawn().unwrap();
    while shop.portal.token_requests().received == 0 {
        thread::sleep(Duration::from_millis(1));
    }
    waits.kill().unwrap();
    waits.wait().unwrap();
    run(&["calls", "1", &shop.portal.origin(), &shop.file()]);
    assert_eq!(shop.refreshes(), 1);
}

/// An application whose new tokens were lost with a process.
fn killed_after_renewal() -> Installation {
    let shop = Installation::new();
    shop.expire();
    shop.portal.fail("oauth.token", Fault::Delay(SLOW), 1);
    let mut waits = program(&["calls", "1", &shop.portal.origin(), &shop.file()]).spawn().unwrap();
    while shop.refreshes() == 0 {
        thread::sleep(Duration::from_millis(1));
    }
    waits.kill().unwrap();
    waits.wait().unwrap();
    shop
}

fn a_kill_after_the_server_has_renewed_names_itself() {
    let error = error_of_call(&killed_after_renewal()).unwrap();
    assert_eq!((error.kind(), error.code()), (ErrorKind::Authorization, Some("invalid_grant")), "{error}");
    assert!(error.to_string().contains("was killed while it waited"), "{error}");
}

fn every_later_error_names_the_kill() {
    let shop = killed_after_renewal();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let portal = client(&shop.portal.origin(), &shop.file());
        for _ in 0..3 {
            let error = call(&portal).await.unwrap_err();
            assert_eq!(error.code(), Some("invalid_grant"), "{error}");
            assert!(error.to_string().contains("was killed while it waited"), "{error}");
        }
        // A new installation.
        let pair = shop.portal.issue_tokens();
        let tokens =
            Tokens::new(pair.access_token, shop.portal.client_endpoint()).with_refresh_token("made up");
        FileStore::new(shop.file()).save(&tokens).await.unwrap();
        call(&portal).await.unwrap();
        shop.expire();
        let error = call(&portal).await.unwrap_err();
        assert_eq!(error.code(), Some("invalid_grant"), "{error}");
        assert!(!error.to_string().contains("was killed"), "{error}");
    });
}

/// Processes renew the tokens all the time and are killed. If the server has renewed them and the process was killed before the
/// response arrived, the new pair exists nowhere, and the error says so. Otherwise the next start has valid tokens.
fn a_kill_during_a_refresh_loses_at_most_the_lost_response() {
    let kills: u64 = env::var("KILLS").map_or(80, |kills| kills.parse().unwrap());
    let mut shop = Installation::new();
    let (mut lost, mut refreshes) = (0, 0);
    for kill in 0..kills {
        shop.portal.set_token_lifetime(Duration::ZERO);
        shop.expire();
        let requests = shop.portal.token_requests().received;
        let mut renews = program(&["renews", &shop.portal.origin(), &shop.file()]).spawn().unwrap();
        // A slow machine takes longer to start the process than it lives.
        while shop.portal.token_requests().received == requests {
            assert_eq!(renews.try_wait().unwrap(), None, "the process has ended");
            thread::sleep(Duration::from_millis(1));
        }
        thread::sleep(Duration::from_micros(kill * 7919 % 200_000));
        renews.kill().unwrap();
        renews.wait().unwrap();
        shop.portal.set_token_lifetime(Duration::from_secs(3600));
        if let Some(error) = error_of_call(&shop) {
            assert_eq!(
                (error.kind(), error.code()),
                (ErrorKind::Authorization, Some("invalid_grant")),
                "{error}"
            );
            assert!(error.to_string().contains("was killed while it waited"), "{error}");
            lost += 1;
            refreshes += shop.refreshes();
            shop = Installation::new();
        }
    }
    refreshes += shop.refreshes();
    println!(
        "    {kills} kills, {refreshes} refreshes; {lost} kills came between the renewal and its response"
    );
    // How many depends on the machine.
    assert!(refreshes as u64 > kills && lost < kills, "{lost} of {kills}");
}

#[cfg(unix)]
fn no_refresh_token_is_used_while_the_disk_is_full() {
    let shop = Installation::new();
    shop.expire();
    let (origin, file) = (shop.portal.origin(), shop.file());
    // Every write to a file fails.
    let mut limited = Command::new("sh");
    limited.args(["-c", "trap '' XFSZ; ulimit -f 0; exec \"$0\" \"$@\""]).arg(env::current_exe().unwrap());
    let output = limited.args(["program", "refused", &origin, &file]).output().unwrap();
    check("refused", &output);
    assert_eq!(shop.portal.token_requests().received, 0);
    run(&["calls", "1", &origin, &file]);
    assert_eq!(shop.refreshes(), 1);
}

#[cfg(not(unix))]
fn no_refresh_token_is_used_while_the_disk_is_full() {}

fn a_killed_process_leaves_the_newest_pair() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("shop.json");
    fs::write(&file, numbered(0).to_json().to_string()).unwrap();
    let mut recovered = 0;
    for kill in 0..100_u64 {
        let mut saves = program(&["saves", file.to_str().unwrap()]).spawn().unwrap();
        thread::sleep(Duration::from_micros(10_000 + kill * 7919 % 40_000));
        saves.kill().unwrap();
        let output = saves.wait_with_output().unwrap();
        let saved = String::from_utf8(output.stdout).unwrap().lines().last().map(str::parse::<u64>);
        let renamed = number_in(&file).unwrap();
        let found = load(&file);
        assert!(found >= saved.and_then(Result::ok).unwrap_or_default(), "no saved pair is lost");
        assert!(found == renamed || found == renamed + 1, "{found} {renamed}");
        recovered += usize::from(found > renamed);
    }
    println!("    {} pairs; {recovered} of 100 kills came before the file was renamed", load(&file));
}

/// The number in the file itself.
fn number_in(file: &Path) -> io::Result<u64> {
    let tokens = serde_json::from_slice(&fs::read(file)?)?;
    Ok(number_of(&Tokens::from_json(&tokens).unwrap()))
}

fn load(file: &Path) -> u64 {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    number_of(&runtime.block_on(FileStore::new(file).load()).unwrap().unwrap())
}
