//! Documents in parallel, results in their order: the one place where the command line meets readers and coders.

use std::io::{self, BufReader};
use std::sync::mpsc::{self, Receiver};
use std::thread;

use rayon::prelude::*;

use super::fault::Fault;
use super::flags::BatchOptions;
use super::progress::Progress;
use crate::base::{Problem, Problems, Severity, limits};
use crate::document::{self, Document, Input, Inputs, Seen, Sources, jsonl};

/// Documents that one round takes: enough to keep all threads busy, few enough to stay small in memory.
const ROUND: usize = 256;

/// Runs `work` on every document that the paths name, and hands the results to `take` in the order of the documents,
/// whatever the number of threads. The same text counts once, unless the options say otherwise. `-` stands for documents as JSON Lines on standard input.
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

/// The same, and hands over each document with its result.
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
    let mut problems = Problems::default();
    let mut seen = (!options.repeats).then(Seen::default);
    let worked = |document: Document| {
        let made = work(&document);
        (document, made)
    };
    let mut accept = |results: Vec<Result<(Document, T), Problem>>, problems: &mut Problems| -> Result<(), Fault> {
        for result in results {
            match result {
                Ok((document, made)) => match seen.as_mut().and_then(|seen| seen.before(&document)) {
                    Some(note) => problems.push(note),
                    None => take(&document, made)?,
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
        let mut found = Vec::new();
        let (inputs, sources) = inputs(&files, options, &mut found)?;
        found.into_iter().for_each(|problem| problems.push(problem));
        let progress = Progress::new(inputs.len());
        let load = |input: Result<Input, Problem>| {
            let read =
                input.map_or_else(|gone| vec![Err(gone)], |input| document::load(&input, &sources, &options.reading()));
            let results: Vec<_> = read.into_iter().map(|read| read.map(&worked)).collect();
            progress.step();
            results
        };
        let is_stream = |input: &Result<Input, Problem>| input.as_ref().is_ok_and(Input::is_stream);
        // What is done with makes room: paths of a million files are many megabytes.
        let mut waiting = inputs.into_iter().peekable();
        let mut done = Vec::new();
        while let Some(input) = waiting.next() {
            if let Ok(input) = &input
                && input.is_stream()
            {
                accept(std::mem::take(&mut done), &mut problems)?;
                let mut round = Vec::new();
                let mut fault = None;
                document::each(input, &sources, &options.reading(), &mut |read| {
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
            let mut round = vec![input];
            round.extend(std::iter::from_fn(|| waiting.next_if(|next| !is_stream(next))).take(ROUND - 1));
            let mut next = Vec::new();
            // The results of one round are taken while the next is worked on.
            let taken = pool.in_place_scope(|scope| {
                scope.spawn(|_| next = round.into_par_iter().flat_map_iter(load).collect());
                accept(std::mem::take(&mut done), &mut problems)
            });
            taken?;
            done = next;
        }
        accept(done, &mut problems)?;
        progress.finish();
    }
    if !streams.is_empty() {
        let records = standard_input(options);
        while let Ok(first) = records.recv() {
            // What has come is worked on at once: who sends one document and waits for its statements gets them.
            let mut round: Vec<Result<Document, Problem>> =
                std::iter::once(first).chain(records.try_iter()).take(ROUND).collect();
            accept(finish(&mut round), &mut problems)?;
        }
    }
    Ok(problems.end())
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
    let (inputs, sources) = inputs(&[folder.to_string()], options, &mut problems)?;
    problems.retain(|p| p.severity == Severity::Error);
    let wanted = |input: &Input| input.holds_many() || keep(&input.name);
    let chosen = inputs.into_iter().filter(|input| input.as_ref().map_or(true, wanted));
    let chosen: Vec<Result<Input, Problem>> = chosen.collect();
    let results: Vec<Result<T, Problem>> = threads(options)?.install(|| {
        let load = |input: Result<Input, Problem>| {
            let mut made = Vec::new();
            let input = match input {
                Ok(input) => input,
                Err(gone) => return vec![Err(gone)],
            };
            document::each(&input, &sources, &options.reading(), &mut |read| {
                match read {
                    Ok(document) if keep(&document.name) => made.push(Ok(work(&document))),
                    Ok(_) => {}
                    Err(problem) => made.push(Err(problem)),
                }
                true
            });
            made
        };
        chosen.into_par_iter().flat_map_iter(load).collect()
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

/// Reads documents from standard input, no more than a round ahead. The thread that reads ends with its input or with the program.
fn standard_input(options: &BatchOptions) -> Receiver<Result<Document, Problem>> {
    let (send, receive) = mpsc::sync_channel(ROUND);
    let options = options.clone();
    thread::spawn(move || {
        for record in jsonl::Records::new(BufReader::new(io::stdin()), options.reading()) {
            if send.send(record).is_err() {
                return;
            }
        }
    });
    receive
}

/// Starts the threads that the options ask for.
pub(super) fn threads(options: &BatchOptions) -> Result<rayon::ThreadPool, Fault> {
    let cores = || std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get);
    let number = if options.threads == 0 { cores().min(usize::from(limits::THREADS)) } else { options.threads };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(number).build();
    let told = |e| Problem::error("cannot start the threads").why(e).hint("Ask for fewer with --threads").into();
    pool.map_err(told)
}

/// Finds the files and what sources.csv says of them.
fn inputs(files: &[String], options: &BatchOptions, problems: &mut Vec<Problem>) -> Result<(Inputs, Sources), Fault> {
    let (inputs, missing) = document::find(files);
    let (sources, faults) = Sources::read(&inputs);
    let found: Vec<Problem> = missing.into_iter().chain(faults).collect();
    if options.strict && found.iter().any(|p| p.severity == Severity::Error) {
        return Err(found.into());
    }
    problems.extend(found);
    Ok((inputs, sources))
}
