//! Reads the words of `spec/words/`.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::path::Path;

use super::book::{
    EntityWords, MethodWords, PartWords, ScopeWords, Text, TextId, TextsBy, Words, error_key, folded,
};
use super::files::{Content, Read, files_below, read};
use super::format::{
    EntityTexts, ErrorsFile, EventTexts, HandlerTexts, MethodTexts, PartFile, PlacementTexts, ScopesFile,
    Texts, ValueTexts,
};
use super::text;
use crate::descriptor::{Api, Pointer, SpecFile, message_key, method_key};
use crate::diagnostic::Diagnostic;
use crate::parallel;

/// The folder of the words, below the folder of the descriptors.
pub const FOLDER: &str = "words";

impl Words {
    /// Reads the words of a spec, with everything that is wrong in their files. Without a folder there are no words. The paths of
    /// files are relative to the project.
    pub fn load(project: &Path, spec: &Path) -> (Self, Vec<Diagnostic>) {
        let top = spec.join(FOLDER);
        let paths = match files_below(&project.join(&top)) {
            Ok(paths) => paths,
            Err(error) => {
                return (
                    Self::default(),
                    vec![Diagnostic::error(format!("{} cannot be read: {error}", top.display()))],
                );
            }
        };
        let mut loader = Loader::default();
        for read in parallel::map(paths, |path| read(project, &top, &path)) {
            loader.add(read);
        }
        (loader.words, loader.problems)
    }
}

#[derive(Default)]
struct Loader {
    words: Words,
    problems: Vec<Diagnostic>,
}

impl Loader {
    fn add(&mut self, read: Read) {
        self.problems.extend(read.problems);
        self.words.files.push(SpecFile::new(read.source, ()));
        let root = Pointer::default();
        match read.content {
            None => {}
            Some(Content::Glossary(texts)) => {
                let mut all = std::mem::take(&mut self.words.glossary);
                self.add_texts(texts, &root, &folded, &mut all);
                self.words.glossary = all;
            }
            Some(Content::Part(file)) => self.add_part(file, &root),
            Some(Content::Formats(texts)) => {
                let mut all = std::mem::take(&mut self.words.formats);
                self.add_texts(texts, &root, &folded, &mut all);
                self.words.formats = all;
            }
            Some(Content::Values(values)) => {
                let mut all = std::mem::take(&mut self.words.values);
                self.add_values(values, &root, &folded, &mut all);
                self.words.values = all;
            }
            Some(Content::Errors(errors)) => self.add_errors(errors, &root),
            Some(Content::Scopes(file)) => self.add_scopes(file, &root),
            Some(Content::Modules(file)) => {
                self.add_modules(Api::V2, file.modules, &root.key("modules"));
                self.add_modules(Api::V3, file.modules_v3, &root.key("modules_v3"));
            }
            Some(Content::Entities(api, file)) => {
                for (name, texts) in file.entities {
                    self.add_entity(api, &name, texts, &root.key("entities").key(&name));
                }
            }
            Some(Content::Events(file)) => {
                for (name, texts) in file.events {
                    self.add_event(&name, texts, &root.key("events").key(&name));
                }
            }
            Some(Content::Placements(file)) => {
                for (name, texts) in file.placements {
                    self.add_placement(&name, texts, &root.key("placements").key(&name));
                }
            }
            Some(Content::Handlers(file)) => {
                for (name, texts) in file.handlers {
                    self.add_handler(&name, texts, &root.key("handlers").key(&name));
                }
            }
            Some(Content::Methods(file)) => {
                for (api, methods, key) in
                    [(Api::V2, file.methods, "methods"), (Api::V3, file.methods_v3, "methods_v3")]
                {
                    for (name, texts) in methods {
                        self.add_method(api, &name, texts, &root.key(key).key(&name));
                    }
                }
            }
        }
    }

    /// The index of the file that is added.
    fn file(&self) -> usize {
        self.words.files.len().saturating_sub(1)
    }

