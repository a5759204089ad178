//! Compares how a method is called: what the client knows of it.

use super::context::{Comparison, Subject};
use super::method_pairs::MethodPair;
use crate::descriptor::{Context, CountedBy, Keyset, Pagination, RateLimit};
use crate::diff::register as rules;

pub(super) fn compare(comparison: &mut Comparison<'_>, pair: &MethodPair<'_>) {
    let (old, new) = (pair.old.method, pair.new.method);
    let subject = &Subject::item_of(&pair.new, &new.request.name);
    let pagination = (&old.pagination, &new.pagination);
    comparison.report_difference(&rules::PAGINATION_CHANGED, subject, pagination, |kind| {
        Some(word(*kind).to_owned())
    });
    if old.pagination == new.pagination && old.page_at != new.page_at {
        let places = (old.page_at.clone(), new.page_at.clone());
        comparison.report(&rules::PAGINATION_CHANGED, subject, "", places.0, places.1);
    }
    if let (Some(before), Some(now)) = (&old.rows, &new.rows) {
        comparison.report_difference(&rules::ROWS_MOVED, subject, (before, now), |rows| {
            Some(if rows.is_empty() { "the result".to_owned() } else { rows.clone() })
        });
    }
    let rule = match (&old.keyset, &new.keyset) {
        (None, Some(_)) => &rules::KEYSET_ADDED,
        (Some(_), None) => &rules::KEYSET_REMOVED,
        _ => &rules::KEYSET_CHANGED,
    };
    comparison.report_difference(rule, subject, (&old.keyset, &new.keyset), |keyset| {
        keyset.as_ref().map(shown_keyset)
    });
    let rule = if new.changes { &rules::READ_ONLY_REMOVED } else { &rules::READ_ONLY_ADDED };
    comparison.report_difference(rule, subject, (&old.changes, &new.changes), |_| None);
    comparison.report_difference(&rules::CONTEXT_CHANGED, subject, (&old.context, &new.context), |context| {
        match context {
            Context::Any => Some("any".to_owned()),
            Context::Application => Some("application".to_owned()),
        }
    });
    comparison.report_difference(
        &rules::RATE_LIMIT_CHANGED,
        subject,
        (&old.rate_limit, &new.rate_limit),
        |limit| limit.as_ref().map(shown_rate_limit),
    );
}

fn word(pagination: Pagination) -> &'static str {
    match pagination {
        Pagination::None => "none",
        Pagination::Start => "start",
        Pagination::LimitOffset => "limit_offset",
        Pagination::LastId => "last_id",
        Pagination::Page => "page",
        Pagination::V3 => "v3",
        Pagination::Cursor => "cursor",
        Pagination::Unknown => "unknown",
    }
}

fn shown_keyset(keyset: &Keyset) -> String {
    let Keyset { id, filter, order, direction, .. } = keyset;
    let direction = direction.as_ref().map(|name| format!(", {name}")).unwrap_or_default();
    format!("{id} of rows {}, by {filter}, {order}{direction}", keyset.row_id())
}

fn shown_rate_limit(limit: &RateLimit) -> String {
    let by = match limit.counted_by {
        CountedBy::Portal => "portal",
        CountedBy::Address => "address",
        CountedBy::Application => "application",
        CountedBy::User => "user",
    };
    format!("{} in {} s for each {by}", limit.requests, limit.seconds)
}
