//! The limits that a page names: those of every portal, and how often methods may be called.

mod quantity;

use crate::descriptor::{CountedBy, OperatingTime, PlanQuota, RateLimit};
use crate::extract::evidence::Evidence;
use crate::extract::lexicon::limits::{
    BATCH, BURST_HEADS, COMMANDS, COMMANDS_LEAD, COUNTED_BY_ADDRESS, COUNTED_BY_PORTAL, EXCEEDS, LIMITS,
    LIST_METHODS, OPERATING_TIME, OTHER_PLANS, PLAN_HEADS, PLAN_NAMES, RATE_HEADS, RATE_LIMIT_ROWS,
    ROWS_OF_A_PAGE, TIME_OF_ONE_REQUEST, counted_by,
};
use crate::extract::lexicon::phrases::sentences;
use crate::extract::register::limits::{
    BATCH_LENGTH_SENTENCE, COUNTED_BY_SENTENCE, OPERATING_TIME_SENTENCE, PAGE_ROWS_SENTENCE, PLAN_TABLE,
    RATE_LIMIT_OF_A_SECTION, RATE_LIMIT_SENTENCE, REQUEST_TIME_SENTENCE,
};
use crate::extract::rules::limits::quantity::{calls_per_period, numbers, periods};
use crate::extract::syntax::ast::{Page, Row, Table, Text};

/// The limits of every portal that one page names.
#[derive(Debug, Default)]
pub(crate) struct LimitFacts {
    pub(crate) requests: Option<Evidence<Vec<PlanQuota>>>,
    pub(crate) counted_by: Option<Evidence<Vec<CountedBy>>>,
    pub(crate) operating_time: Option<Evidence<OperatingTime>>,
    pub(crate) request_seconds: Option<Evidence<u32>>,
    pub(crate) batch_commands: Option<Evidence<u32>>,
    pub(crate) page_rows: Option<Evidence<u32>>,
}

impl LimitFacts {
    /// Whether the page names no limit.
    pub(crate) fn is_empty(&self) -> bool {
        self.requests.is_none()
            && self.operating_time.is_none()
            && self.request_seconds.is_none()
            && self.batch_commands.is_none()
            && self.page_rows.is_none()
    }
}

/// Extracts the limits of every portal. On the page of a method, a sentence may be about its method alone; only the number of
/// commands of a batch is read there.
pub(crate) fn extract_system(page: &Page, is_of_method: bool) -> LimitFacts {
    let paragraphs: Vec<(usize, String)> = paragraphs_with_digits(page).collect();
    let mut facts = LimitFacts {
        batch_commands: of_sentences(&paragraphs, &BATCH_LENGTH_SENTENCE, batch_commands),
        ..LimitFacts::default()
    };
    if is_of_method {
        return facts;
    }
    facts.requests = page.sections.iter().flat_map(|section| section.tables()).find_map(plan_table);
    facts.counted_by = facts.requests.as_ref().and_then(|_| counted_by_sentence(page));
    facts.operating_time = of_paragraphs(&paragraphs, &OPERATING_TIME_SENTENCE, operating_time);
    facts.request_seconds = of_paragraphs(&paragraphs, &REQUEST_TIME_SENTENCE, request_seconds);
    facts.page_rows = of_sentences(&paragraphs, &PAGE_ROWS_SENTENCE, page_rows);
    facts
}

/// The rate limit in a sentence above the first heading of the page of a method.
pub(crate) fn extract_rate_limit(page: &Page) -> Option<Evidence<RateLimit>> {
    let preamble = page.sections.first()?.paragraphs();
    preamble.into_iter().find_map(|text| {
        let prose = text.prose();
        let limit = sentences(&prose).filter(|sentence| LIMITS.stand_in(sentence)).find_map(rate_limit)?;
        Some(Evidence::new(&RATE_LIMIT_SENTENCE, limit, text.line))
    })
}

/// The rate limit in a table of limits on an overview, for the methods of its folder.
pub(crate) fn extract_section_rate_limit(page: &Page) -> Option<Evidence<RateLimit>> {
    let rows = page.sections.iter().flat_map(|section| section.tables()).flat_map(|table| &table.rows);
    rows.into_iter().find_map(|row| {
        let [name, value, ..] = row.cells.as_slice() else { return None };
        let limit = RATE_LIMIT_ROWS.are(&name.prose()).then(|| rate_limit(&value.prose())).flatten()?;
        Some(Evidence::new(&RATE_LIMIT_OF_A_SECTION, limit, row.line))
    })
}

fn rate_limit(sentence: &str) -> Option<RateLimit> {
    let (requests, seconds) = calls_per_period(sentence)?;
    Some(RateLimit { requests, seconds, counted_by: counted_by(sentence) })
}

