//! The decision on one leaf with several pieces of evidence.
//!
//! Evidence is ordered: a documented type before the value of an example, and a newer document before an older one. The first
//! evidence that nothing contradicts is chosen. Requests and results differ only in whether examples can contradict: a portal
//! reads requests leniently, so that the documented type of a parameter holds; a result has to be decoded, so that a type
//! that does not fit some example is rejected.

use serde::Serialize;

use crate::extract::evidence::Evidence;

/// The verdict on one piece of evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It decides the leaf.
    Chosen,
    /// Other evidence decides the leaf.
    Outranked,
    /// An example contradicts it.
    Rejected,
}

/// The verdicts on all evidence on a leaf.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Decision {
    /// The index of the evidence that decides.
    pub(crate) chosen: Option<usize>,
    /// The verdict on each piece, in order.
    pub(crate) verdicts: Vec<Verdict>,
}

/// Decides a leaf: the first evidence that is accepted.
pub(crate) fn resolve<T>(evidence: &[Evidence<T>], accepts: impl Fn(&T) -> bool) -> Decision {
    let mut chosen = None;
    let mut verdicts = Vec::with_capacity(evidence.len());
    for (index, found) in evidence.iter().enumerate() {
        verdicts.push(match chosen {
            _ if !accepts(&found.value) => Verdict::Rejected,
            None => {
                chosen = Some(index);
                Verdict::Chosen
            }
            Some(_) => Verdict::Outranked,
        });
    }
    Decision { chosen, verdicts }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::register::params::TYPE_WORD;

    #[test]
    fn the_first_evidence_that_is_accepted_decides() {
        use Verdict::{Chosen, Outranked, Rejected};
        for (values, chosen, verdicts) in [
            (vec![], None, vec![]),
            (vec![2], Some(0), vec![Chosen]),
            (vec![2, 4], Some(0), vec![Chosen, Outranked]),
            (vec![1, 4, 3, 2], Some(1), vec![Rejected, Chosen, Rejected, Outranked]),
            (vec![1, 3], None, vec![Rejected, Rejected]),
        ] {
            let evidence: Vec<_> = values.iter().map(|value| Evidence::new(&TYPE_WORD, *value, 1)).collect();
            let decision = resolve(&evidence, |value| value % 2 == 0);
            assert_eq!(decision, Decision { chosen, verdicts }, "{values:?}");
        }
    }
}
