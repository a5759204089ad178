//! The documents of an import, parsed on demand. Fragments, type tables and pages that others link to are parsed once and
//! cached; any other syntax tree is dropped once its document has been read, since all trees together take 110 MiB.

use std::collections::HashMap;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;

use crate::descriptor::SourceForm;
use crate::diagnostic::{Diagnostic, SourceText};
use crate::extract::source::documents::Document;
use crate::extract::source::page_kind::PageKind;
use crate::extract::source::snapshots::{Around, Snapshots};
use crate::extract::syntax::ast::Page;
use crate::extract::syntax::format::{self, ParsedPage};
use crate::extract::syntax::front_matter::FrontMatter;
use crate::extract::syntax::includes::Fragments;

/// All documents, sorted by path.
pub(crate) struct ParsedDocuments<'a> {
    pub(crate) list: Vec<ParsedDocument<'a>>,
    snapshots: Snapshots,
    fragments: Fragments,
    by_path: HashMap<&'a str, usize>,
}

/// A document with its cached content.
pub(crate) struct ParsedDocument<'a> {
    pub(crate) document: &'a Document,
    /// The kind of page, where the path alone determines it.
    pub(crate) of_path: Option<PageKind>,
    /// The content, once it is cached.
    kept: OnceLock<Content>,
}

/// The content of a document.
pub(crate) enum Content {
    Page(Box<ParsedPage>),
    /// By its path, the document is not a page.
    None,
    /// The document is not text.
    NoText(Diagnostic),
}

/// A page with its document.
pub(crate) struct ReadPage<'a> {
    pub(crate) source: Arc<SourceText>,
    /// The form of the page itself: Markdown or rendered.
    pub(crate) form: SourceForm,
    pub(crate) page: &'a Page,
    /// The front matter at the head of the document, if any.
    pub(crate) front_matter: Option<&'a FrontMatter>,
}

/// The content of a document, either cached or parsed for a single caller.
pub(crate) enum Shared<'a> {
    Kept(&'a Content),
    Own(Box<Content>),
}

impl<'a> ParsedDocuments<'a> {
    /// Sorts the documents and parses the fragments among them.
    pub(crate) fn of(documents: &'a [Document]) -> Self {
        let mut documents: Vec<&Document> = documents.iter().collect();
        documents.sort_by(|a, b| (&a.path, &a.bytes).cmp(&(&b.path, &b.bytes)));
        let snapshots = Snapshots::of(&documents);
        let by_path = documents.iter().zip(0..).map(|(document, at)| (document.path.as_str(), at)).collect();
        let list: Vec<ParsedDocument<'_>> = documents.into_iter().map(ParsedDocument::new).collect();
        let is_fragment = |parsed: &&ParsedDocument<'_>| parsed.of_path == Some(PageKind::Fragment);
        let raw: Vec<_> =
            list.par_iter().filter(is_fragment).map(|parsed| (parsed.path(), parsed.parse())).collect();
        let pages = raw.iter().filter_map(|(path, raw)| Some(((*path).to_owned(), raw.page()?.clone())));
        let fragments = Fragments::of(pages.collect(), |path| snapshots.around(path).root.to_owned());
        let raw: HashMap<&str, Content> = raw.into_iter().collect();
        let documents = Self { list, snapshots, fragments, by_path };
        for (path, raw) in raw {
            if let Some(parsed) = documents.at(path) {
                parsed.kept.get_or_init(|| documents.expanded(path, raw));
            }
        }
        documents
    }

    fn at(&self, path: &str) -> Option<&ParsedDocument<'a>> {
        self.list.get(*self.by_path.get(path)?)
    }

    /// The page at a path. Its content stays cached.
    pub(crate) fn page(&self, path: &str) -> Option<&Page> {
        self.kept(self.at(path)?).page()
    }

    /// The content of a document. It stays cached.
    pub(crate) fn kept<'s>(&'s self, parsed: &'s ParsedDocument<'a>) -> &'s Content {
        parsed.kept.get_or_init(|| self.expanded(parsed.path(), parsed.parse()))
    }

    /// The content of a document for a single caller, without caching it.
    pub(crate) fn content<'s>(&'s self, parsed: &'s ParsedDocument<'a>) -> Shared<'s> {
        match parsed.kept.get() {
            Some(kept) => Shared::Kept(kept),
            None => Shared::Own(Box::new(self.expanded(parsed.path(), parsed.parse()))),
        }
    }

    /// Expands the includes of a page.
    fn expanded(&self, path: &str, mut content: Content) -> Content {
        if let Content::Page(parsed) = &mut content {
            let Around { root, in_tree, .. } = self.around(path);
            self.fragments.expand(&mut parsed.page, path, root, in_tree);
        }
        content
    }

    /// The innermost snapshot that contains a path.
    pub(crate) fn around(&self, path: &str) -> Around<'_> {
        self.snapshots.around(path)
    }
}

impl<'a> ParsedDocument<'a> {
    fn new(document: &'a Document) -> Self {
        Self { document, of_path: PageKind::of_path(&document.path), kept: OnceLock::new() }
    }

    pub(crate) fn path(&self) -> &'a str {
        &self.document.path
    }

    fn parse(&self) -> Content {
        match self.of_path {
            Some(PageKind::NoDocument | PageKind::Revision) => Content::None,
            _ => match format::parse(self.document) {
                Ok(page) => Content::Page(Box::new(page)),
                Err(diagnostic) => Content::NoText(diagnostic),
            },
        }
    }

    /// Whether the document may contain the word in emphasis. Searches the text without parsing it.
    pub(crate) fn may_emphasize(&self, word: &str) -> bool {
        self.text().contains(&format!("**{word}**"))
    }

    /// The texts of the lines that look like headings below the title. Searches the text without parsing it.
    pub(crate) fn likely_headings(&self) -> impl Iterator<Item = &'a str> {
        let words = |line: &'a str| {
            let words = line.strip_prefix("##")?.trim_start_matches('#');
            Some(words.split_once("{#").map_or(words, |(words, _)| words).trim())
        };
        self.text().lines().filter_map(words)
    }

    fn text(&self) -> &'a str {
        std::str::from_utf8(&self.document.bytes).unwrap_or_default()
    }
}

impl Content {
    /// The page of the document, if it is one.
    pub(crate) fn page(&self) -> Option<&Page> {
        match self {
            Self::Page(parsed) => Some(&parsed.page),
            Self::None | Self::NoText(_) => None,
        }
    }

    /// The page together with its source text.
    pub(crate) fn read(&self, document: &Document) -> Option<ReadPage<'_>> {
        let Self::Page(parsed) = self else { return None };
        let ParsedPage { form, page, front_matter } = parsed.as_ref();
        let source = format::source_of(document);
        Some(ReadPage { source, form: *form, page, front_matter: front_matter.as_ref() })
    }
}

impl Deref for Shared<'_> {
    type Target = Content;

    fn deref(&self) -> &Content {
        match self {
            Self::Kept(content) => content,
            Self::Own(content) => content,
        }
    }
}
