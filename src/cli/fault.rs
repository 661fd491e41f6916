//! Errors at the edge: what, where, why, and what to do; and the exit code that follows.

use std::io::{self, Write};
use std::process::ExitCode;

use super::terminal::is_quiet;
use crate::base::plain::plain;
use crate::base::{Problem, Severity};

/// How a command went, where it went through at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Everything was done.
    Done,
    /// Everything was done, and what was compared differs.
    Changed,
    /// Something was at fault and was told; the rest was done.
    Faulty,
}

/// Why a command ended early.
#[derive(Debug)]
pub(super) enum Fault {
    /// The reader of our output went away, which is no error.
    BrokenPipe,
    /// Problems, not yet told.
    Problems(Vec<Problem>),
}

impl From<Problem> for Fault {
    fn from(problem: Problem) -> Self {
        Fault::Problems(vec![problem])
    }
}

impl From<Vec<Problem>> for Fault {
    fn from(problems: Vec<Problem>) -> Self {
        Fault::Problems(problems)
    }
}

impl Fault {
    /// Turns a failure to write results to standard output into a fault.
    pub(super) fn output(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            Fault::BrokenPipe
        } else {
            Problem::error("cannot write the results").at("standard output").why(error).into()
        }
    }

    /// The same for exports.
    pub(super) fn export(error: crate::export::Error) -> Self {
        match error {
            crate::export::Error::Io(io) => Fault::output(io),
            other => Problem::error("cannot write the results").at("standard output").why(other).into(),
        }
    }
}

impl Outcome {
    /// Judges by the problems met.
    pub(super) fn of(problems: &[Problem]) -> Self {
        if problems.iter().any(|p| p.severity == Severity::Error) { Outcome::Faulty } else { Outcome::Done }
    }

    /// Tells what went wrong and returns the exit code.
    pub(super) fn exit(result: Result<Outcome, Fault>) -> ExitCode {
        match result {
            Ok(Outcome::Done) | Err(Fault::BrokenPipe) => ExitCode::SUCCESS,
            Ok(Outcome::Changed) => ExitCode::from(1),
            Ok(Outcome::Faulty) => ExitCode::from(2),
            Err(Fault::Problems(problems)) => {
                tell(&problems);
                ExitCode::from(2)
            }
        }
    }
}

/// Tells problems on standard error; notes only where they are wanted.
pub(super) fn tell(problems: &[Problem]) {
    let told = problems.iter().filter(|p| p.severity != Severity::Note || !is_quiet());
    write(&told.map(rendered).collect::<String>());
}

/// Says on standard error what was done, where that is wanted.
pub(super) fn say(text: &str) {
    if !is_quiet() {
        write(text);
    }
}

fn write(text: &str) {
    // Nobody is left to hear of it where standard error is closed.
    io::stderr().lock().write_all(plain(text).as_bytes()).ok();
}

/// Renders a problem: one line for what and where, one for why, one for what to do. Line ends within, as in the name of a file, begin
/// nothing that looks like another problem.
pub(super) fn rendered(problem: &Problem) -> String {
    let severity = match problem.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    let inner = |text: &str| text.replace('\n', "\n       ");
    let mut out = format!("{severity}: {}", inner(&problem.what));
    if let Some(path) = &problem.path {
        out.push_str(&format!(": {}", inner(path)));
    }
    if let Some(line) = problem.line {
        out.push_str(&format!(", line {line}"));
    }
    if let Some(byte) = problem.byte {
        out.push_str(&format!(", byte {byte}"));
    }
    out.push('\n');
    if !problem.why.is_empty() {
        out.push_str(&format!("  why: {}\n", inner(&problem.why)));
    }
    if !problem.hint.is_empty() {
        out.push_str(&format!("  hint: {}\n", inner(&problem.hint)));
    }
    out
}
