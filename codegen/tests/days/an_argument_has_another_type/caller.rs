use day::zoo::animal::{Weigh, weigh};

fn calls(note: &String) -> Weigh {
    weigh(1, note).day("2026-01-01").limit(3)
}
