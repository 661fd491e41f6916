//! Finds date expressions in one pass over a text.

use jiff::civil::Date;

use super::words::{self, Form};
use super::{Expression, Span, Week, When};

/// Returns every date expression of `text`, in order, not overlapping. Takes linear time.
pub fn scan(text: &str) -> Vec<Expression> {
    let mut scan = Scan { text, bytes: text.as_bytes(), found: Vec::new(), weekday: None };
    let mut at = 0;
    while let Some(&byte) = scan.bytes.get(at) {
        at = if byte.is_ascii_alphabetic() {
            let end = scan.run(at, u8::is_ascii_alphabetic);
            if scan.is_whole(at, end) { scan.word(at, end).max(end) } else { end }
        } else if byte.is_ascii_digit() {
            let end = scan.run(at, u8::is_ascii_digit);
            scan.number(at, end).max(end)
        } else {
            at + 1
        };
    }
    scan.found
}

/// Finds a date in a file or folder name.
pub(super) fn in_name(name: &str) -> Option<Date> {
    let bytes = name.as_bytes();
    let digits = |from: usize, to: usize| -> Option<u32> {
        let part = name.get(from..to)?;
        part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse().ok())?
    };
    let free = |at: Option<&u8>| at.is_none_or(|b| !b.is_ascii_alphanumeric());
    let mut at = 0;
    while at < bytes.len() {
        let end = at + bytes.iter().skip(at).take_while(|b| b.is_ascii_digit()).count();
        if end == at {
            at += 1;
            continue;
        }
        if free(at.checked_sub(1).and_then(|i| bytes.get(i))) {
            let found = match end - at {
                8 => Some((at + 4, at + 6, at + 8)),
                4 => bytes
                    .get(end)
                    .filter(|sep| b"-_/.".contains(sep) && bytes.get(at + 7) == Some(sep))
                    .map(|_| (at + 5, at + 8, at + 10)),
                _ => None,
            };
            if let Some((month, day, last)) = found
                && free(bytes.get(last))
                && let (Some(y), Some(m), Some(d)) =
                    (digits(at, at + 4), digits(month, month + 2), digits(day, day + 2))
                && let Some(date) = checked(y, m, d)
            {
                return Some(date);
            }
        }
        at = end;
    }
    None
}

/// Makes a date of numbers, where they make one of the years that news is about.
fn checked(year: u32, month: u32, day: u32) -> Option<Date> {
    if !(1900..=2100).contains(&year) {
        return None;
    }
    Date::new(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?).ok()
}

struct Scan<'t> {
    text: &'t str,
    bytes: &'t [u8],
    found: Vec<Expression>,
    /// Start and end of the last weekday, and whether it stands in `found`: "Thursday, 13 February" is one expression.
    weekday: Option<(usize, usize, bool)>,
}

impl<'t> Scan<'t> {
    fn run(&self, from: usize, of: fn(&u8) -> bool) -> usize {
        from + self.bytes.iter().skip(from).take_while(|b| of(b)).count()
    }

    fn byte(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(0)
    }

    /// Tells whether no letter or digit touches the range.
    fn is_whole(&self, start: usize, end: usize) -> bool {
        let touches = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        !touches(self.text.get(..start).and_then(|t| t.chars().next_back()))
            && !touches(self.text.get(end..).and_then(|t| t.chars().next()))
    }

    fn starts(&self, at: usize, with: &str) -> bool {
        self.bytes.get(at..).is_some_and(|rest| rest.starts_with(with.as_bytes()))
    }

    /// Returns the end of one to three spaces.
    fn spaces(&self, at: usize) -> Option<usize> {
        let mut end = at;
        for _ in 0..3 {
            end += match self.byte(end) {
                b' ' | b'\t' => 1,
                0xC2 if self.byte(end + 1) == 0xA0 => 2,
                _ => break,
            };
        }
        (end > at).then_some(end)
    }

    /// Returns the word that ends before `end`, over spaces, and where it starts. A comma or full stop between breaks the tie.
    fn before(&self, end: usize) -> (&'t str, usize) {
        let head = self.text.get(..end).unwrap_or("");
        let trimmed = head.trim_end_matches([' ', '\t', '\u{a0}']);
        if trimmed.len() == head.len() {
            return ("", end);
        }
        let length = trimmed.bytes().rev().take(12).take_while(|b| b.is_ascii_alphanumeric()).count();
        let start = trimmed.len() - length;
        (trimmed.get(start..).unwrap_or(""), start)
    }

    /// Returns the word that starts after `at`, over spaces, and where it ends.
    fn after(&self, at: usize) -> (&'t str, usize) {
        let Some(start) = self.spaces(at) else { return ("", at) };
        let length = self.bytes.iter().skip(start).take(12).take_while(|b| b.is_ascii_alphabetic()).count();
        (self.text.get(start..start + length).unwrap_or(""), start + length)
    }

