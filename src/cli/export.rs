//! `demarche export`: positions and their statements in the forms of other programs.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::PathBuf;

use clap::ValueEnum;

use super::fault::{Fault, Outcome, tell};
use super::flags::{CodebookFlags, LedgerFlags, MatrixFlags};
use super::input::Reader;
use super::origin::{Loaded, Origin, Wanted};
use crate::base::{Problem, file};
use crate::codebook::Codebook;
use crate::export::{self, Findings, Network};
use crate::matrix::{self, MatrixOptions};

const EXAMPLES: &str = "\
Examples:
  demarche export markdown > positions.md                 the matrix, and the quotations behind it
  demarche export markdown brief.xlsx -o positions.md     the same of a workbook by demarche
  demarche export graphml --network conflict -o talks.graphml --ledger talks.sqlite
  demarche export dna --party us --party russia -o events.csv

Only statements that count towards a position are written. docs/files.md tells what stands in each file.";

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// A table for a report, with the statements in a list under it
    Markdown,
    /// A network of parties and topics, or of parties, for Gephi and visone
    Graphml,
    /// The event list of Discourse Network Analyzer
    Dna,
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
    #[command(flatten)]
    codebook: CodebookFlags,
    /// Put an apostrophe before values that a spreadsheet would run as a formula (dna)
    #[arg(long)]
    guard_formulas: bool,
    /// Begin with a byte-order mark, by which Excel knows UTF-8 (dna)
    #[arg(long)]
    bom: bool,
    #[command(flatten)]
    counts: MatrixFlags,
}

/// Runs the command.
pub(super) fn run(args: Args) -> Result<Outcome, Fault> {
    args.check()?;
    let codebook = args.codebook.load()?;
    let options = args.counts.clone().resolve(&codebook)?;
    let origin = Origin::new(args.statements.clone(), args.ledger.clone())?;
    let (loaded, problems) = load(&origin, &codebook, &options)?;
    let options = MatrixOptions { as_of: loaded.as_of, ..options };
    let matrix = matrix::positions(&loaded.statements, &codebook, &options);
    let findings = Findings { matrix: &matrix, statements: &loaded.statements, codebook: &codebook };
    let mut bytes = Vec::new();
    match args.format {
        Form::Markdown => export::write_markdown(&mut bytes, findings),
        Form::Graphml => export::write_graphml(&mut bytes, findings, args.network()),
        Form::Dna => export::write_dna(&mut bytes, findings, &authors(&loaded), args.options()),
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
        if self.bom && self.format != Form::Dna {
            return stray("--bom", "dna");
        }
        Ok(())
    }

    fn network(&self) -> Network {
        match self.network {
            None | Some(NetworkFlag::TwoMode) => Network::TwoMode,
            Some(NetworkFlag::Congruence) => Network::Congruence,
            Some(NetworkFlag::Conflict) => Network::Conflict,
        }
    }

    fn options(&self) -> export::Options {
        export::Options { guard_formulas: self.guard_formulas, bom: self.bom }
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

/// Loads all statements, of whatever kind of file; the second are problems, not yet told.
fn load(origin: &Origin, codebook: &Codebook, options: &MatrixOptions) -> Result<(Loaded, Vec<Problem>), Fault> {
    match origin {
        Origin::Lines(path) => {
            let mut reader = Reader::new(codebook);
            let statements = reader.statements(path)?;
            let loaded = Loaded { statements, sources: Vec::new(), as_of: options.as_of, tie: None };
            Ok((loaded, reader.problems))
        }
        Origin::Ledger(..) => Ok((origin.load(codebook, Wanted::Matrix(options, true))?, Vec::new())),
    }
}

/// Authors by document, where the ledger knows them.
fn authors(loaded: &Loaded) -> BTreeMap<&str, &str> {
    loaded.sources.iter().filter_map(|s| Some((s.doc.as_str(), s.author.as_deref()?))).collect()
}
