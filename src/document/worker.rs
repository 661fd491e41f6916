//! Files that may ask for any amount of memory and time, read by another process that is stopped when they do.
//!
//! The other process is this program, called as [`COMMAND`]: it takes the file on its standard input, and answers on its standard output with one
//! object of JSON.

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::error::{DocumentError, too_large};
use super::facts::Facts;
use super::pdf;
use super::sources::Given;
use crate::base::limits;

/// The command by which the program serves as its own worker.
pub const COMMAND: &str = "read-pdf";

/// What the worker answers.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Answer {
    Read { text: String, title: Option<String>, author: Option<String>, made: Option<Date> },
    Empty,
    Locked,
    Scanned,
    TooLarge,
    TooManyPages,
    Broken(String),
}

/// Reads a PDF: in a process of its own where `program` is this program's file, else here, without limits on time and memory.
///
/// # Errors
///
/// Those of the PDF, and a file that asks for too much.
pub(super) fn read_pdf(bytes: Vec<u8>, program: Option<&Path>) -> Result<Facts, DocumentError> {
    match program {
        None => caught(bytes),
        Some(program) => asked(&bytes, program),
    }
}

fn caught(bytes: Vec<u8>) -> Result<Facts, DocumentError> {
    let gave_up = || DocumentError::Pdf("the reader gave up on it".into());
    std::panic::catch_unwind(|| pdf::read(bytes)).map_err(|_| gave_up())?
}

/// Asks a worker.
fn asked(bytes: &[u8], program: &Path) -> Result<Facts, DocumentError> {
    let worker = Command::new(program)
        .arg(COMMAND)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| DocumentError::Worker(format!("{} cannot be started: {error}", program.display())))?;
    let mut worker = Ended(worker);
    let (done, answered) = mpsc::channel();
    let (input, output) = (worker.0.stdin.take(), worker.0.stdout.take());
    thread::scope(|scope| {
        scope.spawn(move || {
            // A worker that ended early has an answer all the same, or none.
            if let Some(mut input) = input {
                input.write_all(bytes).ok();
            }
        });
        scope.spawn(move || {
            let mut answer = Vec::new();
            if let Some(output) = output {
                output.take(4 * limits::DOCUMENT_BYTES).read_to_end(&mut answer).ok();
            }
            done.send(answer).ok();
        });
        let answer = answered.recv_timeout(Duration::from_secs(limits::WORKER_SECONDS));
        worker.end();
        let Ok(answer) = answer else {
            return Err(DocumentError::Worker(format!("it takes longer than {} s", limits::WORKER_SECONDS)));
        };
        let Ok(answer) = serde_json::from_slice(&answer) else {
            let most = limits::WORKER_BYTES >> 20;
            return Err(DocumentError::Worker(format!("it is broken, or takes more than {most} MiB of memory")));
        };
        facts(answer)
    })
}

/// A process that does not outlive us.
struct Ended(Child);

impl Ended {
    fn end(&mut self) {
        // It may have ended by itself.
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

impl Drop for Ended {
    fn drop(&mut self) {
        self.end();
    }
}

fn facts(answer: Answer) -> Result<Facts, DocumentError> {
    match answer {
        Answer::Read { text, title, author, made } => {
            Ok(Facts { text, given: Given { title, author, ..Given::default() }, made })
        }
        Answer::Empty => Err(DocumentError::Empty),
        Answer::Locked => Err(DocumentError::Locked),
        Answer::Scanned => Err(DocumentError::Scanned),
        Answer::TooLarge => Err(too_large()),
        Answer::TooManyPages => Err(DocumentError::Crowded("pages", limits::PAGES)),
        Answer::Broken(why) => Err(DocumentError::Pdf(why)),
    }
}

/// Serves as the worker: a PDF in, its text or why there is none out, as JSON. Takes no more memory than the limit, where the system
/// keeps to one.
///
/// # Errors
///
/// Where input or output fails.
pub fn serve(mut input: impl Read, mut output: impl Write) -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        let own = |bytes: u64, resource| setrlimit(resource, Rlimit { current: Some(bytes), ..getrlimit(resource) });
        // Where the system knows no such limit, that on time stays.
        own(limits::WORKER_BYTES, Resource::As).ok();
        own(limits::WORKER_SECONDS + 1, Resource::Cpu).ok();
    }
    let mut bytes = Vec::new();
    input.read_to_end(&mut bytes)?;
    let answer = match caught(bytes) {
        Ok(Facts { text, given, made }) => Answer::Read { text, title: given.title, author: given.author, made },
        Err(DocumentError::Empty) => Answer::Empty,
        Err(DocumentError::Locked) => Answer::Locked,
        Err(DocumentError::Scanned) => Answer::Scanned,
        Err(DocumentError::TooLarge(_)) => Answer::TooLarge,
        Err(DocumentError::Crowded(..)) => Answer::TooManyPages,
        Err(DocumentError::Pdf(why)) => Answer::Broken(why),
        Err(error) => Answer::Broken(error.to_string()),
    };
    serde_json::to_writer(&mut output, &answer)?;
    output.flush()
}

/// Tells whether a worker can be started and answers.
///
/// # Errors
///
/// Why not.
pub fn check(program: Option<&Path>) -> Result<(), String> {
    match read_pdf(b"%PDF-1.4\n".to_vec(), program) {
        Err(DocumentError::Worker(why)) => Err(why),
        _ => Ok(()),
    }
}
