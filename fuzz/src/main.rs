//! Changes files at random and runs every parser on them, on stable Rust: a panic, an abort or more than five seconds is a failure, and its
//! input is kept in `fuzz/found/`.
//!
//! Changes are blind (bytes changed, lost, put in, doubled, moved between files, cut off) or, for files that are archives, made to the parts inside,
//! which are then packed again: else hardly any would get past the checksums.

use std::io::{Cursor, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use clap::Parser;
use demarche_fuzz::{SLOWEST, TARGETS, Target};

/// Run every parser on changed files
#[derive(Debug, Parser)]
struct Args {
    /// Targets to run; all unless told
    targets: Vec<String>,
    /// Inputs for each target
    #[arg(long, default_value_t = 20_000)]
    executions: u64,
    /// Seconds for each target at most
    #[arg(long, default_value_t = 3_600)]
    seconds: u64,
    /// Threads, each on inputs of its own
    #[arg(long, default_value_t = 2)]
    threads: u64,
    /// Where the changes begin
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Bytes of the longest input
    #[arg(long, default_value_t = 16_384)]
    longest: usize,
}

/// What the runs of a target came to.
#[derive(Debug, Default)]
struct Tally {
    executions: u64,
    slowest: Duration,
    failures: Vec<String>,
}

/// Failures of a target after which it ends: more of them tell nothing new.
const ENOUGH: usize = 10;

fn main() -> ExitCode {
    let args = Args::parse();
    if let Some(unknown) = args.targets.iter().find(|name| Target::named(name).is_none()) {
        let names: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
        eprintln!("there is no target {unknown}; there are {}", names.join(", "));
        return ExitCode::from(2);
    }
    // What fails is told once, below.
    std::panic::set_hook(Box::new(|_| {}));
    let mut failed = false;
    println!("| target | executions | seconds | slowest, ms | failures |\n| --- | --- | --- | --- | --- |");
    for target in TARGETS.iter().filter(|t| args.targets.is_empty() || args.targets.iter().any(|name| name == t.name)) {
        let begun = Instant::now();
        let tally = hammer(target, &args);
        let (seconds, slowest) = (begun.elapsed().as_secs(), tally.slowest.as_millis());
        println!("| {} | {} | {seconds} | {slowest} | {} |", target.name, tally.executions, tally.failures.len());
        for failure in &tally.failures {
            eprintln!("{}: {failure}", target.name);
        }
        failed |= !tally.failures.is_empty();
    }
    if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// Runs one target on all threads.
fn hammer(target: &Target, args: &Args) -> Tally {
    let read = |path: std::path::PathBuf| std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let seeds: Vec<Seed> = target.paths().into_iter().map(|path| Seed::new(read(path))).collect();
    let tally = Mutex::new(Tally::default());
    let until = Instant::now() + Duration::from_secs(args.seconds);
    std::thread::scope(|scope| {
        for thread in 0..args.threads {
            let (seeds, tally) = (&seeds, &tally);
            scope.spawn(move || {
                let mut dice = Dice::new(args.seed.wrapping_mul(1_000_003).wrapping_add(thread));
                let mut own = Tally::default();
                while own.executions < args.executions.div_ceil(args.threads)
                    && Instant::now() < until
                    && own.failures.len() < ENOUGH
                {
                    let input = changed(seeds, &mut dice, args.longest);
                    let begun = Instant::now();
                    let run = catch_unwind(AssertUnwindSafe(|| (target.run)(&input)));
                    let mut took = begun.elapsed();
                    if took > SLOWEST {
                        // The machine may have slept, or done other things.
                        let again = Instant::now();
                        catch_unwind(AssertUnwindSafe(|| (target.run)(&input))).ok();
                        took = took.min(again.elapsed());
                    }
                    own.executions += 1;
                    own.slowest = own.slowest.max(took);
                    match run {
                        Err(panic) => {
                            own.failures.push(format!("{}, kept as {}", words(panic.as_ref()), keep(target, &input)))
                        }
                        Ok(()) if took > SLOWEST => {
                            own.failures.push(format!("took {took:?}, kept as {}", keep(target, &input)))
                        }
                        Ok(()) => {}
                    }
                }
                if let Ok(mut tally) = tally.lock() {
                    tally.executions += own.executions;
                    tally.slowest = tally.slowest.max(own.slowest);
                    tally.failures.append(&mut own.failures);
                }
            });
        }
    });
    tally.into_inner().unwrap_or_default()
}

fn words(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().cloned();
    text.or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string)).unwrap_or_else(|| "panicked".to_string())
}

/// Keeps an input that failed; returns where.
fn keep(target: &Target, input: &[u8]) -> String {
    let path = target.found().join(&blake3::hash(input).to_hex()[..16]);
    let kept = std::fs::create_dir_all(target.found()).and_then(|()| std::fs::write(&path, input));
    kept.map_or_else(|e| format!("nothing ({e})"), |()| path.display().to_string())
}

