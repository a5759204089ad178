//! Hostile programs against the example `application_server`, over real sockets: each gets a clear refusal in a bounded time, with bounded
//! memory, and nothing secret. Afterwards the server does its work.
#![allow(clippy::print_stdout, reason = "the time and the memory are results")]

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use bitrix24::{Map, Value, json};
use bitrix24_portal::Portal;

#[path = "../examples/application_server.rs"]
#[allow(dead_code, reason = "an example has a `main`")]
mod application_server;

/// The longest time of one attack: a body may take 10 s.
const LONGEST: Duration = Duration::from_secs(15);

const FORM: &str = "application/x-www-form-urlencoded";

/// What is sent, and the statuses that are clear responses to it. 0: the connection is closed without one.
struct Attack {
    name: String,
    bytes: Vec<u8>,
    then: Then,
    expected: Vec<u16>,
}

/// What follows the bytes.
#[derive(Clone, Copy)]
enum Then {
    /// Waits for the response.
    Wait,
    /// Sends no more.
    Shut,
    /// Sends chunks until the connection is closed.
    Chunks,
    /// Sends a byte of a chunk every 200 ms.
    Drip,
}

fn attack(name: impl Into<String>, bytes: impl Into<Vec<u8>>, then: Then, expected: &[u16]) -> Attack {
    Attack { name: name.into(), bytes: bytes.into(), then, expected: expected.to_vec() }
}

