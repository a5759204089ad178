use day::zoo::animal::{AnimalResult, CopyTo, CopyToError, FeedAll, copy_to, feed_all};
use day::zoo::cagedoor::{DoorStateResult, Openwide, OpenwideError, openwide};

fn calls(error: &CopyToError, result: &AnimalResult, opened: &DoorStateResult) -> (CopyTo, FeedAll, Openwide) {
    if let CopyToError::NoRoom = error {
        let _: Option<&OpenwideError> = None;
    }
    let _ = (&result.animal, &opened.door_state);
    (copy_to(1), feed_all("hay"), openwide(2))
}
