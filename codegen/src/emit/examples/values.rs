//! Plausible values of parameters: documented ones, those that the words give, and usual ones by name.

use crate::model::Field;

/// Plausible texts by the end of the name, or with `=` by the whole name.
const TEXTS: &[(&[&str], &str)] = &[
    (&["dialog_id", "dialogid"], "chat42"),
    (&["email", "mail"], "ann@example.com"),
    (&["phone"], "+49 30 901820"),
    (&["=address"], "Ring Street 5, Bremen"),
    (&["filecontent", "=file"], "SGVsbG8="),
    (&["=region"], "de"),
    (&["uuid"], "5f8a9b3c-1d2e-4f60-8a7b-9c0d1e2f3a4b"),
    (&["url", "link", "handler"], "https://example.com/chairs"),
    (&["currency"], "EUR"),
    (&["lang"], "en"),
    (&["color"], "#3bc8f5"),
    (&["date", "time"], "2026-12-01"),
    (&["last_name", "lastname"], "Example"),
    (&["first_name", "firstname", "second_name", "secondname"], "Ann"),
    (&["postal_code", "postalcode"], "28195"),
    (&["title", "subject"], "Forty chairs"),
    (&["description", "comment", "comments", "message", "text", "=note"], "Delivery before noon"),
    (&["=code", "rest_code", "menu_code", "iblock_code", "section_code", "element_code"], "chairs"),
    (&["name"], "Chairs"),
];

/// What precedes a value in the words about a field.
const BEFORE_A_VALUE: &[&str] = &[":", "such as", "for example", "lways", "like", " as", "a code", "a word"];

/// A plausible text: a documented value, one from the words, or one that fits the name. `is_exact`: `None` without one of these.
pub(super) fn text(field: &Field, is_exact: bool) -> Option<String> {
    let listed = field.docs.values.first().and_then(|value| serde_json::from_str::<String>(value).ok());
    let known = listed.or_else(|| from_words(field)).or_else(|| known_text(field).map(str::to_owned));
    let is_id = field.wire.to_lowercase().ends_with("id");
    known.or_else(|| (!is_exact).then(|| if is_id { "42" } else { "chairs" }.to_owned()))
}

/// A plausible time: that of the words, or an hour of a working day.
pub(super) fn time(field: &Field) -> String {
    let name = field.wire.to_lowercase();
    let is_end =
        ["to", "end", "until", "finish", "stop", "closedate"].iter().any(|word| name.ends_with(word));
    let usual = match (field.docs.type_name == "date", is_end) {
        (true, false) => "2026-12-01",
        (true, true) => "2026-12-08",
        (false, false) => "2026-12-01T10:00:00+01:00",
        (false, true) => "2026-12-01T11:00:00+01:00",
    };
    from_words(field).filter(|value| value.starts_with("20")).unwrap_or_else(|| usual.to_owned())
}

/// The first value that the words about a field give: `such as \`NEW\``.
fn from_words(field: &Field) -> Option<String> {
    all_from_words(field).into_iter().next()
}

/// The values that the words about a field give one after another: `for example \`crm\`, \`DEAL_25\``.
pub(super) fn all_from_words(field: &Field) -> Vec<String> {
    let words = field.docs.text.as_deref().unwrap_or_default();
    let mut spans = Vec::new();
    let mut parts = words.split('`');
    let mut before = parts.next().unwrap_or_default();
    while let (Some(span), Some(after)) = (parts.next(), parts.next()) {
        spans.push((before, span, after));
        before = after;
    }
    let Some(first) = spans.iter().position(|(before, span, after)| is_value(before, span, after)) else {
        return Vec::new();
    };
    let values = spans.into_iter().skip(first);
    let mut goes_on = true;
    values
        .take_while(|(_, _, after)| std::mem::replace(&mut goes_on, [", ", " or ", " and "].contains(after)))
        .map(|(_, span, _)| span.to_owned())
        .collect()
}

/// Whether a code span is a value: it is introduced as one, is no link, and not the first part of a value.
fn is_value(before: &str, span: &str, after: &str) -> bool {
    let before = before.trim_end();
    let is_introduced =
        BEFORE_A_VALUE.iter().any(|words| before.ends_with(words)) && !before.ends_with("Unset:");
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_.:/+@-, {}|".contains(c);
    let is_range = span.len() == 3 && span.contains('-');
    is_introduced
        && !is_range
        && !span.is_empty()
        && span.chars().all(is_plain)
        && !after.starts_with("](")
        && !after.starts_with(" and ")
}

/// The text that fits a name.
fn known_text(field: &Field) -> Option<&'static str> {
    let name = field.wire.to_lowercase();
    let is_named = |part: &str| part.strip_prefix('=').map_or(name.ends_with(part), |whole| name == whole);
    let fits = |(parts, _): &&(&[&str], &str)| parts.iter().any(|part| is_named(part));
    TEXTS.iter().find(fits).map(|(_, text)| *text)
}

/// A plausible number: a tax, a quantity, or a price.
pub(super) fn number(field: &Field) -> f64 {
    let name = field.wire.to_lowercase();
    if name.contains("quantity") {
        4.0
    } else if name.ends_with("rate") || name.contains("percent") {
        19.0
    } else {
        120.5
    }
}

/// A plausible integer: a documented value, one from the words, the minimum, or an identifier.
pub(super) fn integer(field: &Field) -> i64 {
    let listed = field.docs.values.first().and_then(|value| value.parse().ok());
    let low = field.docs.range.0.as_deref().and_then(|low| low.parse::<i64>().ok());
    let is_number = ["sort", "quantity", "count", "limit", "days", "hours", "minutes"];
    let name = field.wire.to_lowercase();
    // The kind of items that deals are.
    let is_kind = name == "entitytypeid";
    let usual = if is_kind {
        2
    } else if is_number.iter().any(|word| name.contains(word)) {
        10
    } else {
        42
    };
    let from_words = || from_words(field).filter(|_| !is_kind).and_then(|value| value.parse().ok());
    listed.or_else(from_words).unwrap_or_else(|| low.filter(|low| *low > usual).unwrap_or(usual))
}
