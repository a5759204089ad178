//! The requests to handlers of placements that a page shows, and code that reads them.

use serde_json::Value;

use crate::descriptor::Schema;
use crate::extract::lexicon::placements::{PLACEMENT, PLACEMENT_OPTIONS};
use crate::extract::page_log::PageLog;
use crate::extract::register::placements::{OPTIONS_OF_A_BINDING_METHOD, PLACEMENT_OPTIONS_IN_CODE};
use crate::extract::rules::placements::identifiers::with_identifiers;
use crate::extract::syntax::ast::{Block, Code, Page, Section, flat};
use crate::extract::tables::placement_table::PlacementCode;
use crate::schema::example;

/// A request that a page shows.
#[derive(Debug, Default)]
pub(super) struct Sample {
    /// The value of `PLACEMENT`.
    placement: Option<String>,
    /// The content of `PLACEMENT_OPTIONS`.
    pub(super) options: Option<Value>,
    pub(super) line: usize,
}

/// Keys that a request to the handler of a placement has, and the request that binds one has not.
const OF_A_REQUEST: &[&str] = &["AUTH_ID", "member_id"];

impl Sample {
    fn of(code: &Code) -> Option<Self> {
        if !OF_A_REQUEST.iter().all(|key| code.text.contains(key)) {
            return None;
        }
        let placement = values_of(&code.text, PLACEMENT).next();
        let placement =
            placement.map(|rest| rest.split(['\'', '"', ',', '\n', ' ']).next().unwrap_or_default());
        let options = values_of(&code.text, PLACEMENT_OPTIONS).find_map(first_json);
        let placement = placement.filter(|code| !code.is_empty()).map(str::to_owned);
        (placement.is_some() || options.is_some()).then_some(Self { placement, options, line: code.line })
    }

    /// The code of its placement.
    pub(super) fn code(&self) -> Option<PlacementCode> {
        PlacementCode::read(self.placement.as_deref()?)
    }

    /// Whether it is a request of this placement, which may be a family.
    pub(super) fn is_of(&self, code: &PlacementCode) -> bool {
        let Some(placement) = self.placement.as_deref() else { return false };
        let parts = code.pattern.as_deref().and_then(|pattern| {
            let (before, rest) = pattern.split_once('{')?;
            Some((before, rest.split_once('}')?.1))
        });
        let is_member = |(before, behind): (&str, &str)| {
            placement
                .strip_prefix(before)
                .and_then(|rest| rest.strip_suffix(behind))
                .is_some_and(|part| !part.is_empty())
        };
        placement == code.code || parts.is_some_and(is_member)
    }

    /// Whether it names no placement.
    pub(super) fn is_anonymous(&self) -> bool {
        self.placement.is_none()
    }
}

/// The requests on a page.
pub(super) fn of(page: &Page) -> Vec<Sample> {
    codes(page).filter_map(Sample::of).collect()
}

/// The placements that code on a page compares with the one of a request.
pub(super) fn compared(page: &Page) -> Vec<PlacementCode> {
    let mut found: Vec<PlacementCode> = Vec::new();
    let mut add = |word: &str| {
        let code = PlacementCode::read(word).filter(|code| !found.contains(code));
        found.extend(code);
    };
    for text in page.sections.iter().flat_map(Section::paragraphs) {
        text.code().filter_map(|code| code.strip_prefix(PLACEMENT)?.strip_prefix('=')).for_each(&mut add);
    }
    for code in codes(page) {
        for mark in ["PLACEMENT']", "PLACEMENT\"]", "getPlacement()"] {
            for rest in code.text.split(mark).skip(1) {
                let rest = rest.trim_start().strip_prefix("==").map(|rest| rest.trim_start_matches('='));
                let quoted = rest.and_then(|rest| rest.trim_start().strip_prefix(['\'', '"']));
                quoted.and_then(|rest| rest.split(['\'', '"']).next()).into_iter().for_each(&mut add);
            }
        }
    }
    found
}

