//! The generator for build scripts.

mod report;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

pub use report::BuildError;

use crate::descriptor::{Api, FindEntity, Spec};
use crate::diagnostic::{Diagnostic, append_unless_reported, sort_diagnostics};
use crate::emit::{emit_single_file, parse_path};
use crate::known_entities::{self, KnownEntity};
use crate::lower::{ExternalTypes, lower_with};
use crate::model::RustPath;
use crate::words::{LinkForm, Words};

/// Generates methods from the descriptors of a crate, in its build script.
///
/// `Cargo.toml` has `bitrix24` as a dependency and `bitrix24-codegen`, without default features, as a build dependency. The build
/// script is:
///
/// ```no_run
/// fn main() -> Result<(), bitrix24_codegen::BuildError> {
///     bitrix24_codegen::Builder::new().compile()
/// }
/// ```
///
/// A descriptor for each method is below `spec/`, in any folder, and an entity for each thing that several methods return below
/// `spec/entities/`. `spec/README.md` of this project describes the format. `system.yaml` is not allowed, since `bitrix24` has what
/// all methods share.
///
/// Files in `spec/words/` say what the items mean, and become their documentation. `spec/words/README.md` describes them.
///
/// The generated file has a module for each word of a method name, and is included by a macro:
///
/// ```ignore
/// bitrix24::include_methods!();
/// ```
///
/// A schema with `entity: crm.deal` refers to an entity of `bitrix24`, unless the spec has one of this name. In a result without
/// further keys, its Rust type is that of `bitrix24`, `bitrix24::crm::deal::Deal`, whose feature must be enabled. With other keys,
/// and in a request, a type with its fields is generated.
#[derive(Clone, Debug)]
#[must_use = "nothing is generated before `compile`"]
pub struct Builder {
    spec: PathBuf,
    out_dir: Option<PathBuf>,
    file_name: String,
    crate_path: String,
    external: Vec<(String, String)>,
    emit_rerun_if_changed: bool,
}

impl Default for Builder {
    fn default() -> Self {
        Self::new()
    }
}

impl Builder {
    /// Creates a builder with the defaults.
    pub fn new() -> Self {
        Self {
            spec: PathBuf::from("spec"),
            out_dir: None,
            file_name: "methods".to_owned(),
            crate_path: "::bitrix24".to_owned(),
            external: Vec::new(),
            emit_rerun_if_changed: true,
        }
    }

    /// Sets the folder of the descriptors, relative to the folder of `Cargo.toml`. Default: `spec`.
    pub fn spec(mut self, folder: impl Into<PathBuf>) -> Self {
        self.spec = folder.into();
        self
    }

    /// Sets the folder of the generated file. It is created if it is missing. Default: `OUT_DIR`, which Cargo sets for build
    /// scripts.
    pub fn out_dir(mut self, folder: impl Into<PathBuf>) -> Self {
        self.out_dir = Some(folder.into());
        self
    }

    /// Sets the name of the generated file, without `.rs`. Default: `methods`. A crate with several specs includes each file by
    /// its name: `bitrix24::include_methods!("warehouse")`.
    pub fn file_name(mut self, name: impl Into<String>) -> Self {
        self.file_name = name.into();
        self
    }

    /// Sets the path of `bitrix24`, if the crate has another name in `Cargo.toml` or is re-exported. Default: `::bitrix24`.
    pub fn crate_path(mut self, path: impl Into<String>) -> Self {
        self.crate_path = path.into();
        self
    }

    /// Uses an existing type for an entity: for each schema with `entity: NAME` and no other keys. The path begins with `crate`
    /// or with the name of a crate.
    ///
    /// The type implements `bitrix24::wire::FromWire`. The spec needs no file for the entity; without one, the type is used in
    /// requests too, and implements `bitrix24::wire::ToWire`.
    ///
    /// ```no_run
    /// # fn main() -> Result<(), bitrix24_codegen::BuildError> {
    /// bitrix24_codegen::Builder::new().extern_path("warehouse.bin", "crate::types::Bin").compile()
    /// # }
    /// ```
    pub fn extern_path(mut self, entity: impl Into<String>, path: impl Into<String>) -> Self {
        self.external.push((entity.into(), path.into()));
        self
    }

