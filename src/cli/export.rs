//! `demarche export`: positions and their statements in the forms of other programs.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::batch;
use super::fault::{Fault, Outcome, tell};
use super::flags::{BatchOptions, CodebookFlags, CsvFlags, LedgerFlags, MatrixFlags};
use super::input::Reader;
use super::ledger::{failed, open};
use super::origin::{Loaded, Origin, Wanted};
use crate::base::{Problem, file};
use crate::export::{self, Findings, Network, refi};
use crate::matrix::{self, MatrixOptions};
use crate::statement::Statement;

const EXAMPLES: &str = "\
Examples:
  demarche export markdown > positions.md                 the matrix, and the quotations behind it
  demarche export markdown brief.xlsx -o positions.md     the same of a workbook by demarche
  demarche export graphml --network conflict -o talks.graphml --ledger talks.sqlite
  demarche export dna --party us --party russia -o events.csv
  demarche export parquet -o statements.parquet           statements for DuckDB, pandas, Polars and Spark
  demarche export parquet --table positions -o positions.parquet
  demarche export qdc -o talks.qdc
  demarche export qdpx output/statements.jsonl --documents seeds -o talks.qdpx

Only statements that count towards a position are written, but for parquet, which has all. docs/files.md tells what stands in each file.";

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// A table for a report, with the statements in a list under it
    Markdown,
    /// Apache Parquet for DuckDB, pandas, Polars and Spark
    #[cfg(feature = "parquet")]
    Parquet,
    /// A network of parties and topics, or of parties, for Gephi and visone
    Graphml,
    /// The event list of Discourse Network Analyzer
    Dna,
    /// The codebook for NVivo, MAXQDA, ATLAS.ti and QualCoder (REFI-QDA)
    Qdc,
    /// A project with texts and coded passages for the same
    Qdpx,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum TableFlag {
    /// A row each statement, those that count for no position too
    Statements,
    /// A row each position
    Positions,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum NetworkFlag {
    /// Parties and topics, an edge for each position
    TwoMode,
    /// Parties, by the topics on which both lean the same way
    Congruence,
    /// Parties, by the topics on which one says yes and the other no
    Conflict,
}

/// Write positions and their statements for other programs
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// What to write
    #[arg(value_enum, value_name = "FORMAT")]
    format: Form,
    /// Statements: statements.jsonl, statements.csv, a workbook by demarche or a ledger; - for standard input [default: output/statements.jsonl]
    #[arg(value_name = "FILE", conflicts_with = "ledger")]
    statements: Option<String>,
    #[command(flatten)]
    ledger: LedgerFlags,
    /// File to write; - for standard output
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    output: PathBuf,
    /// Which network (graphml) [default: two-mode]
    #[arg(long, value_enum, value_name = "NETWORK")]
    network: Option<NetworkFlag>,
    /// Which table (parquet) [default: statements]
    #[cfg_attr(not(feature = "parquet"), arg(hide = true))]
    #[arg(long, value_enum, value_name = "TABLE")]
    table: Option<TableFlag>,
    /// Folder of the documents that the statements were made from (qdpx); a ledger holds its own
    #[arg(long, value_name = "DIR")]
    documents: Option<String>,
    #[command(flatten)]
    codebook: CodebookFlags,
    #[command(flatten)]
    csv: CsvFlags,
    #[command(flatten)]
    counts: MatrixFlags,
}

/// Runs the command.
pub(super) fn run(args: Args) -> Result<Outcome, Fault> {
    args.check()?;
    let codebook = args.codebook.load()?;
    let mut bytes = Vec::new();
    if args.format == Form::Qdc {
        refi::write_qdc(&mut bytes, &codebook).map_err(|e| args.unmade(e))?;
        return args.write(&bytes).map(|()| Outcome::Done);
    }
    let options = args.counts.clone().resolve(&codebook)?;
    let origin = Origin::new(args.statements.clone(), args.ledger.clone())?;
    let mut reader = Reader::new(&codebook);
    let loaded = reader.load(&origin, Wanted::Workbook(options.as_of))?;
    let mut problems = reader.problems;
    let options = MatrixOptions { as_of: loaded.as_of, ..options };
    let matrix = matrix::positions(&loaded.statements, &codebook, &options);
    let findings = Findings { matrix: &matrix, statements: &loaded.statements, codebook: &codebook };
    match args.format {
        Form::Markdown => export::write_markdown(&mut bytes, findings),
        #[cfg(feature = "parquet")]
        Form::Parquet => match args.table {
            None | Some(TableFlag::Statements) => export::write_statements_parquet(&mut bytes, &loaded.statements),
            Some(TableFlag::Positions) => {
                export::write_positions_parquet(&mut bytes, &matrix, &loaded.statements, &codebook.labels)
            }
        },
        Form::Graphml => export::write_graphml(&mut bytes, findings, args.network()),
        Form::Dna => export::write_dna(&mut bytes, findings, &authors(&loaded), args.csv.resolve()),
        Form::Qdc => Ok(()),
        Form::Qdpx => {
            let (documents, faults) = documents(&args, &origin, findings)?;
            problems.extend(faults);
            refi::write_qdpx(&mut bytes, findings, &documents)
        }
    }
    .map_err(|e| args.unmade(e))?;
    tell(&problems);
    args.write(&bytes)?;
    Ok(Outcome::of(&problems))
}

