//! Finds the document files that arguments name, in one fixed order.
//!
//! Arguments count in the order given; what lies in a folder, or matches a pattern, in byte order of the path below it. Files and
//! folders whose names begin with a full stop are passed over. A link to a folder is followed, and no folder is entered twice.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use glob::{MatchOptions, Pattern};

use super::error::DocumentError;
use super::tree::Tree;
use super::walk::{Walk, walk};
use crate::base::Problem;
use crate::base::file::ends_in;

/// One document file to load.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// Where the file is, as the user named it.
    pub path: PathBuf,
    /// The name its document gets: the path below the folder given, or the file name; `/` between folders.
    pub name: String,
    /// The folder given, where the file was found in one: `sources.csv` is looked for up to here.
    pub root: Option<Arc<Path>>,
}

impl Input {
    /// Tells whether it is a file of many documents, a table or an archive, that may be longer than memory: [`super::each`] then
    /// hands them over one by one.
    pub fn is_stream(&self) -> bool {
        is_table(&self.path) || ends_in(&self.path, &["zip"])
    }

    /// Tells whether its documents may have other names than the file.
    pub fn holds_many(&self) -> bool {
        self.is_stream() || ends_in(&self.path, &["rss", "atom", "xml"])
    }
}

/// The name of the file that tells what documents cannot say of themselves.
pub(super) const SOURCES: &str = "sources.csv";

/// The files that arguments name, in their order.
#[derive(Debug)]
pub struct Inputs(List);

#[derive(Debug)]
enum List {
    Files(Vec<Input>),
    /// Those below one folder, which are listed as they are asked for: there may be millions.
    Below(Tree),
}

impl Inputs {
    /// Returns how many they are.
    pub fn len(&self) -> usize {
        match &self.0 {
            List::Files(files) => files.len(),
            List::Below(tree) => tree.documents,
        }
    }

    /// Tells whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The folders that the files lie in, each with the folder given, where there is one above it.
    pub(super) fn folders(&self) -> BTreeSet<(&Path, Option<&Path>)> {
        match &self.0 {
            List::Files(files) => files.iter().filter_map(|f| Some((f.path.parent()?, f.root.as_deref()))).collect(),
            List::Below(tree) => tree.folders.keys().map(|folder| (&**folder, Some(&*tree.root))).collect(),
        }
    }
}

impl IntoIterator for Inputs {
    /// A file, or what became of some that were there.
    type Item = Result<Input, Problem>;
    type IntoIter = Box<dyn Iterator<Item = Result<Input, Problem>>>;

    fn into_iter(self) -> Self::IntoIter {
        match self.0 {
            List::Files(files) => Box::new(files.into_iter().map(Ok)),
            List::Below(tree) => Box::new(tree.files()),
        }
    }
}

/// Lists the documents that `inputs` (files, folders, patterns) name, each once.
///
/// Problems are errors for what cannot be found or read, and notes for what was passed over.
pub fn find(inputs: &[String]) -> (Inputs, Vec<Problem>) {
    let mut finder = Finder::default();
    if let [folder] = inputs
        && let Some(tree) = Tree::survey(Path::new(folder))
    {
        finder.skipped(folder, &tree.skipped);
        return (Inputs(List::Below(tree)), finder.problems);
    }
    for input in inputs {
        finder.argument(input);
    }
    name_apart(&mut finder.found);
    (Inputs(List::Files(finder.found.into_iter().map(|found| found.input).collect())), finder.problems)
}

/// Names of files, as many as are shown, and how many there are.
#[derive(Debug, Default)]
pub(super) struct Names {
    first: BTreeSet<String>,
    count: usize,
}

impl Names {
    /// Names that are shown.
    const SHOWN: usize = 10;

    pub(super) fn push(&mut self, name: String) {
        self.count += 1;
        self.first.insert(name);
        if self.first.len() > Self::SHOWN {
            self.first.pop_last();
        }
    }
}

/// An input, and where it stands on the disk.
struct Found {
    input: Input,
    /// The real folder that `input.name` counts from.
    base: Arc<Path>,
}

#[derive(Default)]
struct Finder {
    found: Vec<Found>,
    /// Hashes of the real paths of files: the paths themselves are many megabytes where there are millions.
    seen: BTreeSet<u128>,
    problems: Vec<Problem>,
}

