//! The documentation of placements and handlers.

use proc_macro2::TokenStream;

use super::event::paragraphs;
use super::lines;
use super::method::SITE;
use super::text::code;
use crate::descriptor::Shown;
use crate::model::{HandlerItem, PlacementItem, first_sentence};

/// The documentation of the type of a placement.
///
/// ```text
/// /// A tab of the card of a deal.
/// ///
/// /// The placement `CRM_DEAL_DETAIL_TAB`: a tab.
/// /// Scope: `crm`. Bound by `placement.bind`.
/// /// [Documentation](…)
/// ```
pub(in crate::emit) fn placement(placement: &PlacementItem) -> TokenStream {
    let what = match &placement.family {
        Some(family) => {
            let part = family.field.bare();
            format!("The placements {}", code(&format!("{}{{{part}}}{}", family.before, family.behind)))
        }
        None => format!("The placement {}", code(&placement.wire)),
    };
    let mut text = words(placement.text.as_deref(), &placement.notes);
    let has_words = !text.is_empty();
    text.push(match placement.shown.map(shown) {
        Some(shown) => format!("{what}: {shown}."),
        None => format!("{what}."),
    });
    text.extend((!has_words).then(String::new));
    text.extend(placement.deprecated.then(|| "Deprecated.".to_owned()));
    text.push(format!("{} Bound by {}.", scopes(&placement.scopes), code(&placement.method)));
    text.extend(placement.page.as_deref().map(documentation));
    lines(&text)
}

/// The documentation of the variant of a placement.
pub(in crate::emit) fn placement_variant(placement: &PlacementItem) -> TokenStream {
    let wire = code(&placement.wire);
    lines(&[match &placement.text {
        Some(text) => format!("{wire}: {}", first_sentence(text).0),
        None => format!("{wire}."),
    }])
}

/// The documentation of the type of the requests to an address.
///
/// ```text
/// /// An automation rule of the application runs.
/// ///
/// /// A request to `HANDLER` of `bizproc.robot.add`.
/// /// Scope: `bizproc`.
/// /// [Documentation](…)
/// ```
pub(in crate::emit) fn handler(handler: &HandlerItem) -> TokenStream {
    let mut text = words(handler.text.as_deref(), &handler.notes);
    let has_words = !text.is_empty();
    text.push(format!("A request to {} of {}.", code(&handler.address), code(&handler.method)));
    text.extend((!has_words).then(String::new));
    text.extend(handler.deprecated.then(|| "Deprecated.".to_owned()));
    text.push(scopes(&handler.scopes));
    text.extend(handler.page.as_deref().map(documentation));
    lines(&text)
}

/// The lines of the words, with an empty one behind each paragraph.
fn words(text: Option<&str>, notes: &[String]) -> Vec<String> {
    let lines = paragraphs(text, notes).into_iter();
    lines.flat_map(|paragraph| paragraph.into_iter().chain([String::new()])).collect()
}

fn documentation(page: &str) -> String {
    format!("[Documentation]({SITE}/{page}.html)")
}

fn scopes(scopes: &[String]) -> String {
    let named: Vec<String> = scopes.iter().map(|scope| code(scope)).collect();
    match named.as_slice() {
        [] => "No scope is needed.".to_owned(),
        [one] => format!("Scope: {one}."),
        several => format!("Scopes: {}.", several.join(", ")),
    }
}

fn shown(shown: Shown) -> &'static str {
    match shown {
        Shown::Tab => "a tab",
        Shown::ContextMenu => "an item of a context menu",
        Shown::DropdownMenu => "an item of a menu below a button",
        Shown::Menu => "an item of a menu",
        Shown::Item => "an item of a panel or a list",
        Shown::Link => "a page behind a link",
        Shown::Hidden => "a page in the background",
    }
}
