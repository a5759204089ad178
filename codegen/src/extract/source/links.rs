//! The targets of links.

/// The path of the document that a link leads to. `root` is the folder of the snapshot, for links that begin with `/`. `None`
/// if it leads out of the documents.
pub(crate) fn resolve(target: &str, from: &str, root: &str) -> Option<String> {
    if target.is_empty() || target.contains("://") {
        return None;
    }
    let (base, floor) = match target.starts_with('/') {
        true => (root, root),
        false => (from.rsplit_once('/').map_or("", |(folder, _)| folder), ""),
    };
    let mut parts: Vec<&str> = base.split('/').filter(|part| !part.is_empty()).collect();
    let floor = floor.split('/').filter(|part| !part.is_empty()).count();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.len() > floor => {
                parts.pop();
            }
            ".." => return None,
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// A path without `.md` or the ending of the published page.
pub(crate) fn without_ending(path: &str) -> &str {
    path.strip_suffix(".md").or_else(|| path.strip_suffix(".html")).unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_resolved_from_their_page_or_from_the_root() {
        for (target, from, root, path) in [
            ("b.md", "t/a/x.md", "t/", Some("t/a/b.md")),
            ("./b.md", "x.md", "", Some("b.md")),
            ("../b/./c.md", "t/a/x.md", "t/", Some("t/b/c.md")),
            ("..//b.md", "t/a/x.md", "t/", Some("t/b.md")),
            ("/b.html", "t/a/x.md", "t/", Some("t/b.html")),
            ("/../b.md", "t/a/x.md", "t/", None),
            ("../../../b.md", "t/a/x.md", "t/", None),
            ("https://example.com/b.md", "a.md", "", None),
            ("", "a.md", "", None),
        ] {
            assert_eq!(resolve(target, from, root).as_deref(), path, "{target}");
        }
    }
}
