//! What the terminal can show: its width, and whether it wants colour.

use std::io::IsTerminal;

use clap::builder::styling::{AnsiColor, Style};

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
    /// Looks at standard output and the environment.
    pub(super) fn new() -> Self {
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

    fn paint(self, words: &str, style: Style) -> String {
        if self.0 { format!("{style}{words}{style:#}") } else { words.to_string() }
    }
}
