//! Chooses between the earlier name of an item and the one that follows from the descriptors now.

use heck::ToSnakeCase;

use super::letters;
use crate::descriptor::FrozenName;

/// The names of an item in the earlier library: its name, and the deprecated ones.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Names {
    pub(super) name: String,
    pub(super) aliases: Vec<String>,
}

impl Names {
    pub(super) fn of(name: impl ToString, aliases: impl IntoIterator<Item = impl ToString>) -> Self {
        let aliases = aliases.into_iter().map(|alias| alias.to_string()).collect();
        Self { name: name.to_string(), aliases }
    }
}

/// The earlier name stays. A better spelling of it is used, and the earlier one becomes an alias.
pub(super) fn settle(earlier: &Names, now: &str) -> FrozenName {
    let is_used = earlier.name == now || is_better(now, &earlier.name);
    let (name, other) = if is_used { (now, Some(&earlier.name)) } else { (earlier.name.as_str(), None) };
    let mut aliases: Vec<String> = earlier.aliases.iter().chain(other).cloned().collect();
    aliases.retain(|alias| alias != name);
    aliases.sort();
    aliases.dedup();
    FrozenName { name: (!is_used).then(|| name.to_owned()), aliases }
}

/// Whether one name is the other one with more of its words apart: `copy_to` and `copyto`.
pub(super) fn is_better(one: &str, other: &str) -> bool {
    let words = |name: &str| name.to_snake_case().split('_').count();
    letters(one) == letters(other) && words(one) > words(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stays_unless_the_new_spelling_splits_its_words() {
        let cases = [
            ("copyto", "copyto", None, &[][..]),
            ("copyto", "copy_to", None, &["copyto"][..]),
            ("copy_to", "copyto", Some("copy_to"), &[]),
            ("CopytoError", "CopyToError", None, &["CopytoError"]),
            ("copy", "clone", Some("copy"), &[]),
        ];
        for (earlier, now, name, aliases) in cases {
            let settled = settle(&Names::of(earlier, [""; 0]), now);
            assert_eq!(settled.name.as_deref(), name, "{earlier} and then {now}");
            assert_eq!(settled.aliases, aliases, "{earlier} and then {now}");
        }
        let settled = settle(&Names::of("copy_to", ["copyto"]), "copyto");
        assert_eq!((settled.name.as_deref(), settled.aliases), (Some("copy_to"), vec!["copyto".to_owned()]));
    }
}