fn request(head: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("{head}\r\nHost: x\r\nConnection: close\r\nContent-Length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

/// A body of a content type.
fn post(path: &str, content_type: &str, body: &[u8]) -> Vec<u8> {
    request(&format!("POST {path} HTTP/1.1\r\nContent-Type: {content_type}"), body)
}

/// A genuine event, made bad by an addition.
fn additions(genuine: &str) -> Vec<Attack> {
    let many: String = (0..200_000).map(|at| format!("&f{at}=1")).collect();
    let wide: String = (0..5000).map(|at| format!("&a[{at}]{}=1", "[x]".repeat(30))).collect();
    let additions: [(&str, Vec<u8>, u16); 19] = [
        ("200,000 fields", many.into(), 413),
        ("200,000 appended", "&a[]=1".repeat(200_000).into(), 413),
        ("brackets 10,000 deep", format!("&a{}=1", "[x]".repeat(10_000)).into(), 413),
        ("empty brackets 10,000 deep", format!("&a{}=1", "[]".repeat(10_000)).into(), 413),
        ("arrays in arrays", wide.into(), 413),
        ("a long value", format!("&a={}", "x".repeat(3 << 20)).into(), 413),
        ("windows-1251, escaped", b"&data[TITLE]=%CF%F0%E8%E2%E5%F2".to_vec(), 400),
        ("windows-1251, raw", b"&data[TITLE]=\xcf\xf0\xe8\xe2\xe5\xf2".to_vec(), 400),
        ("half of a character", b"&data[TITLE]=%D0&x=%9F".to_vec(), 400),
        ("a surrogate", b"&data[TITLE]=%ED%A0%80".to_vec(), 400),
        ("a raw NUL", b"&data[TITLE]=a\0b".to_vec(), 400),
        ("the same name", b"&data[FIELDS][ID]=8".to_vec(), 400),
        ("a scalar, then an array", b"&a=1&a[b]=2".to_vec(), 400),
        ("an array, then a scalar", b"&a[b]=2&a=1".to_vec(), 400),
        ("one name by two spellings", b"&a.b=1&a_b=2".to_vec(), 400),
        ("a second token", b"&auth[application_token]=another".to_vec(), 400),
        ("a second token in a list", b"&auth[application_token][]=another".to_vec(), 400),
        ("a second portal", b"&auth%5Bmember_id%5D=another".to_vec(), 400),
        ("a second time", b"&ts=1".to_vec(), 400),
    ];
    let of = |(name, addition, status): (&str, Vec<u8>, u16)| {
        let body = [genuine.as_bytes(), &addition].concat();
        attack(name, post("/events", FORM, &body), Then::Wait, &[status])
    };
    additions.into_iter().map(of).collect()
}

/// Forged parts of `auth`.
fn forged(portal: &Portal, now: u64) -> Vec<Attack> {
    let (member_id, application_token) = (portal.member_id(), portal.application_token());
    let event = |auth: &str| format!("event=ONCRMDEALADD&data[FIELDS][ID]=7&ts={now}&{auth}");
    let genuine = format!("auth[member_id]={member_id}&auth[application_token]={application_token}");
    let member = |id: &str| format!("auth[member_id]={id}&auth[application_token]={application_token}");
    let token = |token: &str| format!("auth[member_id]={member_id}&{token}");
    let bodies: Vec<(&str, String, u16)> = vec![
        ("no auth", event("x=1"), 400),
        ("an empty auth", event("auth[]="), 400),
        ("auth is a text", event("auth=undefined"), 400),
        ("no token", event(&token("x=1")), 400),
        ("an empty token", event(&token("auth[application_token]=")), 400),
        ("an undefined token", event(&token("auth[application_token]=undefined")), 400),
        ("a list of tokens", event(&token(&format!("auth[application_token][]={application_token}"))), 400),
        (
            "an object of tokens",
            event(&token(&format!("auth[application_token][0][x]={application_token}"))),
            400,
        ),
        ("another token", event(&token("auth[application_token]=another")), 403),
        (
            "a token with a NUL",
            event(&token(&format!("auth[application_token]={application_token}%00"))),
            403,
        ),
        ("another portal", event(&member("another")), 403),
        ("a path as portal", event(&member("..%2F..%2Fetc%2Fpasswd")), 400),
        ("a portal of 1 MB", event(&member(&"m".repeat(1 << 20))), 400),
        ("a list of portals", event(&member("a").replace("member_id]", "member_id][]")), 400),
        ("no time", event(&genuine).replace("ts=", "no="), 400),
        ("an old time", event(&genuine).replace(&now.to_string(), "1500000000"), 403),
        ("a future time", event(&genuine).replace(&now.to_string(), "99999999999"), 403),
        ("a time that is no number", event(&genuine).replace(&now.to_string(), "soon"), 400),
        ("a forged installation", event(&member("another")).replace("ONCRMDEALADD", "ONAPPINSTALL"), 403),
        (
            "a forged removal",
            event(&token("auth[application_token]=x")).replace("ONCRMDEALADD", "ONAPPUNINSTALL"),
            403,
        ),
        ("a page", "AUTH_ID=a&REFRESH_ID=b&DOMAIN=zoo.example&member_id=m".to_owned(), 400),
        ("nothing", String::new(), 400),
        ("no form", "\u{1f600}".repeat(1000), 400),
    ];
    let of = |(name, body, status): (&str, String, u16)| {
        attack(name, post("/events", FORM, body.as_bytes()), Then::Wait, &[status])
    };
    bodies.into_iter().map(of).collect()
}

/// Other types of bodies.
fn types(portal: &Portal, genuine: &str, now: u64) -> Vec<Attack> {
    let member_id = portal.member_id();
    let json = |rest: &str| {
        format!(
            r#"{{"event": "ONCRMDEALADD", "ts": {now}, "auth": {{"member_id": "{member_id}", "application_token": "x"}}{rest}}}"#
        )
    };
    let deep = json(&format!(r#", "data": {}1{}"#, "[".repeat(10_000), "]".repeat(10_000)));
    let many = json(&format!(r#", "data": [{}1]"#, "1,".repeat(200_000)));
    let event = format!("POST /events HTTP/1.1\r\nContent-Type: {FORM}\r\nContent-Encoding: gzip");
    let gzip = b"\x1f\x8b\x08\0\0\0\0\0\0\x03\x4b\x04\0\x43\xbe\xb7\xe8\x01\0\0\0";
    let utf16: Vec<u8> = genuine.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let bodies: Vec<(&str, &str, &[u8], u16)> = vec![
        ("text", "text/plain", genuine.as_bytes(), 415),
        ("multipart", "multipart/form-data; boundary=x", genuine.as_bytes(), 415),
        ("XML", "application/xml", b"<!DOCTYPE x [<!ENTITY a \"b\">]><x>&a;</x>", 415),
        ("a charset", "application/x-www-form-urlencoded; charset=windows-1251", genuine.as_bytes(), 415),
        ("a strange type", "\u{1f600}", genuine.as_bytes(), 415),
        ("UTF-16", FORM, &utf16, 400),
        ("JSON of a forged event", "application/json", json("").leak().as_bytes(), 403),
        ("JSON that is no object", "application/json", b"[1]", 400),
        ("JSON that ends early", "application/json", br#"{"auth": {"#, 400),
        ("JSON with a name twice", "application/json", json(r#", "ts": 1"#).leak().as_bytes(), 400),
        ("JSON 10,000 deep", "application/json", deep.as_bytes(), 400),
        ("JSON with 200,000 values", "application/json", many.as_bytes(), 400),
        ("JSON that is a form", "application/json", genuine.as_bytes(), 400),
    ];
    let of = |(name, content_type, body, status): (&str, &str, &[u8], u16)| {
        attack(name, post("/events", content_type, body), Then::Wait, &[status])
    };
    let mut attacks: Vec<Attack> = bodies.into_iter().map(of).collect();
    attacks.push(attack("gzip", request(&event, gzip), Then::Wait, &[415]));
    attacks.push(attack("a form that claims gzip", request(&event, genuine.as_bytes()), Then::Wait, &[415]));
    attacks
}

/// Requests that are strange as HTTP, and bodies that do not come to an end.
fn transfers(genuine: &str, forged: &str) -> Vec<Attack> {
    let head = format!("POST /events HTTP/1.1\r\nHost: x\r\nContent-Type: {FORM}\r\n");
    let mut attacks: Vec<Attack> = ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS"]
        .map(|verb| {
            let bytes =
                request(&format!("{verb} /events HTTP/1.1\r\nContent-Type: {FORM}"), genuine.as_bytes());
            attack(verb, bytes, Then::Wait, &[405])
        })
        .into();
    let twice = [post("/events", FORM, forged.as_bytes()), post("/events", FORM, forged.as_bytes())].concat();
    let twice = String::from_utf8(twice).unwrap().replacen("Connection: close\r\n", "", 1);
    let smuggled = format!("{head}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /");
    attacks.extend([
        attack("a path that is none", post("/admin", FORM, genuine.as_bytes()), Then::Wait, &[404]),
        attack("two requests at once", twice, Then::Wait, &[403]),
        attack("two lengths", smuggled, Then::Wait, &[0, 400]),
        attack("a negative length", format!("{head}Content-Length: -1\r\n\r\n"), Then::Wait, &[400]),
        attack(
            "a length that is too long",
            format!("{head}Content-Length: 999999999999\r\n\r\n"),
            Then::Wait,
            &[413],
        ),
        attack("no HTTP", "\u{16}\u{3}\u{1}\u{2}\0hello\r\n\r\n", Then::Shut, &[0, 400]),
        attack("a head of 1 MB", format!("{head}X: {}\r\n\r\n", "x".repeat(1 << 20)), Then::Wait, &[0, 431]),
        attack(
            "a body that ends early",
            format!("{head}Content-Length: 1000\r\n\r\nevent="),
            Then::Shut,
            &[0, 400],
        ),
        attack(
            "a body that does not come",
            format!("{head}Content-Length: 1000\r\n\r\nevent="),
            Then::Wait,
            &[408],
        ),
        attack(
            "a body byte by byte",
            format!("{head}Transfer-Encoding: chunked\r\n\r\n"),
            Then::Drip,
            &[408],
        ),
        attack(
            "an endless body",
            format!("{head}Transfer-Encoding: chunked\r\n\r\n"),
            Then::Chunks,
            &[0, 413],
        ),
        attack(
            "a bad chunk",
            format!("{head}Transfer-Encoding: chunked\r\n\r\nzz\r\n"),
            Then::Wait,
            &[0, 400],
        ),
    ]);
    attacks
}

/// Pages, of which nothing is true.
fn pages(portal: &Portal) -> Vec<Attack> {
    let member_id = portal.member_id();
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let page = |query: &str, rest: &str, status: u16| {
        let body = format!("AUTH_ID=a&REFRESH_ID=forged&AUTH_EXPIRES=3600&member_id={member_id}&{rest}");
        attack(
            format!("a page with {query}"),
            post(&format!("/tab?{query}"), FORM, body.as_bytes()),
            Then::Wait,
            &[status],
        )
    };
    vec![
        page("DOMAIN=zoo.example", "PLACEMENT=X", 403),
        page("DOMAIN=zoo.example&x", &format!("PLACEMENT_OPTIONS={deep}"), 403),
        page("DOMAIN=zoo.example%2F@evil.example", "", 400),
        page("PROTOCOL=1", "", 400),
        page("DOMAIN=zoo.example&DOMAIN=%FF", "", 400),
        page(&format!("DOMAIN=zoo.example&{}", "a[]=1&".repeat(5000)), "", 403),
    ]
}

/// Sends an attack. Returns the status of the response, or 0, and all of it.
fn run(address: SocketAddr, attack: &Attack) -> (u16, String) {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(LONGEST)).unwrap();
    stream.set_write_timeout(Some(LONGEST)).unwrap();
    // The server may refuse before everything is sent.
    let _ = stream.write_all(&attack.bytes);
    match attack.then {
        Then::Wait => {}
        Then::Shut => drop(stream.shutdown(Shutdown::Write)),
        Then::Chunks => {
            let chunk = format!("2000\r\n{}\r\n", "x".repeat(0x2000));
            while stream.write_all(chunk.as_bytes()).is_ok() {}
        }
        Then::Drip => {
            let begin = Instant::now();
            while begin.elapsed() < Duration::from_secs(11) && stream.write_all(b"1\r\nx\r\n").is_ok() {
                thread::sleep(Duration::from_millis(200));
            }
        }
    }
    let (mut response, mut part) = (Vec::new(), [0; 4096]);
    while let Ok(length) = stream.read(&mut part) {
        if length == 0 {
            break;
        }
        response.extend_from_slice(&part[..length]);
        // A connection that is kept open ends with the first response.
        if matches!(attack.then, Then::Wait) && response.ends_with(b"\n") && attack.bytes.len() > 1 << 20 {
            break;
        }
    }
    let response = String::from_utf8_lossy(&response).into_owned();
    let status = response.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    (status, response)
}

/// The memory of this process, in MiB; 0 where the system does not show it.
fn memory() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    peak.and_then(|peak| peak.trim().trim_end_matches("kB").trim().parse::<usize>().ok()).unwrap_or(0) >> 10
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_programs_are_refused_and_the_server_does_its_work() {
    let portal = Portal::builder().rows("crm.deal", 12).start().await.unwrap();
    let comments = |portal: &Portal| -> Vec<Value> {
        portal.rows("crm.deal").iter().map(|deal| deal["COMMENTS"].clone()).collect()
    };
    // A table has its rows once a method of it was called.
    portal.call("crm.deal.list", Map::new()).unwrap();
    let (client_id, client_secret) = portal.client_credentials();
    let app = bitrix24::App::new(client_id, client_secret.as_str()).with_server(&portal.origin()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (application, worker) =
        application_server::application(app, folder.path(), &format!("http://{address}"));
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let shutdown = async { stopped.await.unwrap_or_default() };
    let server = tokio::spawn(application_server::serve(listener, application, worker, shutdown));
    let events = format!("http://{address}/events");
    assert_eq!(portal.install_request().send(&events).await.status(), Some(200));

    let genuine = portal.event_request("onCrmDealAdd", json!({"FIELDS": {"ID": 7}})).body();
    let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_secs();
    let another = portal.event_request("onCrmDealAdd", json!({"FIELDS": {"ID": 8}}));
    let forgery = another.with("auth[application_token]", "another").body();
    let mut attacks = additions(&genuine);
    attacks.extend(forged(&portal, now));
    attacks.extend(types(&portal, &genuine, now));
    attacks.extend(transfers(&genuine, &forgery));
    attacks.extend(pages(&portal));
    let count = attacks.len();

    let (memory_before, before) = (memory(), comments(&portal));
    let secrets = [portal.application_token(), client_secret, "forged".to_owned(), "evil.example".to_owned()];
    let attacking: Vec<_> = attacks
        .into_iter()
        .map(|attack| {
            tokio::task::spawn_blocking(move || {
                let begin = Instant::now();
                let (status, response) = run(address, &attack);
                (attack, status, response, begin.elapsed())
            })
        })
        .collect();
    let mut slowest = Duration::ZERO;
    for attacking in attacking {
        let (attack, status, response, time) = attacking.await.unwrap();
        assert!(attack.expected.contains(&status), "{}: {status}\n{response}", attack.name);
        assert!(time < LONGEST, "{}: {time:?}", attack.name);
        assert!(response.len() < 1000, "{}: {response}", attack.name);
        assert!(
            !secrets.iter().any(|secret| response.contains(secret.as_str())),
            "{}: {response}",
            attack.name
        );
        slowest = slowest.max(time);
    }
    let more = memory().saturating_sub(memory_before);
    println!("{count} attacks at once: refused within {slowest:?}, {more} MiB");
    assert!(more < 128, "{more} MiB, of which the bodies that are sent take 20");

    // The server still works, and has accepted nothing.
    let added = portal.event_request("onCrmDealAdd", json!({"FIELDS": {"ID": 12}}));
    assert_eq!(added.send(&events).await.status(), Some(200));
    let deadline = Instant::now() + Duration::from_secs(20);
    while comments(&portal)[11] == before[11] {
        assert!(Instant::now() < deadline, "the event is handled");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(comments(&portal)[..11], before[..11]);
    stop.send(()).unwrap();
    server.await.unwrap().unwrap();
}
