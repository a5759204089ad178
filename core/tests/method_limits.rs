//! Rate limits of methods: their quotas, and which calls are counted together.

use std::time::Duration;

use bitrix24_core::rate_limit::{CountKey, CountedBy, Plan, Quota, RateLimit};

#[test]
fn calls_are_counted_together_as_the_limit_says() {
    let (feed, wash) = ("zoo.animal.feed", "zoo.animal.wash");
    for (counted_by, one, other, together) in [
        (CountedBy::Portal, (feed, "app 1"), (feed, "app 2"), true),
        (CountedBy::Portal, (feed, "app 1"), ("Zoo.Animal.Feed", "app 1"), true),
        (CountedBy::Portal, (feed, "app 1"), (wash, "app 1"), false),
        (CountedBy::Address, (feed, "app 1"), (feed, "app 2"), true),
        (CountedBy::Application, (feed, "app 1"), (feed, "app 1"), true),
        (CountedBy::Application, (feed, "app 1"), (feed, "app 2"), false),
    ] {
        let limit = RateLimit::new(2, 1).counted_by(counted_by);
        let key = |(method, caller)| CountKey::new(limit, method, caller).unwrap();
        assert_eq!(key(one) == key(other), together, "{one:?} and {other:?} by {counted_by:?}");
    }
    let of_user = RateLimit::new(1, 60).counted_by(CountedBy::User);
    assert_eq!(CountKey::new(of_user, feed, "app 1"), None);
}

#[test]
fn a_quota_never_exceeds_the_limit_of_its_method() {
    for (limit, capacity, interval) in [
        (RateLimit::new(2, 1), 2, Duration::from_millis(500)),
        (RateLimit::new(3, 1), 3, Duration::from_nanos(333_333_334)),
        (RateLimit::new(1, 604_800), 1, Duration::from_secs(604_800)),
        (RateLimit::new(0, 60), 1, Duration::from_secs(60)),
    ] {
        let quota = Quota::of_method(limit);
        assert_eq!((quota.capacity(), quota.interval()), (capacity, interval), "{limit:?}");
    }
}

#[test]
fn a_quota_of_a_plan_is_the_documented_one() {
    for (plan, capacity, interval) in [(Plan::Standard, 50, 500), (Plan::Enterprise, 250, 200)] {
        let quota = Quota::of_plan(plan);
        assert_eq!((quota.capacity(), quota.interval()), (capacity, Duration::from_millis(interval)));
    }
    assert_eq!(Plan::default(), Plan::Standard);
}
