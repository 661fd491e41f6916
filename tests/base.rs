//! What every layer shares: files written whole or not at all, problems bounded. Through the public API.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;

use demarche::base::file::{AtomicFile, FileError, write_atomic};
use demarche::base::{Problem, Problems};

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_file_is_made_and_replaced_and_nothing_else_is_left() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("matrix.csv");
    write_atomic(&path, b"party,topic\n").unwrap();
    write_atomic(&path, b"party,topic,stance\n").unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"party,topic,stance\n");
    assert_eq!(names(folder.path()), ["matrix.csv"]);
}

#[test]
fn a_file_given_up_half_way_leaves_the_earlier_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("matrix.csv");
    fs::write(&path, b"earlier").unwrap();
    let mut file = AtomicFile::create(&path).unwrap();
    file.write_all(b"half of the new").unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"earlier", "nothing shows before the commit");
    drop(file);
    assert_eq!(fs::read(&path).unwrap(), b"earlier");
    assert_eq!(names(folder.path()), ["matrix.csv"]);
}

#[test]
fn a_writer_may_go_back_and_mend() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("book");
    let mut file = AtomicFile::create(&path).unwrap();
    file.write_all(b"0000 rows").unwrap();
    file.seek(SeekFrom::Start(0)).unwrap();
    file.write_all(b"0042").unwrap();
    file.commit().unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"0042 rows");
}

#[test]
fn every_refusal_says_why_and_touches_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, b"earlier").unwrap();
    fs::create_dir(folder.path().join("taken")).unwrap();
    let cases = [
        ("missing/matrix.csv", "does not exist"),
        ("file/matrix.csv", "is a file, not a folder"),
        ("file/deeper/matrix.csv", "is a file, not a folder"),
        ("taken", "a folder of that name is there"),
    ];
    for (name, why) in cases {
        let path = folder.path().join(name);
        let error = write_atomic(&path, b"new").unwrap_err();
        let shown = error.problem(&path).to_string();
        assert!(shown.contains(why), "{name}: {shown}");
        assert!(shown.contains(&path.display().to_string()), "{name}: {shown}");
    }
    assert_eq!(fs::read(&file).unwrap(), b"earlier");
    assert_eq!(names(folder.path()), ["file", "taken"]);
}

#[test]
fn a_read_only_file_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("signed.csv");
    fs::write(&path, b"final").unwrap();
    let mut permissions = fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions).unwrap();
    assert!(matches!(write_atomic(&path, b"new"), Err(FileError::ReadOnly(_))));
    assert_eq!(fs::read(&path).unwrap(), b"final");
}

#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_takes_no_files_is_named() {
    let error = write_atomic("/proc/matrix.csv", b"new").unwrap_err();
    assert!(matches!(error, FileError::FolderUnwritable { .. }), "{error}");
}

#[cfg(unix)]
#[test]
fn permissions_and_links_survive_a_rewrite() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("matrix.csv");
    fs::write(&path, b"earlier").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    let link = folder.path().join("latest.csv");
    symlink("matrix.csv", &link).unwrap();
    write_atomic(&link, b"new").unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(fs::read(&path).unwrap(), b"new");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
    let fresh = folder.path().join("fresh.csv");
    write_atomic(&fresh, b"new").unwrap();
    let plain = folder.path().join("plain.csv");
    fs::write(&plain, b"new").unwrap();
    assert_eq!(
        fs::metadata(&fresh).unwrap().permissions().mode(),
        fs::metadata(&plain).unwrap().permissions().mode(),
        "a new file has the permissions any new file has"
    );
}

#[test]
fn of_one_kind_of_problem_so_many_are_kept_and_the_others_counted() {
    let mut problems = Problems::default();
    for n in 0..Problems::OF_KIND + 7 {
        problems.push(Problem::note("the document counts once").at(format!("{n}.txt")));
    }
    for n in 0..Problems::OF_ROWS + 3 {
        problems.push(Problem::error("cannot read the record").at(format!("talks.csv, row {n}")));
    }
    let kept = problems.end();
    assert_eq!(Problem::errors(&kept), Problems::OF_ROWS + 3);
    let kept: Vec<String> = kept.iter().map(ToString::to_string).collect();
    assert_eq!(kept.len(), Problems::OF_KIND + Problems::OF_ROWS + 2);
    let more: Vec<&String> = kept.iter().filter(|told| told.contains("the same of")).collect();
    assert!(
        more.iter().any(|told| told.ends_with("counts once: the same of 7 more documents; 10000 of a kind are told.")),
        "{more:?}"
    );
    assert!(more.iter().any(|told| told.contains("the same of 3 more rows: talks.csv")), "{more:?}");
}
