//! How many pages to ask for at once.
//!
//! Pages behind the end of a list are not free: their references lead nowhere, so the portal runs them with the text of the
//! reference in place of a number, and most often gives the first page again. A list of sixty rows would cost it forty-eight
//! queries for nothing. So a batch is as long as the rows that are left need, as far as that can be told: the highest
//! identifier is known from the beginning, and what has come tells how densely identifiers lie.
//!
//! An estimate that was too low costs a request more, and the next batch is at least twice as long as the last. Where
//! identifiers are spread evenly every batch but the last is full, and 100,000 rows take 41 requests.

/// How densely rows have been found to lie.
#[derive(Debug, Default)]
pub(super) struct Density {
    rows: f64,
    span: f64,
    /// Of the last pages alone: where rows have become dense, what lies before is no measure.
    recent: f64,
}

impl Density {
    /// Rows have been found in a range of identifiers.
    pub(super) fn learn(&mut self, rows: usize, from: i64, to: i64) {
        let (rows, span) = (rows as f64, (to.abs_diff(from) as f64).max(1.0));
        self.rows += rows;
        self.span += span;
        self.recent = rows / span;
    }

    /// How many rows are left in so many identifiers: rather too many than too few.
    pub(super) fn rows_in(&self, identifiers: u64) -> f64 {
        let identifiers = identifiers as f64;
        let overall = if self.span > 0.0 { self.rows / self.span } else { 0.0 };
        (overall.max(self.recent) * identifiers).min(identifiers)
    }
}

/// How many pages of `size` rows the next batch has: for the rows that are left, with a quarter and a page to spare, but no
/// more than there are identifiers, and at least twice the last batch where that one was used up.
pub(super) fn pages(rows_left: f64, identifiers: u64, size: usize, used_up: usize, longest: usize) -> usize {
    let size = size.max(1);
    let wanted = ((rows_left.max(0.0) * 1.25 / size as f64).ceil() as usize).saturating_add(1);
    let most = usize::try_from(identifiers.div_ceil(size as u64)).unwrap_or(usize::MAX);
    wanted.max(used_up.saturating_mul(2)).min(most).clamp(1, longest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_is_as_long_as_what_is_left() {
        let cases = [
            // (rows left, identifiers left, pages of the last batch that was used up) → pages
            ((10.0, 10, 0), 1),
            ((10.0, 1_000_000, 0), 2),
            ((0.0, 1_000_000, 0), 1),
            ((400.0, 1_000_000, 0), 11),
            ((400.0, 1_000_000, 20), 40),
            ((2_450.0, 2_450, 0), 49),
            ((2_450.0, 1_000_000, 0), 50),
            ((99_950.0, 99_950, 50), 50),
            ((0.0, 0, 0), 1),
            ((f64::MAX, u64::MAX, usize::MAX), 50),
        ];
        for ((rows, identifiers, used_up), expected) in cases {
            assert_eq!(pages(rows, identifiers, 50, used_up, 50), expected, "{rows} in {identifiers}");
        }
    }

    #[test]
    fn rows_are_expected_as_densely_as_they_came_last_or_in_all() {
        let mut density = Density::default();
        assert_eq!(density.rows_in(1_000), 0.0);
        density.learn(50, 0, 5_000);
        assert_eq!(density.rows_in(1_000), 10.0);
        density.learn(50, 5_000, 5_050);
        assert_eq!(density.rows_in(1_000), 1_000.0);
        density.learn(1, 5_050, 10_100);
        assert_eq!(density.rows_in(1_000), 10.0);
    }
}
