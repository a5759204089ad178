//! The rate limits that overviews name for the methods of their folders.

use crate::descriptor::RateLimit;
use crate::extract::evidence::Evidence;
use crate::extract::pages::result::PageResult;

/// The rate limits of folders.
pub(super) struct SectionLimits(Vec<(String, Evidence<RateLimit>)>);

impl SectionLimits {
    pub(super) fn of(results: &[PageResult]) -> Self {
        let of_folder = |result: &PageResult| {
            let folder = result.file.rsplit_once('/').map_or("", |(folder, _)| folder);
            let limit = result.section_rate_limit.as_ref()?;
            // The line is one of another document.
            Some((folder.to_owned(), Evidence::new(limit.rule, limit.value, 0)))
        };
        Self(results.iter().filter_map(of_folder).collect())
    }

    /// Enters the rate limit of the nearest folder into the facts of a method.
    pub(super) fn enter(&self, result: &mut PageResult) {
        let Some(facts) = &mut result.facts else { return };
        let path = facts.source.path.as_str();
        let is_above = |folder: &str| {
            folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
        };
        let above = self.0.iter().filter(|(folder, _)| is_above(folder));
        facts.section_rate_limit =
            above.max_by_key(|(folder, _)| folder.len()).map(|(_, limit)| limit.clone());
    }
}
