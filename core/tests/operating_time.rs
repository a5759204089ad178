//! Which methods rest, and until when, by what answers tell of the time that they have taken.

use std::time::Duration;

use bitrix24_core::rate_limit::{CallOutcome, OperatingTimeBudget, Rejection, Timestamps};
use bitrix24_core::wire::FromWire;
use bitrix24_core::{Time, Value, json};
use proptest::prelude::*;

/// The steady clock at the beginning of each test; the calendar's is another.
const NOW: Duration = Duration::from_secs(1000);

/// When the portal's clock says that the call ended.
const FINISH: f64 = 1_763_700_000.25;

fn seconds(seconds: f64) -> Duration {
    Duration::from_secs_f64(seconds)
}

fn moment(now: Duration) -> Timestamps {
    // This machine's calendar is far behind the portal's.
    Timestamps::new(now, seconds(FINISH) - Duration::from_secs(86_400) + now)
}

fn time(value: Value) -> Time {
    Time::from_wire(value).unwrap()
}

/// What a portal tells that ends the call at [`FINISH`]: the sum so far, and in how many seconds some of it comes free.
fn told(operating: f64, reset_in: f64) -> Time {
    time(json!({"finish": FINISH, "operating": operating, "operating_reset_at": FINISH + reset_in}))
}

fn ran(operating: &mut OperatingTimeBudget, now: Duration, method: &str, time: &Time) {
    operating.record(moment(now), "user 1", CallOutcome::executed(method, time), &[]);
}

fn refused(operating: &mut OperatingTimeBudget, now: Duration, method: &str) {
    operating.record(moment(now), "user 1", CallOutcome::rejected(method, Rejection::OperatingTime), &[]);
}

/// How long a method must rest, in seconds.
fn rest(operating: &OperatingTimeBudget, now: Duration, method: &str) -> f64 {
    (operating.available_at("user 1", method, now) - now).as_secs_f64()
}

#[test]
fn a_method_rests_from_near_its_limit_on_until_some_of_its_time_comes_free() {
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
    for (operating, used, expected) in cases {
        let mut operating = operating.clone();
        ran(&mut operating, NOW, "crm.deal.list", &told(used, 42.0));
        assert_eq!(rest(&operating, NOW, "crm.deal.list"), expected, "{used} s of {operating:?}");
    }
}

#[test]
fn the_sum_is_a_sum_and_is_not_added_up_again() {
    let mut operating = OperatingTimeBudget::default();
    for _ in 0..100 {
        ran(&mut operating, NOW, "crm.deal.list", &told(100.0, 42.0));
    }
    assert_eq!(rest(&operating, NOW, "crm.deal.list"), 0.0);
}

#[test]
fn the_portal_tells_when_its_time_comes_free_in_many_ways() {
    let finish = FINISH;
    let at = finish + 120.0;
    let whole = at.trunc();
    // What is told, beside a method that has used up its time, and how long it then rests.
    let cases = [
        (json!({"finish": finish, "operating_reset_at": at}), 121.0),
        (json!({"finish": finish, "operating_reset_at": whole as u64}), 120.75),
        (json!({"finish": finish, "operating_reset_at": whole.to_string()}), 120.75),
        (json!({"finish": finish as u64, "operating_reset_at": whole as u64}), 121.0),
        (json!({"start": finish - 2.0, "duration": 2.0, "operating_reset_at": at}), 121.0),
        // The portal's clock is not told; then it is this machine's, which is a day behind, and a block is never so long.
        (json!({"operating_reset_at": at}), 601.0),
        (json!({"finish": finish, "operating_reset_at": finish + 7200.0}), 601.0),
        (json!({"finish": finish, "operating_reset_at": finish - 0.25}), 1.0),
        // What is long past, or not told, says nothing.
        (json!({"finish": finish, "operating_reset_at": finish - 5.0}), 60.0),
        (json!({"finish": finish, "operating_reset_at": 0}), 60.0),
        (json!({"finish": finish, "operating_reset_at": "soon"}), 60.0),
        (json!({"finish": finish, "operating_reset_at": "NaN"}), 60.0),
        (json!({"finish": finish, "operating_reset_at": null}), 60.0),
        (json!({"finish": finish, "operating_reset_at": [at]}), 60.0),
        (json!({"finish": finish}), 60.0),
        (json!({}), 60.0),
    ];
    for (mut told, expected) in cases {
        told["operating"] = json!(478.5);
        let mut operating = OperatingTimeBudget::default();
        ran(&mut operating, NOW, "crm.deal.list", &time(told.clone()));
        let rest = rest(&operating, NOW, "crm.deal.list");
        assert!((rest - expected).abs() < 1e-3, "{told}: {rest} instead of {expected}");
    }
}

