//! Files written whole or not at all.
//!
//! What is written goes to a temporary file in the same folder, is flushed to the disk, and only then takes the place of the
//! file of that name. Whatever fails before leaves the earlier file as it was and no other file behind.

use std::fs;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;
use thiserror::Error;

use super::Problem;

/// Why a file could not be written.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum FileError {
    /// The folder is not there.
    #[error("the folder {0} does not exist")]
    FolderMissing(PathBuf),
    /// A file stands where the folder should be.
    #[error("{0} is a file, not a folder")]
    NotAFolder(PathBuf),
    /// The folder takes no new files.
    #[error("the folder {folder} cannot be written to ({source})")]
    FolderUnwritable {
        /// The folder.
        folder: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A folder stands where the file should be.
    #[error("a folder of that name is there")]
    IsAFolder(PathBuf),
    /// The file is marked read-only.
    #[error("the file is there and marked read-only")]
    ReadOnly(PathBuf),
    /// No space is left.
    #[error("no space is left on the disk or in the quota ({source})")]
    DiskFull {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Anything else the system says.
    #[error("{source}")]
    Other {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

impl FileError {
    /// What an error while writing `path` means.
    pub fn writing(path: &Path, source: io::Error) -> Self {
        let path = path.to_path_buf();
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
                FileError::DiskFull { path, source }
            }
            _ => FileError::Other { path, source },
        }
    }

    /// Tells what went wrong with writing `path`, and what to do.
    pub fn problem(&self, path: &Path) -> Problem {
        let hint = match self {
            FileError::FolderMissing(_) => "Make the folder, or name another one",
            FileError::NotAFolder(_) => "Name a folder, or move the file away",
            FileError::FolderUnwritable { .. } => "Change the folder's permissions, or name another one",
            FileError::IsAFolder(_) => "Name another file, or move the folder away",
            FileError::ReadOnly(_) => "Make it writable, or name another one",
            FileError::DiskFull { .. } => "Free some space and run again; the earlier file is untouched",
            FileError::Other { .. } => "Close the file where it is open, and run again; the earlier file is untouched",
        };
        Problem::error("cannot write the file").at(path).why(self).hint(hint)
    }
}

/// Tells whether a path has one of these endings, in capitals or not.
pub fn ends_in(path: impl AsRef<Path>, endings: &[&str]) -> bool {
    path.as_ref().extension().is_some_and(|own| endings.iter().any(|ending| own.eq_ignore_ascii_case(ending)))
}

/// Reads a file of text of at most `most` bytes; what stands behind a name may grow while it is read. A byte order mark is left out.
///
/// # Errors
///
/// What is no file, or cannot be read; a file that is longer, or is not UTF-8.
pub fn read_text(path: impl AsRef<Path>, most: u64) -> io::Result<String> {
    let invalid = |_| io::Error::new(io::ErrorKind::InvalidData, "it is not UTF-8");
    let mut text = String::from_utf8(read_bytes(path, most)?).map_err(invalid)?;
    if text.starts_with('\u{feff}') {
        text.drain(..'\u{feff}'.len_utf8());
    }
    Ok(text)
}

/// Reads a file of at most `most` bytes.
///
/// # Errors
///
/// What is no file, or cannot be read; a file that is longer.
pub fn read_bytes(path: impl AsRef<Path>, most: u64) -> io::Result<Vec<u8>> {
    let path = path.as_ref();
    let kind = fs::metadata(path)?.file_type();
    if kind.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder"));
    }
    if !kind.is_file() {
        // A pipe may never end, and whoever is to write to it may never come.
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is a pipe or a device, not a file"));
    }
    let mut bytes = Vec::new();
    let read = fs::File::open(path)?.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    if read as u64 > most {
        let why = format!("it is larger than {} MiB", most >> 20);
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, why));
    }
    Ok(bytes)
}

/// Writes `bytes` to `path`, whole or not at all.
///
/// # Errors
///
/// Whatever keeps the file from being written; the earlier file of that name is then untouched.
pub fn write_atomic(path: impl AsRef<Path>, bytes: &[u8]) -> Result<(), FileError> {
    AtomicFile::with(path, bytes)?.commit()
}

