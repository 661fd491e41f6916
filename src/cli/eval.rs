//! `demarche eval`: how well statements agree with an analyst's own coding.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::batch;
use super::fault::{Fault, Outcome, tell};
use super::flags::{BatchFlags, CodebookFlags, ReadForm, known, share};
use super::terminal::Colours;
use crate::base::{CodePoints, Problem};
use crate::codebook::Codebook;
use crate::document::Document;
use crate::eval::{self, Figures, Group, Rates, Row, Texts, Wrong};
use crate::export;
use crate::matrix::words;
use crate::statement::{self, Confidence};

const EXAMPLES: &str = "\
Examples:
  demarche eval gold.jsonl news/                       codes news/ and judges the result
  demarche eval gold.csv news/ --misses                what was missed and why
  demarche eval gold.jsonl news/ --predicted mine.jsonl
  demarche eval gold.jsonl news/ --topics ceasefire,sanctions --format json

GOLD is one statement a line, with at least doc, quote, party, topic and stance; docs/eval.md tells the fields and
what each figure means.";

/// Judge statements against an analyst's own coding
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// The analyst's coding: JSON Lines, or CSV where the name ends in .csv
    #[arg(value_name = "GOLD")]
    gold: PathBuf,
    /// The folder with the documents that it codes
    #[arg(value_name = "DOCS")]
    documents: String,
    /// Judge the statements of this file instead of coding the documents
    #[arg(long, value_name = "FILE")]
    predicted: Option<PathBuf>,
    #[command(flatten)]
    codebook: CodebookFlags,
    /// Only these topics, parted by commas
    #[arg(long, value_name = "ID,ID", value_delimiter = ',')]
    topics: Vec<String>,
    /// Leave out predictions below this confidence (0 to 1)
    #[arg(long, value_name = "X", default_value_t = 0.0, hide_default_value = true, value_parser = share)]
    min_confidence: f64,
    /// List what was missed, what is false and what has the wrong sign, each with a reason
    #[arg(long)]
    misses: bool,
    /// What to write
    #[arg(long, value_enum, default_value = "text")]
    format: ReadForm,
    #[command(flatten)]
    batch: BatchFlags,
}

/// What one document gives.
struct Coded {
    name: String,
    text: String,
    rows: Vec<Row>,
    refused: Vec<Row>,
    wording: Vec<(usize, usize, String)>,
}

/// Runs the command.
pub(super) fn run(args: Args) -> Result<Outcome, Fault> {
    let codebook = args.codebook.load()?;
    for id in &args.topics {
        known("topic", id, codebook.topics.iter().map(|t| t.id.as_str()))?;
    }
    let (gold, mut problems) = eval::read(&args.gold, &bytes(&args.gold)?);
    let names: BTreeSet<String> = gold.iter().map(|g| g.doc.clone()).collect();
    let code = args.predicted.is_none();
    let (coded, faults) = batch::chosen(
        &args.documents,
        &args.batch.resolve(),
        |name| named(&names, name).is_some(),
        |document| one(document, &codebook, &names, code, code && args.misses),
    )?;
    problems.extend(faults);
    let texts: Texts = coded.iter().map(|c| (c.name.clone(), c.text.clone())).collect();
    let (gold, faults) = eval::check(gold, &args.gold, &texts, &codebook);
    problems.extend(faults);
    let (mut found, mut refused) = (Vec::new(), Vec::new());
    let mut wording = eval::Wording::new();
    for document in coded {
        found.extend(document.rows);
        refused.extend(document.refused);
        wording.insert(document.name, document.wording);
    }
    if let Some(path) = &args.predicted {
        let (rows, faults) = eval::read(path, &bytes(path)?);
        problems.extend(faults);
        let ours = |mut row: Row| Some(Row { doc: named(&names, &row.doc)?.to_string(), at: row.at.take(), ..row });
        found = rows.into_iter().filter_map(ours).collect();
    }
    tell(&problems);
    let gold = eval::select(gold, &args.topics);
    if gold.is_empty() {
        let nothing = Problem::error("nothing to judge by").at(&args.gold).why("no row of it can be used");
        return Err(nothing.hint("docs/eval.md tells the fields of a row").into());
    }
    // Only documents that rows in use name are judged, as if the others were not there.
    let judged: BTreeSet<&str> = gold.iter().map(|g| g.doc.as_str()).collect();
    found.retain(|f| judged.contains(f.doc.as_str()));
    let sure = |row: &Row| row.confidence.is_none_or(|c| c >= args.min_confidence);
    let (found, dropped) = eval::select(found, &args.topics).into_iter().partition(sure);
    let gold = eval::place(gold, &texts, true);
    let found: Vec<eval::Placed> = eval::place(found, &texts, false);
    let dropped = eval::place(dropped, &texts, false);
    let refused = eval::place(refused, &texts, false);
    let made = eval::matching(&gold, &found);
    let figures = eval::figures(&gold, &found, &made);
    let known = eval::Known { dropped: &dropped, refused: &refused, wording: code.then_some(&wording) };
    let lists = args.misses.then(|| Lists {
        missed: eval::misses(&gold, &found, &made, known),
        false_alarms: eval::false_alarms(&gold, &found, &made),
        wrong_stances: eval::wrong_stances(&gold, &found, &made),
    });
    let mut bytes = Vec::new();
    match args.format {
        ReadForm::Text => bytes = Colours::new().fit(&page(&figures, lists.as_ref())).into_bytes(),
        ReadForm::Json => json(&mut bytes, &figures, lists.as_ref()).map_err(Fault::export)?,
    }
    io::stdout().lock().write_all(&bytes).map_err(Fault::output)?;
    Ok(Outcome::of(&problems))
}