#[test]
fn times_that_are_none_are_no_reason_to_rest() {
    for told in
        [json!({}), json!({"operating": null}), json!({"operating": -3}), json!({"operating": "1e300"})]
    {
        let mut operating = OperatingTimeBudget::default();
        let Ok(time) = Time::from_wire(told.clone()) else { continue };
        ran(&mut operating, NOW, "crm.deal.list", &time);
        assert_eq!(rest(&operating, NOW, "crm.deal.list"), 0.0, "{told}");
    }
}

#[test]
fn methods_and_keys_rest_each_for_itself() {
    let mut operating = OperatingTimeBudget::default();
    ran(&mut operating, NOW, "crm.deal.list", &told(480.0, 42.0));
    assert_eq!(rest(&operating, NOW, "crm.deal.get"), 0.0);
    assert_eq!(operating.available_at("user 2", "crm.deal.list", NOW), NOW);
    assert_eq!(rest(&operating, NOW, "CRM.Deal.List"), 43.0, "a portal does not tell apart case");
    assert_eq!(rest(&operating, NOW + seconds(40.0), "crm.deal.list"), 3.0);
    assert_eq!(rest(&operating, NOW + seconds(43.0), "crm.deal.list"), 0.0);
    assert!(!operating.is_idle(NOW + seconds(42.0)));
    assert!(operating.is_idle(NOW + seconds(43.0)));
}

#[test]
fn an_answer_that_tells_less_ends_the_rest() {
    let mut operating = OperatingTimeBudget::default();
    ran(&mut operating, NOW, "crm.deal.list", &told(480.0, 42.0));
    ran(&mut operating, NOW, "crm.deal.list", &told(430.0, 42.0));
    assert_eq!(rest(&operating, NOW, "crm.deal.list"), 0.0);
    ran(&mut operating, NOW, "crm.deal.list", &told(480.0, 42.0));
    ran(&mut operating, NOW, "crm.deal.list", &told(3.0, 42.0));
    assert_eq!(rest(&operating, NOW, "crm.deal.list"), 0.0);
}

#[test]
fn a_method_refused_rests_until_the_portal_said_and_otherwise_longer_each_time() {
    let mut operating = OperatingTimeBudget::default();
    ran(&mut operating, NOW, "crm.deal.list", &told(470.0, 24.0));
    let mut now = NOW;
    for expected in [25.0, 120.0, 240.0, 480.0, 600.0, 600.0] {
        refused(&mut operating, now, "crm.deal.list");
        assert_eq!(rest(&operating, now, "crm.deal.list"), expected);
        now += seconds(expected);
    }
    // It has run, so that the next refusal is a first one.
    ran(&mut operating, now, "crm.deal.list", &told(10.0, 24.0));
    refused(&mut operating, now, "crm.deal.list");
    assert_eq!(rest(&operating, now, "crm.deal.list"), 60.0);
}

#[test]
fn a_refusal_is_heeded_without_a_limit_too() {
    let mut operating = OperatingTimeBudget::default().with_limit(None);
    refused(&mut operating, NOW, "crm.deal.list");
    assert_eq!(rest(&operating, NOW, "crm.deal.list"), 60.0);
}

