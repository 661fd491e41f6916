//! Column widths at which a grid of texts prints as large as it can on one page, or else on few.
//!
//! Wide columns make low rows and narrow ones high rows; somewhere between the page is full. A handful of widths is tried.

use super::layout::{self, Font};
use super::page::Paper;

/// What a cell of the grid holds: runs of text, one after the other; nothing for an empty cell.
pub(super) type Runs = Vec<(Font, String)>;

/// A grid of texts to be printed.
pub(super) struct Grid<'a> {
    /// Cells by row, then column.
    pub(super) cells: &'a [Vec<Runs>],
    /// The head of each column.
    pub(super) heads: &'a [Runs],
    /// Width of each column at which its text reads well, in pixels.
    pub(super) widths: &'a [u32],
    /// Width of the heads of rows, in pixels.
    pub(super) left: u32,
    /// Height above the heads of columns, and what every row takes beside its text, in points.
    pub(super) above: f64,
    /// See `above`.
    pub(super) beside: f64,
}

/// How a grid is laid out.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Fit {
    /// Width of each column in pixels.
    pub(super) widths: Vec<u32>,
    /// Height of the heads in points.
    pub(super) head: f64,
    /// Height of the text of each row in points.
    pub(super) rows: Vec<f64>,
    /// Paper to print on.
    pub(super) paper: Paper,
    /// Pages across.
    pub(super) across: u16,
    /// Pages down; 0 for as many as it takes.
    pub(super) down: u16,
}

/// How much wider than at ease columns may be.
const FACTORS: [f64; 8] = [1.0, 0.9, 1.1, 1.2, 1.35, 1.5, 1.7, 2.0];
const WIDEST: u32 = 280;
/// Pixels that print on a page on its side at full size, margins off.
const A4: (f64, f64) = (1_045.0, 690.0);
const A3: (f64, f64) = (1_510.0, 1_010.0);
/// Below this scale a small page makes way for a large one, and one page for several.
const LEAST: (f64, f64) = (0.75, 0.54);

/// Lays out a grid.
pub(super) fn fit(grid: &Grid<'_>) -> Fit {
    let tries: Vec<(Fit, f64, f64)> = FACTORS.iter().map(|factor| attempt(grid, *factor)).collect();
    for ((wide, high), paper, least) in [(A4, Paper::A4, LEAST.0), (A3, Paper::A3, LEAST.1)] {
        let scale = |(_, across, down): &(Fit, f64, f64)| (wide / across).min(high / down).min(1.0);
        let best = tries.iter().reduce(|best, next| if scale(next) > scale(best) + 0.01 { next } else { best });
        if let Some(best) = best.filter(|best| scale(best) >= least) {
            return Fit { paper, ..best.0.clone() };
        }
    }
    // Too much for one page: as many down as it takes, and across as many as keep the text readable.
    let (fit, across, _) = attempt(grid, 1.0);
    let pages = (across * LEAST.1 / A3.0).ceil().clamp(1.0, 100.0) as u16;
    Fit { across: pages, down: 0, ..fit }
}

/// Lays out with widths of this factor; returns the whole width and height in pixels too.
fn attempt(grid: &Grid<'_>, factor: f64) -> (Fit, f64, f64) {
    let widths: Vec<u32> =
        grid.widths.iter().map(|w| ((f64::from(*w) * factor) as u32).clamp(*w * 4 / 5, WIDEST)).collect();
    let height = |runs: &Runs, width: u32| -> f64 {
        let parts: Vec<(Font, &str)> = runs.iter().map(|(font, text)| (*font, text.as_str())).collect();
        runs.first().map_or(0.0, |(font, _)| font.height(layout::lines(&parts, f64::from(width))))
    };
    let highest = |cells: &[Runs]| cells.iter().zip(&widths).map(|(c, w)| height(c, *w)).fold(0.0, f64::max);
    let head = highest(grid.heads);
    let rows: Vec<f64> = grid.cells.iter().map(|row| highest(row)).collect();
    let across = f64::from(grid.left) + widths.iter().map(|w| f64::from(*w)).sum::<f64>();
    let down = (grid.above + head + rows.iter().map(|r| r + grid.beside).sum::<f64>()) * 96.0 / 72.0;
    (Fit { widths, head, rows, paper: Paper::A3, across: 1, down: 1 }, across, down)
}