impl Args {
    /// Refuses what goes with another format, before anything is read.
    fn check(&self) -> Result<(), Fault> {
        let stray = |flag: &str, format: &str| {
            let problem = Problem::error(format!("cannot use {flag} with this format"));
            Err(problem.why(format!("it is for {format}")).hint("Leave it out, or ask for that format").into())
        };
        if self.network.is_some() && self.format != Form::Graphml {
            return stray("--network", "graphml");
        }
        if self.table.is_some() && !self.is_parquet() {
            return stray("--table", "parquet");
        }
        if self.documents.is_some() && self.format != Form::Qdpx {
            return stray("--documents", "qdpx");
        }
        if self.csv.resolve().bom && self.format != Form::Dna {
            return stray("--bom", "dna");
        }
        if self.format == Form::Qdc && (self.statements.is_some() || self.ledger.ledger.is_some()) {
            let problem = Problem::error("cannot put statements into a .qdc file").why("it holds the codebook alone");
            return Err(problem.hint("Leave the file out, or ask for qdpx, which holds both").into());
        }
        if (self.format == Form::Qdpx || self.is_parquet()) && self.is_piped() && io::stdout().is_terminal() {
            let problem = Problem::error("cannot write such a file to the terminal").why("it is no text");
            return Err(problem.hint("Name a file with -o").into());
        }
        Ok(())
    }

    fn is_parquet(&self) -> bool {
        #[cfg(feature = "parquet")]
        return self.format == Form::Parquet;
        #[cfg(not(feature = "parquet"))]
        return false;
    }

    fn network(&self) -> Network {
        match self.network {
            None | Some(NetworkFlag::TwoMode) => Network::TwoMode,
            Some(NetworkFlag::Congruence) => Network::Congruence,
            Some(NetworkFlag::Conflict) => Network::Conflict,
        }
    }

    fn is_piped(&self) -> bool {
        self.output.as_os_str() == "-"
    }

    fn unmade(&self, error: export::Error) -> Problem {
        Problem::error("cannot make the file").at(&self.output).why(error)
    }

    fn write(&self, bytes: &[u8]) -> Result<(), Fault> {
        if self.is_piped() {
            return io::stdout().lock().write_all(bytes).map_err(Fault::output);
        }
        file::write_atomic(&self.output, bytes).map_err(|e| e.problem(&self.output).into())
    }
}

/// Authors by document, where the ledger knows them.
fn authors(loaded: &Loaded) -> BTreeMap<&str, &str> {
    loaded.sources.iter().filter_map(|s| Some((s.doc.as_str(), s.author.as_deref()?))).collect()
}

/// Finds the texts of the statements, and tells which statements do not stand in theirs.
fn documents<'a>(
    args: &Args,
    origin: &Origin,
    findings: Findings<'a>,
) -> Result<(Vec<refi::Coded<'a>>, Vec<Problem>), Fault> {
    let mut by_name: BTreeMap<&str, Vec<&Statement>> = BTreeMap::new();
    for statement in findings.behind() {
        by_name.entry(&statement.doc).or_default().push(statement);
    }
    let names: BTreeSet<&str> = by_name.keys().copied().collect();
    let (mut texts, mut problems) = match (&args.documents, origin) {
        (Some(folder), _) => read(folder, &names)?,
        (None, Origin::Ledger(ledger, _)) => (stored(ledger, &names)?, Vec::new()),
        (None, Origin::Lines(_)) => {
            let problem = Problem::error("cannot make a project without the texts of the documents");
            let problem = problem.why("a file of statements does not hold them");
            return Err(problem.hint("Name the folder they are in with --documents, or a ledger").into());
        }
    };
    let mut documents = Vec::new();
    for (name, statements) in by_name {
        let all = statements.len();
        let Some(text) = texts.remove(name) else {
            let problem = Problem::error("cannot find the text of a document").at(name);
            let problem = problem.why(format!("{all} statements name it, and it is not among the documents"));
            problems.push(problem.hint("Name the folder that the statements were made from with --documents"));
            continue;
        };
        let (document, misplaced) = refi::Coded::new(name, text, statements);
        if let Some(first) = misplaced.first() {
            let what = format!("cannot place {} of its {all} statements", misplaced.len());
            let why = format!("the quotation of {} does not stand at {} to {}", first.id, first.start, first.end);
            let hint = "The document has changed since; make the statements again";
            problems.push(Problem::error(what).at(name).why(why).hint(hint));
        }
        if !document.statements.is_empty() {
            documents.push(document);
        }
    }
    Ok((documents, problems))
}

/// Reads those documents of a folder that are asked for.
fn read(folder: &str, names: &BTreeSet<&str>) -> Result<(BTreeMap<String, String>, Vec<Problem>), Fault> {
    let options = BatchOptions::default();
    let keep = |name: &str| names.contains(name);
    let (texts, problems) = batch::chosen(folder, &options, keep, |d| (d.name.clone(), d.text.clone()))?;
    Ok((texts.into_iter().collect(), problems))
}

/// Reads the texts that a ledger holds.
fn stored(path: &Path, names: &BTreeSet<&str>) -> Result<BTreeMap<String, String>, Fault> {
    let ledger = open(path)?;
    let mut texts = BTreeMap::new();
    for name in names {
        if let Some(text) = ledger.text(name).map_err(failed(path))? {
            texts.insert((*name).to_string(), text);
        }
    }
    Ok(texts)
}