fn bytes(path: &Path) -> Result<Vec<u8>, Fault> {
    fs::read(path).map_err(|e| Problem::error("cannot read the statements").at(path).why(e).into())
}

/// Returns the name that the gold gives a document: its path below the folder, or the last part of it.
fn named<'a>(names: &'a BTreeSet<String>, path: &str) -> Option<&'a str> {
    let last = path.rsplit(['/', '\\']).next().unwrap_or(path);
    names.get(path).or_else(|| names.get(last)).map(String::as_str)
}

fn one(document: &Document, codebook: &Codebook, names: &BTreeSet<String>, code: bool, wording: bool) -> Coded {
    let name = named(names, &document.name).unwrap_or(&document.name).to_string();
    let mut made =
        Coded { name, text: document.text.clone(), rows: Vec::new(), refused: Vec::new(), wording: Vec::new() };
    if code {
        let statements = statement::code(document, codebook).statements;
        made.rows = statements.iter().map(|s| Row { doc: made.name.clone(), ..Row::from(s) }).collect();
    }
    if wording {
        let open = statement::code_with(document, codebook, &Confidence::open());
        let sure = |id: &str| open.reasons.get(id).map(|reasons| Confidence::builtin().of(reasons));
        made.refused = open
            .statements
            .iter()
            .map(|s| Row { doc: made.name.clone(), confidence: sure(&s.id), ..Row::from(s) })
            .filter(|r| r.confidence.is_some_and(|c| c < Confidence::builtin().threshold))
            .collect();
        let mut points = CodePoints::new(&document.text);
        for matter in statement::matters(document, codebook) {
            let topic = codebook.topics.get(matter.topic as usize).map_or("", |t| t.id.as_str());
            let (from, to) = (points.at(matter.span.start), points.at(matter.span.end));
            made.wording.push((from as usize, to as usize, topic.to_string()));
        }
    }
    made
}

/// What `--misses` lists.
#[derive(Serialize)]
struct Lists {
    missed: Vec<Wrong>,
    false_alarms: Vec<Wrong>,
    wrong_stances: Vec<Wrong>,
}

fn json(out: &mut Vec<u8>, figures: &Figures, lists: Option<&Lists>) -> Result<(), export::Error> {
    #[derive(Serialize)]
    struct Whole<'a> {
        #[serde(flatten)]
        figures: &'a Figures,
        #[serde(flatten)]
        lists: Option<&'a Lists>,
    }
    export::write_json(out, &Whole { figures, lists })
}

