//! Where commands may be parted into several calls.

use std::ops::Range;

/// Parts commands into runs of at most `limit`, so that no command is parted from one that it refers to. `earliest` has for each
/// command the position of the first that it refers to, or its own.
///
/// # Errors
/// The position of a command that cannot be in one part with what it refers to.
pub(super) fn split(earliest: &[usize], limit: usize) -> Result<Vec<Range<usize>>, usize> {
    let mut reach = earliest.to_vec();
    // How far back anything from here on refers: a part may end before a command where that is no further than the command.
    for place in (1..reach.len()).rev() {
        reach[place - 1] = reach[place - 1].min(reach[place]);
    }
    let may_end = |end: usize| reach.get(end).is_none_or(|reach| *reach >= end);
    let mut parts = Vec::new();
    let mut start = 0;
    while start < earliest.len() {
        let full = earliest.len().min(start + limit);
        let Some(end) = (start + 1..=full).rev().find(|end| may_end(*end)) else {
            let parted = (full..earliest.len()).find(|place| earliest[*place] < full);
            return Err(parted.unwrap_or(full));
        };
        parts.push(start..end);
        start = end;
    }
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What each command refers to, and where the parts end; or the command that cannot be with what it refers to.
    type Case = (&'static [usize], Result<&'static [usize], usize>);

    #[test]
    fn commands_are_parted_where_no_reference_is_cut() {
        let cases: &[Case] = &[
            (&[], Ok(&[])),
            (&[0], Ok(&[1])),
            (&[0, 1, 2], Ok(&[3])),
            (&[0, 1, 2, 3], Ok(&[3, 4])),
            (&[0, 1, 2, 3, 4, 5, 6], Ok(&[3, 6, 7])),
            // The fourth refers to the third: both go into the second part.
            (&[0, 1, 2, 2], Ok(&[2, 4])),
            (&[0, 1, 1, 1, 4], Ok(&[1, 4, 5])),
            (&[0, 1, 2, 0], Err(3)),
            // Each refers to the one before.
            (&[0, 0, 1, 2, 3], Err(3)),
        ];
        for (earliest, expected) in cases {
            let parts = split(earliest, 3);
            if let Ok(parts) = &parts {
                assert!(
                    parts.iter().flat_map(Clone::clone).eq(0..earliest.len()),
                    "{earliest:?}: every command once"
                );
            }
            let ends = parts.map(|parts| parts.iter().map(|part| part.end).collect::<Vec<_>>());
            assert_eq!(ends, expected.map(<[_]>::to_vec), "{earliest:?}");
        }
    }
}
