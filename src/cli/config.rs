//! `demarche.toml`: what a project folder says once, so that its commands need not be told.
//!
//! What the file says becomes arguments, as if they had been typed; what was typed counts before it, and an entry that does not go with what
//! was typed is left out.

use std::ffi::OsString;
use std::fs;
use std::path::{Component, Path, PathBuf};

use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Command};
use toml::{Table, Value};

use super::fault::Fault;
use crate::base::{Problem, file, limits};

/// The file that is looked for in the folder where the program runs.
pub(super) const NAME: &str = "demarche.toml";

/// The entry for what stands without a flag: documents to read.
const DOCUMENTS: &str = "documents";
/// Entries that name files or folders, from the folder of the file.
const PATHS: [&str; 4] = [DOCUMENTS, "codebook", "ledger", "output"];

/// Those of them that are written to.
const WRITTEN: [&str; 2] = ["output", "ledger"];
const ENTRIES: &str =
    "Entries are documents and the long flags of commands without their dashes, under [COMMAND] those of one";

/// A project's file.
#[derive(Debug)]
pub(super) struct Config {
    path: PathBuf,
    table: Table,
    /// It was found and not named: it may be of anybody who made the folder.
    is_found: bool,
}

impl Config {
    /// Reads the file that was named, or the one of the folder where the program runs.
    ///
    /// # Errors
    ///
    /// A file that was named and is not there; one that is no TOML, or holds an entry that no command knows.
    pub(super) fn read(named: Option<&Path>, commands: &Command) -> Result<Option<Self>, Fault> {
        let path = named.unwrap_or(Path::new(NAME));
        if named.is_none() && !path.exists() {
            return Ok(None);
        }
        let fault = |why: &dyn std::fmt::Display| Problem::error("cannot use the project file").at(path).why(why);
        let text = file::read_text(path, limits::DATA_FILE_BYTES);
        let text = text.map_err(|e| fault(&e).hint("Name another with --config"))?;
        let table: Table = text.parse().map_err(|error: toml::de::Error| {
            let line = error.span().map(|span| text.get(..span.start).unwrap_or("").matches('\n').count() + 1);
            let told = fault(&error.message());
            let told = line.map_or(told.clone(), |line| told.line(line as u64));
            told.hint("docs/howto/project.md shows such a file")
        })?;
        let config = Config { path: path.to_path_buf(), table, is_found: named.is_none() };
        config.check(commands, &text)?;
        Ok(Some(config))
    }