fn page(f: &Figures, lists: Option<&Lists>) -> String {
    let mut out = format!(
        "{}, {} coded and {} borderline; {} found, {} of them duplicates\n\n",
        many(f.documents, "document"),
        many(f.required, "statement"),
        f.borderline,
        f.predicted,
        f.duplicates
    );
    out.push_str(&format!("{:<24}{:>10}{:>10}{:>10}\n", "", "precision", "recall", "F1"));
    let rates =
        [("statement", f.statement), ("statement and sign", f.statement_and_sign), ("cell and sign", f.cell_and_sign)];
    for (name, r) in rates {
        out.push_str(&format!("{name:<24}{:>10.3}{:>10.3}{:>10.3}\n", r.precision, r.recall, r.f1));
    }
    out.push_str(&format!("\nOf all found\n  {:<32}{:.3}\n", "quote is in the document", f.grounded));
    out.push_str(&format!("\nOf the {} matched\n", f.matched));
    let shares = [
        ("stance: right sign", f.stance_sign),
        ("stance: exact", f.stance_exact),
        ("stance: within one", f.stance_near),
        ("speaker", f.speaker),
        ("day it was said", f.stated_on),
        ("mode", f.mode),
        ("condition found, where coded", f.condition.found),
        ("condition coded, where found", f.condition.right),
    ];
    for (name, share) in shares {
        out.push_str(&format!("  {name:<32}{share:.3}\n"));
    }
    let coefficients = [
        ("Cohen's kappa", f.kappa),
        ("  weighted by squares", f.kappa_quadratic),
        ("Krippendorff's alpha, ordinal", f.alpha_ordinal),
        ("  of signs, nominal", f.alpha_sign),
    ];
    for (name, value) in coefficients {
        out.push_str(&format!("  {name:<32}{}\n", value.map_or("n/a".to_string(), |v| format!("{v:.3}"))));
    }
    out.push_str("\nStances: coded in rows, found in columns\n");
    let stances = [-2i8, -1, 0, 1, 2];
    let head: String = stances.iter().map(|s| format!("{s:>+6}")).collect();
    out.push_str(&format!("      {head}\n"));
    for (stance, counts) in stances.iter().zip(&f.confusion) {
        let cells: String = counts.iter().map(|c| format!("{c:>6}")).collect();
        out.push_str(&format!("  {stance:>+4}{cells}\n"));
    }
    for (name, groups) in
        [("By side", &f.sides), ("By mode", &f.modes), ("By topic", &f.topics), ("By party", &f.parties)]
    {
        out.push_str(&block(name, groups));
    }
    out.push_str(&calibration(f));
    if let Some(lists) = lists {
        out.push_str(&listing("Missed", &lists.missed));
        out.push_str(&listing("False", &lists.false_alarms));
        out.push_str(&listing("Wrong sign", &lists.wrong_stances));
    }
    out
}

fn block(name: &str, groups: &[Group]) -> String {
    let mut out = format!(
        "\n{name:<26}{:>6}{:>7}{:>11}{:>8}{:>7}{:>14}\n",
        "coded", "found", "precision", "recall", "F1", "F1 with sign"
    );
    for g in groups {
        let Rates { precision, recall, f1 } = g.statement;
        out.push_str(&format!(
            "  {:<24}{:>6}{:>7}{precision:>11.3}{recall:>8.3}{f1:>7.3}{:>14.3}\n",
            g.name, g.gold, g.found, g.sign.f1
        ));
    }
    out
}

fn calibration(f: &Figures) -> String {
    let c = &f.calibration;
    let (Some(error), Some(brier)) = (c.error(), c.brier()) else { return String::new() };
    let mut out =
        format!("\n{:<16}{:>8}{:>8}{:>8}{:>18}\n", "Confidence", "found", "right", "share", "mean confidence");
    for (n, bin) in c.bins.iter().enumerate() {
        if let (Some(share), Some(mean)) = (bin.share(), bin.mean()) {
            let range = format!("{:.1} to {:.1}", n as f64 / 10.0, (n + 1) as f64 / 10.0);
            out.push_str(&format!("  {range:<14}{:>8}{:>8}{share:>8.3}{mean:>18.3}\n", bin.count, bin.right));
        }
    }
    out.push_str(&format!("  expected calibration error {error:.3}, Brier score {brier:.3}\n"));
    out
}

fn listing(name: &str, wrong: &[Wrong]) -> String {
    let mut out = format!("\n{name}: {}\n", wrong.len());
    for w in wrong {
        let hand = if w.row.secondhand { " secondhand" } else { "" };
        let stance = match &w.found {
            Some(found) => format!("{:+}, found {:+}", w.row.stance, found.stance),
            None => format!("{:+}", w.row.stance),
        };
        let speaker = w.row.speaker.as_deref().unwrap_or("-");
        out.push_str(&format!(
            "  {} {} {} {stance}{hand} [{speaker}] {}\n      {}\n",
            w.row.doc,
            w.row.party,
            w.row.topic,
            words::quoted(&w.row.quote, 160),
            w.reason
        ));
    }
    out
}

fn many(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}
