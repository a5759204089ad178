//! The number of pages in a batch.
//!
//! Pages after the end of a list are expensive: their references have no value, so the portal executes them with the text of the
//! reference instead of a number and usually returns the first page again. A list of sixty rows would cost forty-eight
//! unnecessary queries. A batch is therefore as long as the remaining rows require, as far as that can be estimated: the highest
//! identifier is known from the start, and the rows received so far tell how dense identifiers are.
//!
//! An estimate that is too low costs one more request, and the next batch is at least twice as long as the last. If identifiers are
//! spread evenly, every batch except the last is full, and 100,000 rows take 41 requests.

/// Estimates how dense rows are among identifiers.
#[derive(Debug, Default)]
pub(super) struct RowDensityEstimator {
    rows: f64,
    span: f64,
    /// The density of the last pages: if rows have become dense, earlier pages are no measure.
    recent: f64,
}

impl RowDensityEstimator {
    /// Records the number of rows in a range of identifiers.
    pub(super) fn record(&mut self, rows: usize, from: i64, to: i64) {
        let (rows, span) = (rows as f64, (to.abs_diff(from) as f64).max(1.0));
        self.rows += rows;
        self.span += span;
        self.recent = rows / span;
    }

    /// Estimates the number of rows among this many identifiers, rather too high than too low.
    pub(super) fn estimate_rows(&self, identifiers: u64) -> f64 {
        let identifiers = identifiers as f64;
        let overall = if self.span > 0.0 { self.rows / self.span } else { 0.0 };
        (overall.max(self.recent) * identifiers).min(identifiers)
    }
}

/// The number of pages of `size` rows in the next batch: for the remaining rows, with a reserve of a quarter and a page, but no more
/// than there are identifiers, and at least twice the last batch if all its pages were full.
pub(super) fn page_count(
    rows_left: f64,
    identifiers: u64,
    size: usize,
    full_pages: usize,
    max_pages: usize,
) -> usize {
    let size = size.max(1);
    let wanted = ((rows_left.max(0.0) * 1.25 / size as f64).ceil() as usize).saturating_add(1);
    let most = usize::try_from(identifiers.div_ceil(size as u64)).unwrap_or(usize::MAX);
    wanted.max(full_pages.saturating_mul(2)).min(most).clamp(1, max_pages)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_is_as_long_as_the_rest_requires() {
        let cases = [
            // (rows left, identifiers left, pages of the last full batch) → pages
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
        for ((rows, identifiers, full_pages), expected) in cases {
            assert_eq!(
                page_count(rows, identifiers, 50, full_pages, 50),
                expected,
                "{rows} in {identifiers}"
            );
        }
    }

    #[test]
    fn the_estimate_uses_the_higher_of_recent_and_overall_density() {
        let mut density = RowDensityEstimator::default();
        assert_eq!(density.estimate_rows(1_000), 0.0);
        density.record(50, 0, 5_000);
        assert_eq!(density.estimate_rows(1_000), 10.0);
        density.record(50, 5_000, 5_050);
        assert_eq!(density.estimate_rows(1_000), 1_000.0);
        density.record(1, 5_050, 10_100);
        assert_eq!(density.estimate_rows(1_000), 10.0);
    }
}
