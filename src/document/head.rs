//! What the top of a text tells: its date line, its title, its dateline.

use jiff::civil::Date;

use super::lines::ends_sentence;
use crate::base::Span;
use crate::base::date::{self, When};

/// A line near the top that is mostly a date: "Feb 13, 2025 | Politics, U.S.".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct DateLine {
    /// The day.
    pub(super) date: Date,
    /// The line tells when the text was last changed, not when it was published.
    pub(super) updated: bool,
}

/// Words that label a date.
const LABELS: [&str; 17] = [
    "published",
    "posted",
    "updated",
    "last",
    "first",
    "modified",
    "on",
    "issued",
    "created",
    "date",
    "edited",
    "and",
    "by",
    "of",
    "publication",
    "released",
    "dated",
];
/// Words that a name may hold in lower case.
const JOINING: [&str; 16] =
    ["and", "of", "the", "in", "de", "van", "von", "der", "den", "al", "el", "la", "le", "du", "di", "for"];
/// Characters of a date line.
const DATE_LINE: usize = 140;

/// Reads a date line. `opens` tells that it is the first of the text, which may be a title with a date in it.
pub(super) fn date_line(line: &str, opens: bool) -> Option<DateLine> {
    if line.chars().count() > DATE_LINE {
        return None;
    }
    let found = date::scan(line);
    let mut rest = String::new();
    let (mut published, mut updated) = (None, None);
    let mut at = 0;
    for expression in &found {
        let When::Day(date) = expression.when else { continue };
        let before = line.get(at..expression.span.start as usize)?;
        at = expression.span.end as usize;
        let lower = before.to_lowercase();
        if lower.contains("updated") || lower.contains("modified") || lower.contains("edited") {
            updated = updated.or(Some(date));
        } else {
            published = published.or(Some(date));
        }
        rest.push_str(before);
        rest.push('|');
    }
    let date = published.or(updated)?;
    rest.push_str(line.get(at..)?);
    let parted =
        line.contains(['|', '•', '·', '\t', '/']) || [" - ", " – ", " — "].iter().any(|sign| line.contains(sign));
    let words: Vec<&str> = rest
        .split(|c: char| c.is_whitespace() || "|•·–—/,;()[]*_:\"".contains(c))
        .filter(|word| !word.is_empty() && *word != "-")
        .filter(|word| !LABELS.contains(&word.to_lowercase().as_str()) && !is_clock(word))
        .collect();
    let named = |word: &&&str| {
        let joins = JOINING.contains(*word);
        joins || word.chars().next().is_some_and(|c| c.is_uppercase() || c == '@' || c == '#')
    };
    let is_date_line = match words.len() {
        0 => true,
        _ if opens && !parted => false,
        1..=8 if parted => !ends_sentence(line) || words.iter().all(|word| named(&word)),
        1..=5 => words.iter().all(|word| named(&word)),
        _ => false,
    };
    is_date_line.then_some(DateLine { date, updated: published.is_none() })
}

/// Tells whether a word is part of a time of day.
fn is_clock(word: &str) -> bool {
    date::is_time(word)
}

/// Longest title, in characters.
const TITLE: usize = 200;

/// Reads a Markdown heading of the first level: "# Envoys meet again".
pub(super) fn heading(line: &str) -> Option<String> {
    let title = line.strip_prefix("# ")?.trim_end_matches('#').trim();
    let title = title.trim_matches(['*', '_']);
    (!title.is_empty()).then(|| title.to_string())
}

/// Tells whether a line can be a title: short, no sentence.
pub(super) fn is_title(line: &str) -> bool {
    let line = line.trim_end();
    let stops = line.trim_end_matches(['"', '”', '’', '\'']).ends_with('.') && !line.ends_with("...");
    let abbreviated = line.rsplit(' ').next().is_some_and(|word| word.len() <= 5 && word.matches('.').count() > 1);
    line.chars().take(TITLE + 1).count() <= TITLE && line.chars().any(char::is_alphabetic) && (!stops || abbreviated)
}

/// A dateline: "KYIV, Feb. 13, 2025 (AP) — ".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dateline {
    /// From its first letter to the dash, and the space after it.
    pub(super) span: Span,
    /// The day, where it has its year.
    pub(super) date: Option<Date>,
    /// It names an agency or a day, so that it can be nothing else.
    pub(super) sure: bool,
}

/// Longest dateline, in bytes.
const DATELINE: usize = 120;

