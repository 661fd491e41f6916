//! Walks a folder: every file below it, in byte order of its path, links followed without going round.

use std::collections::{BTreeSet, VecDeque};
use std::fs;
use std::path::{Path, PathBuf};

use super::error::DocumentError;
use crate::base::Problem;

/// What a walk found.
#[derive(Default)]
pub(super) struct Walk {
    /// Paths below the folder with `/` between folders, and the paths to open.
    pub(super) files: Vec<(String, PathBuf)>,
    /// Folders that cannot be read, links that lead nowhere, things that are no files.
    pub(super) problems: Vec<Problem>,
}

/// A folder to enter.
struct Folder {
    path: PathBuf,
    prefix: String,
    depth: usize,
}

/// Lists all files below `root`, at most `depth` folders deep (1: its own files), save hidden ones.
pub(super) fn walk(root: &Path, depth: usize) -> Walk {
    let mut walk = Walk::default();
    let mut entered = BTreeSet::new();
    let mut stack = vec![Folder { path: root.to_path_buf(), prefix: String::new(), depth: 1 }];
    // Links to folders wait until all folders proper are walked, so that a file has its own name where it has one.
    let mut links = VecDeque::new();
    while let Some(folder) = stack.pop().or_else(|| links.pop_front()) {
        let real = fs::canonicalize(&folder.path).unwrap_or_else(|_| folder.path.clone());
        if entered.insert(real) {
            enter(&folder, depth, &mut walk, &mut stack, &mut links);
        }
    }
    walk.files.sort();
    walk
}

fn enter(folder: &Folder, depth: usize, walk: &mut Walk, stack: &mut Vec<Folder>, links: &mut VecDeque<Folder>) {
    let entries = match fs::read_dir(&folder.path) {
        Ok(entries) => entries,
        Err(error) => return walk.problems.push(unreadable(&folder.path, error)),
    };
    let mut names = Vec::new();
    for entry in entries {
        match entry {
            Ok(entry) => names.push((entry.file_name(), entry.file_type().is_ok_and(|t| t.is_symlink()))),
            Err(error) => walk.problems.push(unreadable(&folder.path, error)),
        }
    }
    // The order of the disk must not show, not even in the order of problems and links.
    names.sort();
    for (name, is_link) in names {
        let shown = name.to_string_lossy();
        if shown.starts_with('.') {
            continue;
        }
        let path = folder.path.join(&name);
        let relative = format!("{}{shown}", folder.prefix);
        match fs::metadata(&path) {
            Ok(meta) if meta.is_dir() && folder.depth < depth => {
                let below = Folder { path, prefix: relative + "/", depth: folder.depth + 1 };
                if is_link { links.push_back(below) } else { stack.push(below) }
            }
            Ok(meta) if meta.is_dir() => {}
            Ok(meta) if meta.is_file() => walk.files.push((relative, path)),
            Ok(_) => walk.problems.push(DocumentError::NotAFile.problem(path)),
            Err(error) => walk.problems.push(DocumentError::from_io(error).problem(path)),
        }
    }
}

pub(super) fn unreadable(path: &Path, error: std::io::Error) -> Problem {
    Problem::error("cannot read the folder").at(path).why(error).hint("Change its permissions, or leave it out")
}
