use day::zoo::cage::{Cage, CageLockResult, Close, Lock, close, lock};

fn calls(closed: CageLockResult) -> (Close, Lock, Option<Cage>) {
    (close(1), lock(2), closed.lock)
}