/// A file being written, which takes its name only with [`AtomicFile::commit`]; dropped before, it leaves nothing behind.
#[derive(Debug)]
pub struct AtomicFile {
    temp: NamedTempFile,
    target: PathBuf,
}

impl AtomicFile {
    /// Makes a file with these bytes, whole on the disk but for its name.
    ///
    /// # Errors
    ///
    /// Those of [`AtomicFile::create`], and where the disk is full.
    pub fn with(path: impl AsRef<Path>, bytes: &[u8]) -> Result<Self, FileError> {
        let path = path.as_ref();
        let mut file = AtomicFile::create(path)?;
        file.write_all(bytes).map_err(|e| FileError::writing(path, e))?;
        Ok(file)
    }

    /// Begins a file that is to stand at `path`. A symbolic link there is followed, its target replaced.
    ///
    /// # Errors
    ///
    /// Where the folder is missing, is no folder or cannot be written to, or where `path` is a folder or read-only.
    pub fn create(path: impl AsRef<Path>) -> Result<Self, FileError> {
        let path = path.as_ref();
        let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
        let present = fs::metadata(&target).ok();
        if let Some(meta) = &present {
            if meta.is_dir() {
                return Err(FileError::IsAFolder(target));
            }
            if meta.permissions().readonly() {
                return Err(FileError::ReadOnly(target));
            }
        }
        let folder = match target.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder.to_path_buf(),
            _ => PathBuf::from("."),
        };
        match fs::metadata(&folder) {
            Ok(meta) if meta.is_dir() => {}
            Ok(_) => return Err(FileError::NotAFolder(folder)),
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Err(FileError::FolderMissing(folder)),
            Err(e) if e.kind() == io::ErrorKind::NotADirectory => {
                let file = folder.ancestors().find(|part| part.is_file()).unwrap_or(&folder);
                return Err(FileError::NotAFolder(file.to_path_buf()));
            }
            Err(source) => return Err(FileError::FolderUnwritable { folder, source }),
        }
        let temp =
            temporary(&folder, present.map(|meta| meta.permissions())).map_err(|source| match source.kind() {
                io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => FileError::writing(&target, source),
                _ => FileError::FolderUnwritable { folder, source },
            })?;
        Ok(AtomicFile { temp, target })
    }

    /// Flushes what was written to the disk and gives the file its name.
    ///
    /// # Errors
    ///
    /// Where the disk is full or the name cannot be taken; the earlier file is then untouched.
    pub fn commit(mut self) -> Result<(), FileError> {
        let target = self.target;
        self.temp.flush().map_err(|e| FileError::writing(&target, e))?;
        self.temp.as_file().sync_all().map_err(|e| FileError::writing(&target, e))?;
        self.temp.persist(&target).map_err(|e| FileError::writing(&target, e.error))?;
        // The name itself is on the disk once the folder is; not all systems can flush a folder, and the file is whole anyhow.
        if let Some(folder) = target.parent().and_then(|folder| fs::File::open(folder).ok()) {
            folder.sync_all().ok();
        }
        Ok(())
    }
}

/// Makes the temporary file, with the permissions of the file it is to replace, or those of any new file.
fn temporary(folder: &Path, permissions: Option<fs::Permissions>) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".demarche-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let temp = builder.tempfile_in(folder)?;
    if let Some(permissions) = permissions {
        temp.as_file().set_permissions(permissions)?;
    }
    Ok(temp)
}

impl Write for AtomicFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.temp.as_file_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.temp.as_file_mut().flush()
    }
}

impl Seek for AtomicFile {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.temp.as_file_mut().seek(to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_named_as_such() {
        let error = FileError::writing(Path::new("out/matrix.csv"), io::Error::from(io::ErrorKind::StorageFull));
        assert!(matches!(error, FileError::DiskFull { .. }));
        let shown = error.problem(Path::new("out/matrix.csv")).to_string();
        assert!(shown.starts_with("cannot write the file: out/matrix.csv: no space is left"), "{shown}");
        assert!(shown.ends_with("the earlier file is untouched."), "{shown}");
    }
}
