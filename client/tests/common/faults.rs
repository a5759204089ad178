//! Everything that a portal, or what stands before it, is known to answer instead of a result.
//!
//! Every fault repeats the address of the call wherever it has room for it, so that each is also a case of a secret that must
//! not be shown.
#![allow(dead_code, unreachable_pub)]

use std::time::Duration;

use bitrix24_core::{ErrorKind, json};

use crate::mock_server::{Call, MockResponse, SECRET};

/// One fault, and what a caller is to be told of it.
pub struct Fault {
    pub name: &'static str,
    pub response: fn(&Call) -> MockResponse,
    pub kind: ErrorKind,
    pub status: Option<u16>,
    pub code: Option<&'static str>,
    /// A part of the error's text.
    pub says: &'static str,
}

const fn fault(
    name: &'static str,
    kind: ErrorKind,
    status: u16,
    says: &'static str,
    response: fn(&Call) -> MockResponse,
) -> Fault {
    Fault { name, response, kind, status: Some(status), code: None, says }
}

const fn told(
    name: &'static str,
    status: u16,
    code: &'static str,
    says: &'static str,
    response: fn(&Call) -> MockResponse,
) -> Fault {
    Fault { name, response, kind: ErrorKind::Method, status: Some(status), code: Some(code), says }
}

fn page(call: &Call) -> String {
    format!("<html><a href=\"{0}\">Back</a> <p>Nothing at {0}</p></html>", call.path)
}

