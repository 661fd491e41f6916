//! Where statements come from: a file of them, standard input, or a ledger.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use jiff::civil::Date;

use super::fault::{Fault, tell};
use super::flags::{LEDGER, LedgerFlags};
use super::ledger::{failed, open};
use crate::base::Problem;
use crate::codebook::Codebook;
use crate::document::DateOrigin;
use crate::export;
use crate::ledger::{self, Known, Ledger, NewReview, Selection};
use crate::matrix::{self, Gathering, Matrix, MatrixOptions};
use crate::statement::Statement;
use crate::workbook::{Source, Tie};

/// The statements that `build` writes.
const STATEMENTS: &str = "output/statements.jsonl";

/// A place that statements come from.
#[derive(Debug)]
pub(super) enum Origin {
    /// JSON Lines; `-` for standard input.
    Lines(String),
    /// A ledger, as it was on a day where one is given.
    Ledger(PathBuf, Option<Date>),
}

/// What of it is wanted.
#[derive(Debug, Clone, Copy)]
pub(super) enum Wanted<'a> {
    /// All, for a matrix as of a day where one is given.
    All(Option<Date>),
    /// The same, with everything else that a workbook shows.
    Workbook(Option<Date>),
    /// All of one party on one topic.
    Cell(&'a str, &'a str),
}

/// Statements, the documents they come from, and the day a matrix of them is as of.
#[derive(Debug)]
pub(super) struct Loaded {
    pub(super) statements: Vec<Statement>,
    pub(super) sources: Vec<Source>,
    pub(super) as_of: Option<Date>,
    /// The ledger, where they come from one and a workbook is to be made.
    pub(super) tie: Option<Tie>,
}

impl Wanted<'_> {
    /// Returns the day asked for.
    fn as_of(self) -> Option<Date> {
        match self {
            Wanted::All(as_of) | Wanted::Workbook(as_of) => as_of,
            Wanted::Cell(..) => None,
        }
    }
}

impl Loaded {
    /// The statements of a file, whose documents are known as far as the statements tell.
    pub(super) fn of(statements: Vec<Statement>, wanted: Wanted<'_>) -> Self {
        let sources = sources(&statements);
        Loaded { statements, sources, as_of: wanted.as_of(), tie: None }
    }
}

impl Origin {
    /// Tells what arguments name.
    pub(super) fn new(path: Option<String>, flags: LedgerFlags) -> Result<Self, Fault> {
        let path = match (path, flags.ledger) {
            (_, Some(ledger)) => return Ok(Origin::Ledger(ledger, flags.known_on)),
            (Some(path), None) if path != "-" && ledger::is_ledger(&path) => {
                return Ok(Origin::Ledger(path.into(), flags.known_on));
            }
            (path, None) => path,
        };
        match flags.known_on {
            None => Ok(Origin::Lines(path.unwrap_or_else(|| STATEMENTS.to_string()))),
            Some(day) => {
                let name = path.unwrap_or_else(|| STATEMENTS.to_string());
                let problem = Problem::error(format!("cannot tell what was known on {day}")).at(name);
                let problem = problem.why("it is a file of statements, which has no history");
                Err(problem.hint("Name a ledger, with --ledger or in its place").into())
            }
        }
    }

    /// The same, a ledger in its usual place before statements in theirs.
    pub(super) fn usual(path: Option<String>, flags: LedgerFlags) -> Result<Self, Fault> {
        if path.is_none() && flags.ledger.is_none() && ledger::is_ledger(LEDGER) {
            return Ok(Origin::Ledger(LEDGER.into(), flags.known_on));
        }
        Origin::new(path, flags)
    }

    /// Loads statements, reviews of a ledger applied.
    pub(super) fn load(&self, codebook: &Codebook, wanted: Wanted<'_>) -> Result<Loaded, Fault> {
        match self {
            Origin::Lines(path) => {
                let mut statements = read(path)?;
                if let Wanted::Cell(party, topic) = wanted {
                    statements.retain(|s| s.party == party && s.topic == topic);
                }
                Ok(Loaded::of(statements, wanted))
            }
            Origin::Ledger(path, known_on) => Stored::open(path, *known_on, codebook)?.load(codebook, wanted),
        }
    }

    /// Lays out the positions as of the day that the options name, else the latest; returns the statements they point into, too.
    pub(super) fn matrix(&self, codebook: &Codebook, options: &MatrixOptions) -> Result<Gathered, Fault> {
        match self {
            Origin::Lines(path) => {
                let statements = read(path)?;
                Ok((matrix::positions(&statements, codebook, options), statements))
            }
            Origin::Ledger(path, known_on) => Stored::open(path, *known_on, codebook)?.matrix(codebook, options),
        }
    }
}

