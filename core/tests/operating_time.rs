//! How long methods wait, by the operating time that responses report.

use std::time::Duration;

use bitrix24_core::rate_limit::{CallOutcome, OperatingTimeBudget, Rejection, Timestamps};
use bitrix24_core::wire::{decode, decode_strict};
use bitrix24_core::{Time, Value, json};
use proptest::prelude::*;

/// The monotonic clock at the start of each test; the wall clock differs.
const NOW: Duration = Duration::from_secs(1000);

/// The end of the call by the portal's clock.
const FINISH: f64 = 1_763_700_000.25;

fn seconds(seconds: f64) -> Duration {
    Duration::from_secs_f64(seconds)
}

fn timestamps(now: Duration) -> Timestamps {
    // The local wall clock is a day behind the portal's.
    Timestamps::new(now, seconds(FINISH) - Duration::from_secs(86_400) + now)
}

fn time(value: Value) -> Time {
    decode_strict(value).unwrap()
}

/// The time that a portal reports for a call that ends at [`FINISH`]: the sum so far in seconds, and the seconds until some of
/// it is freed.
fn time_used(used: f64, reset_in: f64) -> Time {
    time(json!({"finish": FINISH, "operating": used, "operating_reset_at": FINISH + reset_in}))
}

fn record_executed(budget: &mut OperatingTimeBudget, now: Duration, method: &str, time: &Time) {
    budget.record(timestamps(now), "user 1", CallOutcome::executed(method, time), &[]);
}

fn record_rejected(budget: &mut OperatingTimeBudget, now: Duration, method: &str) {
    budget.record(timestamps(now), "user 1", CallOutcome::rejected(method, Rejection::OperatingTime), &[]);
}

/// How long a method must wait, in seconds.
fn wait_seconds(budget: &OperatingTimeBudget, now: Duration, method: &str) -> f64 {
    (budget.available_at("user 1", method, now) - now).as_secs_f64()
}

#[test]
fn a_method_near_its_limit_waits_until_operating_time_is_freed() {
    let default = OperatingTimeBudget::default();
    let tight = default.clone().with_limit(Some(seconds(60.0))).with_margin(seconds(10.0));
    let unlimited = default.clone().with_limit(None);
    let cases = [
        (&default, 0.0, 0.0),
        (&default, 3.3, 0.0),
        (&default, 474.9, 0.0),
        (&default, 475.0, 43.0),
        (&default, 480.0, 43.0),
        (&default, 9000.0, 43.0),
        (&tight, 49.9, 0.0),
        (&tight, 50.0, 43.0),
        (&unlimited, 9000.0, 0.0),
    ];
    for (budget, used, expected) in cases {
        let mut budget = budget.clone();
        record_executed(&mut budget, NOW, "crm.deal.list", &time_used(used, 42.0));
        assert_eq!(wait_seconds(&budget, NOW, "crm.deal.list"), expected, "{used} s of {budget:?}");
    }
}

#[test]
fn reported_operating_time_is_a_sum_and_is_not_added_up() {
    let mut budget = OperatingTimeBudget::default();
    for _ in 0..100 {
        record_executed(&mut budget, NOW, "crm.deal.list", &time_used(100.0, 42.0));
    }
    assert_eq!(wait_seconds(&budget, NOW, "crm.deal.list"), 0.0);
}

