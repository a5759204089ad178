//! The names that a type of a module may have, the best one first.
//!
//! | type | names |
//! |---|---|
//! | the thing that a getter returns, or the rows of a list | the thing: `Deal`, `DealSettings` |
//! | a page of a list | `DealList` |
//! | an object around the thing | `DealResult` |
//! | a part of a result | the field, then with the field above it, then with the entity: `Phone`, `ContactPhone` |
//! | a part of a request | the method and the fields: `AddFieldsPhone` |
//! | a part of several requests | the entity and the fields: `ContactPhone`, or `ContactPhoneFields` beside that of a result |
//!
//! `item`, `value` and the like say nothing, and list a thing in the plural: `users: [{…}]` gives `User`.

use super::super::{names, nouns};
use super::Merger;
use super::uses::{Place, Step, is_many};
use crate::model::{Direction, Field, RustName, TypeItem, TypeRef};

impl Merger {
    /// The names that a type may have. Its present one is not among them.
    pub(super) fn candidates(&self, index: usize, place: &Place) -> Vec<RustName> {
        let item = &self.items[index];
        let is_in_both = matches!(&item.item, TypeItem::Enum(item) if item.directions.len() > 1);
        let own = nouns::singular(&self.entity);
        let significant = significant(&place.steps);
        let words = match (place.direction, significant) {
            (Direction::Request, _) if item.users.len() > 1 => {
                shared_in_requests(&own, &place.steps, matches!(item.item, TypeItem::Struct(_)))
            }
            (Direction::Request, _) => of_request(place),
            (Direction::Response, None) => self.of_root(index, place, &own),
            (Direction::Response, Some(_)) => {
                let is_plain = matches!(item.item, TypeItem::Struct(_));
                of_part(&own, &place.method, &place.steps, is_plain && !is_in_both)
            }
        };
        let short: Vec<String> = words.iter().map(|words| shortened(words)).collect();
        words.iter().chain(&short).filter_map(|words| names::type_of(words)).collect()
    }

    /// The names of a whole result, or of its rows.
    fn of_root(&self, index: usize, place: &Place, own: &str) -> Vec<String> {
        let fields = self.fields(index);
        let thing = nouns::thing_of(&place.method);
        let is_row = place.is_row || place.steps.last().is_some_and(|step| step.is_many);
        let noun = thing.as_deref().unwrap_or_default();
        if let Some(step) = place.steps.last().filter(|_| place.is_row) {
            let row = if noun.is_empty() { own.to_owned() } else { nouns::singular(noun) };
            let part = nouns::singular(&step.words);
            return vec![joined(&[&row, &part]), joined(&[own, &row, &part])];
        }
        match fields {
            _ if thing.is_some() && is_row && noun.is_empty() => {
                let method = place.method.strip_prefix("get ").unwrap_or(&place.method);
                vec![own.to_owned(), joined(&[own, method, "row"])]
            }
            _ if thing.is_some() && is_row => {
                let noun = nouns::singular(noun);
                vec![noun.clone(), joined(&[own, &noun])]
            }
            _ if is_row && nouns::is_plural(&place.method) => {
                let noun = nouns::singular(&place.method);
                vec![joined(&[own, &noun])]
            }
            _ if is_row => vec![joined(&[own, &place.method, "row"])],
            [only] if place.steps.is_empty() && !is_row => self.of_wrapper(only, thing.is_some(), own, noun),
            _ if place.steps.len() > 1 => {
                let last = place.steps.last().map(|step| nouns::singular(&step.words)).unwrap_or_default();
                vec![joined(&[own, &place.method, &last])]
            }
            _ if thing.is_none() => Vec::new(),
            _ if place.steps.is_empty() => match self.listed(fields) {
                Some(rows) => vec![joined(&[&rows, "list"]), joined(&[own, "list"])],
                None if noun.is_empty() => vec![self.entity.clone(), joined(&[own, "info"])],
                None => vec![joined(&[own, noun]), joined(&[own, noun, "info"])],
            },
            _ => vec![joined(&[own, noun, "data"])],
        }
    }

    /// The names of an object with one field.
    fn of_wrapper(&self, only: &Field, is_getter: bool, own: &str, noun: &str) -> Vec<String> {
        let field = names::words(&only.wire);
        let thing = if nouns::is_generic(&field) { own.to_owned() } else { field };
        match self.resolved(&only.ty) {
            ty if is_list(&ty) && is_getter => {
                vec![joined(&[&nouns::singular(&thing), "list"]), joined(&[own, "list"])]
            }
            ty if ty.named().is_some() && !is_many(&ty) => {
                vec![joined(&[&thing, "result"]), joined(&[own, &thing, "result"])]
            }
            _ if is_getter && !noun.is_empty() => vec![joined(&[own, noun]), joined(&[own, noun, "info"])],
            _ => Vec::new(),
        }
    }

    /// The rows of a page: the only list of objects among its fields.
    fn listed(&self, fields: &[Field]) -> Option<String> {
        let is_object = |ty: &TypeRef| ty.named().is_some_and(|name| self.find(name).is_some());
        let mut lists = fields.iter().filter(|field| is_list(&field.ty) && is_object(&field.ty));
        let only = lists.next().filter(|_| lists.next().is_none())?;
        let rest = fields.iter().filter(|field| field.wire != only.wire);
        let is_page = rest.clone().all(|field| !is_many(&field.ty)) && rest.count() < 4;
        let words = names::words(&only.wire);
        let rows = if nouns::is_generic(&words) { self.entity.clone() } else { words };
        is_page.then(|| nouns::singular(&rows))
    }
}