    /// Returns where the file is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Checks that every entry is a flag of some command, every table a command, and that a file which was found has nothing written outside its
    /// folder.
    fn check(&self, commands: &Command, text: &str) -> Result<(), Fault> {
        let mut problems = Vec::new();
        let mut refuse = |key: &str, why: String, hint: &str| {
            let line = text.lines().position(|line| {
                let line = line.trim_start().trim_start_matches('[');
                line.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with(['=', ']']))
            });
            let told = Problem::error("cannot use the project file").at(&self.path).why(why);
            let told = line.map_or(told.clone(), |line| told.line(line as u64 + 1));
            problems.push(told.hint(hint));
        };
        let tables = self.table.values().filter_map(Value::as_table);
        for (key, value) in tables.chain([&self.table]).flatten().filter(|(key, _)| WRITTEN.contains(&key.as_str())) {
            if let Some(text) = value.as_str().filter(|text| self.is_found && !is_within(Path::new(text))) {
                let why = format!("\"{key}\" would be written outside this folder: {text}");
                refuse(key, why, "Type the flag; or, where you trust the file, name it with --config");
            }
        }
        let mut unknown = |key: &str, why: String| refuse(key, why, ENTRIES);
        for (key, value) in &self.table {
            let one = |name: &str| commands.find_subcommand(name).filter(|c| !c.is_hide_set());
            match (value, one(key)) {
                (Value::Table(own), Some(command)) => {
                    for key in own.keys().filter(|key| !knows(command, key)) {
                        unknown(key, format!("{} knows no \"{key}\"", command.get_name()));
                    }
                }
                (Value::Table(_), None) => unknown(key, format!("there is no command \"{key}\"")),
                _ if !commands.get_subcommands().any(|command| knows(command, key)) => {
                    unknown(key, format!("no command knows \"{key}\""));
                }
                _ => {}
            }
        }
        if problems.is_empty() { Ok(()) } else { Err(problems.into()) }
    }

    /// Adds to the arguments what the file says and they do not.
    ///
    /// # Errors
    ///
    /// A value that the command does not take.
    pub(super) fn complete(&self, args: Vec<OsString>, commands: &Command) -> Result<Vec<OsString>, Fault> {
        let Ok(given) = commands.clone().ignore_errors(true).try_get_matches_from(&args) else { return Ok(args) };
        let Some((name, _)) = given.subcommand() else { return Ok(args) };
        let own = self.table.get(name).and_then(Value::as_table);
        let entries = own.into_iter().flatten().chain(self.table.iter().filter(|(key, value)| {
            // What stands under the command counts before what stands above.
            !value.is_table() && own.is_none_or(|own| !own.contains_key(*key))
        }));
        let mut complete = args;
        for (key, value) in entries {
            let under = own.is_some_and(|own| own.contains_key(key));
            let Some(words) = self.words(key, value, under, &given, commands) else { continue };
            let mut longer = complete.clone();
            longer.extend(words);
            match commands.clone().try_get_matches_from(&longer).map_err(|error| (error.kind(), error)) {
                // What was typed does not go with it.
                Err((ErrorKind::ArgumentConflict, _)) => {}
                Err((ErrorKind::InvalidValue | ErrorKind::ValueValidation, error)) => {
                    let told = error.to_string();
                    let why = told.lines().next().unwrap_or_default().trim_start_matches("error: ").to_string();
                    let problem = Problem::error("cannot use the project file").at(&self.path).why(why);
                    return Err(problem.hint(format!("Mend the entry \"{key}\"")).into());
                }
                // What is still missing may come with the next one.
                _ => complete = longer,
            }
        }
        Ok(complete)
    }

    /// Returns an entry as arguments; none where the command does not know it, or was told otherwise.
    fn words(
        &self,
        key: &str,
        value: &Value,
        under: bool,
        given: &ArgMatches,
        commands: &Command,
    ) -> Option<Vec<OsString>> {
        let (mut matches, mut command) = (given, commands);
        while let Some((name, inner)) = matches.subcommand() {
            (matches, command) = (inner, command.find_subcommand(name)?);
        }
        if key == "output" && !under {
            let value = self.resolved(key, value.as_str()?.to_string());
            return self.results(value, matches, command);
        }
        let arg = argument(command, key)?;
        if matches.value_source(arg.get_id().as_str()) == Some(ValueSource::CommandLine) {
            return None;
        }
        let values: Vec<&Value> = value.as_array().map_or_else(|| vec![value], |all| all.iter().collect());
        let mut words = Vec::new();
        for value in values {
            let text = match value {
                Value::Boolean(true) if !arg.get_action().takes_values() => String::new(),
                Value::Boolean(false) => continue,
                Value::String(text) => text.clone(),
                Value::Integer(number) => number.to_string(),
                Value::Float(number) => number.to_string(),
                Value::Datetime(day) => day.to_string(),
                Value::Boolean(_) | Value::Array(_) | Value::Table(_) => return None,
            };
            if arg.get_long().is_some() {
                words.push(format!("--{key}").into());
            }
            if arg.is_positional() || arg.get_action().takes_values() {
                words.push(self.resolved(key, text));
            }
        }
        Some(words)
    }

    /// Returns the folder of results as arguments: where a command writes them, or where the statements are that it reads.
    fn results(&self, folder: OsString, given: &ArgMatches, command: &Command) -> Option<Vec<OsString>> {
        let typed = |arg: &Arg| given.value_source(arg.get_id().as_str()) == Some(ValueSource::CommandLine);
        if let Some(arg) = argument(command, "output").filter(|arg| is_named(arg, "DIR")) {
            // Without a default the command writes files only where it is told to.
            let writes = !arg.get_default_values().is_empty() && !typed(arg);
            return writes.then(|| vec!["--output".into(), folder]);
        }
        let reads = command.get_arguments().find(|arg| arg.is_positional() && is_named(arg, "FILE") && !typed(arg));
        let reads = reads.is_some() && argument(command, "ledger").is_some() && !self.table.contains_key("ledger");
        let statements = Path::new(&folder).join("statements.jsonl");
        (reads && statements.exists()).then(|| vec![statements.into_os_string()])
    }

    /// Puts the folder of the file before the paths that it names.
    fn resolved(&self, key: &str, text: String) -> OsString {
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
        match folder {
            // A codebook is the name of a built-in one where no folder is called so.
            Some(folder) if PATHS.contains(&key) && (key != "codebook" || folder.join(&text).is_dir()) => {
                folder.join(text).into_os_string()
            }
            _ => text.into(),
        }
    }
}

/// Tells whether a path, links followed, stays within the folder where the program runs.
fn is_within(path: &Path) -> bool {
    let Ok(folder) = fs::canonicalize(".") else { return false };
    // What is not there yet cannot lead out but by "..".
    let Some(there) = path.ancestors().find(|part| fs::symlink_metadata(folder.join(part)).is_ok()) else {
        return false;
    };
    let rest = path.strip_prefix(there).unwrap_or(path);
    let is_plain = rest.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    is_plain && fs::canonicalize(folder.join(there)).is_ok_and(|there| there.starts_with(&folder))
}

/// Returns the argument that an entry stands for.
fn argument<'c>(command: &'c Command, key: &str) -> Option<&'c Arg> {
    command.get_arguments().find(|arg| match key {
        DOCUMENTS => arg.is_positional() && is_named(arg, "PATHS"),
        key => arg.get_long() == Some(key),
    })
}

fn is_named(arg: &Arg, name: &str) -> bool {
    arg.get_value_names().is_some_and(|names| names.iter().any(|own| own == name))
}

/// Tells whether a command or one below it knows an entry.
fn knows(command: &Command, key: &str) -> bool {
    argument(command, key).is_some() || command.get_subcommands().any(|command| knows(command, key))
}
