use day::zoo::animal::{Move, r#move};

fn calls() -> Move {
    r#move(1, 2).reason("noise")
}
