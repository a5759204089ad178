//! The pages for people: one document at `/`, and what it shows as JSON below `/page/`.
//!
//! | path | value |
//! |---|---|
//! | `/page/index` | methods, entities and scopes, each with a sentence, and the path of the webhook |
//! | `/page/method?api&name`, `/page/entity?api&name` | one of them, with words and examples |
//! | `/page/tables`, `/page/rows?table&partition&text&start&limit` | stored rows |
//! | `/page/calls?before&limit`, `/page/call?number` | the record |
//! | `/page/live` | the number of calls, the bucket, operating time |
//! | `POST /page/token` | an access token of the application |
//!
//! The document uses methods as any caller does, with the webhook or a token. It has no rights of its own.

mod describe;
mod document;
mod example;
mod index;
mod live;
mod method;
mod rows;
mod words;

use std::collections::HashMap;
use std::io;

use serde_json::{Value, json};

pub(crate) use document::{Document, document};

use crate::spec::Api;
use crate::state::State;

/// The parameters of a request by name.
struct Asked(HashMap<String, String>);

impl Asked {
    fn of(query: &str) -> Self {
        Self(form_urlencoded::parse(query.as_bytes()).into_owned().collect())
    }

    fn text(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    fn number(&self, name: &str) -> Option<usize> {
        self.text(name).parse().ok()
    }

    fn api(&self) -> Api {
        if self.text("api") == Api::V3.name() { Api::V3 } else { Api::V2 }
    }

    /// How many rows or calls are wanted.
    fn limit(&self) -> usize {
        const MOST: usize = 500;
        self.number("limit").unwrap_or(50).clamp(1, MOST)
    }
}

/// The value below `/page/`. `None`: there is no such thing.
///
/// # Errors
/// The file with rows cannot be read.
pub(crate) fn value(
    state: &mut State,
    path: &[&str],
    query: &str,
    writes: bool,
) -> io::Result<Option<Value>> {
    let asked = Asked::of(query);
    let (api, name) = (asked.api(), asked.text("name"));
    Ok(match (path, writes) {
        (["index"], false) => Some(index::index(state)),
        (["method"], false) => method::method(&state.machine, api, name),
        (["entity"], false) => method::entity(&state.machine, api, name),
        (["tables"], false) => Some(rows::tables(&mut state.machine)?),
        (["rows"], false) => Some(rows::rows(&mut state.machine, &asked)?),
        (["calls"], false) => Some(live::calls(&state.record, &asked)),
        (["call"], false) => live::call(&state.record, asked.number("number").unwrap_or(0) as u64),
        (["live"], false) => Some(live::live(state)),
        (["token"], true) => Some(json!({"access_token": state.tokens.issue().access_token})),
        _ => None,
    })
}