/// The keys that code on a page takes out of decoded options: `intval($options['LINE'])` is an integer.
pub(super) fn keys_in_code(page: &Page, log: &mut PageLog) -> Option<Schema> {
    let mut object = Schema::any_object();
    for code in codes(page) {
        let Some(variable) = decoded_variable(&code.text) else { continue };
        for (at, _) in code.text.match_indices(variable) {
            let (before, rest) = code.text.split_at(at);
            let key = rest.get(variable.len()..).and_then(|rest| rest.strip_prefix("['")?.split_once('\''));
            let Some((key, _)) = key.filter(|(key, _)| is_key(key)) else { continue };
            let before = before.trim_end().to_ascii_lowercase();
            let is_number = before.ends_with("intval(") || before.ends_with("(int)");
            let of_key = object.properties.entry(key.to_owned()).or_default();
            if is_number {
                *of_key = Schema::of(crate::descriptor::JsonType::Integer);
            }
        }
    }
    let found = !object.properties.is_empty();
    if found {
        log.fire(&PLACEMENT_OPTIONS_IN_CODE);
    }
    found.then_some(object)
}

/// The example of the options that the page of a binding method shows below a text about them.
pub(super) fn of_method(page: &Page, log: &mut PageLog) -> Option<Schema> {
    let section = page.sections.first()?;
    let blocks = flat(&section.blocks);
    let mut pairs = blocks.windows(2).filter_map(|pair| {
        let [Block::Paragraph(text), Block::Code(code)] = pair else { return None };
        text.code().any(|code| code == PLACEMENT_OPTIONS).then_some(code)
    });
    let options: Value = pairs.find_map(|code| serde_json::from_str(&code.text).ok())?;
    let schema = Some(example::schema_of(&options)).filter(|schema| !schema.properties.is_empty())?;
    log.fire(&OPTIONS_OF_A_BINDING_METHOD);
    Some(with_identifiers(schema, &[&options], log))
}

fn codes(page: &Page) -> impl Iterator<Item = &Code> {
    page.sections.iter().flat_map(Section::code)
}

/// The texts behind each occurrence of a key with a value: `[KEY] => value`, `'KEY': 'value'`.
fn values_of<'t>(text: &'t str, key: &'t str) -> impl Iterator<Item = &'t str> {
    text.split(key).skip(1).filter_map(|rest| {
        let rest = rest.trim_start_matches(['\'', '"', ']']).trim_start();
        let value = rest.strip_prefix("=>").or_else(|| rest.strip_prefix(':'))?;
        Some(value.trim_start().trim_start_matches(['\'', '"']))
    })
}

/// The JSON at the beginning of a text.
fn first_json(text: &str) -> Option<Value> {
    if !text.starts_with(['{', '[']) {
        return None;
    }
    serde_json::Deserializer::from_str(text).into_iter::<Value>().next()?.ok()
}

/// The variable of PHP that code assigns the decoded options to.
fn decoded_variable(text: &str) -> Option<&str> {
    let (before, _) = text.split_once(PLACEMENT_OPTIONS)?;
    let line = before.rsplit_once('\n').map_or(before, |(_, line)| line);
    let decodes = |line: &str| line.contains("json_decode(");
    let assigned = |line: &'_ str| -> Option<usize> {
        let start = line.find('$')?;
        line.get(start..)?.contains('=').then_some(start)
    };
    // The first occurrence may be in a condition.
    let line = match decodes(line) {
        true => line,
        false => text.lines().find(|line| line.contains(PLACEMENT_OPTIONS) && decodes(line))?,
    };
    let start = assigned(line)?;
    let name = line.get(start..)?;
    let end = name.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '$' | '_'))?;
    name.get(..end).filter(|name| name.len() > 1)
}

fn is_key(key: &str) -> bool {
    !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}
