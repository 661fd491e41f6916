//! `demarche explain`: why a statement was coded as it was.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

use jiff::civil::Date;

use super::batch;
use super::fault::{Fault, Outcome, tell};
use super::flags::{BatchFlags, CodebookFlags, LedgerFlags};
use super::origin::{Origin, Stored, so_far};
use super::terminal::{self, Colours};
use crate::attribution::{self, Attribution};
use crate::base::{LineIndex, Problem, Span};
use crate::codebook::Codebook;
use crate::document::{Document, Given, again};
use crate::ledger::{self, Selection, is_ledger};
use crate::matrix::{Stance, words};
use crate::statement::{self, Statement};

const EXAMPLES: &str = "\
Examples:
  demarche explain 3f9c2a81d0b7e455
  demarche explain 3f9c news/            the beginning of an id will do
  demarche explain 3f9c --ledger talks.sqlite   as the ledger holds it, reviews applied

In the passage «…» is the quote, [..] the source and {..} the reporting words.";

/// Show the passage, the spans and the rules behind a statement
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// Id of the statement, or its beginning
    #[arg(value_name = "ID")]
    id: String,
    /// The documents it may come from, or a ledger that holds it [default: seeds]
    #[arg(value_name = "PATHS", conflicts_with = "ledger")]
    paths: Vec<String>,
    #[command(flatten)]
    ledger: LedgerFlags,
    #[command(flatten)]
    codebook: CodebookFlags,
    #[command(flatten)]
    batch: BatchFlags,
}

/// Runs the command.
pub(super) fn run(args: Args) -> Result<Outcome, Fault> {
    let codebook = args.codebook.load()?;
    let id = args.id.to_lowercase();
    let colours = Colours::new();
    let is_stored = args.ledger.ledger.is_some() || matches!(args.paths.as_slice(), [path] if is_ledger(path));
    if is_stored || args.ledger.known_on.is_some() {
        return match Origin::new(args.paths.into_iter().next(), args.ledger)? {
            Origin::Ledger(path, known_on) => of_ledger(&id, &path, known_on, &codebook, colours),
            Origin::Lines(path) => Err(none(&id, &path)),
        };
    }
    let paths = if args.paths.is_empty() { vec!["seeds".to_string()] } else { args.paths };
    let mut out = io::stdout().lock();
    let mut found = 0usize;
    let problems = batch::each(
        &paths,
        &args.batch.resolve(),
        |document| {
            let coded = statement::code(document, &codebook);
            let hits = coded.statements.iter().filter(|s| s.id.starts_with(&id));
            hits.map(|s| explained(document, s, &codebook, colours)).collect::<Vec<_>>()
        },
        |texts| {
            for text in texts {
                if found > 0 {
                    out.write_all(b"\n").map_err(Fault::output)?;
                }
                found += 1;
                out.write_all(colours.fit(&text).as_bytes()).map_err(Fault::output)?;
            }
            Ok(())
        },
    )?;
    tell(&problems);
    if found == 0 {
        return Err(none(&id, &paths.join(", ")));
    }
    Ok(Outcome::of(&problems))
}

fn none(id: &str, searched: &str) -> Fault {
    let problem =
        Problem::error("no statement has that id").why(format!("\"{id}\" begins none of the ids in {searched}"));
    problem.hint("Ids stand in statements.csv and on Evidence; name the documents, or the ledger, after the id").into()
}

/// Explains the statements of a ledger whose ids begin so.
fn of_ledger(
    id: &str,
    path: &Path,
    known_on: Option<Date>,
    codebook: &Codebook,
    colours: Colours,
) -> Result<Outcome, Fault> {
    let stored = Stored::open(path, known_on, codebook)?;
    let texts = texts(&stored, id, codebook, colours).map_err(|e| stored.failed(e))?;
    if texts.is_empty() {
        return Err(none(id, &path.display().to_string()));
    }
    terminal::print(&texts.join("\n"))?;
    Ok(Outcome::Done)
}

fn texts(stored: &Stored<'_>, id: &str, codebook: &Codebook, colours: Colours) -> Result<Vec<String>, ledger::Error> {
    let (ledger, known) = (&stored.ledger, stored.known);
    let ids = Some(ledger.ids(id, known)?);
    let statements = ledger.statements(&Selection { known, ids, whole: true, ..Selection::default() })?;
    // Of several reviews of a statement the last holds.
    let reviews: BTreeMap<String, String> =
        ledger.judged(known)?.into_iter().filter_map(|(review, id)| Some((id?, so_far(&review)))).collect();
    let mut texts = Vec::with_capacity(statements.len());
    for mut statement in statements {
        let Some(text) = ledger.text(&statement.doc)? else { continue };
        let given = Given { published: statement.published, outlet: statement.outlet.clone(), ..Given::default() };
        let document = again(&statement.doc, text, &given);
        statement.review = reviews.get(&statement.id).cloned();
        texts.push(explained(&document, &statement, codebook, colours));
    }
    Ok(texts)
}

