//! The files of a new codebook.

use std::path::Path;

use super::qdc;
use crate::base::Problem;
use crate::base::file::ends_in;
use crate::codebook;

/// Tells a reader of the folder what to do with it.
pub const README: &str = include_str!("../../data/scaffold/README.txt");

const FILES: [(&str, &str); 7] = [
    ("codebook.toml", include_str!("../../data/scaffold/codebook.toml")),
    ("parties.csv", include_str!("../../data/scaffold/parties.csv")),
    ("people.csv", include_str!("../../data/scaffold/people.csv")),
    ("roles.csv", include_str!("../../data/scaffold/roles.csv")),
    ("institutions.csv", include_str!("../../data/scaffold/institutions.csv")),
    ("groups.csv", include_str!("../../data/scaffold/groups.csv")),
    ("topics.toml", include_str!("../../data/scaffold/topics.toml")),
];

/// Returns the files of a new codebook: a small one about a harbour with two topics and their examples, a copy of another
/// codebook, whose title then says so, or one begun with the codes of a `.qdc` file; and a README.
///
/// # Errors
/// Where there is no codebook to copy.
pub fn scaffold(name: &str, from: Option<&str>) -> Result<Vec<(&'static str, String)>, Problem> {
    let mut files: Vec<(&'static str, String)> = match from {
        Some(from) if ends_in(from, &["qdc"]) => begun(&qdc::read(Path::new(from))?),
        Some(from) => codebook::texts(from)?,
        None => FILES.iter().map(|(file, text)| (*file, (*text).to_string())).collect(),
    };
    for (file, text) in &mut files {
        if *file == "codebook.toml" {
            *text = titled(text, name);
        }
    }
    files.push(("README.txt", README.replace("NAME", name)));
    Ok(files)
}

/// Returns the files of a codebook of which another program gave the codes: tables with their headers alone where it tells nothing.
fn begun(begun: &qdc::Begun) -> Vec<(&'static str, String)> {
    let text = |file: &str, text: &str| match (file, &begun.parties) {
        ("topics.toml", _) => begun.topics.clone(),
        ("parties.csv", Some(parties)) => parties.clone(),
        ("codebook.toml", _) | ("parties.csv", None) => text.to_string(),
        _ => text.lines().take(1).map(|header| format!("{header}\n")).collect(),
    };
    FILES.iter().map(|(file, own)| (*file, text(file, own))).collect()
}

/// Puts a codebook's name into its title and starts its version anew.
fn titled(text: &str, name: &str) -> String {
    let line = |line: &str| match line.split_once('=').map(|(key, _)| key.trim()) {
        Some("title") => format!("title = \"{name}\""),
        Some("version") => "version = \"1\"".to_string(),
        _ => line.to_string(),
    };
    text.lines().map(|l| line(l) + "\n").collect()
}
