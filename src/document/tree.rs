//! The documents of a folder one after the other, in byte order of their paths, however many there are.
//!
//! A folder is looked through first, and only where nothing in it is out of the ordinary (no link, nothing that cannot be read, no name
//! that is not UTF-8) are its files never all in memory: then none can be there twice, and none needs a name but its path.

use std::collections::BTreeMap;
use std::fs::{self, DirEntry};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::vec;

use super::find::{Input, Names, SOURCES, is_document};
use super::walk::unreadable;
use crate::base::Problem;

/// A folder that was looked through.
#[derive(Debug)]
pub(super) struct Tree {
    pub(super) root: Arc<Path>,
    /// Folders with documents in them, and how many.
    pub(super) folders: BTreeMap<PathBuf, usize>,
    pub(super) documents: usize,
    /// Files that are no documents.
    pub(super) skipped: Names,
}

impl Tree {
    /// Looks a folder through; nothing where it is no folder, or something out of the ordinary is in it.
    pub(super) fn survey(root: &Path) -> Option<Self> {
        let mut tree = Tree { root: root.into(), folders: BTreeMap::new(), documents: 0, skipped: Names::default() };
        let mut stack = vec![Level::above(root)];
        while let Some(folder) = stack.pop() {
            let before = tree.documents;
            // What is in a folder that can be listed and not entered cannot be read.
            fs::metadata(folder.path.join(".")).ok()?;
            for entry in fs::read_dir(&folder.path).ok()? {
                match Entry::new(&entry.ok()?)? {
                    Entry::Folder(name) => stack.push(folder.below(&name)),
                    Entry::File(name) if is_document(Path::new(&name)) => tree.documents += 1,
                    Entry::File(name) => tree.skipped.push(format!("{}{name}", folder.prefix)),
                    Entry::Passed => {}
                }
            }
            if tree.documents > before {
                tree.folders.insert(folder.path, tree.documents - before);
            }
        }
        Some(tree)
    }

    /// Hands over the documents, each folder listed as it is come to. What was there when the folder was looked through and is gone is told.
    pub(super) fn files(self) -> impl Iterator<Item = Result<Input, Problem>> {
        let top = Level::above(&self.root);
        let mut files = Files { root: self.root, folders: self.folders, stack: Vec::new(), problems: Vec::new() };
        files.enter(top);
        files
    }
}

struct Files {
    root: Arc<Path>,
    /// Folders that were not come to yet, and how many documents were in them.
    folders: BTreeMap<PathBuf, usize>,
    stack: Vec<Level>,
    problems: Vec<Problem>,
}

impl Files {
    fn enter(&mut self, mut level: Level) {
        let before = self.folders.remove(&level.path).unwrap_or(0);
        match level.list() {
            Ok(found) if found < before => self.problems.push(gone(&level.path, before - found)),
            Ok(_) => {}
            Err(error) => self.problems.push(unreadable(&level.path, error)),
        }
        self.stack.push(level);
    }
}

impl Iterator for Files {
    type Item = Result<Input, Problem>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(problem) = self.problems.pop() {
                return Some(Err(problem));
            }
            let Some(level) = self.stack.last_mut() else {
                return self.folders.pop_first().map(|(path, documents)| Err(gone(&path, documents)));
            };
            let Some(name) = level.names.next() else {
                self.stack.pop();
                continue;
            };
            match name.strip_suffix('/') {
                Some(folder) => {
                    let below = level.below(folder);
                    self.enter(below);
                }
                None => {
                    let (path, name) = (level.path.join(&*name), format!("{}{name}", level.prefix));
                    return Some(Ok(Input { path, name, root: Some(self.root.clone()) }));
                }
            }
        }
    }
}

fn gone(folder: &Path, documents: usize) -> Problem {
    Problem::error("documents are gone that were there a moment ago")
        .at(folder)
        .why(format!("{documents} fewer than when the folders were looked through"))
        .hint("Run again when nobody moves them")
        .times(documents)
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

    /// Lists the folder; returns how many documents are in it.
    fn list(&mut self) -> io::Result<usize> {
        // A slash at the end of folders' names puts them where the paths of what is in them belong.
        let name = |entry: DirEntry| match Entry::new(&entry)? {
            Entry::Folder(name) => Some((name + "/").into()),
            Entry::File(name) if is_document(Path::new(&name)) => Some(name.into()),
            Entry::File(_) | Entry::Passed => None,
        };
        let mut names: Vec<Box<str>> = fs::read_dir(&self.path)?.filter_map(Result::ok).filter_map(name).collect();
        names.sort_unstable();
        let documents = names.iter().filter(|name| !name.ends_with('/')).count();
        self.names = names.into_iter();
        Ok(documents)
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
        let kind = entry.file_type().ok()?;
        if name.as_encoded_bytes().starts_with(b".") || name == SOURCES && kind.is_file() {
            return Some(Entry::Passed);
        }
        let name = name.into_string().ok()?;
        match (kind.is_dir(), kind.is_file()) {
            (true, _) => Some(Entry::Folder(name)),
            (_, true) => Some(Entry::File(name)),
            _ => None,
        }
    }
}
