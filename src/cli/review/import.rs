//! `demarche review import`: verdicts of a workbook into the ledger.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::super::clock::ClockFlags;
use super::super::fault::{Fault, Outcome, say, tell};
use super::super::flags::CodebookFlags;
use super::super::ledger::{LedgerFlag, failed, run as run_of};
use crate::base::file::{ends_in, read_text};
use crate::base::rows::{self, Limits};
use crate::base::space::flat;
use crate::base::{Problem, limits};
use crate::codebook::Codebook;
use crate::ledger::{Known, Ledger, Selection, Verdict};
use crate::review::{self, Beside, Events, Form, Refusal, Shown};
use crate::workbook::{Tie, read};

const EXAMPLES: &str = "\
Examples:
  demarche review import output/positions.xlsx
  demarche review import from-anna.xlsx --ledger talks.sqlite --reviewer 'Anna Berg'
  demarche review import from-anna.xlsx --partial      takes the rows that are sound and lists the others
  demarche review import events.csv --reviewer 'Anna Berg'      codings of Discourse Network Analyzer

Nothing is taken unless every row can be. The same file can be read again; only what is new changes anything.";

/// Refusals told one by one; the rest is counted.
const TOLD: usize = 50;

/// Take the verdicts of a workbook's Evidence sheet, or codings of Discourse Network Analyzer, into a ledger
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// The workbook, as demarche made it and a spreadsheet saved it; or an event list of Discourse Network Analyzer, as CSV
    #[arg(value_name = "FILE.xlsx|FILE.csv")]
    file: PathBuf,
    #[command(flatten)]
    ledger: LedgerFlag,
    /// Whose verdicts they are, where the row does not say
    #[arg(long, value_name = "NAME")]
    reviewer: Option<String>,
    /// Take the rows that can be taken, and list the others
    #[arg(long)]
    partial: bool,
    #[command(flatten)]
    codebook: CodebookFlags,
    #[command(flatten)]
    clock: ClockFlags,
}

/// Runs the command.
pub(super) fn run(args: Args) -> Result<Outcome, Fault> {
    let codebook = args.codebook.load()?;
    let mut ledger = args.ledger.open()?;
    let path = &args.ledger.ledger;
    let fail = failed(path);
    let form =
        if ends_in(&args.file, &["csv"]) { codings(&args.file, &ledger, path, &codebook)? } else { load(&args.file)? };
    let saw = belongs(&form, &ledger, &args.file, path)?;
    let known = saw.map_or(Known::Now, Known::Run);
    let at = args.clock.now()?;
    let selection = Selection { known, ids: Some(review::ids(&form)), whole: true, ..Selection::default() };
    let statements = ledger.statements(&selection).map_err(&fail)?;
    let mut texts = BTreeMap::new();
    for name in review::documents(&form) {
        if let Some(text) = ledger.text(&name).map_err(&fail)? {
            texts.insert(name, text);
        }
    }
    let shown = Shown {
        statements: statements.into_iter().map(|s| (s.id.clone(), s)).collect(),
        texts,
        codebook: &codebook,
        same_codebook: form.tie.as_ref().is_some_and(|tie| tie.codebook_hash == codebook.hash),
        tied: form.tie.is_some(),
        reviewer: args.reviewer.as_deref().map(flat),
        at,
    };
    let checked = review::check(&form, &shown);
    tell(&problems(&checked.notes, Problem::note("the row says nothing yet"), &args.file));
    let partly = if args.partial { "the row was left out" } else { "cannot take the row" };
    let refused = problems(&checked.refusals, Problem::error(partly), &args.file);
    if !refused.is_empty() && !args.partial {
        tell(&refused);
        let why = format!("{} rows cannot be taken, and {} could", checked.refusals.len(), checked.reviews.len());
        let problem = Problem::error("nothing was taken").at(&args.file).why(why);
        return Err(problem.hint("Mend what is told above, or take the sound rows alone with --partial").into());
    }
    let run = run_of("review import", &codebook, at, args.file.display().to_string());
    let mut writing = ledger.write(&run, false).map_err(&fail)?;
    let mut taken: BTreeMap<Verdict, usize> = BTreeMap::new();
    let mut again = 0;
    for (_, review) in &checked.reviews {
        if writing.review_after(review, saw.unwrap_or(i64::MAX)).map_err(&fail)? {
            *taken.entry(review.verdict).or_default() += 1;
        } else {
            again += 1;
        }
    }
    if !taken.is_empty() {
        writing.link().map_err(&fail)?;
    }
    writing.commit().map_err(&fail)?;
    tell(&refused);
    told(&taken, again, checked.refusals.len(), path);
    Ok(Outcome::of(&refused))
}

