//! Extracts the calls in the code examples of a page: method names, the REST version of the address, and request bodies.

use serde_json::Value;

use crate::extract::lexicon::method_names::is_method_name;
use crate::extract::register::Rule;
use crate::extract::syntax::ast::Page;
use crate::extract::syntax::curl;

/// The calls in the code of a page.
#[derive(Debug, Default)]
pub(crate) struct Calls {
    /// The method names in addresses, in order.
    pub(crate) addressed: Vec<String>,
    /// The method names in calls through a library, in order.
    pub(crate) called: Vec<String>,
    /// Whether an address belongs to REST 3.
    pub(crate) v3: bool,
    /// The addressed names that belong to REST 3.
    addressed_v3: Vec<String>,
    /// The request bodies without the token of the caller, each with the names that its call addresses.
    bodies: Vec<(Vec<String>, Value)>,
    /// The rules that extracted the bodies.
    pub(crate) rules: Vec<&'static Rule>,
}

/// The text before a method name in calls through the libraries.
const CALLS: &[&str] = &["callMethod(", "->call(", "CRest::call(", "method:"];

/// The maximum length of an address in bytes. No address in the documentation is longer; searching further for the end
/// would scan a long line once for each address.
const ADDRESS_LIMIT: usize = 400;

impl Calls {
    /// Extracts the calls from the code of a page.
    pub(crate) fn of(page: &Page) -> Self {
        let mut calls = Self::default();
        for code in page.sections.iter().flat_map(|section| section.code()) {
            for (_, call) in curl::calls_in(&code.text) {
                calls.add(Self::of_call(&call));
            }
        }
        calls
    }

    /// Extracts the calls from the text of one call.
    pub(crate) fn of_call(call: &str) -> Self {
        let mut calls = Self::default();
        calls.read(call);
        let bodies = curl::bodies_in(call);
        calls.rules = bodies.rules;
        let bodies = bodies.list.into_iter().filter_map(|(_, body)| body.ok()).chain(bodies.repaired);
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

    /// Whether the code addresses the method, or no method at all.
    pub(crate) fn is_of(&self, method: &str) -> bool {
        is_among(&self.addressed, method)
    }

    /// The bodies of requests to the method. Pages also show calls of other methods that prepare the call.
    pub(crate) fn bodies_of(&self, method: &str) -> Vec<Value> {
        let of_method = self.bodies.iter().filter(|(addressed, _)| is_among(addressed, method));
        of_method.map(|(_, body)| body.clone()).collect()
    }

    /// Whether a body belongs to a method other than the given one.
    pub(crate) fn has_body_of_another(&self, method: &str) -> bool {
        self.bodies.iter().any(|(addressed, _)| !is_among(addressed, method))
    }

    /// Whether the method is addressed as a method of REST 3. Where only other methods are addressed, whether one of them is.
    /// `None` without an address.
    pub(crate) fn is_v3(&self, method: &str) -> Option<bool> {
        let addressed = |names: &[String]| names.iter().any(|name| name.eq_ignore_ascii_case(method));
        match self.addressed.is_empty() {
            true => None,
            false if addressed(&self.addressed) => Some(addressed(&self.addressed_v3)),
            false => Some(self.v3),
        }
    }

    /// Collects the names in the code of an example.
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

    /// Reads the end of an address: `[api/][user/key/]method[.json]`.
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

    /// All names; those in addresses come first.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.addressed.iter().chain(&self.called).map(String::as_str)
    }
}

/// Whether a call addresses the method, or no method at all.
fn is_among(addressed: &[String], method: &str) -> bool {
    addressed.is_empty() || addressed.iter().any(|name| name.eq_ignore_ascii_case(method))
}

fn quoted_name(text: &str) -> Option<&str> {
    let text = text.trim_start();
    let quote = text.chars().next().filter(|quote| matches!(quote, '\'' | '"' | '`'))?;
    let name = text.get(1..)?;
    // No name is longer; searching further would scan the rest of the document for each quotation mark.
    let end = name.bytes().take(200).position(|byte| byte == quote as u8)?;
    name.get(..end).filter(|name| is_method_name(name))
}
