use day::zoo::animal::{CopyTo, FeedAll, copy_to, feed_all};

fn calls() -> (CopyTo, FeedAll) {
    (copy_to(1), feed_all("hay"))
}
