//! The parsers of demarche as functions of bytes, and files to begin with.
//!
//! [`TARGETS`] is what both the mutating program of this crate and the targets of cargo-fuzz run. A target takes any bytes and must return:
//! it may refuse them, and may not panic, abort, or take longer than [`SLOWEST`].

mod parsers;

use std::path::{Path, PathBuf};
use std::time::Duration;

/// What one input may take at most, on a machine that does other things too.
pub const SLOWEST: Duration = Duration::from_secs(5);

/// A parser, and where files for it lie.
pub struct Target {
    /// Its name, which its folders have too.
    pub name: &'static str,
    /// Files to begin with, from the repository's root.
    pub seeds: &'static [&'static str],
    /// Runs it.
    pub run: fn(&[u8]),
}

const WAYS: &str = "tests/fixtures/ways";

/// Every parser of input.
pub const TARGETS: [Target; 25] = [
    Target { name: "text", seeds: &["talks.txt", "seeds/000_44f5253c9e8bd9e8.txt"], run: parsers::text },
    Target { name: "statements", seeds: &["talks.txt"], run: parsers::statements },
    Target { name: "page", seeds: &["talks.html", "pandoc.html", "docutils.html"], run: parsers::page },
    Target { name: "word", seeds: &["talks.docx", "writer.docx", "pandoc.docx"], run: parsers::word },
    Target { name: "pdf", seeds: &["libreoffice.pdf", "reportlab.pdf", "fpdf2-core.pdf"], run: parsers::pdf },
    Target {
        name: "mail",
        seeds: &["talks.eml", "alternative.eml", "flowed.eml", "html-only.eml"],
        run: parsers::mail,
    },
    Target { name: "feed", seeds: &["talks.rss", "talks.atom", "feedgen.rss"], run: parsers::feed },
    Target { name: "archive", seeds: &["talks.zip", "cli.zip"], run: parsers::archive },
    Target {
        name: "table-csv",
        seeds: &["talks.csv", "calc-semicolon.csv", "calc-unicode.tsv"],
        run: parsers::table_csv,
    },
    Target { name: "table-xlsx", seeds: &["talks.xlsx", "calc.xlsx"], run: parsers::table_xlsx },
    Target {
        name: "table-parquet",
        seeds: &["pandas.parquet", "polars.parquet", "duckdb.parquet"],
        run: parsers::table_parquet,
    },
    Target { name: "json-lines", seeds: &["talks.jsonl", "polars.jsonl"], run: parsers::json_lines },
    Target { name: "workbook", seeds: &["fuzz/seeds/positions.xlsx"], run: parsers::workbook },
    Target { name: "statements-jsonl", seeds: &["tests/fixtures/statements.jsonl"], run: parsers::statements_jsonl },
    Target { name: "statements-csv", seeds: &["output/statements.csv"], run: parsers::statements_csv },
    Target {
        name: "positions-csv",
        seeds: &["output/positions.csv", "output/matrix.csv"],
        run: parsers::positions_csv,
    },
    Target {
        name: "codebook",
        seeds: &["data/scaffold/topics.toml", "data/scaffold/people.csv"],
        run: parsers::codebook,
    },
    Target { name: "qdc", seeds: &["tests/fixtures/import/qualcoder.qdc"], run: parsers::qdc },
    Target { name: "dna", seeds: &["tests/fixtures/import/dna.csv"], run: parsers::dna },
    Target { name: "gold", seeds: &["tests/gold/seeds.jsonl"], run: parsers::gold },
    Target { name: "dates", seeds: &["talks.txt"], run: parsers::dates },
    Target { name: "sources", seeds: &["seeds/sources.csv"], run: parsers::sources },
    Target { name: "ledger", seeds: &["fuzz/seeds/ledger.sqlite"], run: parsers::ledger },
    Target { name: "search", seeds: &["fuzz/seeds/queries.txt"], run: parsers::search },
    Target { name: "furniture", seeds: &["data/lexicon/boilerplate.toml"], run: parsers::furniture },
];

impl Target {
    /// Finds a target by its name.
    pub fn named(name: &str) -> Option<&'static Target> {
        TARGETS.iter().find(|target| target.name == name)
    }

    /// Where its seeds lie.
    pub fn paths(&self) -> Vec<PathBuf> {
        let place = |seed: &&str| if seed.contains('/') { root().join(seed) } else { root().join(WAYS).join(seed) };
        self.seeds.iter().map(place).collect()
    }

    /// Where inputs lie that once made it fail.
    pub fn found(&self) -> PathBuf {
        root().join("fuzz/found").join(self.name)
    }
}

/// Runs a target of cargo-fuzz by its name.
pub fn run(name: &str, bytes: &[u8]) {
    if let Some(target) = Target::named(name) {
        (target.run)(bytes);
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Seeds, and whatever once made a target fail, go through every one of them.
    #[test]
    fn nothing_that_was_found_fails_again() {
        for target in &TARGETS {
            let found = std::fs::read_dir(target.found()).into_iter().flatten().flatten().map(|entry| entry.path());
            for path in target.paths().into_iter().chain(found) {
                let bytes = std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
                (target.run)(&bytes);
            }
        }
    }
}
