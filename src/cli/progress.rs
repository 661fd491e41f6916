//! A bar on standard error while a long batch runs, where somebody watches.

use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressStyle};

/// Batches shorter than this need no bar.
const LONG: usize = 40;

/// A bar, or nothing where nobody watches or the work is short.
pub(super) struct Progress(Option<ProgressBar>);

impl Progress {
    /// Begins a bar for this many documents.
    pub(super) fn new(documents: usize) -> Self {
        if documents < LONG || super::terminal::is_quiet() || !std::io::stderr().is_terminal() {
            return Progress(None);
        }
        let bar = ProgressBar::new(documents as u64);
        let look = "{bar:30} {pos}/{len} documents, {per_sec}, {eta} left";
        bar.set_style(ProgressStyle::with_template(look).unwrap_or_else(|_| ProgressStyle::default_bar()));
        Progress(Some(bar))
    }

    /// Counts one document.
    pub(super) fn step(&self) {
        if let Some(bar) = &self.0 {
            bar.inc(1);
        }
    }

    /// Wipes the bar.
    pub(super) fn finish(&self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}