/// A matrix with the statements that its indices point into.
pub(super) type Gathered = (Matrix, Vec<Statement>);

/// A ledger as it was on a day, or as it is.
#[derive(Debug)]
pub(super) struct Stored<'p> {
    path: &'p Path,
    pub(super) ledger: Ledger,
    pub(super) known: Known,
}

impl<'p> Stored<'p> {
    /// Opens a ledger, and warns where it belongs to another codebook.
    pub(super) fn open(path: &'p Path, known_on: Option<Date>, codebook: &Codebook) -> Result<Self, Fault> {
        let fail = failed(path);
        let ledger = open(path)?;
        ledger.hold().map_err(fail)?;
        if let Some((name, _)) = ledger.codebook().map_err(fail)?
            && name != codebook.name
        {
            let why = format!("it was coded with {name}; names and labels are those of {}", codebook.name);
            let problem = Problem::warning("the ledger belongs to another codebook").at(path).why(why);
            tell(&[problem.hint(format!("Ask for it with --codebook {name}"))]);
        }
        let known = known_on.map_or(Ok(Known::Now), |day| ledger.known_on(day)).map_err(fail)?;
        Ok(Stored { path, ledger, known })
    }

    /// Turns an error of the ledger into a fault.
    pub(super) fn failed(&self, error: ledger::Error) -> Fault {
        failed(self.path)(error)
    }

    /// Returns the last day on which anything was said.
    pub(super) fn last_day(&self) -> Result<Option<Date>, Fault> {
        self.ledger.last_day(self.known).map_err(|e| self.failed(e))
    }

    /// Lays out the positions as of the day that the options name, else the latest.
    fn matrix(&self, codebook: &Codebook, options: &MatrixOptions) -> Result<Gathered, Fault> {
        let as_of = options.as_of.map_or_else(|| self.last_day(), |day| Ok(Some(day)))?;
        let [gathered] = self.matrices(codebook, options, [as_of])?;
        Ok(gathered)
    }

    /// Lays out the positions as of several days. The ledger is gone through once, a document at a time, and only those statements
    /// are kept that show a position.
    pub(super) fn matrices<const N: usize>(
        &self,
        codebook: &Codebook,
        options: &MatrixOptions,
        days: [Option<Date>; N],
    ) -> Result<[Gathered; N], Fault> {
        let since = days.iter().map(|day| options.first_day(*day)).min().flatten();
        let until = if days.contains(&None) { None } else { days.into_iter().flatten().max() };
        // What counts for nothing shows on no table.
        let selection = Selection {
            known: self.known,
            parties: options.parties.clone(),
            topics: options.topics.clone(),
            roles: options.roles.clone(),
            outlets: options.outlets.clone(),
            since,
            until,
            min_confidence: options.min_confidence,
            counting: true,
            judged: true,
            ..Selection::default()
        };
        let empty = || days.map(|as_of| Gathering::new(codebook, MatrixOptions { as_of, ..options.clone() }));
        let take = |made: &mut [Gathering<'_>; N], statements: &[Statement]| {
            made.iter_mut().for_each(|g| g.take(statements));
        };
        let parts = self.ledger.gather(&selection, empty, take).map_err(|e| self.failed(e))?;
        let mut gatherings = empty();
        for part in parts {
            gatherings.iter_mut().zip(part).for_each(|(all, part)| all.join(part));
        }
        let mut gathered = gatherings.map(Gathering::matrix);
        for (_, statements) in &mut gathered {
            self.name_sources(statements).map_err(|e| self.failed(e))?;
        }
        Ok(gathered)
    }

    /// Looks up how the text names those who speak without a name.
    fn name_sources(&self, statements: &mut [Statement]) -> Result<(), ledger::Error> {
        let nameless = statements.iter().filter(|s| s.speaker.is_none()).map(|s| s.id.clone());
        let selection =
            Selection { known: self.known, ids: Some(nameless.collect()), whole: true, ..Selection::default() };
        let found = self.ledger.statements(&selection)?;
        let mut named: BTreeMap<String, Option<String>> = found.into_iter().map(|s| (s.id, s.source_text)).collect();
        for statement in statements.iter_mut().filter(|s| s.speaker.is_none()) {
            statement.source_text = named.remove(&statement.id).flatten();
        }
        Ok(())
    }

