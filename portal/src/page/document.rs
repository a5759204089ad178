//! The document, which has its style and its script inside and uses nothing from outside.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};

/// The document with the places of what is inside of it.
const PAGE: &str = include_str!("client/page.html");
const STYLE: &str = include_str!("client/page.css");

/// The parts of the script, in the order in which they use each other.
const SCRIPT: [&str; 8] = [
    include_str!("client/base.js"),
    include_str!("client/find.js"),
    include_str!("client/form.js"),
    include_str!("client/detail.js"),
    include_str!("client/rows.js"),
    include_str!("client/calls.js"),
    include_str!("client/limits.js"),
    include_str!("client/main.js"),
];

/// The document, and the policy under which a browser shows it.
#[derive(Debug)]
pub(crate) struct Document {
    pub(crate) html: String,
    pub(crate) policy: String,
}

/// The document for one request. Only the script and the style with its nonce are used: what stored rows contain is never run.
pub(crate) fn document() -> Document {
    let random = || RandomState::new().build_hasher().finish();
    let nonce = format!("{:016x}{:016x}", random(), random());
    let html = PAGE.replace("{{style}}", STYLE).replace("{{script}}", &SCRIPT.join("\n"));
    let policy = format!(
        "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; img-src data:; connect-src 'self'; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    Document { html: html.replace("{{nonce}}", &nonce), policy }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_uses_nothing_from_outside() {
        let Document { html, policy } = document();
        assert!(html.len() > 20_000 && !html.contains("{{"), "{html}");
        // The name of SVG elements is no address that is requested.
        let html = html.replace("http://www.w3.org/2000/svg", "");
        for outside in
            ["http://", "https://", "src=", "@import", "url(", "innerHTML", "outerHTML", "document.write"]
        {
            assert!(!html.contains(outside), "{outside}");
        }
        assert_ne!(policy, document().policy);
    }
}
