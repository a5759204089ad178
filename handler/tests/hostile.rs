//! Input of someone else: bounded work, a clear refusal, and no secret in it.

mod common;
#[path = "../../fuzz/requests.rs"]
#[allow(unreachable_pub, reason = "the fuzz target has the same file")]
mod requests;

use std::time::{Duration, Instant};

use bitrix24_core::oauth::IncomingRequest;
use bitrix24_core::php::{FormError, Limits, decode, decode_form};
use bitrix24_core::{Map, Value, json};
use bitrix24_handler::{Incoming, Refusal};
use proptest::collection::vec;
use proptest::prelude::*;

use common::{NOW, builder, deal_event, portal, receive_form};

const SECRET: &str = "s3cretT0ken";

/// A genuine event with an addition.
async fn with(addition: &str) -> Result<Incoming, Refusal> {
    let portal = portal().await;
    receive_form(&builder().build(), &format!("{}{addition}", deal_event(&portal, 7).body())).await
}

async fn receive_as(content_type: &str, body: &[u8]) -> (u16, String) {
    let request = IncomingRequest::new(body).with_content_type(content_type);
    match builder().build().receive(request, NOW).await {
        Ok(_) => (200, String::new()),
        Err(refusal) => (refusal.status(), refusal.response_text()),
    }
}

#[tokio::test]
async fn what_is_more_than_a_portal_sends_is_refused() {
    let flat: String = (0..200_000).map(|at| format!("&f{at}=1")).collect();
    let same: String = "&data[]=1".repeat(200_000);
    let deep = format!("&a{}=1", "[x]".repeat(100_000));
    let open = format!("&a{}=1", "[".repeat(100_000));
    let unclosed = format!("&{}", "a[b".repeat(100_000));
    // Each of few names is many arrays.
    let wide: String = (0..5000).map(|at| format!("&a[{at}]{}=1", "[x]".repeat(30))).collect();
    let cases = [
        (flat, 413, "too many values"),
        (same, 413, "too many values"),
        (deep, 413, "nested too deeply"),
        (open, 200, ""),
        (unclosed, 200, ""),
        (wide, 413, "too many values"),
        (format!("&text={}", "x".repeat(3 << 20)), 413, "too long"),
        ("&data[FIELDS][ID]=8".to_owned(), 400, "same name"),
        ("&data[FIELDS]=8".to_owned(), 400, "same name"),
        ("&data[FIELDS][ID][x]=8".to_owned(), 400, "same name"),
        ("&auth[member_id]=another".to_owned(), 400, "same name"),
        ("&ts=1".to_owned(), 400, "same name"),
        ("&text=%D1%82%D0".to_owned(), 400, "UTF-8"),
        ("&text=%FF%FE".to_owned(), 400, "UTF-8"),
        // PHP reads these as other names, or not at all.
        ("&a.b=1&a_b=2".to_owned(), 400, "same name"),
        ("&=1&[x]=1&&&%00=1".to_owned(), 200, ""),
    ];
    for (addition, expected, text) in cases {
        let begin = Instant::now();
        let shown =
            with(&addition).await.err().map_or((200, String::new()), |it| (it.status(), it.to_string()));
        let start: String = addition.chars().take(30).collect();
        assert_eq!(shown.0, expected, "{start}: {}", shown.1);
        assert!(shown.1.contains(text), "{start}: {}", shown.1);
        assert!(begin.elapsed() < Duration::from_secs(5), "{start}: {:?}", begin.elapsed());
    }
}

