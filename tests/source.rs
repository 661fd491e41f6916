//! What the source tree promises of itself: modules use only modules of lower layers, and every data file is embedded.
//!
//! Nothing here runs the program; the files are read as text.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The layers of ARCHITECTURE.md, lowest first. A module may use itself and modules of lower layers.
const LAYERS: [(&str, u8); 16] = [
    ("base", 0),
    ("codebook", 1),
    ("document", 2),
    ("text", 3),
    ("attribution", 4),
    ("statement", 5),
    ("advice", 6),
    ("ledger", 6),
    ("matrix", 7),
    ("diff", 8),
    ("eval", 8),
    ("workbook", 9),
    ("export", 9),
    ("report", 9),
    ("review", 10),
    ("cli", 11),
];

/// Modules that are designed and not there yet; their layer is kept free.
const TO_COME: [(&str, u8); 0] = [];

/// Uses that break the order, each with its reason: (file, module used, why). Empty is how it should be.
const EXCEPTIONS: [(&str, &str, &str); 0] = [];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// All files below a folder, as paths from the repository's root with `/` between folders, in order.
fn files(folder: &str) -> Vec<String> {
    fn walk(path: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(path).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    walk(&root().join(folder), &mut found);
    let relative = |p: &PathBuf| p.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
    let mut names: Vec<String> = found.iter().map(relative).collect();
    names.sort();
    names
}

fn text(file: &str) -> String {
    fs::read_to_string(root().join(file)).unwrap_or_else(|e| panic!("{file}: {e}"))
}

/// The code of a Rust file: comments blanked out, lines kept.
fn code(source: &str) -> String {
    source.lines().map(|line| line.split("//").next().unwrap_or("")).collect::<Vec<_>>().join("\n")
}

/// The path of modules that a file makes: `src/text/parse/mod.rs` is `[text, parse]`.
fn module(file: &str) -> Vec<String> {
    let mut path: Vec<String> =
        file.trim_start_matches("src/").trim_end_matches(".rs").split('/').map(String::from).collect();
    if path.last().is_some_and(|last| matches!(last.as_str(), "mod" | "lib" | "main")) {
        path.pop();
    }
    path
}

fn identifiers(list: &str) -> Vec<String> {
    // Only the first level of `{a, b::{c, d}}` names modules of the crate.
    let mut depth = 0;
    let mut found = vec![String::new()];
    for c in list.chars() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => found.push(String::new()),
            _ if depth == 0 => found.last_mut().unwrap().push(c),
            _ => {}
        }
    }
    found.iter().map(|f| f.trim().split("::").next().unwrap_or("").trim().to_string()).collect()
}

/// The crate's top modules that a piece of code names, by `crate::` or by as many `super::` as lead to the root.
fn used(file: &str, source: &str) -> BTreeSet<String> {
    let code = code(source);
    let depth = module(file).len();
    let to_root = "super::".repeat(depth);
    let mut roots = vec!["crate::".to_string(), "demarche::".to_string()];
    if depth > 0 {
        roots.push(to_root);
    }
    let mut found = BTreeSet::new();
    for prefix in roots {
        for (at, _) in code.match_indices(&prefix) {
            let before = code[..at].chars().next_back();
            if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':' || c == '$') {
                continue;
            }
            let after = &code[at + prefix.len()..];
            let names = match after.strip_prefix('{') {
                Some(list) => identifiers(list),
                None => vec![after.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()],
            };
            found.extend(names);
        }
    }
    found
}

#[test]
fn modules_use_only_lower_layers() {
    let layers: BTreeMap<&str, u8> = LAYERS.into_iter().chain(TO_COME).collect();
    let mut faults = Vec::new();
    let mut checked = 0;
    for file in files("src").iter().filter(|f| f.ends_with(".rs")) {
        let path = module(file);
        let Some(own) = path.first() else { continue };
        let layer = *layers
            .get(own.as_str())
            .unwrap_or_else(|| panic!("{file}: the module has no layer; give it one in LAYERS"));
        checked += 1;
        for name in used(file, &text(file)) {
            let Some(other) = layers.get(name.as_str()) else { continue };
            let excepted = EXCEPTIONS.iter().any(|(f, m, _)| f == file && *m == name);
            if name != *own && *other >= layer && !excepted {
                faults.push(format!("{file} (layer {layer}) uses {name} (layer {other})"));
            }
        }
    }
    assert!(checked > 50, "only {checked} files were read");
    assert!(faults.is_empty(), "the layers of ARCHITECTURE.md are broken:\n{}", faults.join("\n"));
}

#[test]
fn exceptions_are_still_needed() {
    for (file, name, why) in EXCEPTIONS {
        assert!(used(file, &text(file)).contains(name), "{file} no longer uses {name} ({why}): drop the exception");
    }
}

#[test]
fn the_reader_of_uses_sees_all_forms() {
    let source = "use crate::{base::{Span, id}, text};\nuse super::super::matrix::Cell; // crate::cli\nfn f() -> crate::export::Error {}";
    let found: Vec<String> = used("src/workbook/sheet.rs", source).into_iter().collect();
    assert_eq!(found, ["base", "export", "matrix", "text"]);
}

/// Folders of `data/codebooks` that are whole: those with a codebook.toml.
fn codebooks() -> Vec<String> {
    let all = files("data/codebooks");
    let heads = all.iter().filter_map(|f| f.strip_suffix("/codebook.toml"));
    heads.map(String::from).collect()
}

/// Every path below `data/` that the source embeds.
fn embedded() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for file in files("src").iter().filter(|f| f.ends_with(".rs")) {
        let code = code(&text(file));
        for opening in ["include_str!(\"", "include_bytes!(\""] {
            for (at, _) in code.match_indices(opening) {
                let path = code[at + opening.len()..].split('"').next().unwrap();
                found.extend(path.split_once("data/").map(|(_, below)| format!("data/{below}")));
            }
        }
        if let Some((_, table)) = code.split_once("= embed![") {
            let table = table.split(']').next().unwrap();
            found.extend(table.split('"').skip(1).step_by(2).map(|below| format!("data/{below}")));
        }
    }
    found
}

#[test]
fn every_data_file_is_embedded_and_no_other() {
    let whole = codebooks();
    assert!(!whole.is_empty());
    let wanted: BTreeSet<String> = files("data")
        .into_iter()
        .filter(|f| !f.ends_with(".md"))
        .filter(|f| !f.starts_with("data/codebooks/") || whole.iter().any(|w| f.starts_with(&format!("{w}/"))))
        .collect();
    assert_eq!(embedded(), wanted, "left: what src embeds; right: what data/ holds");
}

#[test]
fn the_program_carries_the_codebooks_of_the_folder() {
    let whole: Vec<String> = codebooks().iter().filter_map(|c| c.rsplit('/').next()).map(String::from).collect();
    let mut carried: Vec<String> = demarche::codebook::names().into_iter().map(String::from).collect();
    carried.sort();
    assert_eq!(carried, whole);
}
