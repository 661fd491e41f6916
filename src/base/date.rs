//! Calendar dates as texts write them: finding them, and turning "on Thursday" into a day.
//!
//! Three steps, each usable alone: [`scan`] finds date expressions and where they stand, [`When`] is what one says before
//! anything is known about the text, [`When::resolve`] makes a day of it, given the day the text was published.
//!
//! # Limits
//!
//! Only single days count: "last week", "in February" and "February 14-16" are no dates here. Neither is what points forward
//! ("next Thursday", "by Friday") or hangs on another event ("a day earlier"), since this is used to tell when something *was*
//! said. Numbers that can be read two ways ("03/04/2025") are left alone.

mod scan;
mod words;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::Span;
pub use scan::scan;

/// Which week a weekday belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Week {
    /// "on Thursday": the latest one, the day of publication included.
    Latest,
    /// "last Thursday": the latest one before the day of publication.
    Before,
    /// "this Thursday": the one in the week of publication, Monday to Sunday.
    Same,
    /// "Thursday last week": the one in the week before.
    Last,
}

/// What a date expression says, before the day of publication is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum When {
    /// A full date: "February 13, 2025".
    Day(Date),
    /// A date without its year: "February 12".
    MonthDay {
        /// 1 to 12.
        month: i8,
        /// 1 to 31.
        day: i8,
    },
    /// A weekday: "Wednesday", "last Tuesday".
    Weekday(Weekday, Week),
    /// So many days before the publication: 0 for "today", 1 for "yesterday".
    DaysBefore(i32),
}

/// A date expression and where it stands in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Expression {
    /// The words of the expression, without a preposition before them.
    pub span: Span,
    /// What they say.
    pub when: When,
}

/// Days after the publication that a date without a year may still lie: papers carry the date of the next day.
const AHEAD: i32 = 2;

impl When {
    /// Returns the day meant in a text published on `published`, or nothing where that cannot be known.
    ///
    /// A date without a year is the latest such day up to two days after the publication; a weekday is the latest one up to
    /// the day of publication.
    ///
    /// ```
    /// use demarche::base::date::{self, When};
    /// use jiff::civil::date;
    ///
    /// let published = Some(date(2025, 2, 13)); // a Thursday
    /// assert_eq!(When::MonthDay { month: 7, day: 16 }.resolve(published), Some(date(2024, 7, 16)));
    /// assert_eq!(date::resolve("on Wednesday", published), Some(date(2025, 2, 12)));
    /// ```
    pub fn resolve(self, published: Option<Date>) -> Option<Date> {
        if let When::Day(date) = self {
            return Some(date);
        }
        let published = published?;
        let back = |days: i32| published.checked_sub(days.days()).ok();
        match self {
            When::Day(date) => Some(date),
            When::MonthDay { month, day } => {
                let limit = back(-AHEAD)?;
                (0..=8).filter_map(|years| Date::new(limit.year() - years, month, day).ok()).find(|date| *date <= limit)
            }
            When::Weekday(day, week) => {
                let since = i32::from(published.weekday().since(day));
                let of_week =
                    i32::from(published.weekday().since(Weekday::Monday)) - i32::from(day.since(Weekday::Monday));
                match week {
                    Week::Latest => back(since),
                    Week::Before => back(if since == 0 { 7 } else { since }),
                    Week::Same => back(of_week),
                    Week::Last => back(of_week + 7),
                }
            }
            When::DaysBefore(days) => back(days),
        }
    }
}

/// Returns every date in `text` that can be known, with where it stands, in the order of the text. Takes linear time.
///
/// ```
/// use demarche::base::date::find_dates;
/// use jiff::civil::date;
///
/// let text = "She spoke on Thursday, a day after the vote of February 12.";
/// let found = find_dates(text, Some(date(2025, 2, 14)));
/// let found: Vec<_> = found.iter().map(|(span, date)| (span.of(text), date.to_string())).collect();
/// assert_eq!(found, [("Thursday", "2025-02-13".to_string()), ("February 12", "2025-02-12".to_string())]);
/// ```
pub fn find_dates(text: &str, published: Option<Date>) -> Vec<(Span, Date)> {
    scan(text).into_iter().filter_map(|found| Some((found.span, found.when.resolve(published)?))).collect()
}

/// Resolves the first date expression in `expr` ("on Thursday", "earlier today", "Feb. 12").
pub fn resolve(expr: &str, published: Option<Date>) -> Option<Date> {
    scan(expr).first()?.when.resolve(published)
}

/// Reads a text that is one full date and nothing else, save a weekday before it and a time of day after it.
///
/// ```
/// use demarche::base::date::parse;
/// use jiff::civil::date;
///
/// for text in ["2025-02-13", "Thursday, 13 February 2025", "13.02.2025", "2025-02-13T14:02:00Z", "Feb. 13, 2025, 2:02 p.m. EST"] {
///     assert_eq!(parse(text), Some(date(2025, 2, 13)), "{text}");
/// }
/// assert_eq!(parse("13 February"), None);
/// assert_eq!(parse("03/04/2025"), None);
/// ```
pub fn parse(text: &str) -> Option<Date> {
    let text = text.trim();
    let found = scan(text);
    let [Expression { span, when: When::Day(date) }] = found.as_slice() else { return None };
    let after = text.get(span.end as usize..)?;
    (span.start == 0 && words::is_time(after)).then_some(*date)
}

/// Tells whether `text` holds nothing but a time of day, a time zone and the signs between: what may follow a date in a record.
///
/// Empty text counts as such.
pub fn is_time(text: &str) -> bool {
    words::is_time(text)
}

/// Finds a date in a file or folder name: `2025-02-13-talks.txt`, `20250213_talks.md`, `2025/02/13/talks.txt`.
pub fn in_name(name: &str) -> Option<Date> {
    scan::in_name(name)
}

/// The day that days are counted from where a number stands for a day.
const FIRST: Date = Date::constant(1970, 1, 1);

/// Returns the number of a day: days since 1 January 1970.
///
/// ```
/// use demarche::base::date::{days, from_days};
/// use jiff::civil::date;
///
/// assert_eq!(days(date(1970, 1, 31)), 30);
/// assert_eq!(from_days(-1), Some(date(1969, 12, 31)));
/// assert_eq!(from_days(i32::MAX), None);
/// ```
pub fn days(day: Date) -> i32 {
    (day - FIRST).get_days()
}

/// Returns the day of a number; none beyond the years that dates have.
pub fn from_days(days: i32) -> Option<Date> {
    FIRST.checked_add(jiff::Span::new().try_days(days).ok()?).ok()
}

#[cfg(test)]
mod tests;