    fn push(&mut self, start: usize, end: usize, when: When) {
        let mut start = start;
        if let Some((from, to, stored)) = self.weekday.take()
            && matches!(when, When::Day(_) | When::MonthDay { .. })
            && let Some(between) = self.text.get(to..start)
            && ["", ",", ", the", "the"].contains(&between.trim())
            && !between.contains('\n')
            && between.len() <= 8
        {
            start = from;
            if stored {
                self.found.pop();
            }
        }
        self.found.push(Expression { span: Span::new(start, end), when });
    }

    /// Handles a word that starts at `start`; returns where to go on.
    fn word(&mut self, start: usize, end: usize) -> usize {
        let word = self.text.get(start..end).unwrap_or("");
        if let Some((month, form)) = words::month(word) {
            let dot = form == Form::Short && self.byte(end) == b'.';
            return self.month(start, if dot { end + 1 } else { end }, month);
        }
        if let Some((_, form)) = words::weekday(word) {
            let dot = form == Form::Short && self.byte(end) == b'.';
            return self.named_day(start, if dot { end + 1 } else { end }, word, form == Form::Full || dot);
        }
        match word {
            "today" | "Today" | "TODAY" if !self.possessive(end) => self.push(start, end, When::DaysBefore(0)),
            "tonight" | "Tonight" => self.push(start, end, When::DaysBefore(0)),
            "yesterday" | "Yesterday" => self.push(start, end, When::DaysBefore(1)),
            "morning" | "afternoon" | "evening" => {
                let (before, from) = self.before(start);
                if before.eq_ignore_ascii_case("this") {
                    self.push(from, end, When::DaysBefore(0));
                }
            }
            "night" => {
                let (before, from) = self.before(start);
                if before.eq_ignore_ascii_case("last") {
                    self.push(from, end, When::DaysBefore(1));
                }
            }
            "ago" => {
                let (unit, at) = self.before(start);
                let (count, from) = self.before(at);
                if (unit == "days" || unit == "day")
                    && let Some(days) = words::number(count)
                {
                    self.push(from, end, When::DaysBefore(days));
                }
            }
            _ => {}
        }
        end
    }

    fn possessive(&self, end: usize) -> bool {
        self.starts(end, "'s") || self.starts(end, "’s")
    }

    /// Handles a weekday; `sure` is false for an abbreviation without its full stop, which counts only before a date.
    fn named_day(&mut self, start: usize, end: usize, word: &str, sure: bool) -> usize {
        let Some((day, _)) = words::weekday(word) else { return end };
        self.weekday = Some((start, end, false));
        let (before, from) = self.before(start);
        let (after, after_end) = self.after(end);
        let paper = before.eq_ignore_ascii_case("the") && word.len() == 3;
        let mail = before == "on" && self.before(from).0 == "Mail";
        if !sure || paper || mail || words::names_a_day(before) || words::is_printed(after) {
            return end;
        }
        let (week_word, week_end) = match after {
            "of" | "Of" => {
                let (word, end) = self.after(after_end);
                (word, self.after(end))
            }
            _ => (after, self.after(after_end)),
        };
        let (start, end, week) = match (before.to_ascii_lowercase().as_str(), week_word, week_end.0) {
            (_, "next", "week" | "month") => return end,
            (_, "last", "week") => (start, week_end.1, Week::Last),
            (_, "this", "week") => (start, week_end.1, Week::Same),
            (_, "week", _) => return end,
            ("last" | "past", _, _) => (from, end, Week::Before),
            ("this", _, _) => (from, end, Week::Same),
            (before, _, _) if words::leaves_open(before) => return end,
            _ => (start, end, Week::Latest),
        };
        self.found.push(Expression { span: Span::new(start, end), when: When::Weekday(day, week) });
        self.weekday = Some((start, end, true));
        end
    }

    /// Handles a month name that ends at `end`, its full stop included.
    fn month(&mut self, start: usize, end: usize, month: i8) -> usize {
        let after = self.spaces(end).and_then(|at| self.day_number(at));
        match after {
            Some((day, to)) => {
                if let Some(past) = self.range(to) {
                    return past;
                }
                let (year, to) = self.year(to).map_or((None, to), |(year, to)| (Some(year), to));
                self.date(start, to, year, month, day);
                to
            }
            None => {
                let Some((day, from)) = self.day_before(start) else { return end };
                let (year, to) = self.year(end).map_or((None, end), |(year, to)| (Some(year), to));
                // An abbreviation's full stop that closes the sentence belongs to the expression all the same.
                self.date(from, to, year, month, day);
                to
            }
        }
    }

    fn date(&mut self, start: usize, end: usize, year: Option<u32>, month: i8, day: u32) {
        let Ok(day) = i8::try_from(day) else { return };
        let when = match year {
            Some(year) => checked(year, month as u32, day as u32).map(When::Day),
            // 2024 has a 29 February.
            None => Date::new(2024, month, day).ok().map(|_| When::MonthDay { month, day }),
        };
        if let Some(when) = when {
            self.push(start, end, when);
        }
    }

