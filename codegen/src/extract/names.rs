//! Names of a method that no descriptor may contain, with the line of the page that has them.

use std::sync::Arc;

use crate::descriptor::{AdditionalProperties, Descriptor, Event, Schema, refuse_dotted_name, refuse_name};
use crate::diagnostic::{Diagnostic, SourceText};

/// Errors for the names of a descriptor that are refused. `pages` are the documents that they come from.
pub(crate) fn refused(descriptor: &Descriptor, pages: &[Arc<SourceText>]) -> Vec<Diagnostic> {
    let mut names = Names { pages, problems: Vec::new() };
    names.dotted("method", &descriptor.method);
    descriptor.aliases.iter().for_each(|alias| names.dotted("alias", alias));
    descriptor.scope.iter().for_each(|scope| names.plain("scope", scope));
    descriptor.page.iter().for_each(|page| names.plain("page", page));
    descriptor.errors.iter().for_each(|error| names.plain("error code", &error.code));
    names.fields("parameter", &descriptor.params);
    names.fields("field", &descriptor.returns);
    names.problems
}

/// Errors for the names of an event that are refused.
pub(crate) fn refused_in_event(event: &Event, pages: &[Arc<SourceText>]) -> Vec<Diagnostic> {
    let mut names = Names { pages, problems: Vec::new() };
    names.dotted("event", &event.event);
    event.scope.iter().for_each(|scope| names.plain("scope", scope));
    event.page.iter().for_each(|page| names.plain("page", page));
    names.fields("field", &event.data);
    names.problems
}

struct Names<'a> {
    pages: &'a [Arc<SourceText>],
    problems: Vec<Diagnostic>,
}

impl Names<'_> {
    fn dotted(&mut self, what: &str, name: &str) {
        self.report(what, name, refuse_dotted_name(name));
    }

    fn plain(&mut self, what: &str, name: &str) {
        self.report(what, name, refuse_name(name));
    }

    fn fields(&mut self, what: &str, schema: &Schema) {
        for (name, field) in &schema.properties {
            self.plain(what, name);
            self.fields(what, field);
        }
        let values = match &schema.additional {
            Some(AdditionalProperties::Of(values)) => Some(values),
            _ => None,
        };
        let parts = schema.items.iter().chain(values).map(AsRef::as_ref);
        let parts = parts.chain(&schema.any_of).chain(&schema.one_of).chain(schema.defs.values());
        parts.for_each(|part| self.fields(what, part));
    }

    fn report(&mut self, what: &str, name: &str, refused: Option<(&str, &str)>) {
        let Some((reason, expected)) = refused else { return };
        let shown: String = name.chars().take(40).flat_map(char::escape_default).collect();
        let more = if name.chars().count() > 40 { "…" } else { "" };
        let diagnostic =
            Diagnostic::error(format!("the {what} `{shown}{more}` {reason}")).expecting(expected);
        let place = self.pages.iter().find_map(|page| Some((page, page.text.find(name)?)));
        self.problems.push(match (place, self.pages.first()) {
            (Some((page, start)), _) => diagnostic.at(page, start..start + name.len()),
            (None, Some(page)) => diagnostic.at_line(page, 1),
            (None, None) => diagnostic,
        });
    }
}
