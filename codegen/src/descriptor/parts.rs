//! A spec of descriptors that are not in files yet.

use std::path::Path;

use super::method_key::method_key;
use super::spec::{Spec, descriptor_path, entity_path, shown};
use super::spec_file::SpecFile;
use super::write::{render_descriptor, render_entity};
use super::{Descriptor, Entities, Entity};
use crate::diagnostic::{Diagnostic, SourceText};

impl Spec {
    /// A spec of these methods, whose references to entities are expanded, and entities. Nothing is validated.
    ///
    /// # Errors
    /// A descriptor that YAML cannot represent. This does not happen.
    pub fn of_parts<'a>(
        folder: &Path,
        methods: impl IntoIterator<Item = &'a Descriptor>,
        entities: &Entities,
    ) -> Result<Self, Vec<Diagnostic>> {
        let method = |descriptor: &Descriptor| {
            let text = render_descriptor(descriptor, entities)?;
            let source = SourceText::new(shown(&folder.join(descriptor_path(descriptor))), text);
            Ok(SpecFile::new(source, descriptor.clone()))
        };
        let entity = |entity: &Entity| {
            let source = SourceText::new(shown(&folder.join(entity_path(entity))), render_entity(entity)?);
            Ok(SpecFile::new(source, entity.clone()))
        };
        let mut methods = methods.into_iter().map(method).collect::<Result<Vec<_>, Vec<Diagnostic>>>()?;
        methods.sort_by_cached_key(|file| method_key(file.content.api, &file.content.method));
        let entities = entities.iter().map(entity).collect::<Result<Vec<_>, Vec<Diagnostic>>>()?;
        Ok(Self { methods, entities, ..Self::default() })
    }
}
