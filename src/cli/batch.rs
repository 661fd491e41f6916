//! Documents in parallel, results in their order: the one place where the command line meets readers and coders.

use std::io::{self, BufReader};

use rayon::prelude::*;

use super::fault::Fault;
use super::flags::BatchOptions;
use super::progress::Progress;
use crate::base::{Problem, Severity};
use crate::document::copies::{Copies, Sketch};
use crate::document::{self, Document, Input, Seen, Sources, jsonl};

/// Documents that one round takes: enough to keep all threads busy, few enough to stay small in memory.
const ROUND: usize = 256;

/// A document, what its copies are told by, and what was made of it.
type Worked<T> = (Document, Option<Sketch>, T);

/// Runs `work` on every document that the paths name, and hands the results to `take` in the order of the documents,
/// whatever the number of threads. The same text counts once. `-` stands for documents as JSON Lines on standard input.
///
/// Returns the problems met on the way; documents with problems are passed over.
///
/// # Errors
/// Fails where `take` does, and at the first problem where the options are strict.
pub(super) fn each<T: Send>(
    paths: &[String],
    options: &BatchOptions,
    work: impl Fn(&Document) -> T + Sync,
    mut take: impl FnMut(T) -> Result<(), Fault>,
) -> Result<Vec<Problem>, Fault> {
    each_document(paths, options, work, |_, made| take(made))
}

/// The same, and hands over each document with its result; only then does a document tell whose copy it is.
///
/// # Errors
/// Those of [`each`].
pub(super) fn each_document<T: Send>(
    paths: &[String],
    options: &BatchOptions,
    work: impl Fn(&Document) -> T + Sync,
    mut take: impl FnMut(&Document, T) -> Result<(), Fault>,
) -> Result<Vec<Problem>, Fault> {
    let pool = threads(options)?;
    let mut problems = Vec::new();
    let (mut seen, mut copies) = (Seen::default(), Copies::default());
    let worked = |document: Document| {
        let made = work(&document);
        let sketch = Sketch::of(&document.text);
        (document, sketch, made)
    };
    let mut accept = |results: Vec<Result<Worked<T>, Problem>>, problems: &mut Vec<Problem>| -> Result<(), Fault> {
        for result in results {
            match result {
                Ok((mut document, sketch, made)) => match seen.before(&document) {
                    Some(note) => problems.push(note),
                    None => {
                        let day = document.published.map(|(day, _)| day);
                        document.copy_of = sketch.and_then(|sketch| copies.meet(&document.name, day, sketch));
                        take(&document, made)?;
                    }
                },
                Err(problem) if options.strict && problem.severity == Severity::Error => return Err(problem.into()),
                Err(problem) => problems.push(problem),
            }
        }
        Ok(())
    };
    // What is read one after the other is worked on at once.
    let finish = |round: &mut Vec<Result<Document, Problem>>| {
        let round = std::mem::take(round);
        pool.install(|| round.into_par_iter().map(|read| read.map(&worked)).collect())
    };
    let (streams, files): (Vec<String>, Vec<String>) = paths.iter().cloned().partition(|p| p == "-");
    if !files.is_empty() {
        let (inputs, sources) = inputs(&files, options, &mut problems)?;
        let progress = Progress::new(inputs.len());
        let load = |input: &Input| {
            let read = document::load(input, &sources, &options.reading());
            let results: Vec<_> = read.into_iter().map(|read| read.map(&worked)).collect();
            progress.step();
            results
        };
        for few in inputs.chunk_by(|a, b| !a.is_stream() && !b.is_stream()) {
            if let [stream] = few
                && stream.is_stream()
            {
                let mut round = Vec::new();
                let mut fault = None;
                document::each(stream, &sources, &options.reading(), &mut |read| {
                    round.push(read);
                    if round.len() == ROUND {
                        fault = accept(finish(&mut round), &mut problems).err();
                    }
                    fault.is_none()
                });
                fault.map_or(Ok(()), Err)?;
                accept(finish(&mut round), &mut problems)?;
                progress.step();
                continue;
            }
            for round in few.chunks(ROUND) {
                let results = pool.install(|| round.par_iter().flat_map_iter(load).collect());
                accept(results, &mut problems)?;
            }
        }
        progress.finish();
    }
    if !streams.is_empty() {
        let mut records = jsonl::Records::new(BufReader::new(io::stdin()), options.reading());
        loop {
            let mut round: Vec<Result<Document, Problem>> = records.by_ref().take(ROUND).collect();
            if round.is_empty() {
                break;
            }
            accept(finish(&mut round), &mut problems)?;
        }
    }
    Ok(problems)
}

/// Runs `work` on those documents of a folder whose names `keep` takes, in their order; each counts, whatever its text.
///
/// # Errors
/// Fails where the threads cannot be started, and at the first problem where the options are strict.
pub(super) fn chosen<T: Send>(
    folder: &str,
    options: &BatchOptions,
    keep: impl Fn(&str) -> bool + Sync,
    work: impl Fn(&Document) -> T + Sync,
) -> Result<(Vec<T>, Vec<Problem>), Fault> {
    let mut problems = Vec::new();
    let (mut inputs, sources) = inputs(&[folder.to_string()], options, &mut problems)?;
    problems.retain(|p| p.severity == Severity::Error);
    inputs.retain(|input| input.holds_many() || keep(&input.name));
    let results: Vec<Result<T, Problem>> = threads(options)?.install(|| {
        let load = |input: &Input| {
            let mut made = Vec::new();
            document::each(input, &sources, &options.reading(), &mut |read| {
                match read {
                    Ok(document) if keep(&document.name) => made.push(Ok(work(&document))),
                    Ok(_) => {}
                    Err(problem) => made.push(Err(problem)),
                }
                true
            });
            made
        };
        inputs.par_iter().flat_map_iter(load).collect()
    });
    let mut made = Vec::new();
    for result in results {
        match result {
            Ok(done) => made.push(done),
            Err(problem) if options.strict && problem.severity == Severity::Error => return Err(problem.into()),
            Err(problem) => problems.push(problem),
        }
    }
    Ok((made, problems))
}

/// Starts the threads that the options ask for.
pub(super) fn threads(options: &BatchOptions) -> Result<rayon::ThreadPool, Fault> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(options.threads).build();
    let told = |e| Problem::error("cannot start the threads").why(e).hint("Ask for fewer with --threads").into();
    pool.map_err(told)
}

/// Finds the files and what sources.csv says of them.
fn inputs(
    files: &[String],
    options: &BatchOptions,
    problems: &mut Vec<Problem>,
) -> Result<(Vec<Input>, Sources), Fault> {
    let (inputs, missing) = document::find(files);
    let (sources, faults) = Sources::read(&inputs);
    let found: Vec<Problem> = missing.into_iter().chain(faults).collect();
    if options.strict && found.iter().any(|p| p.severity == Severity::Error) {
        return Err(found.into());
    }
    problems.extend(found);
    Ok((inputs, sources))
}
