//! The documents of a folder: the only place where the importer reads the disk.

use std::path::{Path, PathBuf};
use std::{fs, io};

use rayon::prelude::*;

/// A document as it is on the disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Its path below the imported folder, with `/` between the parts.
    pub path: String,
    /// Its content, of any kind.
    pub bytes: Vec<u8>,
}

/// Reads every document below a folder, in the order of their paths. Hidden files and folders and symbolic links are no
/// documents.
///
/// # Errors
/// If the folder or something in it cannot be read, or if it has no file: then the caller probably meant another folder.
pub fn read_documents(dir: &Path) -> io::Result<Vec<Document>> {
    let mut files = Vec::new();
    let mut folders = vec![(dir.to_path_buf(), String::new())];
    while let Some((folder, prefix)) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with('.') {
                continue;
            }
            let path = format!("{prefix}{name}");
            let kind = entry.file_type()?;
            if kind.is_dir() {
                folders.push((entry.path(), format!("{path}/")));
            } else if kind.is_file() {
                files.push((entry.path(), path));
            }
        }
    }
    if files.is_empty() {
        return Err(io::Error::new(io::ErrorKind::NotFound, "there is no file below it"));
    }
    let read = |(file, path)| Ok(Document { path, bytes: fs::read::<PathBuf>(file)? });
    let mut documents = files.into_par_iter().map(read).collect::<io::Result<Vec<Document>>>()?;
    documents.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(documents)
}

/// Whether a file of this name may be a page: Markdown, text, or a name without an ending.
pub(crate) fn may_be_page(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    match name.rsplit_once('.') {
        Some((_, ending)) => ["md", "txt"].iter().any(|known| ending.eq_ignore_ascii_case(known)),
        None => true,
    }
}