#[tokio::test]
async fn other_encodings_and_types_are_refused_by_their_name() {
    let portal = portal().await;
    let form = deal_event(&portal, 7).body();
    let utf16: Vec<u8> = form.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let utf16_big: Vec<u8> =
        [0xfe, 0xff].into_iter().chain(form.encode_utf16().flat_map(u16::to_be_bytes)).collect();
    let cyrillic = [form.as_bytes(), b"&text=\xd2\xe5\xea\xf1\xf2"].concat();
    let part =
        |(name, value)| format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    let multipart: String = form_urlencoded::parse(form.as_bytes()).map(part).collect();
    let with_bom = [b"\xef\xbb\xbf", form.as_bytes()].concat();
    const FORM: &str = "application/x-www-form-urlencoded";
    let cases: [(&str, &[u8], u16, &str); 18] = [
        (FORM, form.as_bytes(), 200, ""),
        ("", form.as_bytes(), 200, ""),
        ("Application/X-WWW-Form-Urlencoded; Charset=\"UTF-8\"", form.as_bytes(), 200, ""),
        ("application/x-www-form-urlencoded; charset=windows-1251", &cyrillic, 415, "charset"),
        (FORM, &cyrillic, 400, "UTF-8"),
        (FORM, &utf16, 400, "UTF-8"),
        (FORM, &utf16_big, 400, "UTF-8"),
        ("application/x-www-form-urlencoded; charset=utf-16", &utf16, 415, "charset"),
        // The first name has the mark, so that it is another one; the event is not one then, but a request of a robot.
        (FORM, &with_bom, 200, ""),
        ("multipart/form-data; boundary=x", multipart.as_bytes(), 415, "content type"),
        (FORM, multipart.as_bytes(), 400, "neither `auth`"),
        ("text/plain", form.as_bytes(), 415, "content type"),
        ("text/xml", b"<event/>", 415, "content type"),
        ("?", form.as_bytes(), 415, "content type"),
        ("application/json", form.as_bytes(), 400, "JSON"),
        ("application/json", b"[1]", 400, "JSON"),
        ("application/json", b"{}", 400, "neither `auth`"),
        (FORM, b"", 400, "neither `auth`"),
    ];
    for (content_type, body, expected, text) in cases {
        let (status, shown) = receive_as(content_type, body).await;
        assert_eq!(status, expected, "{content_type}: {shown}");
        assert!(shown.contains(text), "{content_type}: {shown}");
    }
}