/// What the client does not understand, or understands to be an error of the portal's.
pub const ANSWERS: &[Fault] = &[
    told("a word", 404, "SHELF_NOT_FOUND", "No shelf", |call| {
        MockResponse::error(404, "SHELF_NOT_FOUND", &format!("No shelf at {}", call.path))
    }),
    told("a word on success", 200, "SHELF_NOT_FOUND", "No shelf", |call| {
        MockResponse::error(200, "SHELF_NOT_FOUND", &format!("No shelf at {}", call.path))
    }),
    told("a number", 400, "200040300020", "at ***", |call| {
        MockResponse::error(400, 200_040_300_020_u64, &format!("at {SECRET}{}", call.path))
    }),
    told("the number 0", 200, "0", "Something", |_| MockResponse::error(200, 0, "Something")),
    told("a number in a text", 400, "1048582", "Something", |_| {
        MockResponse::error(400, "1048582", "Something")
    }),
    told("an empty code", 200, "", "without a code", |call| {
        MockResponse::error(200, "", &format!("Refused: {}", call.path))
    }),
    told("no code at all", 400, "", "without a code", |call| {
        MockResponse::json(400, &json!({"error_description": format!("Refused: {}", call.path)}))
    }),
    told("a code that repeats the address", 400, "/rest/1/***/stock.rows.count.json", "***", |call| {
        MockResponse::error(400, call.path.as_str(), "")
    }),
    told("an object of REST 3", 400, "STORE_INVALID", "store: no ***; name: too long", |_| {
        let problems = json!([{"field": "store", "message": format!("no {SECRET}")}, {"field": "name", "message": "too long"}]);
        MockResponse::json(
            400,
            &json!({"error": {"code": "STORE_INVALID", "message": "Bad", "validation": problems}}),
        )
    }),
    told("a list for a code", 400, "[\"***\"]", "", |_| MockResponse::error(400, json!([SECRET]), "")),
    Fault {
        name: "an error of any method",
        response: |call| {
            MockResponse::error(503, "QUERY_LIMIT_EXCEEDED", &format!("Slow down, {}", call.path))
        },
        kind: ErrorKind::System,
        status: Some(503),
        code: Some("QUERY_LIMIT_EXCEEDED"),
        says: "Slow down",
    },
    fault("a page on success", ErrorKind::NotJson, 200, "an HTML page", |call| {
        MockResponse::html(200, &page(call))
    }),
    fault("a page on 403", ErrorKind::NotJson, 403, "an HTML page", |call| {
        MockResponse::html(403, &page(call))
    }),
    fault("a page on 502", ErrorKind::NotJson, 502, "an HTML page", |call| {
        MockResponse::html(502, &page(call))
    }),
    fault("nothing", ErrorKind::NotJson, 200, "is empty", |_| {
        MockResponse::text(200, "application/json", "")
    }),
    fault("nothing on 500", ErrorKind::NotJson, 500, "is empty", |_| {
        MockResponse::text(500, "application/json", " \n")
    }),
    fault("plain text", ErrorKind::NotJson, 200, "not JSON", |call| {
        MockResponse::text(200, "text/plain", &call.path)
    }),
    fault("invalid JSON", ErrorKind::NotJson, 200, "not JSON", |_| {
        MockResponse::text(200, "application/json", &format!("{{\"result\": {SECRET}}}"))
    }),
    fault("half of the JSON, said to be all", ErrorKind::Truncated, 200, "after 15 bytes", |_| {
        MockResponse::text(200, "application/json", "{\"result\": {\"a\"")
    }),
    fault("less than was promised", ErrorKind::Truncated, 200, "after 12 of 500 bytes", |_| {
        MockResponse::cut_off("{\"result\": 7", 500)
    }),
    fault("a chunk too few", ErrorKind::Truncated, 200, "after 13 bytes", |_| {
        MockResponse::cut_off_chunk("{\"result\": 7}")
    }),
    fault("no object", ErrorKind::UnexpectedResponse, 200, "envelope", |call| {
        MockResponse::json(200, &json!(call.path))
    }),
    fault("neither result nor error", ErrorKind::UnexpectedResponse, 200, "neither", |call| {
        MockResponse::json(200, &json!({call.path.as_str(): true}))
    }),
    fault("a result under the status of an error", ErrorKind::UnexpectedResponse, 500, "status", |_| {
        MockResponse::json(500, &json!({"result": true}))
    }),
    fault("a total that is no number", ErrorKind::Decode, 200, "`total`: expected an integer", |_| {
        MockResponse::json(200, &json!({"result": 7, "total": SECRET}))
    }),
    // What is found by the type of the method is found where the status is no longer known: it was one of success.
    Fault {
        name: "a result of another type",
        response: |_| MockResponse::result(json!(SECRET)),
        kind: ErrorKind::Decode,
        status: None,
        code: None,
        says: "`result`: expected an integer, found \"***\"",
    },
    fault("a redirect to another portal", ErrorKind::Redirect, 302, "https://new.example:8443", |call| {
        MockResponse::redirect(
            302,
            Some(&format!("https://{SECRET}:{SECRET}@new.example:8443{}?{SECRET}", call.path)),
        )
    }),
    fault("a redirect to another page", ErrorKind::Redirect, 302, "another of its pages", |call| {
        MockResponse::redirect(302, Some(&format!("/auth/?backurl={}", call.path)))
    }),
    fault("a redirect to nowhere", ErrorKind::Redirect, 302, "without a target", |_| {
        MockResponse::redirect(302, None)
    }),
    fault("a redirect to no URL", ErrorKind::Redirect, 302, "without a target", |_| {
        MockResponse::redirect(302, Some(&format!("https://{SECRET} {SECRET}/")))
    }),
    Fault {
        name: "no HTTP",
        response: |_| MockResponse::bytes(format!("{SECRET} is no HTTP\r\n\r\n")),
        kind: ErrorKind::Transport,
        status: None,
        code: None,
        says: "broke",
    },
    Fault {
        name: "the end of the connection",
        response: |_| MockResponse::bytes(""),
        kind: ErrorKind::Transport,
        status: None,
        code: None,
        says: "broke",
    },
    Fault {
        name: "half a head",
        response: |_| MockResponse::bytes(format!("HTTP/1.1 200 OK\r\nx-echo: {SECRET}")),
        kind: ErrorKind::Transport,
        status: None,
        code: None,
        says: "broke",
    },
    Fault {
        name: "silence",
        response: |_| MockResponse::result(json!(7)).after(Duration::from_secs(600)),
        kind: ErrorKind::Timeout,
        status: None,
        code: None,
        says: "in time",
    },
];
