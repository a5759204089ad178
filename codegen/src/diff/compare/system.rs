//! Compares what all methods share: system errors, the timing of a call, and the limits of portals.

use super::context::{Comparison, Subject};
use super::fields::{self, FieldList};
use crate::descriptor::Ran;
use crate::diff::register as rules;
use crate::model::{Direction, Limits, ModulePath, SystemError};

pub(super) fn compare(comparison: &mut Comparison<'_>) {
    let (old, new) = (&comparison.old.library.system, &comparison.new.library.system);
    compare_errors(comparison, &old.errors, &new.errors);
    let root = ModulePath::default();
    let before = FieldList { module: &root, fields: &old.time };
    let now = FieldList { module: &root, fields: &new.time };
    fields::compare(comparison, Direction::Response, &Subject::item("Time"), before, now);
    compare_limits(comparison, &old.limits, &new.limits);
    compare_plans(comparison, &old.limits, &new.limits);
}

fn compare_errors(comparison: &mut Comparison<'_>, old: &[SystemError], new: &[SystemError]) {
    let subject = |error: &SystemError| Subject::item("SystemError").part(&error.name);
    let same = |a: &SystemError, b: &SystemError| a.name == b.name;
    for before in old {
        match new.iter().find(|now| same(before, now)) {
            None => {
                comparison.report(&rules::SYSTEM_ERROR_REMOVED, &subject(before), &before.code, None, None);
            }
            Some(now) => {
                let facts = (&shown_error(before), &shown_error(now));
                comparison.report_difference(&rules::SYSTEM_ERROR_CHANGED, &subject(now), facts, |facts| {
                    Some(facts.clone())
                });
            }
        }
    }
    for now in new.iter().filter(|now| old.iter().all(|before| !same(before, now))) {
        comparison.report(&rules::SYSTEM_ERROR_ADDED, &subject(now), &now.code, None, None);
    }
}

fn shown_error(error: &SystemError) -> String {
    let statuses = error.status.iter().chain(&error.other_statuses).map(u16::to_string);
    let statuses = statuses.collect::<Vec<_>>().join(" or ");
    let ran = match error.ran {
        Ran::No => "did not run",
        Ran::Maybe => "may have run",
        Ran::Yes => "ran",
    };
    format!("{}, status {statuses}, the request {ran}", error.code)
}

/// The limits that are constants of the core: name, value.
fn constants(limits: &Limits) -> Vec<(&'static str, Option<String>)> {
    let time = limits.operating_time;
    let seconds = |seconds: Option<u32>| seconds.map(|seconds| format!("{seconds} s"));
    vec![
        ("OPERATING_TIME_LIMIT", seconds(time.map(|time| time.seconds))),
        ("OPERATING_TIME_WINDOW", seconds(time.map(|time| time.window_seconds))),
        ("REQUEST_TIME_LIMIT", seconds(limits.request_seconds)),
        ("MAX_BATCH_COMMANDS", limits.batch_commands.map(|count| count.to_string())),
        ("PAGE_ROWS", limits.page_rows.map(|count| count.to_string())),
    ]
}

fn compare_limits(comparison: &mut Comparison<'_>, old: &Limits, new: &Limits) {
    for ((name, before), (_, now)) in constants(old).into_iter().zip(constants(new)) {
        let rule = match (&before, &now) {
            (None, Some(_)) => &rules::LIMIT_ADDED,
            (Some(_), None) => &rules::LIMIT_REMOVED,
            _ => &rules::LIMIT_CHANGED,
        };
        let subject = Subject::item(format!("rate_limit::{name}"));
        comparison.report_difference(rule, &subject, (&before, &now), Clone::clone);
    }
    let counted = |limits: &Limits| format!("{:?}", limits.counted_by).to_lowercase();
    let subject = Subject::item("rate_limit::Plan");
    let values = (&counted(old), &counted(new));
    comparison.report_difference(&rules::LIMIT_CHANGED, &subject, values, |value| Some(value.clone()));
}

fn compare_plans(comparison: &mut Comparison<'_>, old: &Limits, new: &Limits) {
    let subject = Subject::item("rate_limit::Plan");
    let quota = |burst: u32, per_second: u32| Some(format!("{burst} at once, {per_second} per second"));
    for plan in &old.plans {
        let at = subject.part(&plan.name);
        let before = quota(plan.burst, plan.per_second);
        match new.plans.iter().find(|other| other.name == plan.name) {
            None => comparison.report(&rules::LIMIT_REMOVED, &at, "", before, None),
            Some(other) => {
                let now = quota(other.burst, other.per_second);
                comparison.report_difference(&rules::LIMIT_CHANGED, &at, (&before, &now), Clone::clone);
            }
        }
    }
    for plan in new.plans.iter().filter(|plan| old.plans.iter().all(|other| other.name != plan.name)) {
        let now = quota(plan.burst, plan.per_second);
        comparison.report(&rules::LIMIT_ADDED, &subject.part(&plan.name), "", None, now);
    }
}
