//! Files that may ask for any amount of memory and time, read by another process that is stopped when they do.
//!
//! The other process is this program, called as one of [`COMMANDS`]. For a PDF it takes the file on its standard input, and answers on its
//! standard output with one object of JSON. Of a Parquet file it is told the path, and answers with its rows as CSV, as far as it gets; why it got no
//! further stands on its standard error.

use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::error::{DocumentError, too_large};
use super::facts::Facts;
#[cfg(feature = "parquet")]
use super::parquet;
use super::pdf;
use super::sources::Given;
use crate::base::limits;

/// The commands by which the program serves as its own worker.
pub const COMMANDS: [&str; 2] = [READ_PDF, READ_PARQUET];
const READ_PDF: &str = "read-pdf";
const READ_PARQUET: &str = "read-parquet";

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
        .arg(READ_PDF)
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

/// Serves as the worker, for the arguments that follow the program's name. Takes no more memory than the limit, where the system keeps to
/// one. Returns whether the file could be read, or it was told in the answer why not.
///
/// # Errors
///
/// Where input or output fails.
pub fn serve(args: &[OsString]) -> io::Result<bool> {
    let arg = |n: usize| args.get(n).map(OsString::as_os_str).unwrap_or_default();
    if arg(0) == READ_PDF {
        bound(limits::WORKER_SECONDS + 1);
        return serve_pdf(io::stdin().lock(), io::stdout().lock()).map(|()| true);
    }
    // Of a table the next rows are waited for so long, and all of them may take a time that goes with its size: a few bytes may stand for rows without end.
    bound(limits::WORKER_SECONDS + (std::fs::metadata(arg(1)).map_or(0, |meta| meta.len()) >> 20));
    // What a reader says as it gives up is of no use to who named the file.
    std::panic::set_hook(Box::new(|_| {}));
    let read = std::panic::catch_unwind(|| parquet_rows(Path::new(arg(1)), io::stdout().lock()));
    let told = read.unwrap_or_else(|_| Err("the reader gave up on it".to_string()));
    match told {
        Ok(()) => Ok(true),
        Err(why) => io::stderr().write_all(why.as_bytes()).map(|()| false),
    }
}

/// Takes no more memory than the limit, and of a processor no more than so many seconds.
fn bound(seconds: u64) {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        let own = |bytes: u64, resource| setrlimit(resource, Rlimit { current: Some(bytes), ..getrlimit(resource) });
        // Where the system knows no such limit, that on time stays.
        own(limits::WORKER_BYTES, Resource::As).ok();
        own(seconds, Resource::Cpu).ok();
    }
    #[cfg(not(unix))]
    let _ = seconds;
}

fn serve_pdf(mut input: impl Read, mut output: impl Write) -> io::Result<()> {
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

#[cfg(feature = "parquet")]
fn parquet_rows(path: &Path, out: impl Write) -> Result<(), String> {
    parquet::write_csv(path, out)
}

#[cfg(not(feature = "parquet"))]
fn parquet_rows(_: &Path, _: impl Write) -> Result<(), String> {
    Err("this demarche was built without Parquet".to_string())
}

/// The rows of a Parquet file as CSV, as they come.
pub(super) struct Rows {
    pieces: Receiver<io::Result<Vec<u8>>>,
    piece: io::Cursor<Vec<u8>>,
    worker: Option<(Ended, ChildStderr)>,
}

/// Begins to read a Parquet file: in a process of its own where `program` is this program's file, else in a thread, without limits on time and
/// memory.
///
/// # Errors
///
/// A worker that cannot be started.
pub(super) fn read_parquet(path: &Path, program: Option<&Path>) -> io::Result<Rows> {
    // What is not taken yet waits, and so does the worker.
    let (done, pieces) = mpsc::sync_channel(4);
    let worker = match program {
        None => {
            let path = path.to_path_buf();
            thread::spawn(move || {
                let read = std::panic::catch_unwind(|| {
                    parquet_rows(&path, io::BufWriter::with_capacity(PIECE, Pieces(done.clone())))
                });
                if let Err(why) = read.unwrap_or_else(|_| Err("the reader gave up on it".to_string())) {
                    done.send(Err(io::Error::other(why))).ok();
                }
            });
            None
        }
        Some(program) => {
            let mut command = Command::new(program);
            command.arg(READ_PARQUET).arg(path).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
            let mut child = command.spawn()?;
            let (output, told) = (child.stdout.take(), child.stderr.take());
            thread::spawn(move || {
                let mut output = output;
                let mut piece = vec![0; PIECE];
                while let Some(read) =
                    output.as_mut().and_then(|output| output.read(&mut piece).ok()).filter(|n| *n > 0)
                {
                    let sent = done.send(Ok(piece.get(..read).unwrap_or_default().to_vec()));
                    if sent.is_err() {
                        return;
                    }
                }
            });
            told.map(|told| (Ended(child), told))
        }
    };
    Ok(Rows { pieces, piece: io::Cursor::default(), worker })
}

/// Bytes that are handed over at once.
const PIECE: usize = 64 << 10;

/// Hands on what is written to it.
struct Pieces(mpsc::SyncSender<io::Result<Vec<u8>>>);

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.send(Ok(bytes.to_vec())).map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Read for Rows {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.piece.read(buffer)?;
            if read > 0 || buffer.is_empty() {
                return Ok(read);
            }
            match self.pieces.recv_timeout(Duration::from_secs(limits::WORKER_SECONDS)) {
                Ok(piece) => self.piece = io::Cursor::new(piece?),
                Err(mpsc::RecvTimeoutError::Disconnected) => return self.ended().map(|()| 0),
                Err(mpsc::RecvTimeoutError::Timeout) => {
                    self.worker = None;
                    let why = format!("its next rows take longer than {} s", limits::WORKER_SECONDS);
                    return Err(io::Error::other(why));
                }
            }
        }
    }
}

impl Rows {
    /// Tells why the worker got no further, where it did not come to the end.
    fn ended(&mut self) -> io::Result<()> {
        /// Bytes that are enough to say why.
        const WHY: u64 = 1000;
        let Some((mut worker, told)) = self.worker.take() else { return Ok(()) };
        let mut why = Vec::new();
        told.take(WHY).read_to_end(&mut why)?;
        if worker.0.wait()?.success() {
            return Ok(());
        }
        let why = String::from_utf8_lossy(&why).into_owned();
        let most = limits::WORKER_BYTES >> 20;
        let broken =
            || format!("it is broken, or takes more than {most} MiB of memory, or more time than its size allows");
        Err(io::Error::other(if why.is_empty() { broken() } else { why }))
    }
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
