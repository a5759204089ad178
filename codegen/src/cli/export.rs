//! `cargo spec export`: the spec as OpenAPI and as JSON Schema.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use bitrix24_codegen::descriptor::{Spec, to_yaml};
use bitrix24_codegen::diagnostic::{Diagnostic, has_errors};
use bitrix24_codegen::export;
use bitrix24_codegen::words::Words;
use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value, json};

use super::console::Console;

#[derive(Subcommand)]
pub(crate) enum ExportCommand {
    /// Exports an OpenAPI document.
    Openapi(OpenApiArgs),
    /// Exports JSON Schemas of entities, requests and results.
    JsonSchema(JsonSchemaArgs),
}

#[derive(Args)]
pub(crate) struct OpenApiArgs {
    /// The version of OpenAPI.
    #[arg(long = "version", value_enum, default_value_t, value_name = "VERSION")]
    version: Version,
    /// Who calls: an application with OAuth 2, or a webhook.
    #[arg(long, value_enum, default_value_t, value_name = "WHO")]
    credentials: Credentials,
    #[command(flatten)]
    common: CommonArgs,
    /// The file to write. Default: the standard output.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// The encoding. Default: that of the file's extension, otherwise JSON.
    #[arg(long, value_enum, value_name = "ENCODING")]
    encoding: Option<Encoding>,
}

#[derive(Args)]
pub(crate) struct JsonSchemaArgs {
    #[command(flatten)]
    common: CommonArgs,
    /// A file `NAME.json` for all schemas, or a folder for a document of each. Default: one document on the standard output.
    #[arg(long, value_name = "DIR|FILE")]
    out: Option<PathBuf>,
    /// The URL below which the documents are published, for `$id`. Default: URNs.
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
}

#[derive(Args)]
struct CommonArgs {
    /// A scope whose methods are exported; may be repeated. Default: all methods.
    #[arg(long = "scope", value_name = "SCOPE")]
    scopes: Vec<String>,
    /// The types of values: each form that a portal sends, or only what the documentation says.
    #[arg(long, value_enum, default_value_t, value_name = "VALUES")]
    values: Values,
}

#[derive(Clone, Copy, Default, ValueEnum)]
enum Version {
    #[default]
    #[value(name = "3.1")]
    V3_1,
    #[value(name = "3.0")]
    V3_0,
}

#[derive(Clone, Copy, Default, ValueEnum)]
enum Credentials {
    #[default]
    Application,
    Webhook,
}

#[derive(Clone, Copy, Default, ValueEnum)]
enum Values {
    #[default]
    Wire,
    Documented,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Encoding {
    Json,
    Yaml,
}

pub(crate) fn run(root: &Path, command: &ExportCommand, console: &Console) -> ExitCode {
    let (mut spec, mut problems) = Spec::load(root, Path::new("spec"));
    let (words, found) = Words::load(root, Path::new("spec"));
    problems.extend(found);
    words.describe(&mut spec);
    let common = match command {
        ExportCommand::Openapi(options) => &options.common,
        ExportCommand::JsonSchema(options) => &options.common,
    };
    problems.extend(unknown_scopes(&spec, &common.scopes));
    if has_errors(&problems) {
        return console.finish(&problems, None);
    }
    let done = match command {
        ExportCommand::Openapi(options) => openapi(&spec, options),
        ExportCommand::JsonSchema(options) => json_schema(&spec, options),
    };
    match done {
        // The document alone is on the standard output.
        Ok(None) => ExitCode::SUCCESS,
        Ok(Some((out, documents))) => {
            let shown = out.display().to_string();
            console.print(&format!("wrote {shown}: {documents} documents"));
            console.finish(&problems, Some(json!({"out": shown, "documents": documents})))
        }
        Err(problem) => console.finish(&[problem], None),
    }
}

/// What was written, and of how many documents it consists. `None`: the standard output.
type Written = Option<(PathBuf, usize)>;

fn openapi(spec: &Spec, options: &OpenApiArgs) -> Result<Written, Diagnostic> {
    let document = export::openapi(
        spec,
        &export::OpenApiOptions {
            version: match options.version {
                Version::V3_1 => export::OpenApiVersion::V3_1,
                Version::V3_0 => export::OpenApiVersion::V3_0,
            },
            credentials: match options.credentials {
                Credentials::Application => export::Credentials::Application,
                Credentials::Webhook => export::Credentials::Webhook,
            },
            values: values(&options.common),
            scopes: options.common.scopes.clone(),
        },
    );
    let is_yaml = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "yaml" || ending == "yml");
    let of_file = if options.out.as_ref().is_some_and(is_yaml) { Encoding::Yaml } else { Encoding::Json };
    let text = encode(&document, options.encoding.unwrap_or(of_file))?;
    write(options.out.as_deref(), &text)
}

fn json_schema(spec: &Spec, options: &JsonSchemaArgs) -> Result<Written, Diagnostic> {
    let chosen = export::JsonSchemaOptions {
        values: values(&options.common),
        scopes: options.common.scopes.clone(),
        base_url: options.base_url.clone(),
    };
    let is_file = |path: &&Path| path.extension().is_some_and(|ending| ending == "json");
    let out = options.out.as_deref();
    let Some(folder) = out.filter(|path| !is_file(path)) else {
        return write(out, &encode(&export::json_schema_bundle(spec, &chosen), Encoding::Json)?);
    };
    let documents = export::json_schema(spec, &chosen);
    for document in &documents {
        write(Some(&folder.join(&document.path)), &encode(&document.schema, Encoding::Json)?)?;
    }
    Ok(Some((folder.to_owned(), documents.len())))
}

fn values(options: &CommonArgs) -> export::Values {
    match options.values {
        Values::Wire => export::Values::Wire,
        Values::Documented => export::Values::Documented,
    }
}

fn encode(document: &Value, encoding: Encoding) -> Result<String, Diagnostic> {
    match encoding {
        Encoding::Json => Ok(format!("{document:#}\n")),
        Encoding::Yaml => to_yaml(document)
            .map_err(|error| Diagnostic::error(format!("the document cannot be written as YAML: {error}"))),
    }
}

fn write(out: Option<&Path>, text: &str) -> Result<Written, Diagnostic> {
    let Some(path) = out else {
        return match io::stdout().lock().write_all(text.as_bytes()) {
            // A pager may close the output early.
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(Diagnostic::error(format!("the standard output cannot be written: {error}")))
            }
            _ => Ok(None),
        };
    };
    let folder = path.parent().unwrap_or(Path::new(""));
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(path, text))
        .map_err(|error| Diagnostic::error(format!("{} cannot be written: {error}", path.display())))?;
    Ok(Some((path.to_owned(), 1)))
}

fn unknown_scopes(spec: &Spec, wanted: &[String]) -> Vec<Diagnostic> {
    let known: BTreeSet<&str> =
        spec.methods.iter().flat_map(|file| &file.content.scope).map(String::as_str).collect();
    let is_unknown = |scope: &&String| !known.iter().any(|known| known.eq_ignore_ascii_case(scope));
    let expected = known.iter().copied().collect::<Vec<_>>().join(", ");
    wanted
        .iter()
        .filter(is_unknown)
        .map(|scope| {
            Diagnostic::error(format!("no method has the scope {scope}"))
                .expecting(format!("one of {expected}"))
        })
        .collect()
}
