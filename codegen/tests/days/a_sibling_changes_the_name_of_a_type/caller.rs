use day::zoo::cage::{Cage, CageResult, Close, Lock, close, lock};

fn calls(closed: CageResult) -> (Close, Lock, Option<Cage>) {
    (close(1), lock(2), closed.lock)
}
