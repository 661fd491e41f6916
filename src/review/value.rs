//! Parties, topics, stances and days as people type them.

use jiff::civil::Date;

use crate::base::date;
use crate::base::rows::Value;
use crate::base::space::flat;
use crate::codebook::Codebook;

/// The day from which spreadsheets count.
const FIRST_SERIAL: Date = jiff::civil::date(1899, 12, 30);

/// Reads a party by its name, short name or id, in any case; `none` for one who speaks for no party.
pub(super) fn party(typed: &str, book: &Codebook) -> Option<String> {
    let is = |name: &str| same(name, typed);
    if is("none") {
        return Some("none".to_string());
    }
    let by_name = book.parties.iter().find(|p| is(&p.name) || is(&p.id));
    by_name.or_else(|| book.parties.iter().find(|p| is(&p.short))).map(|p| p.id.clone())
}

/// Reads a topic by its name or id, in any case.
pub(super) fn topic(typed: &str, book: &Codebook) -> Option<String> {
    book.topics.iter().find(|t| same(&t.name, typed) || same(&t.id, typed)).map(|t| t.id.clone())
}

/// Reads a stance: a number from -2 to 2, also as text with a sign and space around it, or the codebook's word for it, with or
/// without the number behind.
pub(super) fn stance(value: &Value, book: &Codebook) -> Option<i8> {
    let whole = |number: f64| (number.fract() == 0.0 && number.abs() <= 2.0).then_some(number as i8);
    match value {
        Value::Number(number) => whole(*number),
        Value::Text(text) => {
            let text = text.trim().replace(['−', '–'], "-").replace(',', ".");
            let word = text.split('(').next().unwrap_or_default().trim();
            let labels = &book.labels.stances;
            match labels.iter().position(|l| same(l, word)) {
                Some(place) => Some(i8::try_from(place).ok()? - 2),
                None => text.trim_start_matches('\'').trim().parse().ok().and_then(whole),
            }
        }
        Value::Bool(_) | Value::Day(_) | Value::Error(_) => None,
    }
}

/// Reads a day: a date of the spreadsheet's, or one written out that can be read in one way only.
pub(super) fn day(value: &Value) -> Option<Date> {
    match value {
        Value::Day(day) => Some(*day),
        Value::Text(text) => date::parse(text),
        Value::Number(_) | Value::Bool(_) | Value::Error(_) => None,
    }
}

/// Tells whether a cell has a day, also where a spreadsheet program left only its number, or is empty where there is none.
pub(super) fn is_day(value: Option<&Value>, day: Option<Date>) -> bool {
    match (value, day) {
        (Some(Value::Number(serial)), Some(day)) => {
            FIRST_SERIAL.until(day).is_ok_and(|to| f64::from(to.get_days()) == serial.trunc())
        }
        (Some(value), Some(is)) => self::day(value) == Some(is),
        (value, day) => value.is_none() && day.is_none(),
    }
}

/// Compares names as people type them.
fn same(name: &str, typed: &str) -> bool {
    let plain = |text: &str| flat(text).to_lowercase();
    plain(name) == plain(typed)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn stances_as_people_type_them() {
        let book = crate::codebook::load("ukraine-talks").unwrap();
        let text = |t: &str| stance(&Value::Text(t.into()), &book);
        for (typed, wanted) in
            [("2", 2), ("+1", 1), ("-2 ", -2), (" −1", -1), ("'-2", -2), ("0", 0), ("1.0", 1), ("Rejects (-2)", -2)]
        {
            assert_eq!(text(typed), Some(wanted), "{typed:?}");
        }
        for typed in ["3", "1.5", "yes", "", "--1", "1e9", "NaN", "inf"] {
            assert_eq!(text(typed), None, "{typed:?}");
        }
        assert_eq!(stance(&Value::Number(-2.0), &book), Some(-2));
        assert_eq!(stance(&Value::Number(0.5), &book), None);
        assert_eq!(day(&Value::Text("13 Feb 2025".into())).map(|d| d.to_string()).as_deref(), Some("2025-02-13"));
        assert_eq!(day(&Value::Text("03/04/2025".into())), None);
    }

    #[test]
    fn days_as_spreadsheets_leave_them() {
        let said = "2025-02-13".parse().ok();
        for value in [Value::Day(said.unwrap()), Value::Number(45701.5), Value::Text("13 February 2025".into())] {
            assert!(is_day(Some(&value), said), "{value:?}");
            assert!(!is_day(Some(&value), None), "{value:?}");
        }
        assert!(!is_day(Some(&Value::Number(45702.0)), said));
        assert!(!is_day(None, said) && is_day(None, None));
    }
}
