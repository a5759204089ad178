//! What the code of the examples tells: names of methods, the interface that is addressed, and bodies of requests.

use serde_json::Value;

use crate::extract::lexicon::method_names::is_method_name;
use crate::extract::register::Rule;
use crate::extract::syntax::ast::Page;
use crate::extract::syntax::curl;

/// What was found in the code of a page.
#[derive(Debug, Default)]
pub(crate) struct Calls {
    /// The names of methods as they are addressed, in order.
    pub(crate) addressed: Vec<String>,
    /// The names of methods as they are called through a library, in order.
    pub(crate) called: Vec<String>,
    /// Whether an address leads to REST 3.
    pub(crate) v3: bool,
    /// Those of them that are addressed as methods of REST 3.
    addressed_v3: Vec<String>,
    /// The bodies of requests, without the token of the caller, each with the names that its call addresses.
    bodies: Vec<(Vec<String>, Value)>,
    /// The rules that found the bodies.
    pub(crate) rules: Vec<&'static Rule>,
}

/// What stands before the name of a method in the libraries' languages.
const CALLS: &[&str] = &["callMethod(", "->call(", "CRest::call(", "method:"];

/// No address in the documentation is longer. Looking for its end further on would read a long line again and again.
const ADDRESS_LIMIT: usize = 400;

impl Calls {
    /// What the code on a page tells.
    pub(crate) fn of(page: &Page) -> Self {
        let mut calls = Self::default();
        for code in page.sections.iter().flat_map(|section| section.code()) {
            for (_, call) in curl::calls_in(&code.text) {
                calls.add(Self::of_call(&call));
            }
        }
        calls
    }

    /// What the text of one call tells.
    pub(crate) fn of_call(call: &str) -> Self {
        let mut calls = Self::default();
        calls.read(call);
        let bodies = curl::bodies_in(call);
        calls.rules = bodies.rules;
        let bodies = bodies.list.into_iter().filter_map(|(_, body)| body.ok());
        calls.bodies = bodies.map(|body| (calls.addressed.clone(), body)).collect();
        calls
    }

    fn add(&mut self, other: Self) {
        self.addressed.extend(other.addressed);
        self.called.extend(other.called);
        self.v3 |= other.v3;
        self.addressed_v3.extend(other.addressed_v3);
        self.bodies.extend(other.bodies);
        self.rules.extend(other.rules);
    }

    /// Whether a method is addressed, or none is.
    pub(crate) fn is_of(&self, method: &str) -> bool {
        is_among(&self.addressed, method)
    }

    /// The bodies that are sent to a method. Pages also show calls of others that lead to theirs.
    pub(crate) fn bodies_of(&self, method: &str) -> Vec<Value> {
        let own = self.bodies.iter().filter(|(addressed, _)| is_among(addressed, method));
        own.map(|(_, body)| body.clone()).collect()
    }

    /// Whether a body belongs to another method than the given one.
    pub(crate) fn has_body_of_another(&self, method: &str) -> bool {
        self.bodies.iter().any(|(addressed, _)| !is_among(addressed, method))
    }

    /// Whether a method is addressed as one of REST 3; where others alone are addressed, whether these are. `None` where no
    /// address is shown.
    pub(crate) fn is_v3(&self, method: &str) -> Option<bool> {
        let addressed = |names: &[String]| names.iter().any(|name| name.eq_ignore_ascii_case(method));
        match self.addressed.is_empty() {
            true => None,
            false if addressed(&self.addressed) => Some(addressed(&self.addressed_v3)),
            false => Some(self.v3),
        }
    }

    /// Looks through the code of an example.
    fn read(&mut self, code: &str) {
        for line in code.lines() {
            for (at, found) in line.match_indices("/rest/") {
                self.address(line.get(at + found.len()..).unwrap_or_default());
            }
        }
        for call in CALLS {
            for (at, found) in code.match_indices(call) {
                let name = code.get(at + found.len()..).and_then(quoted_name);
                self.called.extend(name.map(str::to_owned));
            }
        }
    }

    /// The rest of an address: `[api/][user/key/]method[.json]`.
    fn address(&mut self, rest: &str) {
        let ends =
            |byte: u8| byte.is_ascii_whitespace() || matches!(byte, b'\'' | b'"' | b'`' | b'?' | b'\\');
        let end = match rest.bytes().take(ADDRESS_LIMIT).position(ends) {
            Some(end) => end,
            None if rest.len() < ADDRESS_LIMIT => rest.len(),
            None => return,
        };
        let path = rest.get(..end).unwrap_or_default();
        let name = path.rsplit('/').next().unwrap_or_default();
        let name = name.strip_suffix(".json").unwrap_or(name);
        if is_method_name(name) {
            self.addressed.push(name.to_owned());
            if path.starts_with("api/") {
                self.v3 = true;
                self.addressed_v3.push(name.to_owned());
            }
        }
    }

    /// All names, those of addresses first.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.addressed.iter().chain(&self.called).map(String::as_str)
    }
}

/// Whether a method is among the names that a call addresses, or it addresses none.
fn is_among(addressed: &[String], method: &str) -> bool {
    addressed.is_empty() || addressed.iter().any(|name| name.eq_ignore_ascii_case(method))
}

fn quoted_name(text: &str) -> Option<&str> {
    let text = text.trim_start();
    let quote = text.chars().next().filter(|quote| matches!(quote, '\'' | '"' | '`'))?;
    let name = text.get(1..)?;
    // No name is longer; looking further would read the rest of the document for each quotation mark.
    let end = name.bytes().take(200).position(|byte| byte == quote as u8)?;
    name.get(..end).filter(|name| is_method_name(name))
}
