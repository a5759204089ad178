//! Every known response of a portal, or of a proxy before it, other than a result.
//!
//! Each fault repeats the URL of the call wherever possible, so each also tests that the secret is not shown.
#![allow(dead_code, unreachable_pub)]

use std::time::Duration;

use bitrix24_core::{ErrorKind, json};

use bitrix24_testing::{Call, MockResponse, SECRET};

/// A fault, and the expected error.
pub struct Fault {
    pub name: &'static str,
    pub response: fn(&Call) -> MockResponse,
    pub kind: ErrorKind,
    pub status: Option<u16>,
    pub code: Option<&'static str>,
    /// A part of the error message.
    pub message: &'static str,
}

const fn fault(
    name: &'static str,
    kind: ErrorKind,
    status: u16,
    message: &'static str,
    response: fn(&Call) -> MockResponse,
) -> Fault {
    Fault { name, response, kind, status: Some(status), code: None, message }
}

const fn portal_error(
    name: &'static str,
    status: u16,
    code: &'static str,
    message: &'static str,
    response: fn(&Call) -> MockResponse,
) -> Fault {
    Fault { name, response, kind: ErrorKind::Method, status: Some(status), code: Some(code), message }
}

fn page(call: &Call) -> String {
    format!("<html><a href=\"{0}\">Back</a> <p>Nothing at {0}</p></html>", call.path)
}

/// Errors of the portal, and responses that the client cannot interpret.
pub const RESPONSES: &[Fault] = &[
    portal_error("a text code", 404, "SHELF_NOT_FOUND", "No shelf", |call| {
        MockResponse::error(404, "SHELF_NOT_FOUND", &format!("No shelf at {}", call.path))
    }),
    portal_error("a text code with status 200", 200, "SHELF_NOT_FOUND", "No shelf", |call| {
        MockResponse::error(200, "SHELF_NOT_FOUND", &format!("No shelf at {}", call.path))
    }),
    portal_error("a number as the code", 400, "200040300020", "at ***", |call| {
        MockResponse::error(400, 200_040_300_020_u64, &format!("at {SECRET}{}", call.path))
    }),
    portal_error("the number 0", 200, "0", "Something", |_| MockResponse::error(200, 0, "Something")),
    portal_error("a number in text", 400, "1048582", "Something", |_| {
        MockResponse::error(400, "1048582", "Something")
    }),
    portal_error("an empty code", 200, "", "without a code", |call| {
        MockResponse::error(200, "", &format!("Refused: {}", call.path))
    }),
    portal_error("no code at all", 400, "", "without a code", |call| {
        MockResponse::json(400, &json!({"error_description": format!("Refused: {}", call.path)}))
    }),
    portal_error("a code that repeats the path", 400, "/rest/1/***/stock.rows.count.json", "***", |call| {
        MockResponse::error(400, call.path.as_str(), "")
    }),
    portal_error("an error object of REST 3", 400, "STORE_INVALID", "store: no ***; name: too long", |_| {
        let validation = json!([{"field": "store", "message": format!("no {SECRET}")}, {"field": "name", "message": "too long"}]);
        MockResponse::json(
            400,
            &json!({"error": {"code": "STORE_INVALID", "message": "Bad", "validation": validation}}),
        )
    }),
    portal_error("a list as the code", 400, "[\"***\"]", "", |_| {
        MockResponse::error(400, json!([SECRET]), "")
    }),
    Fault {
        name: "a system error",
        response: |call| {
            MockResponse::error(503, "QUERY_LIMIT_EXCEEDED", &format!("Slow down, {}", call.path))
        },
        kind: ErrorKind::System,
        status: Some(503),
        code: Some("QUERY_LIMIT_EXCEEDED"),
        message: "Slow down",
    },
    fault("a page with status 200", ErrorKind::NotJson, 200, "an HTML page", |call| {
        MockResponse::html(200, &page(call))
    }),
    fault("a page with status 403", ErrorKind::NotJson, 403, "an HTML page", |call| {
        MockResponse::html(403, &page(call))
    }),
    fault("a page with status 502", ErrorKind::NotJson, 502, "an HTML page", |call| {
        MockResponse::html(502, &page(call))
    }),
    fault("an empty body", ErrorKind::NotJson, 200, "is empty", |_| {
        MockResponse::text(200, "application/json", "")
    }),
    fault("an empty body with status 500", ErrorKind::NotJson, 500, "is empty", |_| {
        MockResponse::text(500, "application/json", " \n")
    }),
    fault("plain text", ErrorKind::NotJson, 200, "not JSON", |call| {
        MockResponse::text(200, "text/plain", &call.path)
    }),
    fault("invalid JSON", ErrorKind::NotJson, 200, "not JSON", |_| {
        MockResponse::text(200, "application/json", &format!("{{\"result\": {SECRET}}}"))
    }),
    fault("truncated JSON with a matching length", ErrorKind::Truncated, 200, "after 15 bytes", |_| {
        MockResponse::text(200, "application/json", "{\"result\": {\"a\"")
    }),
    fault("less than the content length", ErrorKind::Truncated, 200, "after 12 of 500 bytes", |_| {
        MockResponse::cut_off("{\"result\": 7", 500)
    }),
    fault("a missing last chunk", ErrorKind::Truncated, 200, "after 13 bytes", |_| {
        MockResponse::cut_off_chunk("{\"result\": 7}")
    }),
    fault("JSON that is not an object", ErrorKind::UnexpectedResponse, 200, "envelope", |call| {
        MockResponse::json(200, &json!(call.path))
    }),
    fault("neither result nor error", ErrorKind::UnexpectedResponse, 200, "neither", |call| {
        MockResponse::json(200, &json!({call.path.as_str(): true}))
    }),
    fault("a result with an error status", ErrorKind::UnexpectedResponse, 500, "status", |_| {
        MockResponse::json(500, &json!({"result": true}))
    }),
    fault("a total that is not a number", ErrorKind::Decode, 200, "`total`: expected an integer", |_| {
        MockResponse::json(200, &json!({"result": 7, "total": SECRET}))
    }),
    // A mismatch with the type of the method has no status: decoding follows a successful response.
    Fault {
        name: "a result of another type",
        response: |_| MockResponse::result(json!(SECRET)),
        kind: ErrorKind::Decode,
        status: None,
        code: None,
        message: "`result`: expected an integer, found \"***\"",
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
    fault("a redirect without a location", ErrorKind::Redirect, 302, "without a target", |_| {
        MockResponse::redirect(302, None)
    }),
    fault("a redirect to an invalid URL", ErrorKind::Redirect, 302, "without a target", |_| {
        MockResponse::redirect(302, Some(&format!("https://{SECRET} {SECRET}/")))
    }),
    Fault {
        name: "a response that is not HTTP",
        response: |_| MockResponse::bytes(format!("{SECRET} is no HTTP\r\n\r\n")),
        kind: ErrorKind::Transport,
        status: None,
        code: None,
        message: "broke",
    },
    Fault {
        name: "a closed connection",
        response: |_| MockResponse::bytes(""),
        kind: ErrorKind::Transport,
        status: None,
        code: None,
        message: "broke",
    },
    Fault {
        name: "a truncated header",
        response: |_| MockResponse::bytes(format!("HTTP/1.1 200 OK\r\nx-echo: {SECRET}")),
        kind: ErrorKind::Transport,
        status: None,
        code: None,
        message: "broke",
    },
    Fault {
        name: "no response",
        response: |_| MockResponse::result(json!(7)).after(Duration::from_secs(600)),
        kind: ErrorKind::Timeout,
        status: None,
        code: None,
        message: "in time",
    },
];
