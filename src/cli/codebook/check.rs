//! `demarche codebook check`: is a codebook sound, and do its examples come out?

use super::super::fault::{Fault, Outcome, tell};
use super::super::flags::CODEBOOK;
use super::super::terminal;
use crate::advice::{self, Tried};
use crate::base::Problem;
use crate::codebook::{self, Codebook};

const EXAMPLES: &str = "\
Examples:
  demarche codebook check
  demarche codebook check my-codebooks/iran-talks --strict

Exit codes: 0 sound, 2 faulty; with --strict also 2 where an example fails or wording looks mistaken.";

/// Load a codebook, tell everything that is wrong with it, and run its examples
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// A name that comes with demarche, or a folder of your own
    #[arg(value_name = "NAME|DIR", default_value = CODEBOOK)]
    codebook: String,
    /// Count failing examples and doubtful wording as faults
    #[arg(long)]
    strict: bool,
}

/// Runs the command.
pub(super) fn run(args: Args) -> Result<Outcome, Fault> {
    let book = codebook::load(&args.codebook)?;
    let patterns = codebook::patterns(&args.codebook)?;
    let path = patterns.first().map_or("topics.toml", |p| p.path.as_str()).to_string();
    let tried = advice::try_examples(&book);
    terminal::print(&page(&book, &tried))?;
    let mut problems: Vec<Problem> = Vec::new();
    for doubt in advice::doubts(&patterns) {
        let pattern = doubt.pattern;
        let what = Problem::warning("the wording may not say what is meant").at(&pattern.path);
        let what = what.why(format!("\"{}\": {}", pattern.text, doubt.why)).hint(doubt.hint);
        problems.push(match pattern.line {
            Some(line) => what.line(line as u64),
            None => what,
        });
    }
    for example in tried.iter().filter(|t| !t.passes) {
        let what = Problem::warning("the example does not come out").at(&path).line(example.example.line as u64);
        problems.push(what.why(example.told()).hint("demarche codebook gaps and docs/codebook.md help with wording"));
    }
    problems.sort_by_key(|p| p.line);
    tell(&problems);
    Ok(if args.strict && !problems.is_empty() { Outcome::Faulty } else { Outcome::Done })
}

fn page(book: &Codebook, tried: &[Tried<'_>]) -> String {
    let mut out = format!(
        "{} {} ({}): {} parties, {} topics, no faults found\n",
        book.name,
        book.version,
        book.hash,
        book.parties.len(),
        book.topics.len()
    );
    let passed = |t: &&Tried<'_>| t.passes;
    out.push_str(&format!("{} of {} examples come out\n", tried.iter().filter(passed).count(), tried.len()));
    for topic in &book.topics {
        let own: Vec<&Tried<'_>> = tried.iter().filter(|t| t.topic == topic.id).collect();
        let right = own.iter().filter(|t| t.passes).count();
        let mark = if right < own.len() { "  <" } else { "" };
        let line = match own.len() {
            0 => format!("  {:<28} no example\n", topic.id),
            all => format!("  {:<28} {right} of {all}{mark}\n", topic.id),
        };
        out.push_str(&line);
    }
    out
}