#[test]
fn the_reset_time_is_read_in_every_form() {
    let finish = FINISH;
    let at = finish + 120.0;
    let whole = at.trunc();
    // The time of a method that has used up its budget, and how long it then waits in seconds.
    let cases = [
        (json!({"finish": finish, "operating_reset_at": at}), 121.0),
        (json!({"finish": finish, "operating_reset_at": whole as u64}), 120.75),
        (json!({"finish": finish, "operating_reset_at": whole.to_string()}), 120.75),
        (json!({"finish": finish as u64, "operating_reset_at": whole as u64}), 121.0),
        (json!({"start": finish - 2.0, "duration": 2.0, "operating_reset_at": at}), 121.0),
        // Without the portal's clock the local one is used. It is a day behind, so the wait is capped at the longest block.
        (json!({"operating_reset_at": at}), 601.0),
        (json!({"finish": finish, "operating_reset_at": finish + 7200.0}), 601.0),
        (json!({"finish": finish, "operating_reset_at": finish - 0.25}), 1.0),
        // A reset time that is past, missing or invalid means the default wait.
        (json!({"finish": finish, "operating_reset_at": finish - 5.0}), 60.0),
        (json!({"finish": finish, "operating_reset_at": 0}), 60.0),
        (json!({"finish": finish, "operating_reset_at": "soon"}), 60.0),
        (json!({"finish": finish, "operating_reset_at": "NaN"}), 60.0),
        (json!({"finish": finish, "operating_reset_at": null}), 60.0),
        (json!({"finish": finish, "operating_reset_at": [at]}), 60.0),
        (json!({"finish": finish}), 60.0),
        (json!({}), 60.0),
    ];
    for (mut fields, expected) in cases {
        fields["operating"] = json!(478.5);
        let mut budget = OperatingTimeBudget::default();
        record_executed(&mut budget, NOW, "crm.deal.list", &time(fields.clone()));
        let waited = wait_seconds(&budget, NOW, "crm.deal.list");
        assert!((waited - expected).abs() < 1e-3, "{fields}: {waited} instead of {expected}");
    }
}

#[test]
fn missing_or_invalid_times_cause_no_wait() {
    for fields in
        [json!({}), json!({"operating": null}), json!({"operating": -3}), json!({"operating": "1e300"})]
    {
        let mut budget = OperatingTimeBudget::default();
        let time = decode::<Time>(fields.clone()).unwrap().value;
        record_executed(&mut budget, NOW, "crm.deal.list", &time);
        assert_eq!(wait_seconds(&budget, NOW, "crm.deal.list"), 0.0, "{fields}");
    }
}

#[test]
fn methods_and_keys_are_limited_separately() {
    let mut budget = OperatingTimeBudget::default();
    record_executed(&mut budget, NOW, "crm.deal.list", &time_used(480.0, 42.0));
    assert_eq!(wait_seconds(&budget, NOW, "crm.deal.get"), 0.0);
    assert_eq!(budget.available_at("user 2", "crm.deal.list", NOW), NOW);
    assert_eq!(wait_seconds(&budget, NOW, "CRM.Deal.List"), 43.0, "method names are case-insensitive");
    assert_eq!(wait_seconds(&budget, NOW + seconds(40.0), "crm.deal.list"), 3.0);
    assert_eq!(wait_seconds(&budget, NOW + seconds(43.0), "crm.deal.list"), 0.0);
    assert!(!budget.is_idle(NOW + seconds(42.0)));
    assert!(budget.is_idle(NOW + seconds(43.0)));
}

#[test]
fn a_lower_reported_time_ends_the_wait() {
    let mut budget = OperatingTimeBudget::default();
    record_executed(&mut budget, NOW, "crm.deal.list", &time_used(480.0, 42.0));
    record_executed(&mut budget, NOW, "crm.deal.list", &time_used(430.0, 42.0));
    assert_eq!(wait_seconds(&budget, NOW, "crm.deal.list"), 0.0);
    record_executed(&mut budget, NOW, "crm.deal.list", &time_used(480.0, 42.0));
    record_executed(&mut budget, NOW, "crm.deal.list", &time_used(3.0, 42.0));
    assert_eq!(wait_seconds(&budget, NOW, "crm.deal.list"), 0.0);
}

#[test]
fn a_rejected_method_waits_for_the_reset_and_then_longer_each_time() {
    let mut budget = OperatingTimeBudget::default();
    record_executed(&mut budget, NOW, "crm.deal.list", &time_used(470.0, 24.0));
    let mut now = NOW;
    for expected in [25.0, 120.0, 240.0, 480.0, 600.0, 600.0] {
        record_rejected(&mut budget, now, "crm.deal.list");
        assert_eq!(wait_seconds(&budget, now, "crm.deal.list"), expected);
        now += seconds(expected);
    }
    // The method has run, so the next rejection counts as the first.
    record_executed(&mut budget, now, "crm.deal.list", &time_used(10.0, 24.0));
    record_rejected(&mut budget, now, "crm.deal.list");
    assert_eq!(wait_seconds(&budget, now, "crm.deal.list"), 60.0);
}

#[test]
fn a_rejection_is_respected_without_a_limit() {
    let mut budget = OperatingTimeBudget::default().with_limit(None);
    record_rejected(&mut budget, NOW, "crm.deal.list");
    assert_eq!(wait_seconds(&budget, NOW, "crm.deal.list"), 60.0);
}