    /// Loads what is wanted and no more.
    fn load(&self, codebook: &Codebook, wanted: Wanted<'_>) -> Result<Loaded, Fault> {
        let fail = failed(self.path);
        let mut selection = Selection { known: self.known, whole: true, ..Selection::default() };
        if let Wanted::Cell(party, topic) = wanted {
            selection.parties = vec![party.to_string()];
            selection.topics = vec![topic.to_string()];
        }
        let statements = self.ledger.statements(&selection).map_err(fail)?;
        let mut loaded = Loaded { statements, sources: Vec::new(), as_of: None, tie: None };
        if let Wanted::All(asked) | Wanted::Workbook(asked) = wanted {
            loaded.as_of = asked.map_or_else(|| self.last_day(), |day| Ok(Some(day)))?;
        }
        if let Wanted::Workbook(_) = wanted {
            loaded.sources = entries(&self.ledger, self.known, &loaded.statements).map_err(fail)?;
            loaded.tie = tied(&self.ledger, self.known, codebook).map_err(fail)?;
        }
        Ok(loaded)
    }
}

/// What a workbook must hold for its reviews to find back: the ledger's id and last run, and what was said so far.
fn tied(ledger: &Ledger, known: Known, codebook: &Codebook) -> Result<Option<Tie>, ledger::Error> {
    let Some(id) = ledger.id()? else { return Ok(None) };
    let mut reviews = BTreeMap::new();
    for (review, holds_for) in ledger.judged(known)? {
        if let Some(id) = holds_for {
            reviews.insert(id, so_far(&review));
        }
    }
    Ok(Some(Tie { id, run: ledger.last_run(known)?, codebook_hash: codebook.hash.clone(), reviews }))
}

/// `correct by R. Eader, 2025-03-01: note`.
pub(super) fn so_far(review: &ledger::Review) -> String {
    let NewReview { verdict, reviewer, note, at, .. } = &review.given;
    let by = reviewer.as_ref().map(|r| format!(" by {r}")).unwrap_or_default();
    let note = note.as_ref().map(|n| format!(": {n}")).unwrap_or_default();
    format!("{}{by}, {}{note}", verdict.name(), at.strftime("%Y-%m-%d"))
}

/// The documents of a ledger, with how many of the statements each has.
fn entries(ledger: &Ledger, known: Known, statements: &[Statement]) -> Result<Vec<Source>, ledger::Error> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for statement in statements {
        *counts.entry(&statement.doc).or_default() += 1;
    }
    let source = |entry: ledger::Entry| Source {
        statements: counts.get(entry.name.as_str()).copied().unwrap_or(0),
        doc: entry.name,
        outlet: entry.outlet,
        title: entry.title,
        author: entry.author,
        url: entry.url,
        published: entry.published,
        unplaced: entry.unplaced,
        elsewhere: entry.elsewhere,
        copy_of: entry.copy_of,
    };
    Ok(ledger.documents(known)?.into_iter().map(source).collect())
}

/// What an input goes by in messages.
pub(super) fn named(path: &str) -> &str {
    if path == "-" { "standard input" } else { path }
}

/// Why statements cannot be read, with the line where it is one of them.
pub(super) fn unreadable(path: &str, error: export::Error) -> Problem {
    match error {
        export::Error::Line { line, source } => {
            Problem::error("cannot read the statement").at(named(path)).line(line as u64).why(source)
        }
        other => Problem::error("cannot read the statements").at(named(path)).why(other),
    }
}

fn read(path: &str) -> Result<Vec<Statement>, Fault> {
    let fail = |e: export::Error| unreadable(path, e);
    let input: Box<dyn BufRead> = if path == "-" {
        Box::new(BufReader::new(io::stdin()))
    } else {
        let file = File::open(path)
            .map_err(|e| fail(e.into()).hint("demarche extract makes such a file; demarche build does too"))?;
        Box::new(BufReader::new(file))
    };
    Ok(export::read_statements(input).map_err(fail)?)
}

/// The documents, as far as statements tell of them.
fn sources(statements: &[Statement]) -> Vec<Source> {
    let mut sources: BTreeMap<&str, Source> = BTreeMap::new();
    for statement in statements {
        let source = sources.entry(&statement.doc).or_insert_with(|| Source {
            doc: statement.doc.clone(),
            outlet: statement.outlet.clone(),
            title: statement.title.clone(),
            url: statement.url.clone(),
            published: statement.published.map(|d| (d, DateOrigin::Given)),
            copy_of: statement.copy_of.clone(),
            ..Source::default()
        });
        source.statements += 1;
    }
    sources.into_values().collect()
}
