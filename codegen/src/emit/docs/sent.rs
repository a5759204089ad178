//! The documentation of placements and handlers.

use proc_macro2::TokenStream;

use super::lines;
use super::method::SITE;
use super::text::code;
use crate::descriptor::Shown;
use crate::model::{HandlerItem, PlacementItem};

/// The documentation of the type of a placement.
///
/// ```text
/// /// The placement `CRM_DEAL_DETAIL_TAB`: a tab.
/// ///
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
    let mut text = vec![match placement.shown.map(shown) {
        Some(shown) => format!("{what}: {shown}."),
        None => format!("{what}."),
    }];
    text.push(String::new());
    text.extend(placement.deprecated.then(|| "Deprecated.".to_owned()));
    text.push(format!("{} Bound by {}.", scopes(&placement.scopes), code(&placement.method)));
    text.extend(placement.page.as_deref().map(documentation));
    lines(&text)
}

/// The documentation of the variant of a placement.
pub(in crate::emit) fn placement_variant(placement: &PlacementItem) -> TokenStream {
    lines(&[format!("{}.", code(&placement.wire))])
}

/// The documentation of the type of the requests to an address.
///
/// ```text
/// /// A request to `HANDLER` of `bizproc.robot.add`.
/// ///
/// /// Scope: `bizproc`.
/// /// [Documentation](…)
/// ```
pub(in crate::emit) fn handler(handler: &HandlerItem) -> TokenStream {
    let mut text =
        vec![format!("A request to {} of {}.", code(&handler.address), code(&handler.method)), String::new()];
    text.extend(handler.deprecated.then(|| "Deprecated.".to_owned()));
    text.push(scopes(&handler.scopes));
    text.extend(handler.page.as_deref().map(documentation));
    lines(&text)
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