#[test]
fn calls_rejected_together_count_as_one_rejection() {
    let mut budget = OperatingTimeBudget::default();
    for milliseconds in 0..50 {
        record_rejected(&mut budget, NOW + Duration::from_millis(milliseconds), "crm.deal.list");
    }
    assert_eq!(wait_seconds(&budget, NOW, "crm.deal.list"), 60.0);
}

#[test]
fn a_call_in_flight_during_a_rejection_does_not_lift_the_block() {
    let mut budget = OperatingTimeBudget::default();
    record_rejected(&mut budget, NOW, "crm.deal.list");
    for used in [3.0, 421.0, 479.0] {
        record_executed(&mut budget, NOW + seconds(1.0), "crm.deal.list", &time_used(used, 5.0));
        assert_eq!(wait_seconds(&budget, NOW, "crm.deal.list"), 60.0, "{used}");
    }
}

#[test]
fn a_rate_limit_rejection_does_not_block_the_method() {
    let mut budget = OperatingTimeBudget::default();
    let call = CallOutcome::rejected("crm.deal.list", Rejection::RateLimited);
    budget.record(timestamps(NOW), "user 1", call, &[]);
    assert_eq!(wait_seconds(&budget, NOW, "crm.deal.list"), 0.0);
}

#[test]
fn the_time_of_a_command_counts_for_its_method_and_for_the_batch() {
    let (low, high) = (time_used(3.0, 10.0), time_used(479.0, 30.0));
    let cases = [
        // The portal charges each command to its method.
        (&low, [&high, &low], [31.0, 0.0, 31.0]),
        (&low, [&low, &high], [0.0, 31.0, 31.0]),
        // The portal charges everything to the batch, and reports it for each command or only for the batch.
        (&high, [&high, &high], [31.0, 31.0, 31.0]),
        (&high, [&low, &low], [0.0, 0.0, 31.0]),
        (&low, [&low, &low], [0.0, 0.0, 0.0]),
    ];
    for (batch, [list, get], expected) in cases {
        let mut budget = OperatingTimeBudget::default();
        let commands =
            [CallOutcome::executed("crm.deal.list", list), CallOutcome::executed("crm.deal.get", get)];
        budget.record(timestamps(NOW), "user 1", CallOutcome::executed("batch", batch), &commands);
        let waits =
            ["crm.deal.list", "crm.deal.get", "batch"].map(|method| wait_seconds(&budget, NOW, method));
        assert_eq!(waits, expected, "{batch:?} {commands:?}");
    }
}

#[test]
fn a_rejected_command_blocks_its_method_and_a_rejected_batch_blocks_batches() {
    let low = time_used(3.0, 10.0);
    let refusal = Rejection::OperatingTime;
    let mut budget = OperatingTimeBudget::default();
    let commands =
        [CallOutcome::rejected("crm.deal.list", refusal), CallOutcome::executed("crm.deal.get", &low)];
    budget.record(timestamps(NOW), "user 1", CallOutcome::executed("batch", &low), &commands);
    let methods = ["crm.deal.list", "crm.deal.get", "batch"];
    assert_eq!(methods.map(|method| wait_seconds(&budget, NOW, method)), [60.0, 0.0, 0.0]);

    let mut budget = OperatingTimeBudget::default();
    budget.record(timestamps(NOW), "user 1", CallOutcome::rejected("batch", refusal), &[]);
    assert_eq!(methods.map(|method| wait_seconds(&budget, NOW, method)), [0.0, 0.0, 60.0]);
}

proptest! {
    #[test]
    fn no_method_waits_longer_than_the_longest_block(
        reports in prop::collection::vec((any::<f64>(), any::<f64>(), any::<bool>(), 0..5000_u64), 1..30),
    ) {
        let mut budget = OperatingTimeBudget::default();
        let mut now = NOW;
        for (used, reset, is_refused, pause) in reports {
            if is_refused {
                record_rejected(&mut budget, now, "crm.deal.list");
            } else {
                let time = decode::<Time>(json!({"finish": FINISH, "operating": used, "operating_reset_at": reset}));
                record_executed(&mut budget, now, "crm.deal.list", &time.unwrap().value);
            }
            prop_assert!(wait_seconds(&budget, now, "crm.deal.list") <= 601.0);
            now += Duration::from_millis(pause);
        }
    }
}