#[tokio::test]
async fn json_has_the_same_limits() {
    let portal = portal().await;
    let fields = Value::Object(decode(&deal_event(&portal, 7).body()));
    let body = fields.to_string();
    let with = |addition: &str| body.replacen('{', &format!("{{{addition},"), 1);
    let cases = [
        (body.clone(), 200),
        (with(r#""x": {"y": [1, null, true, -2, 1.5]}"#), 200),
        (with(&format!(r#""x": {}1{}"#, "[".repeat(100), "]".repeat(100))), 400),
        (with(&format!(r#""x": {}1{}"#, "[".repeat(100_000), "]".repeat(100_000))), 400),
        (with(&format!(r#""x": {}"#, "[".repeat(100_000))), 400),
        (with(&format!(r#""x": [{}1]"#, "[],".repeat(20_000))), 400),
        (with(r#""ts": 1"#), 400),
        (with(r#""x": {"y": 1, "y": 2}"#), 400),
        (format!("{body} x"), 400),
        (format!("\u{feff}{body}"), 400),
    ];
    for (body, expected) in cases {
        let (status, text) = receive_as("application/json", body.as_bytes()).await;
        assert_eq!(status, expected, "{text}: {}", &body[..60]);
    }
}

#[test]
fn the_work_for_a_form_grows_with_its_length() {
    let all = Limits::default().with_values(usize::MAX).with_depth(64);
    // Forms for which a careless decoder needs quadratic time.
    type Make = fn(usize) -> String;
    let forms: [(&str, Make); 7] = [
        ("names", |count| (0..count).map(|at| format!("n{at}=1&")).collect()),
        ("keys", |count| (0..count).map(|at| format!("n[k{at}]=1&")).collect()),
        ("appended", |count| "n[]=1&".repeat(count)),
        ("numbered", |count| (0..count).map(|at| format!("n[{at}]=1&")).collect()),
        ("arrays in arrays", |count| "n[][][][][][]=1&".repeat(count)),
        ("brackets", |count| format!("n{}=1", "[".repeat(count * 6))),
        ("percent", |count| format!("n={}", "%41+".repeat(count * 2))),
    ];
    for (name, make) in forms {
        let time = |count: usize| {
            let form = make(count);
            let best = (0..3).map(|_| {
                let begin = Instant::now();
                decode_form(form.as_bytes(), all).unwrap();
                begin.elapsed()
            });
            best.min().unwrap_or_default()
        };
        // 16 times the length: about 16 times the work, and 256 times if it were quadratic. A busy machine may delay one measurement.
        let is_linear = || time(64_000) < time(4_000) * 90 + Duration::from_millis(5);
        assert!((0..4).any(|_| is_linear()), "{name}: {:?} and {:?}", time(4_000), time(64_000));
    }
}

#[tokio::test]
async fn no_refusal_shows_what_was_received() {
    let portal = portal().await;
    let secret = deal_event(&portal, 7)
        .with("auth[application_token]", SECRET)
        .with("auth[access_token]", SECRET)
        .with("data", json!({SECRET: SECRET}))
        .body();
    let receiver = builder().build();
    let repeated = format!("{secret}&{SECRET}=1&{SECRET}=2");
    let deep = format!("{secret}&{SECRET}{}=1", format!("[{SECRET}]").repeat(100));
    let json = format!(r#"{{"auth": {{"application_token": "{SECRET}", "x": {SECRET}}}}}"#);
    let bodies: [(&str, &str); 7] = [
        ("", &secret),
        ("", &repeated),
        ("", &deep),
        ("", SECRET),
        (SECRET, &secret),
        ("application/json", &json),
        (&format!("text/plain; charset={SECRET}"), &secret),
    ];
    for (content_type, body) in bodies {
        let request =
            IncomingRequest::new(body.as_bytes()).with_content_type(content_type).with_query(SECRET);
        let refusal = receiver.receive(request, NOW).await.unwrap_err();
        let shown = format!("{refusal} {refusal:?} {} {receiver:?}", refusal.response_text());
        assert!(!shown.contains(SECRET), "{shown}");
    }
    let page = portal.page_request("DEFAULT", &json!({SECRET: SECRET}));
    let incoming = common::receive(&receiver, &page).await.unwrap();
    let token = decode(&page.body())["AUTH_ID"].as_str().unwrap().to_owned();
    let event = receive_form(&receiver, &deal_event(&portal, 9).body()).await.unwrap();
    for shown in [format!("{incoming:?}"), format!("{event:?}")] {
        assert!(!shown.contains(&token) && !shown.contains(common::APPLICATION_TOKEN), "{shown}");
    }
}

/// Parts of forms that readers disagree about.
fn form() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        "[a-c]{1,2}",
        "(auth|data|event|ts|AUTH_ID|DOMAIN|member_id|application_token|PLACEMENT_OPTIONS|saveform)",
        r"\[[a-c0-2]?\]",
        "[=&\\[\\]%+. \u{0}]",
        "(%00|%5B|%5D|%D1%82|%FF|undefined|ONAPPINSTALL|onCrmDealAdd|18000000[0-9]{2})",
        r"auth\[(member_id|application_token|access_token)\]=",
    ];
    vec(part, 0..40).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn any_request_is_refused_or_proved(form in form(), query in form(), kind in 0_usize..4) {
        let types = ["", "application/json", "application/x-www-form-urlencoded; charset=utf-8", "text/plain"];
        requests::request(format!("{}\n{}\n{form}", types[kind], query.replace('\n', "")).as_bytes());
    }
}

#[test]
fn an_empty_form_has_no_fields() {
    assert_eq!(decode_form(b"", Limits::default()), Ok(Map::new()));
    // Of one character, one byte is escaped and the other is not.
    for mixed in [&b"text=\xd0%82"[..], b"text=%D0\x82", b"\xd0%82=1"] {
        assert_eq!(decode_form(mixed, Limits::default()), Err(FormError::NotUtf8), "{mixed:?}");
    }
}
