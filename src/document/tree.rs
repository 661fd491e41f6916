//! The documents of a folder one after the other, in byte order of their paths, however many there are.
//!
//! A folder is looked through first, and only where nothing in it is out of the ordinary (no link, nothing that cannot be read, no name
//! that is not UTF-8) are its files never all in memory: then none can be there twice, and none needs a name but its path.

use std::collections::BTreeSet;
use std::fs::{self, DirEntry};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::vec;

use super::find::{Input, Names, SOURCES, is_document};

/// A folder that was looked through.
#[derive(Debug)]
pub(super) struct Tree {
    pub(super) root: Arc<Path>,
    /// Folders with documents in them.
    pub(super) folders: BTreeSet<PathBuf>,
    pub(super) documents: usize,
    /// Files that are no documents.
    pub(super) skipped: Names,
}

impl Tree {
    /// Looks a folder through; nothing where it is no folder, or something out of the ordinary is in it.
    pub(super) fn survey(root: &Path) -> Option<Self> {
        let mut tree = Tree { root: root.into(), folders: BTreeSet::new(), documents: 0, skipped: Names::default() };
        let mut stack = vec![Level::above(root)];
        while let Some(folder) = stack.pop() {
            let before = tree.documents;
            for entry in fs::read_dir(&folder.path).ok()? {
                match Entry::new(&entry.ok()?)? {
                    Entry::Folder(name) => stack.push(folder.below(&name)),
                    Entry::File(name) if is_document(Path::new(&name)) => tree.documents += 1,
                    Entry::File(name) => tree.skipped.push(format!("{}{name}", folder.prefix)),
                    Entry::Passed => {}
                }
            }
            if tree.documents > before {
                tree.folders.insert(folder.path);
            }
        }
        Some(tree)
    }

    /// Hands over the documents, each folder listed as it is come to.
    pub(super) fn files(self) -> impl Iterator<Item = Input> {
        let mut stack = vec![Level::above(&self.root).listed()];
        std::iter::from_fn(move || {
            loop {
                let level = stack.last_mut()?;
                let Some(name) = level.names.next() else {
                    stack.pop();
                    continue;
                };
                match name.strip_suffix('/') {
                    Some(folder) => {
                        let below = level.below(folder).listed();
                        stack.push(below);
                    }
                    None => {
                        let (path, name) = (level.path.join(&*name), format!("{}{name}", level.prefix));
                        return Some(Input { path, name, root: Some(self.root.clone()) });
                    }
                }
            }
        })
    }
}

/// A folder on the way, and what of it is still to come.
struct Level {
    path: PathBuf,
    /// The path below the root, a slash at its end.
    prefix: String,
    names: vec::IntoIter<Box<str>>,
}

impl Level {
    fn above(root: &Path) -> Self {
        Level { path: root.to_path_buf(), prefix: String::new(), names: vec::IntoIter::default() }
    }

    fn below(&self, name: &str) -> Self {
        Level { path: self.path.join(name), prefix: format!("{}{name}/", self.prefix), names: vec::IntoIter::default() }
    }

    /// Lists the folder. A slash at the end of folders' names puts them where the paths of what is in them belong.
    fn listed(mut self) -> Self {
        let name = |entry: DirEntry| match Entry::new(&entry)? {
            Entry::Folder(name) => Some((name + "/").into()),
            Entry::File(name) if is_document(Path::new(&name)) => Some(name.into()),
            Entry::File(_) | Entry::Passed => None,
        };
        let mut names: Vec<Box<str>> = match fs::read_dir(&self.path) {
            Ok(entries) => entries.filter_map(Result::ok).filter_map(name).collect(),
            // It could be read when it was looked through; that it cannot now is told where its first document is opened.
            Err(_) => vec!["".into()],
        };
        names.sort_unstable();
        self.names = names.into_iter();
        self
    }
}

enum Entry {
    Folder(String),
    File(String),
    /// Hidden, or what tells of documents.
    Passed,
}

impl Entry {
    /// Nothing for what is out of the ordinary.
    fn new(entry: &DirEntry) -> Option<Self> {
        let name = entry.file_name();
        if name.as_encoded_bytes().starts_with(b".") || name == SOURCES {
            return Some(Entry::Passed);
        }
        let (name, kind) = (name.into_string().ok()?, entry.file_type().ok()?);
        match (kind.is_dir(), kind.is_file()) {
            (true, _) => Some(Entry::Folder(name)),
            (_, true) => Some(Entry::File(name)),
            _ => None,
        }
    }
}