/// Reads the dateline that opens a paragraph.
pub(super) fn dateline(text: &str, paragraph: Span) -> Option<Dateline> {
    let line = paragraph.of(text);
    let mut limit = line.len().min(DATELINE);
    while !line.is_char_boundary(limit) {
        limit -= 1;
    }
    let head = line.get(..limit)?;
    let (prefix, length) = dash(head)?;
    let after = line.get(prefix.len() + length..)?;
    let (place, agency) = match prefix.trim_end().strip_suffix(')') {
        Some(open) => {
            let (place, agency) = open.rsplit_once('(')?;
            (place.trim_end(), Some(agency))
        }
        None => (prefix.trim_end(), None),
    };
    let mut place = place;
    let found = date::scan(place).into_iter().find(|found| matches!(found.when, When::Day(_) | When::MonthDay { .. }));
    if let Some(found) = found {
        let rest = place.get(found.span.end as usize..)?;
        if !rest.trim_matches([',', '.', ' ']).is_empty() {
            return None;
        }
        place = place.get(..found.span.start as usize)?;
    }
    let date = found.and_then(|found| if let When::Day(date) = found.when { Some(date) } else { None });
    let place = place.trim_end_matches([',', ' ', '\u{a0}']);
    let agency_ok = agency.is_none_or(|name| name.len() <= 40 && name.starts_with(char::is_uppercase));
    let sure = agency.is_some() || found.is_some();
    let place_ok = if place.is_empty() { sure } else { is_place(place, sure) };
    // "Jane Doe (R-Texas)" is a person; "Kyiv (Courier)" might be one, were it not at the top.
    let in_capitals = !place.split(',').next().unwrap_or("").chars().any(char::is_lowercase);
    let agency_ok = agency_ok && (in_capitals || !agency.unwrap_or("").contains('-') && !place.contains('.'));
    let sure = sure && (in_capitals || found.is_some());
    // Alone on its line "LONDON —" may be anything.
    if !agency_ok || !place_ok || !sure && after.trim().is_empty() {
        return None;
    }
    let space = after.len() - after.trim_start().len();
    let end = paragraph.start as usize + prefix.len() + length + space;
    Some(Dateline { span: Span::new(paragraph.start as usize, end), date, sure })
}

/// Splits off what stands before the first dash that has a space beside it, or before an agency between slashes, and tells how long that is.
fn dash(head: &str) -> Option<(&str, usize)> {
    head.char_indices().find_map(|(at, c)| {
        let before = head.get(..at)?;
        let spaced = before.ends_with([' ', '\u{a0}']);
        let length = match c {
            '—' | '–' | '―' => c.len_utf8(),
            '-' if head.get(at..)?.starts_with("-- ") || head.get(at..)? == "--" => 2,
            '-' if spaced && matches!(head.get(at + 1..)?.chars().next(), None | Some(' ')) => 1,
            '/' if spaced => {
                let (agency, after) = head.get(at + 1..)?.split_once('/')?;
                let named = agency.starts_with(char::is_uppercase) && agency.len() <= 40 && after.starts_with('.');
                return named.then_some((before, agency.len() + 3));
            }
            _ => return None,
        };
        (spaced || before.ends_with(')') || c != '–').then_some((before, length))
    })
}

/// Tells whether words are a place as datelines have it: "NEW YORK", "KYIV, Ukraine", "WASHINGTON, D.C.".
fn is_place(place: &str, sure: bool) -> bool {
    let mut parts = place.split(',').map(str::trim);
    let town = parts.next().unwrap_or("");
    let regions: Vec<&str> = parts.collect();
    let words = |part: &str| part.split([' ', '/', '-', '\u{a0}']).filter(|w| !w.is_empty()).count();
    let capital = |word: &str| word.starts_with(char::is_uppercase);
    let capitals = town.chars().filter(|c| c.is_alphabetic()).count() > 1 && !town.chars().any(char::is_lowercase);
    let named = town.split([' ', '/', '\u{a0}']).all(capital);
    (capitals || sure && named)
        && !town.chars().any(|c| c.is_ascii_digit() || "\"“”:;?!()".contains(c))
        && words(town) <= 4
        && regions.len() <= 2
        && regions.iter().all(|region| words(region) <= 3 && capital(region) && region.len() <= 30)
}

#[cfg(test)]
#[allow(clippy::panic)]
mod tests {
    use super::*;

