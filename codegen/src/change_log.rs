//! The region of CHANGELOG.md with the changes of the documentation, under the heading of what is not released yet.

/// The heading that the region is under.
const UNRELEASED: &str = "## Unreleased";

/// The heading of the region.
const HEADING: &str = "### API of the documentation";

/// The first and the last line of the region.
const BEGIN: &str = "<!-- written by `cargo spec update`, one entry for each documentation -->";
const END: &str = "<!-- end of what `cargo spec update` writes -->";

/// The level of the headings inside an entry.
pub const ENTRY_HEADING: usize = 5;

/// The change log with an entry about a documentation, before earlier ones. An entry with the same title is replaced, so that an
/// update that is repeated has one. `None`: there is no heading for what is not released.
pub fn with_entry(text: &str, title: &str, entry: &str) -> Option<String> {
    let start = line_start(text, UNRELEASED)?;
    let body = start + UNRELEASED.len();
    let end = text[body..].find("\n## ").map_or(text.len(), |end| body + end + 1);
    let (before, section, after) = (&text[..start], &text[start..end], &text[end..]);
    let entry = format!("#### {title}\n\n{}\n", entry.trim_end());
    let section = match (section.find(BEGIN), section.find(END)) {
        (Some(begin), Some(stop)) if begin < stop => {
            let (head, old) = (&section[..begin + BEGIN.len()], &section[begin + BEGIN.len()..stop]);
            format!("{head}\n\n{entry}\n{}{}", without(old, title), &section[stop..])
        }
        _ => {
            let region = format!("{HEADING}\n\n{BEGIN}\n\n{entry}\n{END}\n");
            let gap = if after.is_empty() { "" } else { "\n" };
            format!("{}\n\n{region}{gap}", section.trim_end())
        }
    };
    Some(format!("{before}{section}{after}"))
}

/// The start of the line that is this text.
fn line_start(text: &str, line: &str) -> Option<usize> {
    let mut start = 0;
    for found in text.split_inclusive('\n') {
        if found.trim_end() == line {
            return Some(start);
        }
        start += found.len();
    }
    None
}

/// The entries of a region, except the one with this title.
fn without(entries: &str, title: &str) -> String {
    let mut kept = String::new();
    let mut is_kept = true;
    for line in entries.trim_start().split_inclusive('\n') {
        if let Some(found) = line.strip_prefix("#### ") {
            is_kept = found.trim_end() != title;
        }
        if is_kept {
            kept.push_str(line);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_added_before_earlier_ones_and_replaced_by_title() {
        let text = "# Changelog\n\n## Unreleased\n\nText.\n\n## 0.1.0\n\nOld.\n";
        let first = with_entry(text, "Monday", "- a\n").unwrap();
        let region = |entries: &str| {
            format!(
                "# Changelog\n\n## Unreleased\n\nText.\n\n{HEADING}\n\n{BEGIN}\n\n{entries}{END}\n\n## 0.1.0\n\nOld.\n"
            )
        };
        assert_eq!(first, region("#### Monday\n\n- a\n\n"));
        let second = with_entry(&first, "Tuesday", "- b\n").unwrap();
        assert_eq!(second, region("#### Tuesday\n\n- b\n\n#### Monday\n\n- a\n\n"));
        let again = with_entry(&second, "Tuesday", "- b\n").unwrap();
        assert_eq!(again, second);
        let replaced = with_entry(&again, "Monday", "- c\n").unwrap();
        assert_eq!(replaced, region("#### Monday\n\n- c\n\n#### Tuesday\n\n- b\n\n"));
    }

    #[test]
    fn a_change_log_ends_with_its_region_if_nothing_is_released() {
        let text = with_entry("## Unreleased\n", "Monday", "- a").unwrap();
        assert_eq!(text, format!("## Unreleased\n\n{HEADING}\n\n{BEGIN}\n\n#### Monday\n\n- a\n\n{END}\n"));
        assert_eq!(with_entry("# Changelog\n", "Monday", "- a"), None);
    }
}