    /// Sets whether `cargo::rerun-if-changed` is printed for the folder of the descriptors. Default: `true`.
    pub fn emit_rerun_if_changed(mut self, enabled: bool) -> Self {
        self.emit_rerun_if_changed = enabled;
        self
    }

    /// Generates the file. A file with the same content keeps its modification time.
    ///
    /// # Errors
    /// All errors in the descriptors, each with file and line; a path that is no path of Rust; files that cannot be read or
    /// written. The file is not written then.
    pub fn compile(&self) -> Result<(), BuildError> {
        if self.emit_rerun_if_changed {
            // Cargo looks at all files of a folder.
            _ = writeln!(io::stdout(), "cargo::rerun-if-changed={}", self.spec.display());
        }
        let text = self.generate()?;
        let folder = match &self.out_dir {
            Some(folder) => folder.clone(),
            None => env::var_os("OUT_DIR").map(PathBuf::from).ok_or_else(|| {
                Diagnostic::error("there is no folder for the generated file")
                    .expecting("`Builder::out_dir`, or OUT_DIR, which Cargo sets for build scripts")
            })?,
        };
        let path = folder.join(format!("{}.rs", self.file_name));
        if fs::read(&path).is_ok_and(|present| present == text.as_bytes()) {
            return Ok(());
        }
        fs::create_dir_all(&folder).and_then(|()| fs::write(&path, text)).map_err(|error| {
            Diagnostic::error(format!("{} cannot be written: {error}", path.display())).into()
        })
    }

    /// The content of the generated file.
    fn generate(&self) -> Result<String, BuildError> {
        let root = rust_path(&self.crate_path)?;
        let replaced = self.replaced()?;
        let known = |api, name: &str| {
            let is_replaced = replaced.iter().any(|(entity, _)| entity == name);
            match known_entities::find(api, name) {
                Some(known) => Some(known),
                None if is_replaced => Some(KnownEntity::without_fields(api, name)),
                None => None,
            }
        };
        let find: FindEntity<'_> = &|api, name| known(api, name).map(|known| known.entity);
        let (spec, mut problems) = Spec::load_with(Path::new(""), &self.spec, find);
        let (words, found) = Words::load(Path::new(""), &self.spec);
        problems.extend(found);
        if problems.is_empty() {
            problems.extend(self.unfit_content(&spec));
        }
        let mut external = ExternalTypes::new();
        for entity in spec.foreign.iter() {
            let path = known(entity.api, &entity.entity).and_then(|known| known.path);
            let path = path.map(|path| rust_path(&format!("{root}::{path}"))).transpose()?;
            external.extend(path.map(|path| ((entity.api, entity.entity.clone()), path)));
        }
        for (entity, path) in &replaced {
            external.extend([Api::V2, Api::V3].map(|api| ((api, entity.clone()), path.clone())));
        }
        match lower_with(&spec, &external) {
            Ok(mut library) if problems.is_empty() => {
                words.attach(&spec, &mut library, LinkForm::WireName);
                Ok(emit_single_file(&library, &root))
            }
            Ok(_) => Err(sort_diagnostics(problems).into()),
            Err(found) => {
                append_unless_reported(&mut problems, found);
                Err(sort_diagnostics(problems).into())
            }
        }
    }

    /// The entities with an existing type.
    fn replaced(&self) -> Result<Vec<(String, RustPath)>, Diagnostic> {
        self.external.iter().map(|(entity, path)| Ok((entity.clone(), rust_path(path)?))).collect()
    }

    /// Content that only the spec of `bitrix24` has, or no content.
    fn unfit_content(&self, spec: &Spec) -> Option<Diagnostic> {
        let folder = self.spec.display();
        if spec.system.is_some() {
            let message = format!("{folder} describes what all methods share");
            let expected = "no system.yaml: `bitrix24` has the system errors and the limits of portals";
            return Some(Diagnostic::error(message).expecting(expected));
        }
        (spec.methods.is_empty()).then(|| {
            Diagnostic::error(format!("there is no descriptor in {folder}"))
                .expecting("YAML files that describe a method each")
        })
    }
}

/// Parses the path of a type or a crate.
fn rust_path(text: &str) -> Result<RustPath, Diagnostic> {
    parse_path(text).ok_or_else(|| {
        Diagnostic::error(format!("{text:?} is not the path of a type or a crate"))
            .expecting("a path such as `crate::types::Animal` or `::zoo::Animal`, without parameters")
    })
}
