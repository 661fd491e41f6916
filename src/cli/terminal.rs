//! What the terminal can show: its width, and whether it wants colour; lines and tables that fit it.

use std::io::{self, IsTerminal, Write};
use std::sync::OnceLock;

use clap::ValueEnum;
use clap::builder::styling::{AnsiColor, Style};
use comfy_table::{ContentArrangement, Table, presets};

use super::fault::Fault;
use crate::base::plain::plain;

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(super) enum ColorFlag {
    /// On a terminal
    #[default]
    Auto,
    /// In files and pipes too
    Always,
    /// Nowhere
    Never,
}

/// How much is shown, and how: the same for the whole of a run.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Show {
    pub(super) quiet: bool,
    pub(super) color: ColorFlag,
}

static SHOW: OnceLock<Show> = OnceLock::new();

/// Says how; who says it first is heeded.
pub(super) fn show(show: Show) {
    SHOW.get_or_init(|| show);
}

/// Tells whether only warnings and errors are wanted.
pub(super) fn is_quiet() -> bool {
    SHOW.get().is_some_and(|show| show.quiet)
}

/// Width where no terminal tells one.
const WIDTH: u16 = 80;

/// Returns the columns that standard output has: the terminal's, else those of `COLUMNS`, else 80.
pub(super) fn width() -> u16 {
    let told = std::env::var("COLUMNS").ok().and_then(|c| c.parse().ok());
    let seen = terminal_size::terminal_size_of(std::io::stdout()).map(|(width, _)| width.0);
    seen.or(told).unwrap_or(WIDTH).clamp(40, 160)
}

/// Colours for standard output, or none: where it is no terminal, or `NO_COLOR` is set.
#[derive(Debug, Clone, Copy)]
pub(super) struct Colours(bool);

impl Colours {
    /// Looks at what was asked for, at standard output and at the environment.
    pub(super) fn new() -> Self {
        match SHOW.get().map(|show| show.color).unwrap_or_default() {
            ColorFlag::Always => return Colours(true),
            ColorFlag::Never => return Colours(false),
            ColorFlag::Auto => {}
        }
        let refused = std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty());
        Colours(std::io::stdout().is_terminal() && !refused)
    }

    /// No colours, for files.
    pub(super) fn none() -> Self {
        Colours(false)
    }

    /// Makes words bold.
    pub(super) fn bold(self, words: &str) -> String {
        self.paint(words, Style::new().bold())
    }

    /// Makes words stand out as the source of a statement.
    pub(super) fn source(self, words: &str) -> String {
        self.paint(words, Style::new().fg_color(Some(AnsiColor::Cyan.into())))
    }

    /// Makes words stand out as the cue of a statement.
    pub(super) fn cue(self, words: &str) -> String {
        self.paint(words, Style::new().fg_color(Some(AnsiColor::Yellow.into())))
    }

    /// Makes a text fit for the terminal: what it would obey is written out, but for these colours.
    pub(super) fn fit(self, text: &str) -> String {
        let mut parts = text.split('\u{1b}');
        let mut out = plain(parts.next().unwrap_or_default()).into_owned();
        for part in parts {
            let is_ours = self.0 && OURS.iter().any(|ours| part.starts_with(ours));
            out.push_str(if is_ours { "\u{1b}" } else { "\\u{1b}" });
            out.push_str(&plain(part));
        }
        out
    }

    fn paint(self, words: &str, style: Style) -> String {
        if self.0 { format!("{style}{words}{style:#}") } else { words.to_string() }
    }
}

/// How the colours go on after the escape character: bold, cyan, yellow, none.
const OURS: [&str; 4] = ["[1m", "[36m", "[33m", "[0m"];

/// Writes a text to standard output; whatever stands in documents, it commands nothing there.
pub(super) fn print(text: &str) -> Result<(), Fault> {
    io::stdout().lock().write_all(Colours::new().fit(text).as_bytes()).map_err(Fault::output)
}

/// Breaks a text into lines of at most `width` characters, the first after `lead`, the others after `indent`.
pub(super) fn wrapped(text: &str, lead: &str, indent: &str, width: usize) -> String {
    let mut out = lead.to_string();
    let mut used = indent.chars().count().max(if lead.contains('\u{1b}') { 0 } else { lead.chars().count() });
    let mut fresh = true;
    for word in text.split_whitespace() {
        let long = word.chars().count();
        if !fresh && used + 1 + long > width {
            out.push('\n');
            out.push_str(indent);
            used = indent.chars().count();
            fresh = true;
        }
        if !fresh {
            out.push(' ');
            used += 1;
        }
        out.push_str(word);
        used += long;
        fresh = false;
    }
    out.push('\n');
    out
}

/// A table without lines that fits a width.
pub(super) fn table(width: u16) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    table
}

/// Lays a table out, without space at the ends of its lines.
pub(super) fn laid_out(table: &Table) -> String {
    table.to_string().lines().map(|line| format!("{}\n", line.trim_end())).collect()
}
