use day::zoo::animal::{FeedAll, feed_all};

fn calls() -> FeedAll {
    feed_all("hay")
}
