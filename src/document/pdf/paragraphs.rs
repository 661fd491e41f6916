//! Lines into paragraphs: by the space between them, by indents, and by lines that end short.

use std::collections::{BTreeMap, BTreeSet};

use super::super::lines::ends_sentence;
use super::lines::Line;

/// Share of a page's height at its top and its foot where running heads and page numbers stand.
const EDGE: f64 = 0.1;
/// Pages from which on a line that stands on half of them is a running head.
const MANY_PAGES: usize = 2;

/// Returns the text, a blank line between paragraphs.
pub(super) fn text(mut lines: Vec<Line>) -> String {
    for line in &mut lines {
        line.text.truncate(line.text.trim_end().len());
    }
    lines.retain(|line| !line.text.is_empty());
    drop_heads(&mut lines);
    let steps = Steps::new(&lines);
    let words = words(&lines);
    let mut text = String::new();
    for (n, line) in lines.iter().enumerate() {
        match n.checked_sub(1).and_then(|before| lines.get(before)) {
            None => {}
            Some(last) if begins(&lines, n, last, &steps) => text.push_str("\n\n"),
            Some(_) => join(&mut text, &line.text, &words),
        }
        text.push_str(&line.text);
    }
    // Where no line ended, a soft hyphen shows nothing.
    let mut text = text.replace('\u{ad}', "");
    text.push('\n');
    text
}

/// Leaves out page numbers, and what stands at the edge of half the pages.
fn drop_heads(lines: &mut Vec<Line>) {
    let pages = lines.last().map_or(0, |line| line.page);
    let at_edge = |line: &Line| line.y < EDGE * line.height || line.y > (1.0 - EDGE) * line.height;
    // Page numbers differ from page to page.
    let key = |line: &Line| -> String { line.text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect() };
    let mut seen: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    for line in lines.iter().filter(|line| at_edge(line)) {
        seen.entry(key(line)).or_default().insert(line.page);
    }
    let repeated = |line: &Line| pages >= MANY_PAGES && seen.get(&key(line)).is_some_and(|on| on.len() * 2 >= pages);
    lines.retain(|line| !(at_edge(line) && (repeated(line) || is_page_number(&line.text))));
}

/// Tells a line like "3", "- 3 -", "3/7", "Page 3 of 7".
fn is_page_number(text: &str) -> bool {
    let lower = text.to_lowercase();
    let mut digits = false;
    let plain =
        lower.split(|c: char| c.is_whitespace() || "-–—/|.".contains(c)).filter(|w| !w.is_empty()).all(|word| {
            let number = word.len() <= 4 && word.bytes().all(|b| b.is_ascii_digit());
            digits |= number;
            number || word == "page" || word == "of"
        });
    plain && digits
}

/// How far apart the base lines of running text stand, for each size of font.
struct Steps(BTreeMap<i64, f64>);

fn rounded(size: f64) -> i64 {
    (size * 2.0).round() as i64
}

impl Steps {
    fn new(lines: &[Line]) -> Self {
        let mut steps: BTreeMap<i64, Vec<f64>> = BTreeMap::new();
        for (a, b) in lines.iter().zip(lines.iter().skip(1)) {
            let step = b.y - a.y;
            if a.page == b.page && rounded(a.size) == rounded(b.size) && step > 0.0 && step < 2.6 * a.size {
                steps.entry(rounded(a.size)).or_default().push(step);
            }
        }
        // The lower quartile: the steps between paragraphs are the longer ones.
        let quartile = |mut all: Vec<f64>| {
            all.sort_by(f64::total_cmp);
            all.get(all.len() / 4).copied()
        };
        Steps(steps.into_iter().filter_map(|(size, all)| quartile(all).map(|step| (size, step))).collect())
    }

    fn of(&self, line: &Line) -> f64 {
        self.0.get(&rounded(line.size)).copied().unwrap_or(1.3 * line.size)
    }
}

