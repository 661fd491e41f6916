//! Where codebooks and lexicons come from: embedded in the program, or a folder of the user's.

use std::io::ErrorKind;
use std::path::Path;

use super::problem::Problem;
use crate::base::file::read_text;
use crate::base::limits;

/// One file by the path that errors show.
#[derive(Debug, Clone)]
pub(super) struct DataFile {
    pub(super) path: String,
    pub(super) text: String,
}

/// The files of one codebook.
#[derive(Debug)]
pub(super) struct Files {
    pub(super) name: String,
    folder: Option<std::path::PathBuf>,
}

macro_rules! embed {
    ($($path:literal),* $(,)?) => {
        &[$(($path, include_str!(concat!("../../data/", $path)))),*]
    };
}

/// Every data file the program carries, by its path below `data/`.
const EMBEDDED: &[(&str, &str)] = embed![
    "lexicon/countries.csv",
    "lexicon/titles.csv",
    "lexicon/stance.toml",
    "codebooks/ukraine-talks/codebook.toml",
    "codebooks/ukraine-talks/parties.csv",
    "codebooks/ukraine-talks/groups.csv",
    "codebooks/ukraine-talks/institutions.csv",
    "codebooks/ukraine-talks/people.csv",
    "codebooks/ukraine-talks/roles.csv",
    "codebooks/ukraine-talks/topics.toml",
    "codebooks/gaza-ceasefire/codebook.toml",
    "codebooks/gaza-ceasefire/parties.csv",
    "codebooks/gaza-ceasefire/groups.csv",
    "codebooks/gaza-ceasefire/institutions.csv",
    "codebooks/gaza-ceasefire/people.csv",
    "codebooks/gaza-ceasefire/roles.csv",
    "codebooks/gaza-ceasefire/topics.toml",
    "codebooks/iran-nuclear/codebook.toml",
    "codebooks/iran-nuclear/parties.csv",
    "codebooks/iran-nuclear/groups.csv",
    "codebooks/iran-nuclear/institutions.csv",
    "codebooks/iran-nuclear/people.csv",
    "codebooks/iran-nuclear/roles.csv",
    "codebooks/iran-nuclear/topics.toml",
];

/// Returns the names of the codebooks the program carries.
pub fn names() -> Vec<&'static str> {
    let folder = |path: &'static str| path.strip_prefix("codebooks/")?.strip_suffix("/codebook.toml");
    EMBEDDED.iter().filter_map(|(path, _)| folder(path)).collect()
}

/// Returns an embedded lexicon file.
pub(super) fn lexicon(file: &str) -> Result<DataFile, Problem> {
    let path = format!("lexicon/{file}");
    let found = EMBEDDED.iter().find(|(p, _)| *p == path);
    let (path, text) = found.ok_or_else(|| Problem::new(&path, None, "no such lexicon file", ""))?;
    Ok(DataFile { path: format!("data/{path}"), text: (*text).to_string() })
}

impl Files {
    /// Finds a codebook: a folder by its path, else an embedded one by its name.
    pub(super) fn open(name_or_folder: &str) -> Result<Files, Problem> {
        let folder = Path::new(name_or_folder);
        if folder.is_dir() {
            let name = folder.file_name().map_or_else(|| "codebook".to_string(), |n| n.to_string_lossy().into_owned());
            return Ok(Files { name, folder: Some(folder.to_path_buf()) });
        }
        if names().contains(&name_or_folder) {
            return Ok(Files { name: name_or_folder.to_string(), folder: None });
        }
        Err(Problem::new(
            name_or_folder,
            None,
            "no codebook of this name and no such folder",
            format!("the program carries: {}", names().join(", ")),
        ))
    }

    /// Reads one file; nothing where an optional file is absent.
    pub(super) fn read(&self, file: &str) -> Result<Option<DataFile>, Problem> {
        let Some(folder) = &self.folder else {
            let path = format!("codebooks/{}/{file}", self.name);
            let found = EMBEDDED.iter().find(|(p, _)| *p == path);
            return Ok(found.map(|(p, t)| DataFile { path: format!("data/{p}"), text: (*t).to_string() }));
        };
        let path = folder.join(file);
        let shown = path.to_string_lossy().into_owned();
        let (why, hint) = match read_text(&path, limits::DATA_FILE_BYTES) {
            Ok(text) => return Ok(Some(DataFile { path: shown, text })),
            Err(e) if e.kind() == ErrorKind::NotFound => return Ok(None),
            Err(e) if e.kind() == ErrorKind::FileTooLarge => (e, "split the codebook"),
            Err(e) if e.kind() == ErrorKind::InvalidData => (e, "save the file as UTF-8"),
            Err(e) => (e, ""),
        };
        Err(Problem::new(&shown, None, format!("cannot be read: {why}"), hint))
    }

    /// Reads one file that must be there.
    pub(super) fn need(&self, file: &str) -> Result<DataFile, Problem> {
        self.read(file)?.ok_or_else(|| {
            let path = match &self.folder {
                Some(folder) => folder.join(file).to_string_lossy().into_owned(),
                None => format!("data/codebooks/{}/{file}", self.name),
            };
            Problem::new(&path, None, "the file is missing", "docs/codebook.md lists the files of a codebook")
        })
    }
}
