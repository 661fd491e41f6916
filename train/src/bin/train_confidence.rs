//! Fits the model of confidence: what the reasons of a statement weigh, from hand-coded articles.
//!
//! ```text
//! train_confidence OUT.toml SET ...      SET is CODEBOOK,GOLD.jsonl,DOCS[,WEIGHT]
//! train_confidence --cross OUT.jsonl SET ...
//! ```
//!
//! L2-regularised logistic regression on every candidate statement of every article: right where it matches a coded one
//! in party, topic, voice and sign, left out where it matches a borderline one. With `--cross` each article is coded with a
//! model fitted on the others, and the statements go to OUT.jsonl: what the model does to articles it has not seen. The
//! environment sets `THRESHOLD` (0.35), which the model is written with, and `L2` (2), the strength of the regularisation.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs;
use std::io::Write as _;
use std::path::Path;

use demarche::codebook::{self, Codebook};
use demarche::document::{self, Document};
use demarche::statement::{self, Confidence, Statement};
use serde_json::Value;

/// Strength of the regularisation.
fn l2() -> f64 {
    std::env::var("L2").ok().and_then(|t| t.parse().ok()).unwrap_or(2.0)
}
/// Steps of gradient descent.
const STEPS: usize = 1500;
/// A reason seen less often weighs nothing.
const RARE: usize = 4;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// One candidate: which article, its reasons, right or wrong, and what it counts.
struct Case {
    article: usize,
    reasons: Vec<String>,
    right: bool,
    weight: f64,
}

struct Article {
    set: usize,
    document: Document,
    gold: Vec<Value>,
    weight: f64,
}

fn main() -> Outcome<()> {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let cross = arguments.first().is_some_and(|a| a == "--cross");
    if cross {
        arguments.remove(0);
    }
    let (out, sets) = arguments.split_first().ok_or("train_confidence [--cross] OUT SET ...")?;
    let mut books: Vec<Codebook> = Vec::new();
    let mut articles: Vec<Article> = Vec::new();
    for (number, set) in sets.iter().enumerate() {
        let parts: Vec<&str> = set.split(',').collect();
        let [name, gold, docs, rest @ ..] = parts.as_slice() else { return Err("SET is CODEBOOK,GOLD,DOCS".into()) };
        let weight = rest.first().map_or(Ok(1.0), |w| w.parse())?;
        books.push(codebook::load(name).map_err(|p| format!("{p:?}"))?);
        articles.extend(read(number, Path::new(gold), Path::new(docs), weight)?);
    }
    let mut cases = Vec::new();
    for (number, article) in articles.iter().enumerate() {
        let coded = statement::code_with(&article.document, &books[article.set], &Confidence::open());
        for found in &coded.statements {
            if let Some(right) = judge(found, &article.gold) {
                let reasons = coded.reasons.get(&found.id).cloned().unwrap_or_default();
                cases.push(Case { article: number, reasons, right, weight: article.weight });
            }
        }
    }
    let right = cases.iter().filter(|c| c.right).count();
    eprintln!("{} articles, {} candidates, {right} right", articles.len(), cases.len());
    if cross {
        let mut file = fs::File::create(out)?;
        let mut pairs: Vec<(f64, bool)> = Vec::new();
        for (number, article) in articles.iter().enumerate() {
            let others: Vec<&Case> = cases.iter().filter(|c| c.article != number).collect();
            let model = fit(&others);
            pairs.extend(cases.iter().filter(|c| c.article == number).map(|c| (model.of(&c.reasons), c.right)));
            let coded = statement::code_with(&article.document, &books[article.set], &model);
            for found in coded.statements {
                writeln!(file, "{}", serde_json::to_string(&found)?)?;
            }
        }
        reliability(&pairs);
        return Ok(());
    }
    let model = fit(&cases.iter().collect::<Vec<_>>());
    reliability(&cases.iter().map(|c| (model.of(&c.reasons), c.right)).collect::<Vec<_>>());
    fs::write(out, written(&model))?;
    Ok(())
}

fn read(set: usize, gold: &Path, docs: &Path, weight: f64) -> Outcome<Vec<Article>> {
    let mut by_doc: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for line in fs::read_to_string(gold)?.lines().filter(|l| !l.trim().is_empty()) {
        let row: Value = serde_json::from_str(line)?;
        by_doc.entry(row["doc"].as_str().unwrap_or_default().to_string()).or_default().push(row);
    }
    let mut articles = Vec::new();
    let reading = document::read(&[docs.display().to_string()], &document::ReadOptions::default());
    for document in reading.documents {
        if let Some(gold) = by_doc.remove(&document.name) {
            articles.push(Article { set, document, gold, weight });
        }
    }
    match by_doc.keys().next() {
        Some(missing) => Err(format!("{}: no such document: {missing}", docs.display()).into()),
        None => Ok(articles),
    }
}

