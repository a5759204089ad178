//! Everything that a portal, or what stands before it, is known to answer instead of a result.
//!
//! Every fault repeats the address of the call wherever it has room for it, so that each is also a case of a secret that must
//! not be shown.
#![allow(dead_code, unreachable_pub)]

use std::time::Duration;

use bitrix24_core::{Kind, json};

use crate::portal::{Call, Response, SECRET};

/// One fault, and what a caller is to be told of it.
pub struct Fault {
    pub name: &'static str,
    pub response: fn(&Call) -> Response,
    pub kind: Kind,
    pub status: Option<u16>,
    pub code: Option<&'static str>,
    /// A part of the error's text.
    pub says: &'static str,
}

const fn fault(
    name: &'static str,
    kind: Kind,
    status: u16,
    says: &'static str,
    response: fn(&Call) -> Response,
) -> Fault {
    Fault { name, response, kind, status: Some(status), code: None, says }
}

const fn told(
    name: &'static str,
    status: u16,
    code: &'static str,
    says: &'static str,
    response: fn(&Call) -> Response,
) -> Fault {
    Fault { name, response, kind: Kind::Method, status: Some(status), code: Some(code), says }
}

fn page(call: &Call) -> String {
    format!("<html><a href=\"{0}\">Back</a> <p>Nothing at {0}</p></html>", call.path)
}

/// What the client does not understand, or understands to be an error of the portal's.
pub const ANSWERS: &[Fault] = &[
    told("a word", 404, "SHELF_NOT_FOUND", "No shelf", |call| {
        Response::error(404, "SHELF_NOT_FOUND", &format!("No shelf at {}", call.path))
    }),
    told("a word on success", 200, "SHELF_NOT_FOUND", "No shelf", |call| {
        Response::error(200, "SHELF_NOT_FOUND", &format!("No shelf at {}", call.path))
    }),
    told("a number", 400, "200040300020", "at ***", |call| {
        Response::error(400, 200_040_300_020_u64, &format!("at {SECRET}{}", call.path))
    }),
    told("the number 0", 200, "0", "Something", |_| Response::error(200, 0, "Something")),
    told("a number in a text", 400, "1048582", "Something", |_| Response::error(400, "1048582", "Something")),
    told("an empty code", 200, "", "no code", |call| {
        Response::error(200, "", &format!("Refused: {}", call.path))
    }),
    told("no code at all", 400, "", "no code", |call| {
        Response::json(400, &json!({"error_description": format!("Refused: {}", call.path)}))
    }),
    told("a code that repeats the address", 400, "/rest/1/***/stock.rows.count.json", "***", |call| {
        Response::error(400, call.path.as_str(), "")
    }),
    told("an object of REST 3", 400, "STORE_INVALID", "store: no ***; name: too long", |_| {
        let problems = json!([{"field": "store", "message": format!("no {SECRET}")}, {"field": "name", "message": "too long"}]);
        Response::json(
            400,
            &json!({"error": {"code": "STORE_INVALID", "message": "Bad", "validation": problems}}),
        )
    }),
    told("a list for a code", 400, "[\"***\"]", "", |_| Response::error(400, json!([SECRET]), "")),
    Fault {
        name: "an error of any method",
        response: |call| Response::error(503, "QUERY_LIMIT_EXCEEDED", &format!("Slow down, {}", call.path)),
        kind: Kind::System,
        status: Some(503),
        code: Some("QUERY_LIMIT_EXCEEDED"),
        says: "Slow down",
    },
    fault("a page on success", Kind::NotJson, 200, "an HTML page", |call| Response::html(200, &page(call))),
    fault("a page on 403", Kind::NotJson, 403, "an HTML page", |call| Response::html(403, &page(call))),
    fault("a page on 502", Kind::NotJson, 502, "an HTML page", |call| Response::html(502, &page(call))),
    fault("nothing", Kind::NotJson, 200, "is empty", |_| Response::text(200, "application/json", "")),
    fault("nothing on 500", Kind::NotJson, 500, "is empty", |_| {
        Response::text(500, "application/json", " \n")
    }),
    fault("plain text", Kind::NotJson, 200, "no JSON", |call| Response::text(200, "text/plain", &call.path)),
    fault("invalid JSON", Kind::NotJson, 200, "no JSON", |_| {
        Response::text(200, "application/json", &format!("{{\"result\": {SECRET}}}"))
    }),
    fault("half of the JSON, said to be all", Kind::Truncated, 200, "after 15 bytes", |_| {
        Response::text(200, "application/json", "{\"result\": {\"a\"")
    }),
    fault("less than was promised", Kind::Truncated, 200, "after 12 of 500 bytes", |_| {
        Response::cut_off("{\"result\": 7", 500)
    }),
    fault("a chunk too few", Kind::Truncated, 200, "after 13 bytes", |_| {
        Response::cut_off_chunk("{\"result\": 7}")
    }),
    fault("no object", Kind::NotAnAnswer, 200, "envelope", |call| Response::json(200, &json!(call.path))),
    fault("neither result nor error", Kind::NotAnAnswer, 200, "neither", |call| {
        Response::json(200, &json!({call.path.as_str(): true}))
    }),
    fault("a result under the status of an error", Kind::NotAnAnswer, 500, "status", |_| {
        Response::json(500, &json!({"result": true}))
    }),
    fault("a total that is no number", Kind::Decode, 200, "`total`: expected an integer", |_| {
        Response::json(200, &json!({"result": 7, "total": SECRET}))
    }),
    // What is found by the type of the method is found where the status is no longer known: it was one of success.
    Fault {
        name: "a result of another type",
        response: |_| Response::result(json!(SECRET)),
        kind: Kind::Decode,
        status: None,
        code: None,
        says: "`result`: expected an integer, found \"***\"",
    },
    fault("a redirect to another portal", Kind::Redirect, 302, "https://new.example:8443", |call| {
        Response::redirect(
            302,
            Some(&format!("https://{SECRET}:{SECRET}@new.example:8443{}?{SECRET}", call.path)),
        )
    }),
    fault("a redirect to another page", Kind::Redirect, 302, "its own pages", |call| {
        Response::redirect(302, Some(&format!("/auth/?backurl={}", call.path)))
    }),
    fault("a redirect to nowhere", Kind::Redirect, 302, "does not say where", |_| {
        Response::redirect(302, None)
    }),
    fault("a redirect to no URL", Kind::Redirect, 302, "does not say where", |_| {
        Response::redirect(302, Some(&format!("https://{SECRET} {SECRET}/")))
    }),
    Fault {
        name: "no HTTP",
        response: |_| Response::bytes(format!("{SECRET} is no HTTP\r\n\r\n")),
        kind: Kind::Transport,
        status: None,
        code: None,
        says: "broke off",
    },
    Fault {
        name: "the end of the connection",
        response: |_| Response::bytes(""),
        kind: Kind::Transport,
        status: None,
        code: None,
        says: "broke off",
    },
    Fault {
        name: "half a head",
        response: |_| Response::bytes(format!("HTTP/1.1 200 OK\r\nx-echo: {SECRET}")),
        kind: Kind::Transport,
        status: None,
        code: None,
        says: "broke off",
    },
    Fault {
        name: "silence",
        response: |_| Response::result(json!(7)).after(Duration::from_secs(600)),
        kind: Kind::Timeout,
        status: None,
        code: None,
        says: "in time",
    },
];
