//! What a file uses: the paths of its `use` lines and of its code, each with the file that defines what it names.

use std::collections::HashMap;

use crate::sources::SourceFile;
use crate::tokens::{Kind, Token};

/// Something that a file uses.
pub(crate) struct Use {
    pub(crate) line: usize,
    /// As it is written, without braces: `crate::extract::facts::PageFacts`.
    pub(crate) path: String,
    /// The index of the file that defines it; `None` for another crate.
    pub(crate) file: Option<usize>,
    /// Whether it is only passed on: `pub use`.
    pub(crate) is_reexport: bool,
}

/// The modules of a crate.
pub(crate) struct Modules<'a> {
    files: HashMap<&'a [String], usize>,
    /// By the module and the name, the path that a `pub use` gives it.
    reexports: HashMap<(&'a [String], String), Vec<String>>,
}

/// A path as it is written.
struct Written {
    line: usize,
    parts: Vec<String>,
    /// The name that a `use` gives it.
    name: Option<String>,
    is_reexport: bool,
}

impl<'a> Modules<'a> {
    pub(crate) fn of(files: &'a [SourceFile]) -> Self {
        let by_module = files.iter().enumerate().map(|(index, file)| (file.module.as_slice(), index));
        let mut modules = Self { files: by_module.collect(), reexports: HashMap::new() };
        for file in files {
            for written in written(&file.tokens).into_iter().filter(|written| written.is_reexport) {
                if let (Some(path), Some(name)) = (modules.absolute(file, &written.parts), written.name) {
                    modules.reexports.insert((&file.module, name), path);
                }
            }
        }
        modules
    }

    /// What a file uses of other files and other crates.
    pub(crate) fn uses(&self, file: &SourceFile) -> Vec<Use> {
        let own = self.files.get(file.module.as_slice()).copied();
        let resolved = written(&file.tokens).into_iter().filter_map(|written| {
            let Written { line, parts, name, is_reexport } = written;
            let path = parts.join("::");
            match self.absolute(file, &parts) {
                Some(absolute) => {
                    let file = self.file_of(&absolute, 0);
                    (file != own).then_some(Use { line, path, file, is_reexport })
                }
                // A path in code that begins with no module begins with a type.
                None => name.map(|_| Use { line, path, file: None, is_reexport }),
            }
        });
        resolved.collect()
    }

    /// The path from the root of the crate; `None` for one that begins with another crate or a type.
    fn absolute(&self, file: &SourceFile, parts: &[String]) -> Option<Vec<String>> {
        let (first, rest) = parts.split_first()?;
        let above = parts.iter().take_while(|part| *part == "super").count();
        let (base, rest): (&[String], &[String]) = match first.as_str() {
            // The program is part of the crate whose library it uses.
            "crate" | "bitrix24_codegen" => (&[], rest),
            "self" => (&file.module, rest),
            "super" => (file.module.get(..file.module.len().checked_sub(above)?)?, &parts[above..]),
            _ => {
                let mut child = file.module.clone();
                child.push(first.clone());
                self.files.contains_key(child.as_slice()).then_some((file.module.as_slice(), parts))?
            }
        };
        Some([base, rest].concat())
    }

    /// The file that defines what a path names: that of the longest module, or the one that it takes the name from.
    fn file_of(&self, path: &[String], depth: usize) -> Option<usize> {
        let length = (0..=path.len()).rev().find(|length| self.files.contains_key(&path[..*length]))?;
        let (module, rest) = path.split_at(length);
        if let Some((name, rest)) = rest.split_first().filter(|_| depth < 8)
            && let Some(target) = self.reexports.get(&(module, name.clone()))
        {
            return self.file_of(&[target.as_slice(), rest].concat(), depth + 1);
        }
        self.files.get(module).copied()
    }
}

/// All paths of a file that may lead to another.
fn written(tokens: &[Token]) -> Vec<Written> {
    let (mut found, mut at) = (Vec::new(), 0);
    while at < tokens.len() {
        // `impl Trait + use<>` is no import.
        let is_import = tokens.get(at + 1).is_some_and(|next| !next.is('<'));
        at = if is_import && tokens[at].word() == Some("use") {
            let is_reexport = at > 0 && (tokens[at - 1].word() == Some("pub") || tokens[at - 1].is(')'));
            tree(tokens, at + 1, &[], is_reexport, &mut found)
        } else {
            inline(tokens, at, &mut found)
        };
    }
    found
}

/// A tree of a `use` item: `a::{b, c::D as E}`.
fn tree(
    tokens: &[Token],
    mut at: usize,
    prefix: &[String],
    is_reexport: bool,
    found: &mut Vec<Written>,
) -> usize {
    let (mut parts, line) = (prefix.to_vec(), tokens.get(at).map_or(0, |token| token.line));
    let mut name = None;
    while let Some(token) = tokens.get(at) {
        match &token.kind {
            Kind::Word(word) if word == "as" => {
                name = tokens.get(at + 1).and_then(Token::word).map(str::to_owned);
                at += 1;
            }
            Kind::Word(word) if word == "self" && !prefix.is_empty() => {}
            Kind::Word(word) => parts.push(word.clone()),
            Kind::Mark('{') => {
                at += 1;
                while tokens.get(at).is_some_and(|token| !token.is('}') && !token.is(';')) {
                    at = tree(tokens, at, &parts, is_reexport, found);
                    at += usize::from(tokens.get(at).is_some_and(|token| token.is(',')));
                }
                return at + 1;
            }
            Kind::Mark(',' | '}' | ';') => break,
            Kind::Mark(_) | Kind::Separator => {}
        }
        at += 1;
    }
    let name = name.or_else(|| parts.last().cloned());
    found.push(Written { line, parts, name, is_reexport });
    at
}

/// A path in code: `crate::a::b`.
fn inline(tokens: &[Token], at: usize, found: &mut Vec<Written>) -> usize {
    let mut parts: Vec<String> = Vec::new();
    let mut end = at;
    while let Some(word) = tokens.get(end).and_then(Token::word) {
        parts.push(word.to_owned());
        end += 1;
        if tokens.get(end).is_none_or(|token| token.kind != Kind::Separator) {
            break;
        }
        end += 1;
    }
    if parts.len() > 1 {
        found.push(Written { line: tokens[at].line, parts, name: None, is_reexport: false });
    }
    end.max(at + 1)
}