    /// Reads "13", "13th" at `at`, where it can be the day of a month.
    fn day_number(&self, at: usize) -> Option<(u32, usize)> {
        let digits = self.run(at, u8::is_ascii_digit);
        if !(1..=2).contains(&(digits - at)) {
            return None;
        }
        let day: u32 = self.text.get(at..digits)?.parse().ok()?;
        let suffix = ["st", "nd", "rd", "th"].iter().any(|s| self.starts(digits, s));
        let end = if suffix { digits + 2 } else { digits };
        let next = self.byte(end);
        let goes_on = b".,:".contains(&next) && self.byte(end + 1).is_ascii_digit();
        let is_day = (1..=31).contains(&day) && self.is_whole(at, end) && !goes_on && next != b'%';
        is_day.then_some((day, end))
    }

    /// Reads the day before a month that starts at `month`: "13 ", "13th of ".
    fn day_before(&self, month: usize) -> Option<(u32, usize)> {
        let head = self.text.get(..month)?;
        let mut trimmed = head.trim_end_matches([' ', '\t', '\u{a0}']);
        if trimmed.len() == head.len() {
            return None;
        }
        if let Some(rest) = trimmed.strip_suffix(" of") {
            trimmed = rest.trim_end();
        }
        let bare = ["st", "nd", "rd", "th"].iter().find_map(|s| trimmed.strip_suffix(s)).unwrap_or(trimmed);
        let length = bare.bytes().rev().take(3).take_while(u8::is_ascii_digit).count();
        let start = bare.len() - length;
        let day: u32 = bare.get(start..)?.parse().ok()?;
        let before = bare.get(..start).and_then(|t| t.chars().next_back());
        let free = before.is_none_or(|c| !c.is_alphanumeric() && !".,:/-–—$€£#".contains(c));
        (length <= 2 && (1..=31).contains(&day) && free).then_some((day, start))
    }

    /// Reads ", 2025" or " 2025".
    fn year(&self, at: usize) -> Option<(u32, usize)> {
        let at = if self.byte(at) == b',' { at + 1 } else { at };
        let start = self.spaces(at)?;
        let end = self.run(start, u8::is_ascii_digit);
        let year: u32 = self.text.get(start..end)?.parse().ok()?;
        (end - start == 4 && (1900..=2100).contains(&year) && self.is_whole(start, end)).then_some((year, end))
    }

    /// Returns the end of a range ("14-16", "14 to 16", "28-March 2") whose first day ends at `at`.
    fn range(&self, at: usize) -> Option<usize> {
        let sign = ["-", "–", "—", " to ", " through "].iter().find(|s| self.starts(at, s))?;
        let start = at + sign.len();
        if let Some((_, end)) = self.day_number(start) {
            return Some(end);
        }
        let end = self.run(start, u8::is_ascii_alphabetic);
        words::month(self.text.get(start..end)?)?;
        let dot = if self.byte(end) == b'.' { end + 1 } else { end };
        self.spaces(dot).and_then(|at| self.day_number(at)).map(|(_, end)| end)
    }

    /// Handles a number; returns where to go on.
    fn number(&mut self, start: usize, end: usize) -> usize {
        let prior = start.checked_sub(1).map_or(b' ', |i| self.byte(i));
        if prior.is_ascii_alphanumeric() || b"-/.,$".contains(&prior) {
            return end;
        }
        let separator = self.byte(end);
        if !b"-/.".contains(&separator) || end - start > 4 {
            return end;
        }
        let Some((second, second_end)) = self.digits(end + 1) else { return end };
        if self.byte(second_end) != separator {
            return end;
        }
        let Some((third, third_end)) = self.digits(second_end + 1) else { return end };
        let Some(first) = self.text.get(start..end).and_then(|t| t.parse::<u32>().ok()) else { return end };
        let last = third_end - second_end - 1;
        let date = match (end - start, separator, last) {
            (4, b'-' | b'/' | b'.', 1..=2) => checked(first, second, third),
            (1..=2, b'.', 4) => checked(third, second, first),
            (1..=2, b'/' | b'-', 4) if first > 12 => checked(third, second, first),
            (1..=2, b'/' | b'-', 4) if second > 12 || first == second => checked(third, first, second),
            _ => None,
        };
        let next = self.byte(third_end);
        let timed = next == b'T' && self.byte(third_end + 1).is_ascii_digit();
        let goes_on = b"-/.".contains(&next) && self.byte(third_end + 1).is_ascii_digit();
        match date {
            Some(date) if (timed || self.is_whole(start, third_end)) && !goes_on => {
                self.push(start, third_end, When::Day(date));
                third_end
            }
            _ => end,
        }
    }

    fn digits(&self, at: usize) -> Option<(u32, usize)> {
        let end = self.run(at, u8::is_ascii_digit);
        (1..=4).contains(&(end - at)).then(|| Some((self.text.get(at..end)?.parse().ok()?, end)))?
    }
}
