use jiff::civil::{Date, date};

use super::{find_dates, in_name, parse, resolve, scan};

/// Thursday.
const PUBLISHED: Date = date(2025, 2, 13);

fn found(text: &str) -> Vec<(&str, String)> {
    find_dates(text, Some(PUBLISHED)).into_iter().map(|(span, date)| (span.of(text), date.to_string())).collect()
}

#[test]
fn full_dates_are_read_in_every_form_news_uses() {
    for text in [
        "2025-02-13",
        "2025/02/13",
        "13.02.2025",
        "13/02/2025",
        "02/13/2025",
        "Feb 13, 2025",
        "Feb. 13, 2025",
        "FEB 13, 2025",
        "February 13, 2025",
        "February 13 2025",
        "February 13th, 2025",
        "13 February 2025",
        "13 Feb. 2025",
        "13 Feb 2025",
        "13th of February 2025",
        "13th of February, 2025",
        "Thursday, 13 February 2025",
        "Thursday 13 February 2025",
        "Thu, 13 Feb 2025",
        "Thursday, February 13, 2025",
        "THURSDAY, FEBRUARY 13, 2025",
        "13\u{a0}February 2025",
    ] {
        assert_eq!(parse(text), Some(PUBLISHED), "{text}");
        let sentence = format!("It was signed ({text}) in the hall.");
        let dates = find_dates(&sentence, None);
        assert_eq!(dates.len(), 1, "{sentence}");
        assert_eq!((dates[0].0.of(&sentence), dates[0].1), (text, PUBLISHED));
    }
}

#[test]
fn what_is_no_date_stays_out() {
    for text in [
        "In March 10,000 people fled",
        "They may 5 times a day march 6 miles",
        "February 2022",
        "in May 2023",
        "from February 14-16 in Munich",
        "on 14-16 February",
        "from February 28-March 2",
        "February 30",
        "31.02.2025",
        "version 1.2.2025.3",
        "03/04/2025",
        "May 5% be enough?",
        "call 555-2025-02-13",
        "Bloody Sunday",
        "a Sunday Times poll",
        "told the Mail on Sunday",
        "Super Tuesday",
        "told The Sun.",
        "he Sat down and the cat Sat on it",
        "Mon ami",
        "on Thursdays",
        "next Thursday",
        "on Thursday next week",
        "by Friday",
        "until Sunday",
        "every Monday",
        "last week",
        "a day earlier",
        "the same day",
        "the following Tuesday",
        "today's Europe",
        "two weeks ago",
        "10:30 May",
        "Julyan 5, Augusta 3",
        "1234567890123456789012345-12-12",
    ] {
        assert_eq!(found(text), [], "{text}");
    }
}

#[test]
fn relative_days_count_from_the_publication() {
    for (text, expression, day) in [
        ("on Thursday", "Thursday", "2025-02-13"),
        ("Wednesday", "Wednesday", "2025-02-12"),
        ("Wednesday's call", "Wednesday", "2025-02-12"),
        ("on Friday", "Friday", "2025-02-07"),
        ("Fri. night", "Fri.", "2025-02-07"),
        ("last Tuesday", "last Tuesday", "2025-02-11"),
        ("last Thursday", "last Thursday", "2025-02-06"),
        ("this Monday", "this Monday", "2025-02-10"),
        ("this Sunday", "this Sunday", "2025-02-16"),
        ("on Monday last week", "Monday last week", "2025-02-03"),
        ("on Tuesday of last week", "Tuesday of last week", "2025-02-04"),
        ("yesterday", "yesterday", "2025-02-12"),
        ("earlier today", "today", "2025-02-13"),
        ("late last night", "last night", "2025-02-12"),
        ("this morning", "this morning", "2025-02-13"),
        ("three days ago", "three days ago", "2025-02-10"),
        ("10 days ago", "10 days ago", "2025-02-03"),
        ("on February 12", "February 12", "2025-02-12"),
        ("on Feb. 12", "Feb. 12", "2025-02-12"),
        ("on 12 February", "12 February", "2025-02-12"),
        ("the 12th of February", "12th of February", "2025-02-12"),
        ("on February 15", "February 15", "2025-02-15"),
        ("on February 16", "February 16", "2024-02-16"),
        ("on Feb. 29", "Feb. 29", "2024-02-29"),
        ("on May 9,", "May 9", "2024-05-09"),
        ("on Wednesday, February 12,", "Wednesday, February 12", "2025-02-12"),
        ("“Thursday was hard”", "Thursday", "2025-02-13"),
    ] {
        assert_eq!(found(text), [(expression, day.to_string())], "{text}");
        assert_eq!(resolve(text, Some(PUBLISHED)).map(|d| d.to_string()), Some(day.to_string()), "{text}");
        assert_eq!(find_dates(text, None), [], "{text} without a publication date");
    }
}

#[test]
fn the_calendar_bounds_hold() {
    assert_eq!(resolve("yesterday", Some(Date::MIN)), None);
    assert_eq!(resolve("on Feb. 12", Some(Date::MAX)), None);
    assert_eq!(resolve("999 days ago", Some(Date::MIN)), None);
    assert_eq!(parse("0000-00-00"), None);
    assert_eq!(parse("2025-13-01"), None);
}

#[test]
fn a_record_may_add_the_time_and_nothing_else() {
    for text in
        ["2025-02-13T14:02:00+02:00", "2025-02-13 14:02", "13 Feb 2025, 14:02 GMT", "Feb 13, 2025 at 2:02 p.m. ET"]
    {
        assert_eq!(parse(text), Some(PUBLISHED), "{text}");
    }
    for text in ["", "Thursday", "on 2025-02-13", "2025-02-13 Kyiv", "2025-02-13 to 2025-02-14", "13 February"] {
        assert_eq!(parse(text), None, "{text}");
    }
}

#[test]
fn names_of_files_tell_dates_between_signs() {
    for name in
        ["2025-02-13-talks.txt", "20250213_talks.md", "bbc_2025_02_13.txt", "2025/02/13/talks.txt", "a.2025.02.13"]
    {
        assert_eq!(in_name(name), Some(PUBLISHED), "{name}");
    }
    for name in
        ["000_44f5253c9e8bd9e8.txt", "a20250213", "120250213.txt", "2025-02_13", "2025-02-1", "20251340", "x-2025", ""]
    {
        assert_eq!(in_name(name), None, "{name}");
    }
}

#[test]
fn spans_are_in_order_and_on_character_boundaries_in_any_text() {
    let pieces = [
        "“Mon.", "é13", "Feb.", "13", ",", " ", "2025", "–", "May", "\u{a0}", "ago", "days", "of", "last", "week", "-",
        "/", "ß",
    ];
    let mut state = 7usize;
    for _ in 0..4000 {
        let mut text = String::new();
        for _ in 0..12 {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            text.push_str(pieces[(state >> 33) % pieces.len()]);
        }
        let mut end = 0;
        for found in scan(&text) {
            assert!(found.span.start >= end && !found.span.is_empty(), "{text:?}");
            assert!(!found.span.of(&text).is_empty(), "{text:?}");
            end = found.span.end;
        }
    }
}
