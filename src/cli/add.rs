//! `demarche add`: documents into the ledger.

use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::batch;
use super::clock::ClockFlags;
use super::fault::{Fault, Outcome, say, tell};
use super::flags::{BatchFlags, BatchOptions, CodebookFlags, LEDGER};
use super::ledger::{failed, migrated, run as run_of};
use crate::base::{Problem, Problems};
use crate::codebook::Codebook;
use crate::ledger::{Ledger, Review, Stored, Tally, Writing};
use crate::matrix::words;
use crate::statement;

const EXAMPLES: &str = "\
Examples:
  demarche add news/                              what is new in news/ into output/ledger.sqlite
  demarche add news/2025-02/*.txt --ledger talks.sqlite
  cat corpus.jsonl | demarche add -               documents as JSON Lines
  demarche add                                    nothing new; codes again what an earlier version coded
  demarche add --recode --codebook my-codebook/   codes everything again with another codebook

Documents are told apart by their text, so the same folder can be added again and again. Stored documents are coded again
where the version of demarche or the codebook is another than when they were coded.";

/// Documents coded again in one round.
const ROUND: usize = 256;

/// Add documents and their statements to a ledger
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// Files, folders and patterns; - for documents as JSON Lines on standard input
    #[arg(value_name = "PATHS")]
    paths: Vec<String>,
    /// The ledger; made where there is none
    #[arg(long, value_name = "FILE", default_value = LEDGER)]
    ledger: PathBuf,
    /// Code all stored documents again, also with a codebook of another name
    #[arg(long)]
    recode: bool,
    #[command(flatten)]
    codebook: CodebookFlags,
    #[command(flatten)]
    batch: BatchFlags,
    #[command(flatten)]
    clock: ClockFlags,
}

/// Runs the command.
pub(super) fn run(args: Args) -> Result<Outcome, Fault> {
    let codebook = args.codebook.load()?;
    let adding = Adding {
        ledger: args.ledger,
        paths: args.paths,
        recode: args.recode,
        batch: args.batch.resolve(),
        at: args.clock.now()?,
    };
    let (problems, tally) = adding.run(&codebook, "add")?;
    tell(&problems);
    told(&adding, tally, &problems);
    Ok(Outcome::of(&problems))
}

/// What to add to which ledger.
#[derive(Debug)]
pub(super) struct Adding {
    pub(super) ledger: PathBuf,
    pub(super) paths: Vec<String>,
    pub(super) recode: bool,
    pub(super) batch: BatchOptions,
    pub(super) at: jiff::Timestamp,
}

impl Adding {
    /// Adds what is new and codes again what is out of date, in one transaction.
    pub(super) fn run(&self, codebook: &Codebook, command: &str) -> Result<(Vec<Problem>, Tally), Fault> {
        let fail = failed(&self.ledger);
        let mut ledger = if self.paths.is_empty() {
            Ledger::open(&self.ledger).map_err(fail)?
        } else {
            Ledger::open_or_create(&self.ledger).map_err(fail)?
        };
        let mut problems: Vec<Problem> = migrated(&ledger, &self.ledger).into_iter().collect();
        let run = run_of(command, codebook, self.at, self.options());
        let mut writing = ledger.write(&run, self.recode).map_err(fail)?;
        if writing.at().as_second() > self.at.as_second() {
            let why = format!("the clock says {}, and the last run was at {}", self.at, writing.at());
            let note = Problem::warning("the run is noted with the time of the last one").at(&self.ledger).why(why);
            problems.push(note.hint("Set the clock right, if it is wrong now"));
        }
        problems.extend(self.documents(&mut writing, codebook)?);
        self.outdated(&mut writing, codebook)?;
        problems.extend(lost(&writing.link().map_err(fail)?, &self.ledger));
        let tally = writing.commit().map_err(fail)?;
        Ok((problems, tally))
    }

    fn options(&self) -> String {
        let recode = self.recode.then_some("--recode");
        self.paths.iter().map(String::as_str).chain(recode).collect::<Vec<_>>().join(" ")
    }

    fn documents(&self, writing: &mut Writing<'_>, codebook: &Codebook) -> Result<Vec<Problem>, Fault> {
        if self.paths.is_empty() {
            return Ok(Vec::new());
        }
        let fail = failed(&self.ledger);
        let known = writing.documents().map_err(fail)?;
        let mut notes = Problems::default();
        let problems = batch::each_document(
            &self.paths,
            &self.batch,
            |document| (!known.contains(&document.id)).then(|| statement::code(document, codebook)),
            |document, coded| {
                match writing.meet(document).map_err(fail)? {
                    Stored::Same => {}
                    Stored::New => {
                        let coded = coded.unwrap_or_else(|| statement::code(document, codebook));
                        let name = writing.put(document, &coded).map_err(fail)?;
                        if name != document.name {
                            let why = format!("another text of that name is in the ledger; this one is {name} there");
                            notes.push(Problem::note("the document got another name").at(&document.name).why(why));
                        }
                    }
                    Stored::Changed(merged) => {
                        writing.put(&merged, &statement::code(&merged, codebook)).map_err(fail)?;
                    }
                    Stored::Elsewhere(name) => {
                        let why = format!("its text is in the ledger as {name}");
                        notes.push(Problem::note("the document counts once").at(&document.name).why(why));
                    }
                }
                Ok(())
            },
        )?;
        Ok(problems.into_iter().chain(notes.end()).collect())
    }

    /// Codes again what another engine or codebook coded, some documents at a time.
    fn outdated(&self, writing: &mut Writing<'_>, codebook: &Codebook) -> Result<(), Fault> {
        let fail = failed(&self.ledger);
        let pool = batch::threads(&self.batch)?;
        loop {
            let documents = writing.outdated(ROUND).map_err(fail)?;
            if documents.is_empty() {
                return Ok(());
            }
            let coded: Vec<_> = pool.install(|| documents.par_iter().map(|d| statement::code(d, codebook)).collect());
            for (document, coded) in documents.iter().zip(&coded) {
                writing.put(document, coded).map_err(fail)?;
            }
        }
    }
}

/// A warning of reviews whose statements are no longer there.
fn lost(reviews: &[Review], path: &Path) -> Option<Problem> {
    let one = |r: &Review| format!("{} in {}: {}", r.words(), r.given.doc, words::quoted(&r.given.quote, 60));
    let shown = reviews.iter().take(5).map(one).collect::<Vec<_>>().join("; ");
    let more = if reviews.len() > 5 { format!("; and {} more", reviews.len() - 5) } else { String::new() };
    let what = format!("{} reviews have no statement any more; they are kept", reviews.len());
    let problem = Problem::warning(what).at(path).why(format!("{shown}{more}"));
    let hint =
        "The view review_list of the ledger lists them as lost; a statement that is still right can be added by hand";
    (!reviews.is_empty()).then(|| problem.hint(hint))
}

/// Tells on standard error what was done.
pub(super) fn told(adding: &Adding, tally: Tally, problems: &[Problem]) {
    say(&summary(adding, tally, problems));
}

fn summary(adding: &Adding, tally: Tally, problems: &[Problem]) -> String {
    let mut out = format!(
        "{} documents added, {} changed, {} coded again; {} statements added, {} dropped\n",
        tally.added, tally.changed, tally.recoded, tally.statements_added, tally.statements_dropped
    );
    if tally.copies > 0 {
        out.push_str(&format!("copies of another, counted once: {}\n", tally.copies));
    }
    let unread = Problem::errors(problems);
    if unread > 0 {
        out.push_str(&format!("not used: {unread} (told above)\n"));
    }
    let ledger = adding.ledger.display();
    out.push_str(&if tally == Tally::default() {
        format!("nothing new in {ledger}\n")
    } else {
        format!("written to {ledger}\n")
    });
    out
}