/// The paragraphs with a digit, each with its line: a limit is a number.
fn paragraphs_with_digits(page: &Page) -> impl Iterator<Item = (usize, String)> {
    let has_digit =
        |text: &&Text| text.spans.iter().any(|span| span.text.contains(|c: char| c.is_ascii_digit()));
    let paragraphs = page.sections.iter().flat_map(|section| section.paragraphs()).filter(has_digit);
    paragraphs.map(|text| (text.line, text.prose()))
}

type Paragraphs = [(usize, String)];
type Rule = crate::extract::register::Rule;

fn of_paragraphs<T>(
    paragraphs: &Paragraphs,
    rule: &'static Rule,
    read: impl Fn(&str) -> Option<T>,
) -> Option<Evidence<T>> {
    paragraphs.iter().find_map(|(line, prose)| Some(Evidence::new(rule, read(prose)?, *line)))
}

fn of_sentences<T>(
    paragraphs: &Paragraphs,
    rule: &'static Rule,
    read: impl Fn(&str) -> Option<T>,
) -> Option<Evidence<T>> {
    of_paragraphs(paragraphs, rule, |prose| sentences(prose).find_map(&read))
}

/// The two periods of a sentence such as "the execution time of requests must not exceed 480 seconds in 10 minutes".
fn operating_time(prose: &str) -> Option<OperatingTime> {
    let is_limit = OPERATING_TIME.stand_in(prose) && EXCEEDS.stand_in(prose);
    let [seconds, window_seconds, ..] = periods(prose)[..] else { return None };
    (is_limit && seconds <= window_seconds).then_some(OperatingTime { seconds, window_seconds })
}

fn request_seconds(prose: &str) -> Option<u32> {
    TIME_OF_ONE_REQUEST.stand_in(prose).then(|| periods(prose).first().copied()).flatten()
}

fn batch_commands(sentence: &str) -> Option<u32> {
    if !BATCH.are_words_of(sentence) || !COMMANDS.stand_in(sentence) {
        return None;
    }
    let mut numbers = numbers(sentence).into_iter();
    numbers.find(|number| COMMANDS_LEAD.end(number.before.trim_end())).map(|number| number.value)
}

fn page_rows(sentence: &str) -> Option<u32> {
    let found =
        || numbers(sentence).into_iter().find(|number| ROWS_OF_A_PAGE.begin(number.after.trim_start()));
    LIST_METHODS.stand_in(sentence).then(found).flatten().map(|number| number.value)
}

/// Reads a table of plans: its head, then one row for each plan or group of plans.
fn plan_table(table: &Table) -> Option<Evidence<Vec<PlanQuota>>> {
    let (head, rows) = table.rows.split_first()?;
    let heads: Vec<String> = head.cells.iter().map(|cell| cell.prose()).collect();
    let column = |is: &dyn Fn(&String) -> bool| heads.iter().position(is);
    let plan = column(&|head| PLAN_HEADS.are(head))?;
    let rate = column(&|head| RATE_HEADS.stand_in(head))?;
    let burst = column(&|head| BURST_HEADS.stand_in(head))?;
    let quotas: Option<Vec<PlanQuota>> = rows.iter().map(|row| plan_row(row, plan, rate, burst)).collect();
    let quotas = quotas.filter(|quotas| !quotas.is_empty())?;
    Some(Evidence::new(&PLAN_TABLE, quotas, table.line))
}

fn plan_row(row: &Row, plan: usize, rate: usize, burst: usize) -> Option<PlanQuota> {
    let number = |column: usize| Some(numbers(&row.cells.get(column)?.prose()).first()?.value);
    let names = row.cells.get(plan)?.prose();
    let known = |name: &str| {
        let spelled = PLAN_NAMES.iter().find(|(spelling, _)| *spelling == name.to_lowercase());
        spelled.map_or(name, |(_, known)| known).to_owned()
    };
    let plans = if OTHER_PLANS.are(&names) {
        Vec::new()
    } else {
        names.split(',').map(str::trim).filter(|name| !name.is_empty()).map(known).collect()
    };
    Some(PlanQuota { plans, burst: number(burst)?, per_second: number(rate)? })
}

/// What has a bucket of its own, by the sentences of a page with a table of plans.
fn counted_by_sentence(page: &Page) -> Option<Evidence<Vec<CountedBy>>> {
    let paragraphs = || page.sections.iter().flat_map(|section| section.paragraphs());
    let phrases = [(CountedBy::Portal, COUNTED_BY_PORTAL), (CountedBy::Address, COUNTED_BY_ADDRESS)];
    let found: Vec<(CountedBy, usize)> = phrases
        .into_iter()
        .filter_map(|(by, phrases)| {
            paragraphs().find(|text| phrases.stand_in(&text.prose())).map(|text| (by, text.line))
        })
        .collect();
    let line = found.iter().map(|(_, line)| *line).min()?;
    Some(Evidence::new(&COUNTED_BY_SENTENCE, found.into_iter().map(|(by, _)| by).collect(), line))
}
