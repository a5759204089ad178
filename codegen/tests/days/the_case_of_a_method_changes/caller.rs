use day::zoo::animal::{Copyto, CopytoError, CopytoResult, FeedAll, copyto, feed_all};
use day::zoo::cagedoor::{Openwide, OpenwideError, OpenwideResult, openwide};

fn calls(error: &CopytoError, result: &CopytoResult, opened: &OpenwideResult) -> (Copyto, FeedAll, Openwide) {
    if let CopytoError::NoRoom = error {
        let _: Option<&OpenwideError> = None;
    }
    let _ = (&result.animal, &opened.door_state);
    (copyto(1), feed_all("hay"), openwide(2))
}
