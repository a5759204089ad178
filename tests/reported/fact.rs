//! A reported fact, and how it is checked.

use std::fmt::Debug;

use bitrix24::wire::{FromWire, decode_strict};
use bitrix24::{Failure, Method, RawResponse, Value, parse_response};

/// A fact, and what is wrong about it.
pub(crate) struct Row {
    fact: u32,
    method: &'static str,
    wrong: Option<String>,
}

/// The result of a method, decoded as its type.
pub(crate) fn result<M: Method>(
    fact: u32,
    method: &'static str,
    result: Value,
    holds: fn(&M::Output) -> bool,
) -> Row
where
    M::Output: FromWire + Debug,
{
    let wrong = match decode_strict::<M::Output>(result) {
        Err(mismatch) => Some(mismatch.to_string()),
        Ok(value) => (!holds(&value)).then(|| format!("decodes as {value:?}")),
    };
    Row { fact, method, wrong }
}

/// A whole response.
pub(crate) fn response(
    fact: u32,
    method: &'static str,
    status: u16,
    body: &str,
    holds: fn(Result<&RawResponse, &Failure>) -> bool,
) -> Row {
    let parsed = parse_response(status, body.as_bytes());
    let wrong = (!holds(parsed.as_ref())).then(|| format!("parses as {parsed:?}"));
    Row { fact, method, wrong }
}

pub(crate) fn assert_all(rows: Vec<Row>) {
    let wrong = rows.into_iter().filter_map(|row| {
        let Row { fact, method, wrong } = row;
        wrong.map(|wrong| format!("{fact}: {method}: {wrong}"))
    });
    let wrong: Vec<String> = wrong.collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

pub(crate) fn date(date: &Option<bitrix24::wire::DateTime>, text: &str) -> bool {
    date.as_ref().is_some_and(|date| date.as_str() == text)
}

pub(crate) fn yes(flag: Option<bool>) -> bool {
    flag == Some(true)
}
