//! `cargo spec coverage`: the documented fields of entities, and the documented events, placements and handlers.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use bitrix24_codegen::conform::{
    EntityFields, EventCoverage, Ratio, SentCoverage, measure_entity_fields, measure_events, measure_sent,
};
use bitrix24_codegen::descriptor::{Api, Spec};
use bitrix24_codegen::diagnostic::{append_unless_reported, has_errors};
use bitrix24_codegen::extract::{event_pages, field_lists, import, read_documents};
use bitrix24_codegen::lower;
use clap::Args;
use serde_json::json;

use super::console::Console;
use super::spec_files::unreadable;

#[derive(Args)]
pub(crate) struct CoverageArgs {
    /// The documentation: a folder of Markdown or text files.
    docs: PathBuf,
    /// The entities to print. Default: all.
    entities: Vec<String>,
    /// The folder of the descriptors. Default: `spec/` of the project.
    #[arg(long, value_name = "DIR")]
    spec: Option<PathBuf>,
}

pub(crate) fn run(root: &Path, options: &CoverageArgs, console: &Console) -> ExitCode {
    let documents = match read_documents(&options.docs) {
        Ok(documents) => documents,
        Err(error) => return console.finish(&[unreadable(&options.docs, &error)], None),
    };
    let (spec, mut problems) = Spec::load(root, options.spec.as_deref().unwrap_or(Path::new("spec")));
    let library = match lower::lower(&spec) {
        Ok(library) if !has_errors(&problems) => library,
        Ok(_) => return console.finish(&problems, None),
        Err(found) => {
            append_unless_reported(&mut problems, found);
            return console.finish(&problems, None);
        }
    };
    let mut measured = measure_entity_fields(&spec, &library, &field_lists(&documents));
    let is_asked =
        |entity: &EntityFields| options.entities.is_empty() || options.entities.contains(&entity.entity);
    measured.retain(is_asked);
    for entity in &measured {
        print(entity, console);
    }
    let total = |part: fn(&EntityFields) -> Ratio| {
        let parts = measured.iter().map(part);
        parts.fold(Ratio::default(), |sum, part| Ratio { fit: sum.fit + part.fit, all: sum.all + part.all })
    };
    let (present, typed) = (total(|entity| entity.present), total(|entity| entity.typed));
    console.print(&format!("{} entities; documented fields {present}; typed {typed}", measured.len()));
    let events = measure_events(&spec, &event_pages(&documents));
    if options.entities.is_empty() {
        let EventCoverage { pages, sections, payloads, samples, leaves, named, .. } = &events;
        console.print(&format!(
            "events: pages with a descriptor {pages}, sections {sections}; payloads with a type {payloads}; \
             examples read {samples}, values typed {leaves}; {named} more are only named"
        ));
        for missing in &events.without_descriptor {
            console.print(&format!("no descriptor: {missing}"));
        }
        for missing in &events.without_type {
            console.print(&format!("no type of the payload: {missing}"));
        }
    }
    let sent = measure_sent(&spec, &import(&documents, &[], None, &[]));
    if options.entities.is_empty() {
        print_sent(&sent, console);
    }
    let result =
        json!({"entities": measured, "present": present, "typed": typed, "events": events, "sent": sent});
    console.finish(&problems, Some(result))
}

fn print_sent(sent: &SentCoverage, console: &Console) {
    let SentCoverage { placements, placement_values, handlers, handler_values, .. } = sent;
    console.print(&format!(
        "placements with a descriptor {placements}, values typed {placement_values}; handlers with a descriptor \
         {handlers}, values typed {handler_values}"
    ));
    for missing in &sent.without_descriptor {
        console.print(&format!("no descriptor: {missing}"));
    }
    for missing in &sent.without_type {
        console.print(&format!("no type: {missing}"));
    }
}

fn print(entity: &EntityFields, console: &Console) {
    let api = if entity.api == Api::V3 { " (v3)" } else { "" };
    console.print(&format!("{}{api}: {}, typed {}", entity.entity, entity.present, entity.typed));
    for (name, location) in &entity.missing {
        console.print(&format!("  missing {name}: {location}"));
    }
    for name in &entity.untyped {
        console.print(&format!("  not typed {name}"));
    }
}