fn is_list(ty: &TypeRef) -> bool {
    match ty {
        TypeRef::List(_) | TypeRef::OneOrMany(_) => true,
        TypeRef::Nullable(inner) => is_list(inner),
        _ => false,
    }
}

/// The last of some fields whose name says something.
fn significant(steps: &[Step]) -> Option<usize> {
    steps.iter().rposition(|step| !nouns::is_generic(&step.words))
}

/// What is in a field, with the generic fields behind it: `users` that has `items` is a `user`, a `task` that has `data` is `task data`.
fn thing_in(steps: &[Step], at: usize) -> String {
    let behind = steps.get(at..).unwrap_or_default();
    let Some(first) = behind.first() else { return String::new() };
    let generic = behind.iter().skip(1).take_while(|step| nouns::is_generic(&step.words));
    let one = nouns::singular(&first.words);
    match (first.is_many, generic.clone().any(|step| step.is_many), generic.last()) {
        (true, _, Some(last)) => joined(&[&one, &nouns::singular(&last.words)]),
        (true, _, None) | (false, true, _) => one,
        (false, false, Some(last)) => joined(&[&first.words, &last.words]),
        (false, false, None) => first.words.clone(),
    }
}

fn of_part(own: &str, method: &str, steps: &[Step], may_be_bare: bool) -> Vec<String> {
    let things = things(steps);
    let things: Vec<&str> = things.iter().map(String::as_str).collect();
    let ends = || (0..things.len()).rev().filter_map(|from| things.get(from..));
    let bare = ends().filter(|end| may_be_bare || end.len() > 1).map(joined);
    let after = |head: &[&str]| ends().map(|end| joined(&[head, end].concat())).collect::<Vec<_>>();
    let last = steps.last().map(|step| nouns::singular(&step.words)).unwrap_or_default();
    let row = things.last().map(|thing| joined(&[thing, &last]));
    let info = things.last().filter(|thing| **thing == own).map(|thing| joined(&[thing, "info"]));
    bare.chain(after(&[own])).chain(row).chain(info).chain(after(&[own, method])).collect()
}

/// The parameter of a request that contains the fields. A name that several methods share leaves it out.
const REQUEST_FIELDS: &str = "fields";

fn shared_in_requests(own: &str, steps: &[Step], is_object: bool) -> Vec<String> {
    let things: Vec<String> = things(steps).into_iter().filter(|thing| thing != REQUEST_FIELDS).collect();
    let things: Vec<&str> =
        if things.is_empty() { vec![REQUEST_FIELDS] } else { things.iter().map(String::as_str).collect() };
    let ends = (0..things.len()).filter_map(|from| things.get(from..));
    let words = |head: &[&str], end: &[&str]| joined(&[head, end].concat());
    let plain = ends.clone().map(|end| words(&[own], end));
    // A result has the same object with other fields.
    let fields = ends.clone().filter(|_| is_object).map(|end| joined(&[&words(&[own], end), REQUEST_FIELDS]));
    let shared = ends.map(|end| words(&[own, "shared"], end));
    plain.chain(fields).chain(shared).collect()
}

fn of_request(place: &Place) -> Vec<String> {
    let things = things(&place.steps);
    // A message in a message is its content.
    let is_repeated = |at: usize| at > 0 && things.get(at) == things.get(at - 1);
    let distinct = things.iter().enumerate().map(|(at, thing)| if is_repeated(at) { CONTENT } else { thing });
    let things: Vec<&str> = distinct.collect();
    let method = place.method.as_str();
    let ends = (0..things.len()).filter_map(|from| things.get(from..));
    let names = ends.map(|end| joined(&[&[method], end].concat()));
    // The name of the method alone is that of the request.
    let is_many = place.steps.last().is_some_and(|step| step.is_many);
    let item = joined(&[method, if is_many { "item" } else { CONTENT }]);
    names.map(|words| if words == method { item.clone() } else { words }).collect()
}

/// What is in a field with the name of the whole, in a request.
const CONTENT: &str = "content";

/// What is in each field whose name says something.
fn things(steps: &[Step]) -> Vec<String> {
    let significant = steps.iter().enumerate().filter(|(_, step)| !nouns::is_generic(&step.words));
    let things: Vec<String> = significant.map(|(at, _)| thing_in(steps, at)).collect();
    if things.is_empty() {
        steps.last().map(|step| nouns::singular(&step.words)).into_iter().collect()
    } else {
        things
    }
}

/// As many of the last words as a name has room for behind the first one.
fn shortened(words: &str) -> String {
    let Some((first, rest)) = words.split_once(' ') else { return words.to_owned() };
    let ends = rest.match_indices(' ').map(|(at, _)| format!("{first}{}", &rest[at..]));
    let mut fitting = ends.filter(|words| names::type_of(words).is_some());
    fitting.next().unwrap_or_else(|| words.to_owned())
}

/// Words behind each other. Where some begin with those at the end before them, these are not repeated.
pub(super) fn joined(parts: &[&str]) -> String {
    let mut words: Vec<&str> = Vec::new();
    for part in parts.iter().filter(|part| !part.is_empty()) {
        let next: Vec<&str> = part.split(' ').collect();
        let same = (1..=words.len().min(next.len())).rev().find(|count| words.ends_with(&next[..*count]));
        words.extend(next.get(same.unwrap_or_default()..).unwrap_or_default());
    }
    words.join(" ")
}
