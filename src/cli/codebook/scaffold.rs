//! `demarche codebook new`: a folder to begin with.

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;

use super::super::fault::{Fault, Outcome};
use crate::advice;
use crate::base::{Problem, file};

const EXAMPLES: &str = "\
Examples:
  demarche codebook new harbour                        harbour/, a small codebook to learn from
  demarche codebook new my-talks --from ukraine-talks  my-talks/, a copy to change
  demarche codebook new my-talks --from codes.qdc      begun with the codes of NVivo, MAXQDA, ATLAS.ti or QualCoder
  demarche codebook new harbour --dir codebooks        codebooks/harbour/";

/// Make the folder of a new codebook, with two example topics
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// Name of the codebook and of its folder: lower-case letters, digits and hyphens
    #[arg(value_name = "NAME")]
    name: String,
    /// Begin with a copy of this codebook: a name that comes with demarche, or a folder; or with the codes of a .qdc file (REFI-QDA)
    #[arg(long, value_name = "NAME|DIR|FILE.qdc")]
    from: Option<String>,
    /// Folder to make it in
    #[arg(long, value_name = "DIR", default_value = ".")]
    dir: PathBuf,
}

/// Runs the command.
pub(super) fn run(args: Args) -> Result<Outcome, Fault> {
    let fine = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if args.name.is_empty() || args.name.starts_with('-') || !args.name.chars().all(fine) {
        let problem = Problem::error("cannot make the codebook").why(format!("\"{}\" is no name for it", args.name));
        return Err(problem
            .hint("Use lower-case letters, digits and hyphens; --dir names the folder around it")
            .into());
    }
    let folder = args.dir.join(&args.name);
    if fs::symlink_metadata(&folder).is_ok() {
        let problem = Problem::error("cannot make the codebook").at(&folder).why("it is there already");
        return Err(problem.hint("Choose another name, or move it away; nothing is overwritten").into());
    }
    let files = advice::scaffold(&args.name, args.from.as_deref())?;
    fs::create_dir_all(&folder)
        .map_err(|e| Problem::error("cannot make the folder").at(&folder).why(e).hint("Name another one with --dir"))?;
    for (name, text) in &files {
        let path = folder.join(name);
        file::write_atomic(&path, text.as_bytes()).map_err(|e| e.problem(&path))?;
    }
    let text = format!(
        "made {}: {}\nnext: demarche codebook check {0}\n",
        folder.display(),
        files.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
    );
    io::stdout().lock().write_all(text.as_bytes()).map_err(Fault::output)?;
    Ok(Outcome::Done)
}