    /// Adds a text, and reports what is wrong in it.
    fn text(&mut self, content: String, at: &Pointer) -> TextId {
        let id = TextId(self.words.texts.len());
        let wrong = match text::parse(&content) {
            _ if content.trim().is_empty() => Some("there are no words here".to_owned()),
            Ok(_) => None,
            Err(wrong) => Some(format!("this text has {wrong}")),
        };
        let content = content.split_whitespace().collect::<Vec<_>>().join(" ");
        self.words.texts.push(Text { text: content, file: self.file(), at: at.clone() });
        if let Some(wrong) = wrong {
            let expected = "plain words, code in backticks, and methods in brackets: `[crm.deal.list]`";
            let problem = self.words.at_text(Diagnostic::error(wrong).expecting(expected), id);
            self.problems.push(problem);
        }
        id
    }

    fn optional(&mut self, content: Option<String>, at: &Pointer) -> Option<TextId> {
        content.map(|content| self.text(content, at))
    }

    /// Adds texts under their names. A name that has words is an error.
    fn add_texts(&mut self, texts: Texts, at: &Pointer, key: &dyn Fn(&str) -> String, all: &mut TextsBy) {
        for (name, content) in texts {
            let at = at.key(&name);
            let id = self.text(content, &at);
            match all.entry(key(&name)) {
                Entry::Vacant(place) => _ = place.insert(id),
                Entry::Occupied(known) => self.report_second(&name, &at, Some(*known.get())),
            }
        }
    }

    fn add_values(
        &mut self,
        values: ValueTexts,
        at: &Pointer,
        key: &dyn Fn(&str) -> String,
        all: &mut HashMap<String, TextsBy>,
    ) {
        for (name, texts) in values {
            let mut of_name = all.remove(&key(&name)).unwrap_or_default();
            self.add_texts(texts, &at.key(&name), &str::to_owned, &mut of_name);
            all.insert(key(&name), of_name);
        }
    }

    fn report_second(&mut self, name: &str, at: &Pointer, first: Option<TextId>) {
        let first = first.and_then(|id| {
            let diagnostic = self.words.at_text(Diagnostic::error(""), id);
            diagnostic.position().map(|(file, line, _)| format!(" in {file}, line {line}"))
        });
        let message = format!("{name} has words already{}", first.unwrap_or_default());
        let expected = "words once: names are compared without case and `_`";
        let at = (self.file(), at.clone());
        let problem = self.words.at_key(Diagnostic::error(message).expecting(expected), &at);
        self.problems.push(problem);
    }

    fn add_errors(&mut self, errors: ErrorsFile, at: &Pointer) {
        let mut codes = std::mem::take(&mut self.words.codes);
        self.add_texts(errors.codes, &at.key("codes"), &error_key, &mut codes);
        self.words.codes = codes;
        let mut messages = std::mem::take(&mut self.words.messages);
        self.add_texts(errors.messages, &at.key("messages"), &message_key, &mut messages);
        self.words.messages = messages;
    }

    fn add_part(&mut self, file: PartFile, at: &Pointer) {
        let mut part = PartWords {
            prefixes: file.prefixes.iter().map(|prefix| text::method_name(prefix)).collect(),
            ..PartWords::default()
        };
        self.add_texts(file.fields, &at.key("fields"), &folded, &mut part.fields);
        self.add_values(file.values, &at.key("values"), &folded, &mut part.values);
        self.add_texts(file.errors, &at.key("errors"), &error_key, &mut part.errors);
        self.words.parts.push(part);
    }

    fn add_scopes(&mut self, file: ScopesFile, at: &Pointer) {
        for (name, texts) in file.scopes {
            let at = at.key("scopes").key(&name);
            let words = ScopeWords {
                title: self.text(texts.title, &at.key("title")),
                text: self.optional(texts.text, &at.key("text")),
                start: self.optional(texts.start, &at.key("start")),
            };
            if let Some(known) = self.words.scopes.insert(name.clone(), words) {
                self.report_second(&name, &at, Some(known.title));
            }
        }
    }

