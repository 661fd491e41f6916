//! Runs the program and looks at what it left.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use tempfile::TempDir;

/// The files of an output folder.
pub(crate) const OUTPUTS: [&str; 5] =
    ["matrix.csv", "positions.csv", "positions.xlsx", "statements.csv", "statements.jsonl"];

/// A sentence that gives a statement whatever else changes.
pub(crate) const PLAIN: &str = "Ukraine wants to join NATO, President Volodymyr Zelenskyy said on Thursday.\n";

/// What a run left on its two streams, and its exit code.
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    /// Checks the exit code, and that nothing panicked.
    #[track_caller]
    pub(crate) fn exits(&self, code: i32) -> &Self {
        assert!(!self.err.contains("panicked"), "{}", self.err);
        assert_eq!(self.code, Some(code), "standard error:\n{}", self.err);
        self
    }

    /// Checks that standard error holds all these words.
    #[track_caller]
    pub(crate) fn tells(&self, words: &[&str]) -> &Self {
        for word in words {
            assert!(self.err.contains(word), "\"{word}\" is not in standard error:\n{}", self.err);
        }
        self
    }
}

/// Runs the program in the repository's root, without the caller's terminal settings.
pub(crate) fn demarche<S: AsRef<std::ffi::OsStr>>(args: impl IntoIterator<Item = S>) -> Ran {
    fed(args, "")
}

/// Runs the program with something on standard input.
pub(crate) fn fed<S: AsRef<std::ffi::OsStr>>(args: impl IntoIterator<Item = S>, input: impl Into<Vec<u8>>) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_demarche"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).args(args).env_remove("COLUMNS").env("NO_COLOR", "1");
    let output = command.write_stdin(input.into()).output().unwrap();
    Ran {
        code: output.status.code(),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// A folder that goes away, with a place for documents and one for results.
pub(crate) struct Desk {
    folder: TempDir,
}

impl Desk {
    /// Lays out documents by name.
    pub(crate) fn new(documents: &[(&str, &[u8])]) -> Self {
        let desk = Desk { folder: tempfile::tempdir().unwrap() };
        fs::create_dir(desk.path("news")).unwrap();
        for (name, bytes) in documents {
            let path = desk.path("news").join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        desk
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Builds the documents into `out`.
    pub(crate) fn build(&self, more: &[&str]) -> Ran {
        self.build_into(&self.path("out"), more)
    }

    pub(crate) fn build_into(&self, out: &Path, more: &[&str]) -> Ran {
        let mut args = vec!["build".to_string(), self.path("news").display().to_string()];
        args.extend(["-o".to_string(), out.display().to_string()]);
        args.extend(more.iter().map(|a| a.to_string()));
        demarche(args)
    }

    /// The rows of a CSV file of `out`, by column.
    pub(crate) fn rows(&self, file: &str) -> Vec<BTreeMap<String, String>> {
        let bytes = fs::read(self.path("out").join(file)).unwrap();
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        reader.deserialize().map(Result::unwrap).collect()
    }
}

/// The bytes of every file below a folder, by its path.
pub(crate) fn snapshot(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        found.insert(entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap());
    }
    found
}
