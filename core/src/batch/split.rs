//! Splitting commands into several calls.

use std::ops::Range;

/// Splits commands into parts of at most `limit`, so that each command is in the same part as those it refers to. `earliest`
/// contains for each command the position of the first command that it refers to, or its own position.
///
/// # Errors
/// The position of a command that does not fit into one part with those it refers to.
pub(super) fn split(earliest: &[usize], limit: usize) -> Result<Vec<Range<usize>>, usize> {
    let mut reach = earliest.to_vec();
    // The earliest position that this or any later command refers to: a part may end before a command if this is not smaller
    // than the position of the command.
    for position in (1..reach.len()).rev() {
        reach[position - 1] = reach[position - 1].min(reach[position]);
    }
    let can_end = |end: usize| reach.get(end).is_none_or(|reach| *reach >= end);
    let mut parts = Vec::new();
    let mut start = 0;
    while start < earliest.len() {
        let full = earliest.len().min(start + limit);
        let Some(end) = (start + 1..=full).rev().find(|end| can_end(*end)) else {
            let split_off = (full..earliest.len()).find(|position| earliest[*position] < full);
            return Err(split_off.unwrap_or(full));
        };
        parts.push(start..end);
        start = end;
    }
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The references of the commands, and the ends of the parts or the command that does not fit.
    type Case = (&'static [usize], Result<&'static [usize], usize>);

    #[test]
    fn commands_are_split_only_where_no_reference_is_cut() {
        let cases: &[Case] = &[
            (&[], Ok(&[])),
            (&[0], Ok(&[1])),
            (&[0, 1, 2], Ok(&[3])),
            (&[0, 1, 2, 3], Ok(&[3, 4])),
            (&[0, 1, 2, 3, 4, 5, 6], Ok(&[3, 6, 7])),
            // The fourth command refers to the third: both are in the second part.
            (&[0, 1, 2, 2], Ok(&[2, 4])),
            (&[0, 1, 1, 1, 4], Ok(&[1, 4, 5])),
            (&[0, 1, 2, 0], Err(3)),
            // Each command refers to the previous one.
            (&[0, 0, 1, 2, 3], Err(3)),
        ];
        for (earliest, expected) in cases {
            let parts = split(earliest, 3);
            if let Ok(parts) = &parts {
                assert!(
                    parts.iter().flat_map(Clone::clone).eq(0..earliest.len()),
                    "{earliest:?}: each command occurs once"
                );
            }
            let ends = parts.map(|parts| parts.iter().map(|part| part.end).collect::<Vec<_>>());
            assert_eq!(ends, expected.map(<[_]>::to_vec), "{earliest:?}");
        }
    }
}
