//! A text as Markdown, with a reference to a method as a link of rustdoc.

use std::collections::{BTreeSet, HashMap};

use super::text::{Piece, parse};
use crate::descriptor::{MethodKey, Spec, method_key};
use crate::model::{Library, RustName};

/// What a reference to a method becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkForm {
    /// A link to its function, by the path from the root of the crate.
    Function,
    /// Its name on the wire.
    WireName,
}

/// The features that enable an item, any one of them. `None`: it is always there.
pub(super) type Features = Option<BTreeSet<String>>;

/// Where references lead.
pub(super) struct Links {
    form: LinkForm,
    functions: HashMap<MethodKey, Function>,
}

struct Function {
    /// The path below the crate root: `crm::deal::list`.
    path: String,
    features: Features,
}

impl Links {
    /// References by their wire names.
    pub(super) fn names() -> Self {
        Self { form: LinkForm::WireName, functions: HashMap::new() }
    }

    pub(super) fn of(spec: &Spec, library: &Library, form: LinkForm) -> Self {
        let mut functions = HashMap::new();
        for (path, module) in &library.modules {
            let words: Vec<&str> = path.0.iter().map(RustName::bare).collect();
            for method in &module.methods {
                let path = format!("{}::{}", words.join("::"), method.function.bare());
                let key = method_key(method.api, &method.wire);
                functions.insert(key, Function { path, features: method.features() });
            }
        }
        for method in spec.methods.iter().map(|file| &file.content) {
            for alias in &method.aliases {
                let key = method_key(method.api, &method.method);
                let known = functions.get(&key).map(|known| (known.path.clone(), known.features.clone()));
                if let Some((path, features)) = known {
                    functions.entry(method_key(method.api, alias)).or_insert(Function { path, features });
                }
            }
        }
        Self { form, functions }
    }

    /// A text as Markdown, in the documentation of an item with these features.
    pub(super) fn markdown(&self, text: &str, features: &Features) -> String {
        let pieces = parse(text).unwrap_or_else(|_| vec![Piece::Plain(text.to_owned())]);
        let of = |piece: &Piece| match piece {
            Piece::Plain(text) => escaped(text),
            Piece::Code(code) => format!("`{code}`"),
            Piece::Method(api, name) => self.method(&method_key(*api, name), name, features),
        };
        let mut text: String = pieces.iter().map(of).collect();
        if text.ends_with(|last: char| last.is_alphanumeric() || matches!(last, '`' | ')')) {
            text.push('.');
        }
        text
    }

    /// A method. Where the features of an item do not ensure that the function is there, the link has the form that rustdoc
    /// shows as its text if it leads nowhere.
    pub(super) fn method(&self, key: &MethodKey, name: &str, from: &Features) -> String {
        let Some(function) = self.functions.get(key).filter(|_| self.form == LinkForm::Function) else {
            return format!("`{name}`");
        };
        let path = &function.path;
        if ensures(from, &function.features) {
            format!("[`{path}`](crate::{path}())")
        } else {
            format!("[`crate::{path}()`]")
        }
    }
}

/// Whether an item is always there if another one is.
fn ensures(from: &Features, to: &Features) -> bool {
    match (from, to) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(from), Some(to)) => from.is_subset(to),
    }
}

/// Escapes what Markdown would interpret. An address becomes a link.
fn escaped(text: &str) -> String {
    let words = text.split(' ').map(|word| {
        let is_address = word.starts_with("http://") || word.starts_with("https://");
        if is_address {
            let end = word.trim_end_matches(['.', ',', ';', ':', ')']).len();
            return format!("<{}>{}", &word[..end], &word[end..]);
        }
        let mut escaped = String::new();
        for c in word.chars() {
            if matches!(c, '<' | '*' | '\\' | '|') {
                escaped.push('\\');
            }
            escaped.push(c);
        }
        escaped
    });
    words.collect::<Vec<_>>().join(" ")
}