    #[test]
    fn date_lines_are_mostly_a_date() {
        for (line, day, updated) in [
            ("Feb 13, 2025 | Politics, U.S.", "2025-02-13", false),
            ("Published 13 Feb 2025 14:02 GMT", "2025-02-13", false),
            ("Thursday, February 13, 2025", "2025-02-13", false),
            ("13.02.2025", "2025-02-13", false),
            ("Posted on February 13, 2025 at 2:02 p.m. EST", "2025-02-13", false),
            ("Updated 14 Feb 2025", "2025-02-14", true),
            ("Published: Feb. 13, 2025, Updated: Feb. 14, 2025", "2025-02-13", false),
            ("Updated Feb. 14, 2025 · Published Feb. 13, 2025", "2025-02-13", false),
            ("By Jane Doe | 13 February 2025", "2025-02-13", false),
            ("Kyiv, February 13, 2025", "2025-02-13", false),
            ("*2025-02-13*", "2025-02-13", false),
        ] {
            let found = date_line(line, false).unwrap_or_else(|| panic!("{line}"));
            assert_eq!((found.date.to_string().as_str(), found.updated), (day, updated), "{line}");
        }
        for line in [
            "Talks begin on 13 February 2025",
            "The envoys met on February 13, 2025.",
            "Feb 13",
            "On Feb. 5, 2025, the two sides met in the capital and agreed to meet once more.",
            "Delegates leave the hall after a meeting, July 16, 2018.Jane Doe/AFP via Getty Images",
            "GENEVA, Feb. 13, 2025 (AP) — The envoys refused to meet again, their spokesman told reporters on Monday.",
            "",
        ] {
            assert_eq!(date_line(line, false), None, "{line}");
        }
        assert_eq!(date_line("Daily Briefing, February 13, 2025", true), None, "a title with a date in it");
    }

    #[test]
    fn datelines_end_with_their_dash() {
        for (line, prefix, date, sure) in [
            ("LONDON — The envoy left.", "LONDON — ", None, false),
            ("KYIV, Ukraine (AP) — The envoy left.", "KYIV, Ukraine (AP) — ", None, true),
            ("MOSCOW, Feb 10 (Reuters) - The envoy left.", "MOSCOW, Feb 10 (Reuters) - ", None, true),
            ("BRUSSELS, Feb. 13, 2025 — The envoy left.", "BRUSSELS, Feb. 13, 2025 — ", Some("2025-02-13"), true),
            ("Brussels, 13 February 2025 – The envoy left.", "Brussels, 13 February 2025 – ", Some("2025-02-13"), true),
            ("WASHINGTON, D.C. -- The envoy left.", "WASHINGTON, D.C. -- ", None, false),
            ("UNITED NATIONS (AP) — The envoy left.", "UNITED NATIONS (AP) — ", None, true),
            ("KYIV/MOSCOW (Reuters) - The envoy left.", "KYIV/MOSCOW (Reuters) - ", None, true),
            ("Kyiv (Courier) – The envoy left.", "Kyiv (Courier) – ", None, false),
            ("Feb 10 (Reuters) - The envoy left.", "Feb 10 (Reuters) - ", None, true),
            ("(AP) — The envoy left.", "(AP) — ", None, true),
            ("KYIV, Ukraine (AP) —", "KYIV, Ukraine (AP) —", None, true),
            ("WASHINGTON (AP) --", "WASHINGTON (AP) --", None, true),
            ("GENEVA, February 13. /TASS/. The envoy left.", "GENEVA, February 13. /TASS/. ", None, true),
            (
                "GENEVA, 13 February 2025 /TASS/. The envoy left.",
                "GENEVA, 13 February 2025 /TASS/. ",
                Some("2025-02-13"),
                true,
            ),
            ("MOSCOW, Feb. 10, 2025 (Reuters) -", "MOSCOW, Feb. 10, 2025 (Reuters) -", Some("2025-02-10"), true),
            ("CHARLESTON, S.C.\u{a0}— The envoy left.", "CHARLESTON, S.C.\u{a0}— ", None, false),
        ] {
            let found = dateline(line, Span::new(0, line.len())).unwrap_or_else(|| panic!("{line}"));
            assert_eq!(found.span.of(line), prefix);
            assert_eq!(found.date.map(|d| d.to_string()).as_deref(), date, "{line}");
            assert_eq!(found.sure, sure, "{line}");
        }
        for line in [
            "The envoy left — and came back.",
            "“NO” — that was the answer.",
            "Kyiv – in other words – will not sign.",
            "NATO’s chief, Jane Doe — a former minister — left.",
            "CHAIR: Thank you — we go on.",
            "THE 27 — or most of them — agree.",
            "On Friday, Doe — a former minister — left.",
            "Friday’s vote, held with that of Feb. 9 - was the last.",
            "Jane Doe (R-Texas) — a former minister — left.",
            "LONDON —",
            "",
        ] {
            assert_eq!(dateline(line, Span::new(0, line.len())), None, "{line}");
        }
    }

    #[test]
    fn titles_are_short_and_no_sentences() {
        assert!(is_title("Envoys protest over the treaty’s head"));
        assert!(is_title("Will the envoys return?"));
        assert!(is_title("Treaty divides the U.S."));
        assert!(!is_title("The envoys met again."));
        assert!(!is_title("“They met again.”"));
        assert!(!is_title("---"));
        assert!(!is_title(&"word ".repeat(60)));
        assert_eq!(heading("# **Envoys meet** #").as_deref(), Some("Envoys meet"));
        assert_eq!(heading("## Part"), None);
    }
}
