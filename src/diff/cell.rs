//! What somebody wrote into a cell, as a stance.

use crate::codebook::Labels;
use crate::matrix::Stance;

/// What a cell says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Read {
    /// Nothing: an empty cell, a dash, the codebook's word for nothing.
    Nothing,
    /// A stance.
    Stance {
        /// Which.
        stance: Stance,
        /// The number given, where it is not whole.
        number: Option<f64>,
        /// Marked as of low confidence.
        uncertain: bool,
    },
}

/// Reads `rejects (-2)`, `rejects`, `-2`, `+1`, `1.33`, `mixed`, with or without a `?` behind, and what the sheet Matrix shows;
/// case does not matter.
///
/// # Errors
/// Says why the cell is none of these.
pub fn stance(text: &str, labels: &Labels) -> Result<Read, String> {
    let text = text.trim();
    let lower = text.to_lowercase();
    if matches!(lower.as_str(), "" | "-" | "–" | "—" | "n/a" | "na" | "none" | "nothing" | "?")
        || lower == labels.none.to_lowercase()
    {
        return Ok(Read::Nothing);
    }
    let uncertain = lower.ends_with('?') || lower.contains("? low confidence");
    let bare = lower.trim_end_matches('?').trim_end();
    if let Some(number) = number(bare) {
        return whole(number, text).map(|stance| told(stance, number, uncertain));
    }
    let Some((stance, rest)) = label(bare, labels) else {
        return Err(format!("\"{}\" is no stance", crate::matrix::words::shorten(text, 60)));
    };
    let Some(inside) = rest.trim_start().strip_prefix('(').and_then(|r| r.split_once(')')).map(|(inside, _)| inside)
    else {
        return Ok(Read::Stance { stance, number: None, uncertain });
    };
    match (number(inside), stance) {
        (None, _) => Ok(Read::Stance { stance, number: None, uncertain }),
        (Some(number), stance) => match whole(number, text)? {
            same if same == stance => Ok(told(stance, number, uncertain)),
            other => Err(format!("the word of \"{}\" says {}, the number {}", text, said(stance), said(other))),
        },
    }
}

fn said(stance: Stance) -> String {
    stance.value().map_or_else(|| "mixed".to_string(), |v| v.to_string())
}

fn told(stance: Stance, number: f64, uncertain: bool) -> Read {
    Read::Stance { stance, number: Some(number).filter(|n| n.fract() != 0.0), uncertain }
}

/// The stance that a number stands for, as the rule `mean` rounds.
fn whole(number: f64, text: &str) -> Result<Stance, String> {
    if (-2.0..=2.0).contains(&number) {
        Ok(Stance::Value(number.round() as i8))
    } else {
        Err(format!("\"{text}\" lies beyond -2 and 2"))
    }
}

fn number(text: &str) -> Option<f64> {
    let plain = text.trim().replace(['−', '–'], "-").replace(',', ".");
    let shaped = plain.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | '+' | '.'));
    if shaped { plain.parse().ok() } else { None }
}

/// The longest label that the text begins with, and what follows it.
fn label<'t>(text: &'t str, labels: &Labels) -> Option<(Stance, &'t str)> {
    let values = (-2i8..).zip(&labels.stances).map(|(value, label)| (Stance::Value(value), label));
    let all = values.chain([(Stance::Mixed, &labels.mixed)]);
    let ends = |rest: &str| rest.chars().next().is_none_or(|c| !c.is_alphanumeric());
    let hits = all.filter_map(|(stance, label)| {
        let rest = text.strip_prefix(label.to_lowercase().as_str()).filter(|rest| !label.is_empty() && ends(rest))?;
        Some((stance, rest))
    });
    hits.min_by_key(|(_, rest)| rest.len())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn labels() -> Labels {
        let stances = ["rejects", "doubts", "noncommittal", "leans yes", "demands"].map(String::from);
        Labels { stances, mixed: "mixed".into(), none: "nothing found".into() }
    }

    fn value(text: &str) -> Option<i8> {
        match stance(text, &labels()).unwrap() {
            Read::Stance { stance, .. } => stance.value(),
            Read::Nothing => None,
        }
    }

    #[test]
    fn cells_as_people_write_them() {
        for (text, wanted) in [
            ("rejects (-2)", -2),
            ("Rejects", -2),
            ("-2", -2),
            ("−2", -2),
            ("+1", 1),
            (" 0 ", 0),
            ("1,6", 2),
            ("leans yes (1.33)", 1),
            ("doubts (-1) ?", -1),
            ("Leans yes, if guarantees hold. ‘We could’ (2)", 1),
        ] {
            assert_eq!(value(text), Some(wanted), "{text}");
        }
        for text in ["", "-", "n/a", "Nothing found"] {
            assert_eq!(stance(text, &labels()), Ok(Read::Nothing), "{text}");
        }
        let mixed = stance("Mixed", &labels()).unwrap();
        assert_eq!(mixed, Read::Stance { stance: Stance::Mixed, number: None, uncertain: false });
        assert!(matches!(stance("doubts (-1) ?", &labels()), Ok(Read::Stance { uncertain: true, .. })));
    }

    #[test]
    fn what_is_no_stance_is_refused_with_the_reason() {
        for (text, why) in
            [("maybe", "no stance"), ("3", "beyond"), ("rejects (2)", "the number 2"), ("rejectsx", "no stance")]
        {
            assert!(stance(text, &labels()).unwrap_err().contains(why), "{text}");
        }
    }
}