/// A changed file: one of the seeds, or of an archive one of its parts.
fn changed(seeds: &[Seed], dice: &mut Dice, longest: usize) -> Vec<u8> {
    let Seed { bytes: seed, parts } = &seeds[dice.below(seeds.len())];
    let other = &seeds[dice.below(seeds.len())].bytes;
    if !parts.is_empty()
        && dice.below(4) > 0
        && let Some(packed) = changed_inside(parts, seed, dice)
    {
        return packed;
    }
    // Long files are cut, most of the time from the front, where their forms tell what they are; files of parts are found from their end.
    let mut input = seed.clone();
    if input.len() > longest && !WHOLE.iter().any(|mark| seed.starts_with(mark)) {
        let start = if dice.below(4) == 0 { dice.below(input.len() - longest) } else { 0 };
        input = input[start..start + longest].to_vec();
    }
    change(&mut input, other, dice);
    input
}

/// How files begin that are of no use cut off.
const WHOLE: [&[u8]; 4] = [b"PK", b"PAR1", b"%PDF", b"SQLite format 3"];

/// A file to begin with, and the parts of an archive by their names.
struct Seed {
    bytes: Vec<u8>,
    parts: Vec<(String, Vec<u8>)>,
}

impl Seed {
    fn new(bytes: Vec<u8>) -> Self {
        Seed { parts: unpacked(&bytes).unwrap_or_default(), bytes }
    }
}

fn unpacked(bytes: &[u8]) -> Option<Vec<(String, Vec<u8>)>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).ok()?;
    let mut parts = Vec::new();
    for number in 0..archive.len() {
        let mut part = archive.by_index(number).ok()?;
        let (name, mut bytes) = (part.name().ok()?.into_owned(), Vec::new());
        part.read_to_end(&mut bytes).ok()?;
        parts.push((name, bytes));
    }
    Some(parts)
}

fn changed_inside(parts: &[(String, Vec<u8>)], seed: &[u8], dice: &mut Dice) -> Option<Vec<u8>> {
    let wanted = dice.below(parts.len());
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::with_capacity(4 * seed.len())));
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (number, (name, bytes)) in parts.iter().enumerate() {
        let (mut name, mut bytes) = (name.clone(), std::borrow::Cow::Borrowed(bytes.as_slice()));
        if number == wanted {
            match dice.below(16) {
                0 => continue,
                1 => name.push_str(PIECES[dice.below(PIECES.len())]),
                _ => change(bytes.to_mut(), seed, dice),
            }
        }
        out.start_file(name, stored).ok()?;
        out.write_all(&bytes).ok()?;
    }
    out.finish().ok().map(Cursor::into_inner)
}

/// What parsers look for, and what they should not rely on.
const PIECES: [&str; 40] = [
    "<",
    ">",
    "&",
    "\"",
    "'",
    "\0",
    "\n",
    "\r\n",
    "\n\n",
    " ",
    "\t",
    ",",
    ";",
    "{",
    "}",
    "[",
    "]",
    "\\",
    "/",
    "../",
    "=",
    "-",
    "—",
    "“",
    "”",
    "é",
    "\u{feff}",
    "\u{202e}",
    "🙂",
    "&#x0;",
    "&amp;",
    "<![CDATA[",
    "]]>",
    "<!--",
    "-->",
    "99999999999999999999",
    "-1",
    "NaN",
    "2025-02-30",
    "=?utf-8?B?",
];

/// Changes bytes in one to eight ways.
fn change(bytes: &mut Vec<u8>, other: &[u8], dice: &mut Dice) {
    for _ in 0..=dice.below(8) {
        if bytes.is_empty() {
            bytes.extend_from_slice(PIECES[dice.below(PIECES.len())].as_bytes());
            continue;
        }
        let at = dice.below(bytes.len());
        let length = 1 + dice.below(64).min(bytes.len() - at - 1);
        match dice.below(10) {
            0 => bytes[at] = dice.next() as u8,
            1 => bytes[at] ^= 1 << dice.below(8),
            2 => drop(bytes.drain(at..at + length)),
            3 => bytes.truncate(at),
            4 | 5 => {
                let piece = PIECES[dice.below(PIECES.len())].as_bytes();
                bytes.splice(at..at, piece.iter().copied());
            }
            6 => {
                let piece = bytes[at..at + length].repeat(1 + dice.below(20));
                let to = dice.below(bytes.len());
                bytes.splice(to..to, piece);
            }
            7 => {
                let from = dice.below(other.len());
                let piece = other[from..(from + length).min(other.len())].to_vec();
                bytes.splice(at..at, piece);
            }
            8 => {
                let number: Vec<u8> =
                    [0u64, 1, 127, 255, 65_535, u64::from(u32::MAX), u64::MAX][dice.below(7)].to_le_bytes().to_vec();
                for (place, byte) in bytes[at..].iter_mut().zip(&number[..1 << dice.below(4)]) {
                    *place = *byte;
                }
            }
            _ => {
                let other = dice.below(bytes.len());
                bytes.swap(at, other);
            }
        }
    }
}

/// Numbers from a seed (xorshift64*).
struct Dice(u64);

impl Dice {
    fn new(seed: u64) -> Self {
        Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 11
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }
}
