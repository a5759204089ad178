//! The documents of a folder: the only place where the importer reads documents from the disk.

use std::path::{Path, PathBuf};
use std::{fs, io};

use rayon::prelude::*;
use sha2::{Digest, Sha256};

use crate::extract::source::origin::Origin;
use crate::extract::source::root::{CONTENTS, Layout, entries};

/// The file of an archive that names its origin.
pub(super) const REVISION: &str = "REVISION";

/// A document as it is on the disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Its path below the root of the documentation, with `/` between the parts.
    pub path: String,
    /// Its content, of any kind.
    pub bytes: Vec<u8>,
}

/// The documents of a folder.
#[derive(Clone, Debug, Default)]
pub struct Documentation {
    /// The documents, by path.
    pub documents: Vec<Document>,
    /// Where they come from, as far as the folder says so.
    pub origin: Origin,
    /// The folder inside a documentation that was read, with a `/` at the end; empty for a whole documentation.
    pub part: String,
}

impl Documentation {
    /// The hash of the pages: `sha256:` and hexadecimal digits. Line breaks and marks of the byte order do not count, and neither
    /// do files that are no pages.
    pub fn hash(&self) -> String {
        let mut hash = Sha256::new();
        for document in self.pages() {
            let bytes = document.bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&document.bytes);
            let lines = bytes.split_inclusive(|byte| *byte == b'\n');
            hash.update(document.path.as_bytes());
            hash.update([0]);
            for line in lines {
                match line.strip_suffix(b"\r\n") {
                    Some(line) => hash.update([line, b"\n"].concat()),
                    None => hash.update(line),
                }
            }
            hash.update([0]);
        }
        let digits: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        format!("sha256:{digits}")
    }

    /// Whether these are the documents of a whole documentation: its table of contents is among them.
    pub fn is_whole(&self) -> bool {
        self.part.is_empty() && self.documents.iter().any(|document| document.path == CONTENTS)
    }

    /// The documents that may be pages.
    pub fn pages(&self) -> impl Iterator<Item = &Document> {
        self.documents.iter().filter(|document| may_be_page(&document.path) && document.path != REVISION)
    }
}

/// Reads every document below a folder, in the order of their paths. Hidden files and folders and symbolic links are no
/// documents.
///
/// The root of the documentation is found from the folder: it may be the root, a folder around it and nothing else, or a folder
/// inside it. Paths are those below the root. A folder inside is read together with the fragments that its pages may include.
///
/// # Errors
/// If the folder or something in it cannot be read, or if it has no file: then the caller probably meant another folder.
pub fn read_documentation(dir: &Path) -> io::Result<Documentation> {
    let Layout { root, part } = Layout::of(dir)?;
    let mut files = files_below(&root.join(&part), &part)?;
    if files.is_empty() {
        return Err(io::Error::new(io::ErrorKind::NotFound, "there is no file below it"));
    }
    if !part.is_empty() {
        let is_fragment = |path: &String| {
            !path.starts_with(&part) && path.split('/').any(|folder| folder.starts_with("_include"))
        };
        files.extend(files_below(&root, "")?.into_iter().filter(|(_, path)| is_fragment(path)));
    }
    let read = |(file, path)| Ok(Document { path, bytes: fs::read::<PathBuf>(file)? });
    let mut documents = files.into_par_iter().map(read).collect::<io::Result<Vec<Document>>>()?;
    documents.sort_by(|a, b| a.path.cmp(&b.path));
    let revision = documents.iter().find(|document| document.path == REVISION);
    let origin = Origin::of(&root, revision.map(|document| document.bytes.as_slice()));
    Ok(Documentation { documents, origin, part })
}

/// Reads the documents as [`read_documentation`] does.
///
/// # Errors
/// As [`read_documentation`].
pub fn read_documents(dir: &Path) -> io::Result<Vec<Document>> {
    read_documentation(dir).map(|documentation| documentation.documents)
}

/// The files below a folder, with their paths below the root.
fn files_below(dir: &Path, prefix: &str) -> io::Result<Vec<(PathBuf, String)>> {
    let mut files = Vec::new();
    let mut folders = vec![(dir.to_path_buf(), prefix.to_owned())];
    while let Some((folder, prefix)) = folders.pop() {
        for (name, entry) in entries(&folder)? {
            let path = format!("{prefix}{name}");
            let kind = entry.file_type()?;
            if kind.is_dir() {
                folders.push((entry.path(), format!("{path}/")));
            } else if kind.is_file() {
                files.push((entry.path(), path));
            }
        }
    }
    Ok(files)
}

/// Whether a file of this name may be a page: Markdown, text, or a name without an ending.
pub(crate) fn may_be_page(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    match name.rsplit_once('.') {
        Some((_, ending)) => ["md", "txt"].iter().any(|known| ending.eq_ignore_ascii_case(known)),
        None => true,
    }
}