    fn add_modules(&mut self, api: Api, texts: Texts, at: &Pointer) {
        for (name, content) in texts {
            let at = at.key(&name);
            let id = self.text(content, &at);
            if let Some(known) = self.words.modules.insert((api, name.clone()), id) {
                self.report_second(&name, &at, Some(known));
            }
        }
    }

    fn add_entity(&mut self, api: Api, name: &str, texts: EntityTexts, at: &Pointer) {
        let mut words = EntityWords {
            noun: texts.noun,
            text: self.optional(texts.text, &at.key("text")),
            at: (self.file(), at.clone()),
            ..EntityWords::default()
        };
        self.add_texts(texts.fields, &at.key("fields"), &folded, &mut words.fields);
        self.add_values(texts.values, &at.key("values"), &folded, &mut words.values);
        if let Some(known) = self.words.entities.insert(method_key(api, name), words) {
            self.report_second(name, at, known.text);
        }
    }

    fn notes(&mut self, notes: Vec<String>, at: &Pointer) -> Vec<TextId> {
        notes.into_iter().enumerate().map(|(index, note)| self.text(note, &at.index(index))).collect()
    }

    /// The words about something that a portal sends, without those about its values.
    fn sent(&mut self, text: String, notes: Vec<String>, at: &Pointer) -> MethodWords {
        MethodWords {
            text: self.text(text, &at.key("text")),
            returns: None,
            notes: self.notes(notes, &at.key("notes")),
            params: TextsBy::new(),
            result: TextsBy::new(),
            values: HashMap::new(),
            errors: TextsBy::new(),
            at: (self.file(), at.clone()),
        }
    }

    fn add_placement(&mut self, code: &str, texts: PlacementTexts, at: &Pointer) {
        let mut words = self.sent(texts.text, texts.notes, at);
        self.add_texts(texts.options, &at.key("options"), &folded, &mut words.params);
        self.add_texts(texts.receives, &at.key("receives"), &folded, &mut words.result);
        self.add_values(texts.values, &at.key("values"), &folded, &mut words.values);
        if let Some(known) = self.words.placements.insert(folded(code), words) {
            self.report_second(code, at, Some(known.text));
        }
    }

    fn add_handler(&mut self, name: &str, texts: HandlerTexts, at: &Pointer) {
        let mut words = self.sent(texts.text, texts.notes, at);
        self.add_texts(texts.response, &at.key("response"), &folded, &mut words.params);
        self.add_texts(texts.receives, &at.key("receives"), &folded, &mut words.result);
        self.add_values(texts.values, &at.key("values"), &folded, &mut words.values);
        if let Some(known) = self.words.handlers.insert(folded(name), words) {
            self.report_second(name, at, Some(known.text));
        }
    }

    fn add_event(&mut self, name: &str, texts: EventTexts, at: &Pointer) {
        let mut words = self.sent(texts.text, texts.notes, at);
        self.add_texts(texts.data, &at.key("data"), &folded, &mut words.result);
        self.add_values(texts.values, &at.key("values"), &folded, &mut words.values);
        if let Some(known) = self.words.events.insert(folded(name), words) {
            self.report_second(name, at, Some(known.text));
        }
    }

    fn add_method(&mut self, api: Api, name: &str, texts: MethodTexts, at: &Pointer) {
        let mut words = MethodWords {
            text: self.text(texts.text, &at.key("text")),
            returns: self.optional(texts.returns, &at.key("returns")),
            notes: self.notes(texts.notes, &at.key("notes")),
            params: TextsBy::new(),
            result: TextsBy::new(),
            values: HashMap::new(),
            errors: TextsBy::new(),
            at: (self.file(), at.clone()),
        };
        self.add_texts(texts.params, &at.key("params"), &folded, &mut words.params);
        self.add_texts(texts.result, &at.key("result"), &folded, &mut words.result);
        self.add_values(texts.values, &at.key("values"), &folded, &mut words.values);
        self.add_texts(texts.errors, &at.key("errors"), &error_key, &mut words.errors);
        if let Some(known) = self.words.methods.insert(method_key(api, name), words) {
            self.report_second(name, at, Some(known.text));
        }
    }
}
