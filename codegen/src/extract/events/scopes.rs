//! The scopes of events whose pages have no line of scopes: those of the pages around them.

use std::collections::BTreeMap;

use crate::extract::evidence::Evidence;
use crate::extract::register::events::EVENT_SCOPE_OF_SECTION;

/// The scopes of all pages that have them, by their paths.
#[derive(Debug, Default)]
pub(crate) struct Scopes {
    by_path: BTreeMap<String, Vec<String>>,
}

impl Scopes {
    pub(crate) fn add(&mut self, path: &str, scopes: Vec<String>) {
        self.by_path.insert(path.to_owned(), scopes);
    }

    /// The scopes on which all pages of the nearest folder around a page agree.
    pub(crate) fn around(&self, path: &str) -> Option<Evidence<Vec<String>>> {
        let mut folder = path;
        while let Some((above, _)) = folder.rsplit_once('/') {
            folder = above;
            let prefix = format!("{folder}/");
            let inside = self.by_path.range(prefix.clone()..);
            let mut found =
                inside.take_while(|(path, _)| path.starts_with(&prefix)).map(|(_, scopes)| scopes);
            if let Some(first) = found.next() {
                let agreed = found.all(|other| other == first);
                return agreed.then(|| Evidence::new(&EVENT_SCOPE_OF_SECTION, first.clone(), 0));
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_folder_with_scopes_decides() {
        let mut scopes = Scopes::default();
        for (path, scope) in [("r/zoo/a.md", "zoo"), ("r/zoo/old/b.md", "zoo"), ("r/shop/c.md", "shop")] {
            scopes.add(path, vec![scope.to_owned()]);
        }
        let of = |path| scopes.around(path).map(|found| found.value.join(" "));
        assert_eq!(of("r/zoo/old/events/x.md").as_deref(), Some("zoo"));
        assert_eq!(of("r/shop/x.md").as_deref(), Some("shop"));
        assert_eq!(of("r/events/x.md"), None);
        assert_eq!(of("x.md"), None);
    }
}