fn explained(document: &Document, statement: &Statement, codebook: &Codebook, colours: Colours) -> String {
    let quote = bytes(&document.text, statement.start, statement.end);
    let line = LineIndex::new(&document.text).line(quote.start as usize);
    let passage = around(&document.text, quote);
    let attribution = behind(attribution::attribute(document, codebook), quote);
    let label = Stance::Value(statement.stance).label(&codebook.labels);
    let name = |found: Option<&str>, id: &str| found.unwrap_or(id).to_string();
    let party =
        name(codebook.parties.iter().find(|p| p.id == statement.party).map(|p| p.name.as_str()), &statement.party);
    let topic = codebook.topics.iter().find(|t| t.id == statement.topic);
    let mut out = format!("{}\n", colours.bold(&format!("Statement {}", statement.id)));
    let mut fact = |what: &str, value: &str| {
        if !value.is_empty() {
            out.push_str(&format!("{what:<12} {value}\n"));
        }
    };
    fact("party", &party);
    fact(
        "topic",
        &format!("{}: {}", name(topic.map(|t| t.name.as_str()), &statement.topic), topic.map_or("", |t| &t.question)),
    );
    fact("stance", &format!("{} {label}", words::signed(statement.stance.into())));
    fact("condition", statement.condition.as_deref().unwrap_or(""));
    fact("speaker", statement.speaker.as_deref().unwrap_or(""));
    fact("named as", statement.source_text.as_deref().unwrap_or(""));
    fact("role", &format!("{:?}, {:?}", statement.role, statement.rank).to_lowercase());
    fact("mode", &format!("{:?}", statement.mode).to_lowercase());
    fact("said on", &statement.stated_on.map(words::day).unwrap_or_default());
    fact("published", &statement.published.map(words::day).unwrap_or_default());
    fact("confidence", &format!("{:.2}", statement.confidence));
    fact("review", statement.review.as_deref().unwrap_or(""));
    if statement.secondhand {
        fact("secondhand", "ascribed by a speaker of another party; counts for no position");
    }
    fact("where", &format!("{}, line {line}", document.name));
    out.push_str(&format!("\n{}\n\n", marked(&document.text, passage, quote, &attribution, colours)));
    out.push_str("rules\n");
    for rule in &statement.rules {
        out.push_str(&format!("  {rule}\n"));
    }
    out
}

/// The attribution whose content shares most with the quote, or an empty one.
fn behind(attributions: Vec<Attribution>, quote: Span) -> Attribution {
    let shared = |a: &Attribution| a.content.iter().map(|s| s.shared(quote)).sum::<usize>();
    attributions.into_iter().filter(|a| shared(a) > 0).max_by_key(shared).unwrap_or_default()
}

/// The paragraph around a span: the lines it touches, and the next one before or after where the text is set line by line.
fn around(text: &str, quote: Span) -> Span {
    let start = text.get(..quote.start as usize).and_then(|t| t.rfind('\n')).map_or(0, |at| at + 1);
    let end =
        text.get(quote.end as usize..).and_then(|t| t.find('\n')).map_or(text.len(), |at| quote.end as usize + at);
    Span::new(start, end)
}

/// Puts marks around quote, source and cue in the passage.
fn marked(text: &str, passage: Span, quote: Span, attribution: &Attribution, colours: Colours) -> String {
    // At one place ends come before beginnings, so that marks never cross where spans touch.
    let mut marks: Vec<(u32, u8, String)> = vec![(quote.start, 1, "«".to_string()), (quote.end, 0, "»".to_string())];
    for span in attribution.source.iter().filter(|s| passage.contains(**s)) {
        marks.push((span.start, 1, colours.source("[")));
        marks.push((span.end, 0, colours.source("]")));
    }
    for span in attribution.cue.iter().filter(|s| passage.contains(**s)) {
        marks.push((span.start, 1, colours.cue("{")));
        marks.push((span.end, 0, colours.cue("}")));
    }
    marks.sort();
    let mut out = String::new();
    let mut at = passage.start;
    for (place, _, mark) in marks {
        out.push_str(Span { start: at, end: place }.of(text));
        out.push_str(&mark);
        at = place;
    }
    out.push_str(Span { start: at, end: passage.end }.of(text));
    out
}

/// Turns code points into bytes.
fn bytes(text: &str, start: u32, end: u32) -> Span {
    let byte = |point: u32| text.char_indices().nth(point as usize).map_or(text.len(), |(at, _)| at);
    Span::new(byte(start), byte(end))
}
