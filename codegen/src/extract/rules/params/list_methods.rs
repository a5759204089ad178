//! The parameters of a page that refers to the description of all list methods instead of listing them.

use serde_json::Value;

use crate::descriptor::{JsonType, Schema};
use crate::extract::evidence::Evidence;
use crate::extract::lexicon::headings::SectionKind;
use crate::extract::lexicon::preamble::LIST_METHODS;
use crate::extract::page_log::PageLog;
use crate::extract::register::params::PARAMETERS_OF_LIST_METHODS;
use crate::extract::rules::params::param::{Param, Params};
use crate::extract::rules::params::{filters_and_orders, identifier, request_bodies};
use crate::extract::syntax::ast::{Page, Section};

/// The parameters of list methods.
const NAMES: &[&str] = &["order", "filter", "select"];
/// The parameter for pages, which no example has to send.
const START: &str = "start";

/// The parameters of a list method that every example request sends; `None` where the page does not refer to them.
pub(super) fn params(page: &Page, bodies: &[Value], log: &mut PageLog) -> Option<Params> {
    let about = |section: &&Section| matches!(section.kind, SectionKind::Preamble | SectionKind::Parameters);
    let mut texts = page.sections.iter().filter(about).flat_map(Section::paragraphs);
    let line = texts.find(|text| LIST_METHODS.stand_in(&text.prose()))?.line;
    let examples = request_bodies::sent(bodies);
    let always = identifier::always_sent(bodies);
    let mut params = Params { required_unknown: true, ..Params::default() };
    let sent = examples.iter().filter(|(name, _)| NAMES.contains(&name.as_str()) && always.contains(name));
    for (name, example) in sent {
        let open = filters_and_orders::sent(name, example);
        params.list.insert(
            name.clone(),
            param(name, line, open.unwrap_or_else(|| request_bodies::without_keys(example))),
        );
    }
    if params.list.is_empty() {
        return None;
    }
    params.list.insert(START.to_owned(), param(START, line, Schema::of(JsonType::Integer)));
    log.fire(&PARAMETERS_OF_LIST_METHODS);
    Some(params)
}

fn param(name: &str, line: usize, schema: Schema) -> Param {
    Param {
        name: name.to_owned(),
        line,
        required: false,
        documented: Some(Evidence::new(&PARAMETERS_OF_LIST_METHODS, schema, line)),
        in_request: None,
        in_table: None,
        range: None,
    }
}
