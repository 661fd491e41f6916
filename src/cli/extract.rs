//! `demarche extract`: documents into statements, one a line.

use std::io::{self, BufWriter, Write};

use serde::Serialize;

use super::batch;
use super::fault::{Fault, Outcome, tell};
use super::flags::{BatchFlags, CodebookFlags, share};
use crate::attribution;
use crate::base::{CodePoints, Span};
use crate::codebook::Codebook;
use crate::document::Document;
use crate::document::copies::{self, Copies, Sketch};
use crate::export;
use crate::statement::{self, Statement};

const EXAMPLES: &str = "\
Examples:
  demarche extract news/ > statements.jsonl
  demarche extract news/ --min-confidence 0.6 > statements.jsonl
  demarche extract - < corpus.jsonl | demarche matrix -
  demarche extract --attributions - < corpus.jsonl > attributions.jsonl

A document on standard input is a line of JSON with id and text and, where known, title, published, outlet, url, author.";

/// Write the statements of documents as JSON Lines
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// Files, folders and patterns; - for documents as JSON Lines on standard input
    #[arg(value_name = "PATHS", default_value = "seeds")]
    paths: Vec<String>,
    /// Write who said what in which words instead: {id, attributions: [{source, cue, content}]}, in code points
    #[arg(long)]
    attributions: bool,
    /// Write what copies of one story are told by instead: {id, doc, sketch}, for programs that spread documents over machines
    #[arg(long, conflicts_with = "attributions")]
    sketches: bool,
    /// Leave out statements below this confidence (0 to 1)
    #[arg(
        long,
        value_name = "X",
        default_value_t = 0.0,
        hide_default_value = true,
        value_parser = share,
        conflicts_with_all = ["attributions", "sketches"]
    )]
    min_confidence: f64,
    #[command(flatten)]
    codebook: CodebookFlags,
    #[command(flatten)]
    batch: BatchFlags,
}

/// Runs the command.
pub(super) fn run(args: Args) -> Result<Outcome, Fault> {
    let codebook = args.codebook.load()?;
    let mut out = BufWriter::new(io::stdout().lock());
    let mut batch = args.batch.resolve();
    batch.repeats = args.sketches;
    let problems = if args.sketches {
        batch::each(&args.paths, &batch, sketch, |line| put(&mut out, line))?
    } else if args.attributions {
        let attributed = |document: &Document| attributions(document, &codebook);
        batch::each(&args.paths, &batch, attributed, |lines| put(&mut out, lines))?
    } else {
        let mut copies = Copies::default();
        let code = |document: &Document| Coded::new(document, &codebook, args.min_confidence);
        batch::each_document(&args.paths, &batch, code, |document, mut coded| {
            // Whose copy a document is shows only once those before it are done.
            if let Some(story) = copies.of(document, coded.sketch.take()) {
                coded.statements.iter_mut().for_each(|statement| statement.copy_of = Some(story.clone()));
                coded.lines = lines(&coded.statements);
            }
            put(&mut out, coded.lines)
        })?
    };
    out.flush().map_err(Fault::output)?;
    tell(&problems);
    Ok(Outcome::of(&problems))
}

/// Writes the lines of a document at once, for who waits for them.
fn put(out: &mut impl Write, lines: Result<Vec<u8>, export::Error>) -> Result<(), Fault> {
    out.write_all(&lines.map_err(Fault::export)?).and_then(|()| out.flush()).map_err(Fault::output)
}

/// A document's statements, and the lines that tell them where it is no copy.
struct Coded {
    statements: Vec<Statement>,
    lines: Result<Vec<u8>, export::Error>,
    sketch: Option<Sketch>,
}

impl Coded {
    fn new(document: &Document, codebook: &Codebook, least: f64) -> Self {
        let mut statements = statement::code(document, codebook).statements;
        let sketch = copies::sketch(document, !statements.is_empty());
        statements.retain(|s| s.confidence >= least);
        Coded { lines: lines(&statements), statements, sketch }
    }
}

fn lines(statements: &[Statement]) -> Result<Vec<u8>, export::Error> {
    let mut lines = Vec::new();
    export::write_statements_jsonl(&mut lines, statements)?;
    Ok(lines)
}

#[derive(Serialize)]
struct Attributions<'a> {
    id: &'a str,
    attributions: Vec<Parts>,
}

#[derive(Serialize)]
struct Parts {
    source: Option<Vec<[u32; 2]>>,
    cue: Option<Vec<[u32; 2]>>,
    content: Option<Vec<[u32; 2]>>,
}

fn attributions(document: &Document, codebook: &Codebook) -> Result<Vec<u8>, export::Error> {
    let mut points = CodePoints::new(&document.text);
    let mut part = |spans: &[Span]| -> Option<Vec<[u32; 2]>> {
        (!spans.is_empty()).then(|| spans.iter().map(|s| [points.at(s.start), points.at(s.end)]).collect())
    };
    let attributions = attribution::attribute(document, codebook)
        .iter()
        .map(|a| Parts { source: part(&a.source), cue: part(&a.cue), content: part(&a.content) })
        .collect();
    line(&Attributions { id: &document.name, attributions })
}

#[derive(Serialize)]
struct Sketched<'a> {
    id: &'a str,
    doc: &'a str,
    sketch: Option<Sketch>,
}

fn sketch(document: &Document) -> Result<Vec<u8>, export::Error> {
    line(&Sketched { id: &document.id, doc: &document.name, sketch: Sketch::of(&document.text) })
}

fn line(value: &impl Serialize) -> Result<Vec<u8>, export::Error> {
    let mut line = serde_json::to_vec(value).map_err(io::Error::from)?;
    line.push(b'\n');
    Ok(line)
}
