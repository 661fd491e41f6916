//! Throughput of each stage on some 10 MB of generated articles, in bytes of article text a second, on one thread.
//!
//! There are two corpora: `dense`, articles on the negotiation alone, and `news`, where one article in five is on it.
//! `BENCH_MB=1 cargo bench` and `BENCH_MB=100 cargo bench` show that time grows in proportion to the text.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod generate;

use std::hint::black_box;
use std::time::Duration;

use criterion::{
    BenchmarkGroup, Criterion, SamplingMode, Throughput, criterion_group, criterion_main, measurement::WallTime,
};
use demarche::attribution;
use demarche::codebook::{self, Codebook};
use demarche::document::Document;
use demarche::export;
use demarche::matrix::{self, MatrixOptions};
use demarche::statement::{self, Statement};
use demarche::text;
use demarche::workbook::{self, Report, Source};

struct Corpus {
    codebook: Codebook,
    documents: Vec<Document>,
    bytes: u64,
}

impl Corpus {
    fn new(make: fn(&Codebook, usize) -> Vec<Document>) -> Self {
        let codebook = codebook::load("ukraine-talks").unwrap_or_else(|p| panic!("{p:?}"));
        let documents = make(&codebook, (megabytes() * 1e6) as usize);
        let bytes = documents.iter().map(|d| d.text.len() as u64).sum();
        Corpus { codebook, documents, bytes }
    }

    fn coded(&self) -> (Vec<Statement>, Vec<Source>) {
        let mut statements = Vec::new();
        let mut sources = Vec::new();
        for document in &self.documents {
            let coded = statement::code(document, &self.codebook);
            sources.push(Source::new(document, &coded));
            statements.extend(coded.statements);
        }
        (statements, sources)
    }
}

fn megabytes() -> f64 {
    std::env::var("BENCH_MB").ok().and_then(|m| m.parse().ok()).unwrap_or(10.0)
}

fn group<'c>(c: &'c mut Criterion, name: &str, bytes: u64) -> BenchmarkGroup<'c, WallTime> {
    let mut group = c.benchmark_group(name);
    group.sample_size(10).sampling_mode(SamplingMode::Flat).throughput(Throughput::Bytes(bytes));
    group.warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
    group
}

fn reading(c: &mut Criterion) {
    let corpora = [("dense", Corpus::new(generate::dense)), ("news", Corpus::new(generate::news))];
    for (name, corpus) in &corpora {
        let mut text = group(c, "text", corpus.bytes);
        let tokens = |d: &Document| text::analyse(black_box(&d.text), &[]).tokens.len();
        text.bench_function(*name, |b| b.iter(|| corpus.documents.iter().map(tokens).sum::<usize>()));
        text.finish();
        let mut attributions = group(c, "attribution", corpus.bytes);
        let found = |d: &Document| attribution::attribute(black_box(d), &corpus.codebook).len();
        attributions.bench_function(*name, |b| b.iter(|| corpus.documents.iter().map(found).sum::<usize>()));
        attributions.finish();
        let mut statements = group(c, "statements", corpus.bytes);
        let coded = |d: &Document| statement::code(black_box(d), &corpus.codebook).statements.len();
        statements.bench_function(*name, |b| b.iter(|| corpus.documents.iter().map(coded).sum::<usize>()));
        statements.finish();
    }
}

/// Documents made to take long, each of a tenth of the corpus: bytes a second must not fall as they grow.
fn odd(c: &mut Criterion) {
    let codebook = codebook::load("ukraine-talks").unwrap_or_else(|p| panic!("{p:?}"));
    for kind in ["sentence", "marks", "paragraph", "names"] {
        let document = generate::odd(kind, (megabytes() * 1e5) as usize);
        let mut odd = group(c, "odd", document.text.len() as u64);
        odd.bench_function(kind, |b| {
            b.iter(|| {
                let attributions = attribution::attribute(black_box(&document), &codebook).len();
                attributions + statement::code(&document, &codebook).statements.len()
            });
        });
        odd.finish();
    }
}

fn writing(c: &mut Criterion) {
    let corpus = Corpus::new(generate::dense);
    let (statements, sources) = corpus.coded();
    let options = MatrixOptions::default();
    let mut positions = group(c, "matrix", corpus.bytes);
    positions.bench_function("positions", |b| {
        b.iter(|| matrix::positions(black_box(&statements), &corpus.codebook, &options).positions.len());
    });
    positions.finish();
    let matrix = matrix::positions(&statements, &corpus.codebook, &options);
    let report = Report {
        statements: &statements,
        codebook: &corpus.codebook,
        matrix: &matrix,
        sources: &sources,
        changes: None,
        ledger: None,
        problems: &[],
    };
    let mut books = group(c, "workbook", corpus.bytes);
    books.bench_function("xlsx", |b| b.iter(|| workbook::to_bytes(black_box(&report)).unwrap().len()));
    books.bench_function("csv", |b| {
        b.iter(|| {
            let mut out = Vec::new();
            export::write_statements_csv(&mut out, black_box(&statements), export::Options::default()).unwrap();
            out.len()
        });
    });
    books.finish();
}

criterion_group!(benches, reading, odd, writing);
criterion_main!(benches);