#[test]
fn calls_that_are_refused_together_are_one_refusal() {
    let mut operating = OperatingTimeBudget::default();
    for milliseconds in 0..50 {
        refused(&mut operating, NOW + Duration::from_millis(milliseconds), "crm.deal.list");
    }
    assert_eq!(rest(&operating, NOW, "crm.deal.list"), 60.0);
}

#[test]
fn what_was_under_way_when_another_was_refused_does_not_lift_the_block() {
    let mut operating = OperatingTimeBudget::default();
    refused(&mut operating, NOW, "crm.deal.list");
    for used in [3.0, 421.0, 479.0] {
        ran(&mut operating, NOW + seconds(1.0), "crm.deal.list", &told(used, 5.0));
        assert_eq!(rest(&operating, NOW, "crm.deal.list"), 60.0, "{used}");
    }
}

#[test]
fn other_refusals_say_nothing_about_time() {
    let mut operating = OperatingTimeBudget::default();
    let call = CallOutcome::rejected("crm.deal.list", Rejection::RateLimited);
    operating.record(moment(NOW), "user 1", call, &[]);
    assert_eq!(rest(&operating, NOW, "crm.deal.list"), 0.0);
}

#[test]
fn what_a_command_has_taken_counts_for_its_method_and_for_the_batch() {
    let (little, much) = (told(3.0, 10.0), told(479.0, 30.0));
    let cases = [
        // The portal charges each command to its method.
        (&little, [&much, &little], [31.0, 0.0, 31.0]),
        (&little, [&little, &much], [0.0, 31.0, 31.0]),
        // The portal charges all to the batch, and tells so everywhere or in the batch's own answer alone.
        (&much, [&much, &much], [31.0, 31.0, 31.0]),
        (&much, [&little, &little], [0.0, 0.0, 31.0]),
        (&little, [&little, &little], [0.0, 0.0, 0.0]),
    ];
    for (batch, [list, get], expected) in cases {
        let mut operating = OperatingTimeBudget::default();
        let commands =
            [CallOutcome::executed("crm.deal.list", list), CallOutcome::executed("crm.deal.get", get)];
        operating.record(moment(NOW), "user 1", CallOutcome::executed("batch", batch), &commands);
        let rests = ["crm.deal.list", "crm.deal.get", "batch"].map(|method| rest(&operating, NOW, method));
        assert_eq!(rests, expected, "{batch:?} {commands:?}");
    }
}

#[test]
fn a_command_refused_blocks_its_method_and_a_batch_refused_blocks_batches() {
    let little = told(3.0, 10.0);
    let refusal = Rejection::OperatingTime;
    let mut operating = OperatingTimeBudget::default();
    let commands =
        [CallOutcome::rejected("crm.deal.list", refusal), CallOutcome::executed("crm.deal.get", &little)];
    operating.record(moment(NOW), "user 1", CallOutcome::executed("batch", &little), &commands);
    let methods = ["crm.deal.list", "crm.deal.get", "batch"];
    assert_eq!(methods.map(|method| rest(&operating, NOW, method)), [60.0, 0.0, 0.0]);

    let mut operating = OperatingTimeBudget::default();
    operating.record(moment(NOW), "user 1", CallOutcome::rejected("batch", refusal), &[]);
    assert_eq!(methods.map(|method| rest(&operating, NOW, method)), [0.0, 0.0, 60.0]);
}

proptest! {
    #[test]
    fn no_method_rests_longer_than_a_block_lasts(
        told in prop::collection::vec((any::<f64>(), any::<f64>(), any::<bool>(), 0..5000_u64), 1..30),
    ) {
        let mut operating = OperatingTimeBudget::default();
        let mut now = NOW;
        for (used, reset, is_refused, pause) in told {
            if is_refused {
                refused(&mut operating, now, "crm.deal.list");
            } else {
                let time = Time::from_wire(json!({"finish": FINISH, "operating": used, "operating_reset_at": reset}));
                ran(&mut operating, now, "crm.deal.list", &time.unwrap_or_default());
            }
            prop_assert!(rest(&operating, now, "crm.deal.list") <= 601.0);
            now += Duration::from_millis(pause);
        }
    }
}