/// Tells whether a statement is right; nothing where it can only be matched to a borderline one.
fn judge(found: &Statement, gold: &[Value]) -> Option<bool> {
    let mut borderline = false;
    for row in gold {
        let same = row["party"] == found.party.as_str()
            && row["topic"] == found.topic.as_str()
            && row["secondhand"].as_bool().unwrap_or(false) == found.secondhand;
        let (start, end) = (row["start"].as_u64().unwrap_or(0), row["end"].as_u64().unwrap_or(0));
        let shared = end.min(u64::from(found.end)).saturating_sub(start.max(u64::from(found.start)));
        let shorter = (end - start).min(u64::from(found.end - found.start)).max(1);
        if !same || (shared as f64) < 0.3 * shorter as f64 {
            continue;
        }
        let also = row["stance_also"].as_array().into_iter().flatten().filter_map(Value::as_i64);
        let stances: Vec<i64> = row["stance"].as_i64().into_iter().chain(also).collect();
        let sign = stances.iter().any(|s| s.signum() == i64::from(found.stance.signum()));
        if row["required"].as_bool().unwrap_or(true) {
            return Some(sign);
        }
        borderline = true;
    }
    (!borderline).then_some(false)
}

/// Fits the weights by gradient descent, reasons seen rarely left out.
fn fit(cases: &[&Case]) -> Confidence {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for case in cases {
        let distinct: BTreeSet<&str> = case.reasons.iter().map(String::as_str).collect();
        for reason in distinct {
            *seen.entry(reason).or_default() += 1;
        }
    }
    let names: Vec<&str> = seen.iter().filter(|(_, n)| **n >= RARE).map(|(r, _)| *r).collect();
    let rows: Vec<Vec<usize>> = cases
        .iter()
        .map(|c| c.reasons.iter().filter_map(|r| names.binary_search(&r.as_str()).ok()).collect())
        .collect();
    let (mut weights, mut bias) = (vec![0.0; names.len()], 0.0);
    let l2 = l2();
    let total: f64 = cases.iter().map(|c| c.weight).sum();
    for step in 0..STEPS {
        let rate = 8.0 / (1.0 + step as f64 / 300.0);
        let mut slope = vec![0.0; names.len()];
        let mut lift = 0.0;
        for (case, row) in cases.iter().zip(&rows) {
            let odds: f64 = bias + row.iter().map(|r| weights[*r]).sum::<f64>();
            let error = case.weight * (f64::from(u8::from(case.right)) - 1.0 / (1.0 + (-odds).exp()));
            lift += error;
            for reason in row {
                slope[*reason] += error;
            }
        }
        bias += rate * lift / total / 4.0;
        for (weight, slope) in weights.iter_mut().zip(&slope) {
            *weight += rate * (slope - l2 * *weight) / total;
        }
    }
    let weights = names.iter().zip(weights).map(|(n, w)| ((*n).to_string(), w)).collect();
    let threshold = std::env::var("THRESHOLD").ok().and_then(|t| t.parse().ok()).unwrap_or(0.35);
    Confidence { threshold, bias, weights }
}

/// Prints how often statements of each confidence were right.
fn reliability(pairs: &[(f64, bool)]) {
    for bin in 0..10 {
        let within: Vec<&(f64, bool)> = pairs.iter().filter(|(p, _)| ((p * 10.0) as usize).min(9) == bin).collect();
        let right = within.iter().filter(|(_, r)| *r).count();
        let mean = within.iter().map(|(p, _)| p).sum::<f64>() / within.len().max(1) as f64;
        let share = right as f64 / within.len().max(1) as f64;
        eprintln!(
            "{:.1}-{:.1}  {:4}  mean {mean:.2}  right {share:.2}",
            bin as f64 / 10.0,
            (bin + 1) as f64 / 10.0,
            within.len()
        );
    }
}

fn written(model: &Confidence) -> String {
    let mut out = String::from(
        "# What each reason adds to the log odds that a statement is right; fitted by `train_confidence` (train/README.md).\n",
    );
    out.push_str(&format!("threshold = {:.2}\nbias = {:.3}\n\n[weights]\n", model.threshold, model.bias));
    for (reason, weight) in model.weights.iter().filter(|(_, w)| w.abs() >= 0.005) {
        out.push_str(&format!("{reason:?} = {weight:.3}\n"));
    }
    out
}