/// Tells whether line `n` begins a paragraph; `last` is the line before it.
fn begins(lines: &[Line], n: usize, last: &Line, steps: &Steps) -> bool {
    let Some(line) = lines.get(n) else { return true };
    let size = line.size;
    if (last.size - size).abs() > 0.12 * size {
        return true;
    }
    let opens_low = line.text.chars().next().is_some_and(char::is_lowercase);
    let step = line.y - last.y;
    if line.page != last.page || step <= 0.0 || line.left > last.right {
        // Another page or column: a sentence goes on, and so does its paragraph.
        return ends_sentence(&last.text) && !opens_low;
    }
    if step > 1.2 * steps.of(line) || opens_list(&line.text) {
        return true;
    }
    let next = lines
        .get(n + 1)
        .filter(|next| next.page == line.page && next.y > line.y && rounded(next.size) == rounded(size));
    // Text that is set in a block has one left and one right edge.
    let block = [Some(last), Some(line), next];
    let left = block.iter().flatten().map(|line| line.left).fold(f64::INFINITY, f64::min);
    let indented = line.left > left + 0.7 * size && last.left < left + 0.35 * size;
    if indented && !opens_low && (ends_sentence(&last.text) || next.is_some_and(|next| next.left < left + 0.35 * size))
    {
        return true;
    }
    ends_short(lines, n - 1) && ends_sentence(&last.text) && !opens_low
}

/// Tells whether a line could have taken the first word of the next one.
fn ends_short(lines: &[Line], n: usize) -> bool {
    /// Lines around it that show where its column ends.
    const AROUND: usize = 12;
    let (Some(line), Some(next)) = (lines.get(n), lines.get(n + 1)) else { return true };
    let around = lines.iter().skip(n.saturating_sub(AROUND)).take(2 * AROUND + 1);
    let same = |other: &&Line| {
        other.page == line.page
            && rounded(other.size) == rounded(line.size)
            && (other.left - line.left).abs() < 3.0 * line.size
    };
    let right = around.filter(same).map(|other| other.right).fold(line.right, f64::max);
    let letters = next.text.chars().take_while(|c| !c.is_whitespace()).count() as f64 + 1.0;
    let letter = (next.right - next.left) / next.text.chars().count().max(1) as f64;
    line.right + letters * letter < right - 0.1 * line.size
}

fn opens_list(text: &str) -> bool {
    text.starts_with(['•', '●', '▪', '■', '◦', '‣'])
}

/// Joins a line to the text before it: with a space, or where a word was cut without one.
fn join(text: &mut String, line: &str, words: &BTreeSet<String>) {
    let first = line.split_whitespace().next().unwrap_or("");
    if text.ends_with('\u{ad}') {
        text.pop();
        return;
    }
    let cut = text.ends_with(['-', '\u{2010}']) && first.chars().next().is_some_and(char::is_lowercase);
    if !cut {
        // A dash between words needs no space that it did not have.
        let dash = text.ends_with('-') && first.chars().next().is_some_and(char::is_alphanumeric);
        if !(dash || text.ends_with(['—', '/'])) {
            text.push(' ');
        }
        return;
    }
    let stem = text
        .trim_end_matches(['-', '\u{2010}'])
        .rsplit(|c: char| !(c.is_alphabetic() || c == '-'))
        .next()
        .unwrap_or("");
    let rest: String = first.chars().take_while(|c| c.is_alphabetic() || *c == '-').collect();
    let (whole, hyphened) = (format!("{stem}{rest}").to_lowercase(), format!("{stem}-{rest}").to_lowercase());
    // "cease-" and "fire" are the one or the other as the document writes it elsewhere; a word in two pieces is commoner.
    if stem.chars().count() > 1 && (words.contains(&whole) || !words.contains(&hyphened)) {
        text.pop();
    }
}

/// Returns the words of the lines that no line end cuts.
fn words(lines: &[Line]) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    for line in lines {
        let mut all: Vec<&str> = line.text.split_whitespace().collect();
        if line.text.ends_with(['-', '\u{2010}', '\u{ad}']) {
            all.pop();
        }
        for word in all.iter().skip(1) {
            words.insert(word.trim_matches(|c: char| !c.is_alphabetic()).to_lowercase());
        }
    }
    words
}