/// Reads the codings of another program, and what of the ledger they speak of.
fn codings(file: &Path, ledger: &Ledger, path: &Path, codebook: &Codebook) -> Result<Form, Fault> {
    let cannot = |why: &dyn std::fmt::Display| Problem::error("cannot read the codings").at(file).why(why);
    let hint = "Export the statements from Discourse Network Analyzer as a CSV event list in UTF-8";
    let text = read_text(file, limits::DOCUMENT_BYTES).map_err(|e| cannot(&e).hint(hint))?;
    let events = Events::read(&text).map_err(|why| cannot(&why).hint(hint))?;
    let fail = failed(path);
    let ids = Some(events.ids());
    let found = ledger.statements(&Selection { ids, ..Selection::default() }).map_err(fail)?;
    let mut documents: BTreeMap<String, Option<String>> = BTreeMap::new();
    for entry in ledger.documents(Known::Now).map_err(fail)? {
        let title = entry.title.as_deref().map(flat);
        for name in title.into_iter().chain([entry.name.clone()]) {
            let one = documents.entry(name).or_insert_with(|| Some(entry.name.clone()));
            if one.as_ref() != Some(&entry.name) {
                *one = None;
            }
        }
    }
    let statements = found.into_iter().map(|s| (s.id.clone(), s)).collect();
    Ok(events.form(&Beside { documents, statements: &statements, codebook }))
}

/// Reads the workbook.
fn load(path: &Path) -> Result<Form, Fault> {
    let limit = Limits::default().file_bytes;
    let mut bytes = Vec::new();
    let cannot = |why: &dyn std::fmt::Display| Problem::error("cannot read the workbook").at(path).why(why);
    let file = File::open(path).map_err(|e| cannot(&e).hint("Name the .xlsx file that you saved"))?;
    file.take(limit + 1).read_to_end(&mut bytes).map_err(|e| cannot(&e).hint("Name the .xlsx file that you saved"))?;
    let hint = |e: &rows::Error| match e {
        rows::Error::NoSheet(_) => "Name a workbook that demarche build or demarche matrix -o made",
        rows::Error::TooMuch { .. } => "Delete what is not part of the review, or take a fresh workbook",
        rows::Error::Links => "Replace what comes from other files by its values (Edit Links, Break Link), and save",
        _ => "Open it in a spreadsheet program and save it as .xlsx, or take a fresh workbook",
    };
    let fail = |e: rows::Error| cannot(&e).hint(hint(&e));
    let mut book = read::open(bytes).map_err(fail)?;
    Ok(review::form(&mut book).map_err(fail)?)
}

/// Checks that a workbook comes from the ledger; returns the run after which it was made, where it tells.
fn belongs(form: &Form, ledger: &Ledger, file: &Path, path: &Path) -> Result<Option<i64>, Fault> {
    let Some(Tie { id, run, .. }) = &form.tie else { return Ok(None) };
    let own = ledger.id().map_err(failed(path))?.unwrap_or_default();
    let last = ledger.last_run(Known::Now).map_err(failed(path))?;
    let refuse = |why: String, hint: &str| {
        Fault::from(Problem::error("cannot take the workbook").at(file).why(why).hint(hint.to_string()))
    };
    if *id != own {
        let why = format!("it was made from the ledger {id}, and {} is {own}", path.display());
        return Err(refuse(why, "Name its ledger with --ledger"));
    }
    if *run > last {
        let why = format!("it was made after run {run} of the ledger, and {} has only {last}", path.display());
        return Err(refuse(why, "Name the ledger it was made from, and not an earlier copy of it"));
    }
    Ok(Some(*run))
}

/// Refusals as problems, the first ones one by one.
fn problems(refusals: &[Refusal], problem: Problem, file: &Path) -> Vec<Problem> {
    let one = |r: &Refusal| problem.clone().at(file).why(format!("{}: {}", r.place, r.why)).hint(&r.hint);
    let mut out: Vec<Problem> = refusals.iter().take(TOLD).map(one).collect();
    if let Some(more) = refusals.len().checked_sub(TOLD).filter(|n| *n > 0) {
        out.push(problem.at(file).why(format!("{more} more rows with such faults")));
    }
    out
}

/// Tells on standard error what was done.
fn told(taken: &BTreeMap<Verdict, usize>, again: usize, refused: usize, ledger: &Path) {
    let mut out = format!("{} verdicts taken", taken.values().sum::<usize>());
    let each: Vec<String> = taken.iter().map(|(verdict, count)| format!("{count} {}", verdict.name())).collect();
    if !each.is_empty() {
        out.push_str(&format!(" ({})", each.join(", ")));
    }
    out.push_str(&format!(", {again} were there already"));
    if refused > 0 {
        out.push_str(&format!(", {refused} rows left out (told above)"));
    }
    let ledger = ledger.display();
    out.push_str(&if taken.is_empty() {
        format!("\nnothing new in {ledger}\n")
    } else {
        format!("\nwritten to {ledger}\n")
    });
    say(&out);
}
