//! Compares two implementations in alternating turns.
//!
//! The result is a ratio, and the speed of a shared machine varies. So both implementations run in alternating turns of a few
//! milliseconds, each turn is compared with its neighbour, and the result is the median of those ratios. Measuring one
//! implementation after the other would measure the load of the machine.
#![allow(clippy::print_stdout, reason = "a benchmark prints its measurements")]

use std::fs;
use std::hint::black_box;
use std::time::{Duration, Instant};

/// The approximate duration of a turn.
const TURN: Duration = Duration::from_millis(10);

/// The seconds per run in one turn: wall time, and time on the CPU if it is known.
#[derive(Clone, Copy)]
struct Turn {
    wall: f64,
    work: Option<f64>,
}

/// The median ratio of two implementations.
#[derive(Clone, Copy)]
pub(crate) struct Ratio {
    pub(crate) wall: f64,
    /// Of CPU time, if it is known.
    #[allow(dead_code, reason = "most benchmarks limit the wall time")]
    pub(crate) cpu: Option<f64>,
}

impl Ratio {
    /// The ratio of CPU time, where both run on this thread; of wall time if it is not known.
    #[allow(dead_code, reason = "most benchmarks limit the wall time")]
    pub(crate) fn work(self) -> f64 {
        self.cpu.unwrap_or(self.wall)
    }
}

/// Measures `pairs` pairs of turns, prints the result, and returns the median ratio of the second implementation to the first.
pub(crate) fn compare<A, B>(
    pairs: usize,
    name: &str,
    (first_name, mut first): (&str, impl FnMut() -> A),
    (second_name, mut second): (&str, impl FnMut() -> B),
) -> Ratio {
    let times = times_in_a_turn(&mut first).min(times_in_a_turn(&mut second));
    let (mut firsts, mut seconds) = (Vec::new(), Vec::new());
    for pair in 0..pairs {
        // Alternates which one is first.
        if pair % 2 == 0 {
            firsts.push(turn(times, &mut first));
            seconds.push(turn(times, &mut second));
        } else {
            seconds.push(turn(times, &mut second));
            firsts.push(turn(times, &mut first));
        }
    }
    println!("{name}");
    let show = |name: &str, turns: &[Turn]| {
        let wall = median(turns.iter().map(|turn| turn.wall));
        let work = median(turns.iter().filter_map(|turn| turn.work));
        println!(
            "    {name:<34} {:>9.1} µs, of which CPU time of this thread {:>9.1} µs",
            wall * 1e6,
            work * 1e6
        );
    };
    show(first_name, &firsts);
    show(second_name, &seconds);
    let ratios: Vec<f64> =
        firsts.iter().zip(&seconds).map(|(first, second)| second.wall / first.wall).collect();
    let of_pairs = |at: f64| quantile(ratios.iter().copied(), at);
    let works = [&firsts, &seconds].map(|turns| median(turns.iter().filter_map(|turn| turn.work)));
    println!(
        "    ratio {:.3} (half of the pairs between {:.3} and {:.3}); of CPU time {:.3}\n",
        of_pairs(0.5),
        of_pairs(0.25),
        of_pairs(0.75),
        works[1] / works[0],
    );
    Ratio { wall: of_pairs(0.5), cpu: Some(works[1] / works[0]).filter(|ratio| ratio.is_finite()) }
}

/// The number of runs in a turn. Also warms up, so that no first run is measured.
fn times_in_a_turn<T>(work: &mut impl FnMut() -> T) -> u32 {
    let begin = Instant::now();
    let mut times = 0_u32;
    while begin.elapsed() < 4 * TURN {
        black_box(work());
        times += 1;
    }
    (times / 4).max(1)
}

fn turn<T>(times: u32, work: &mut impl FnMut() -> T) -> Turn {
    let (begin, worked) = (Instant::now(), work_of_thread());
    for _ in 0..times {
        black_box(work());
    }
    let per_time = |duration: Duration| duration.as_secs_f64() / f64::from(times);
    let work = work_of_thread().zip(worked).map(|(after, before)| per_time(after.saturating_sub(before)));
    Turn { wall: per_time(begin.elapsed()), work: work.filter(|work| *work > 0.0) }
}

/// The CPU time of this thread so far; only on Linux, where no extra dependency is needed.
fn work_of_thread() -> Option<Duration> {
    let text = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    quantile(values, 0.5)
}

fn quantile(values: impl Iterator<Item = f64>, at: f64) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    let place = (values.len().saturating_sub(1) as f64 * at).round() as usize;
    values.get(place).copied().unwrap_or(f64::NAN)
}
