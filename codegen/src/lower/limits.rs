//! The limits of a portal, and the names of its plans.

use super::{Lowering, names};
use crate::descriptor::{Pointer, SystemDescriptor};
use crate::model::{Limits, Plan, RustName};

/// The plan that stands for all that the documentation does not name.
const STANDARD: &str = "Standard";

/// Lowers the limits. A plan without a name in Rust, or with the name of another, is reported.
pub(super) fn lower(lowering: &mut Lowering<'_, SystemDescriptor>) -> Limits {
    let limits = &lowering.file.content.limits;
    let mut plans: Vec<Plan> = Vec::new();
    let mut standard = None;
    for (index, quota) in limits.requests.iter().enumerate() {
        let plan = |name, plan| Plan { name, plan, burst: quota.burst, per_second: quota.per_second };
        if quota.plans.is_empty() {
            standard = names::value(STANDARD).map(|name| plan(name, None));
        }
        for (place, name) in quota.plans.iter().enumerate() {
            let known =
                |rust: &RustName| rust.as_str() == STANDARD || plans.iter().any(|plan| plan.name == *rust);
            match names::value(name).filter(|rust| !known(rust)) {
                Some(rust) => plans.push(plan(rust, Some(name.clone()))),
                None => {
                    let at = Pointer::default().key("limits").key("requests").index(index);
                    let message = format!("the plan {name} has no name of its own in Rust");
                    let expected = "ASCII letters or digits, different from other plans";
                    lowering.report_value(&at.key("plans").index(place), message, expected);
                }
            }
        }
    }
    plans.extend(standard);
    Limits {
        plans,
        counted_by: limits.counted_by.clone(),
        operating_time: limits.operating_time,
        request_seconds: limits.request_seconds,
        batch_commands: limits.batch_commands,
        page_rows: limits.page_rows,
    }
}