impl Finder {
    fn argument(&mut self, argument: &str) {
        let path = Path::new(argument);
        match fs::metadata(path) {
            Ok(meta) if meta.is_dir() => {
                let walk = walk(path, usize::MAX);
                self.folder(argument, path, walk, |name| is_document(Path::new(name)), |_| true);
            }
            Ok(meta) if !meta.is_file() => self.problems.push(DocumentError::NotAFile.problem(argument)),
            // Shells expand `seeds/*` to this one too; it is read for the documents beside it.
            Ok(_) if path.file_name().is_some_and(|name| name == SOURCES) => {}
            Ok(_) if is_document(path) || is_table(path) => {
                let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
                let input = Input { path: path.to_path_buf(), name, root: None };
                let again = self.add(vec![input]);
                self.note(argument, "the file counts once", &again, "it was given before");
            }
            Ok(_) => self.problems.push(DocumentError::OtherKind.problem(argument)),
            Err(_) if argument.contains(['*', '?', '[']) => self.pattern(argument),
            Err(error) => self.problems.push(DocumentError::from_io(error).problem(argument)),
        }
    }

    /// Takes in the files that match a pattern.
    fn pattern(&mut self, argument: &str) {
        let is_plain = |part: &Component<'_>| !part.as_os_str().to_string_lossy().contains(['*', '?', '[']);
        let base: PathBuf = Path::new(argument).components().take_while(is_plain).collect();
        let rest: Vec<_> = Path::new(argument).components().skip_while(is_plain).collect();
        let rest: Vec<_> = rest.iter().map(|part| part.as_os_str().to_string_lossy()).collect();
        let pattern = match Pattern::new(&rest.join("/")) {
            Ok(pattern) => pattern,
            Err(error) => return self.problems.push(DocumentError::BadGlob(error).problem(argument)),
        };
        let depth = if rest.iter().any(|part| part == "**") { usize::MAX } else { rest.len() };
        let folder = if base.as_os_str().is_empty() { Path::new(".") } else { &base };
        if !folder.is_dir() {
            return self.problems.push(DocumentError::NoMatch.problem(argument));
        }
        let mut walk = walk(folder, depth);
        if base.as_os_str().is_empty() {
            for (_, path) in &mut walk.files {
                *path = path.strip_prefix(".").map(Path::to_path_buf).unwrap_or_else(|_| path.clone());
            }
        }
        let options =
            MatchOptions { case_sensitive: true, require_literal_separator: true, require_literal_leading_dot: true };
        // Tables lie about in many folders, results of demarche's own among them; `*.csv` asks for them, `*` does not.
        let is_input =
            |name: &str| is_document(Path::new(name)) || is_table(Path::new(name)) && is_table(Path::new(argument));
        let any = walk.files.iter().any(|(name, _)| is_input(name) && pattern.matches_with(name, options));
        self.folder(argument, &base, walk, is_input, |name| pattern.matches_with(name, options));
        if !any {
            self.problems.push(DocumentError::NoMatch.problem(argument));
        }
    }

    /// Takes in what a walk found, and tells what of it is no document.
    fn folder(
        &mut self,
        argument: &str,
        root: &Path,
        walk: Walk,
        is_input: impl Fn(&str) -> bool,
        wanted: impl Fn(&str) -> bool,
    ) {
        self.problems.extend(walk.problems);
        let (mut inputs, mut skipped) = (Vec::new(), Names::default());
        let root: Arc<Path> = root.into();
        for (name, path) in walk.files.into_iter().filter(|(name, _)| wanted(name)) {
            if path.file_name().is_some_and(|file| file == SOURCES) {
                continue;
            }
            if is_input(&name) {
                inputs.push(Input { path, name, root: Some(root.clone()) });
            } else {
                skipped.push(name);
            }
        }
        self.skipped(argument, &skipped);
        let again = self.add(inputs);
        self.note(argument, "files count once", &again, "they were given before");
    }

    /// Adds inputs of one folder, or one of none; returns the names of those that were there before.
    fn add(&mut self, inputs: Vec<Input>) -> Names {
        let mut again = Names::default();
        let root = inputs.first().and_then(|input| input.root.clone()).and_then(|root| fs::canonicalize(root).ok());
        let root: Option<Arc<Path>> = root.map(Arc::from);
        for input in inputs {
            let real = fs::canonicalize(&input.path).unwrap_or_else(|_| input.path.clone());
            if !self.seen.insert(hashed(&real)) {
                again.push(input.name);
                continue;
            }
            let base = root.clone().unwrap_or_else(|| real.parent().unwrap_or(Path::new("")).into());
            self.found.push(Found { input, base });
        }
        again
    }

    fn skipped(&mut self, argument: &str, names: &Names) {
        let why = format!("documents end in {KINDS}; tables ({TABLE_KINDS}) are read where they are named");
        self.note(argument, "files were passed over", names, &why);
    }

    fn note(&mut self, argument: &str, what: &str, names: &Names, why: &str) {
        if names.count == 0 {
            return;
        }
        let shown = names.first.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
        let more = names.count.saturating_sub(Names::SHOWN);
        let list = if more > 0 { format!("{shown} and {more} more") } else { shown };
        self.problems.push(Problem::note(format!("{} {what}", names.count)).at(argument).why(format!("{list}; {why}")));
    }
}

fn hashed(path: &Path) -> u128 {
    let hash = blake3::hash(path.as_os_str().as_encoded_bytes());
    hash.as_bytes().first_chunk().map_or(0, |first| u128::from_le_bytes(*first))
}

/// Endings of documents.
const ENDINGS: [&str; 12] = ["txt", "md", "html", "htm", "xhtml", "docx", "pdf", "eml", "rss", "atom", "xml", "zip"];

/// The same in words.
pub(super) const KINDS: &str = ".txt, .md, .html, .htm, .docx, .pdf, .eml, .rss, .atom, .xml or .zip";
/// Endings of tables, which hold a document a row or line.
const TABLES: [&str; 6] = ["csv", "tsv", "xlsx", "jsonl", "ndjson", "parquet"];
/// The same in words.
pub(super) const TABLE_KINDS: &str = ".csv, .tsv, .xlsx, .jsonl, .parquet";

/// Tells whether a file's ending is that of a document, a feed or an archive.
pub(super) fn is_document(path: &Path) -> bool {
    ends_in(path, &ENDINGS)
}

/// Tells whether a file's ending is that of a table of documents.
pub(super) fn is_table(path: &Path) -> bool {
    ends_in(path, &TABLES)
}

/// Puts parent folders before names that more than one input has, until all differ.
fn name_apart(found: &mut [Found]) {
    // Paths below one folder differ, if they can be written out.
    let root = found.first().and_then(|one| one.input.root.clone());
    let is_below = |one: &Found| one.input.root == root && one.input.path.to_str().is_some();
    if root.is_some() && found.iter().all(is_below) {
        return;
    }
    let mut parents = vec![0usize; found.len()];
    let depth = |found: &Found| found.base.components().filter(|c| matches!(c, Component::Normal(_))).count();
    loop {
        let mut by_name: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (i, one) in found.iter().enumerate() {
            by_name.entry(with_parents(one, parents[i])).or_default().push(i);
        }
        let clashing: Vec<usize> = by_name.into_values().filter(|of| of.len() > 1).flatten().collect();
        let mut moved = false;
        for i in clashing {
            if parents[i] < depth(&found[i]) {
                parents[i] += 1;
                moved = true;
            }
        }
        if !moved {
            break;
        }
    }
    let mut taken = BTreeSet::new();
    for (one, parents) in found.iter_mut().zip(parents) {
        let name = with_parents(one, parents);
        let mut unique = name.clone();
        // Two names that differ only in bytes that are no UTF-8 end here.
        for n in 2.. {
            if taken.insert(unique.clone()) {
                break;
            }
            unique = format!("{name}~{n}");
        }
        one.input.name = unique;
    }
}

fn with_parents(found: &Found, parents: usize) -> String {
    let folders: Vec<_> = found.base.components().filter(|c| matches!(c, Component::Normal(_))).collect();
    let mut name = String::new();
    for folder in folders.iter().skip(folders.len().saturating_sub(parents)) {
        name.push_str(&folder.as_os_str().to_string_lossy());
        name.push('/');
    }
    name + &found.input.name
}
