//! A statement that a reviewer adds, and its words in the document.

use super::check::{CORRECTED, Read, Shown, day, party, stance, topic};
use super::form::{Line, Refusal};
use super::value;
use crate::ledger::{NewReview, Verdict};

/// What the ledger has of every statement that is added; anything else under these names would be lost.
const FIXED: [(&str, &str); 5] =
    [("Secondhand", "no"), ("Joint", "no"), ("Role", "government"), ("Rank", "official"), ("Counts", "yes")];

/// Reads a row without an id; nothing where it holds no part of a statement.
pub(super) fn added(line: &Line, shown: &Shown<'_>) -> Result<Read, Refusal> {
    let speaks = ["Quote", "Document", "Verdict", "Party", "Topic", "Stance"];
    if speaks.iter().chain(&CORRECTED).all(|name| line.value(name).is_none()) {
        return Ok(alone(line));
    }
    if let Some(typed) = line.text("Verdict").filter(|v| !v.eq_ignore_ascii_case("add")) {
        let why = format!("the verdict \"{typed}\" in a row without an Id");
        let hint = "A statement of your own has the verdict add or none; a stored one needs its Id";
        return Err(line.refuse("Verdict", why, hint));
    }
    let need = |name: &'static str, hint: &'static str| {
        line.refuse(name, format!("a statement of your own without {}", name.to_lowercase()), hint)
    };
    // The drop-downs stand in both columns; either will do.
    let named =
        |plain: &'static str, corrected: &'static str| if line.value(plain).is_some() { plain } else { corrected };
    let (by_party, by_topic, by_stance) =
        (named("Party", "Corrected party"), named("Topic", "Corrected topic"), named("Stance", "Corrected stance"));
    for (plain, corrected) in
        [("Party", "Corrected party"), ("Topic", "Corrected topic"), ("Stance", "Corrected stance")]
    {
        if let (Some(a), Some(b)) = (line.text(plain), line.text(corrected))
            && a != b
        {
            let why = format!("{plain} says \"{a}\" and {corrected} \"{b}\"");
            return Err(line.refuse(corrected, why, "Clear one of the two"));
        }
    }
    let read_party = party(line, by_party, shown)?.ok_or_else(|| need("Party", "Choose the party"))?;
    if read_party == "none" {
        return Err(line.refuse(by_party, "a statement of no party counts for nothing", "Choose the party"));
    }
    let read_topic = topic(line, by_topic, shown)?.ok_or_else(|| need("Topic", "Choose the topic"))?;
    let read_stance = stance(line, by_stance, shown)?.ok_or_else(|| need("Stance", "Write it, -2 to 2"))?;
    plain_claim(line, read_stance, shown)?;
    let doc = line.text("Document").ok_or_else(|| need("Document", "Copy the name from the sheet Sources"))?;
    let typed = line.value("Quote").map(crate::base::rows::Value::text);
    let typed = typed.ok_or_else(|| need("Quote", "Copy the words from the document"))?;
    let Some(text) = shown.texts.get(&doc) else {
        let why = format!("no document \"{doc}\" is in the ledger");
        return Err(line.refuse("Document", why, "Copy the name from the sheet Sources, or add the document first"));
    };
    let Some(quote) = words(text, &typed) else {
        let why = format!("the words are not in {doc}: {}", crate::matrix::words::quoted(&typed, 80));
        return Err(line.refuse("Quote", why, "Copy them from the document as they stand there"));
    };
    let condition = named("Condition", "Corrected condition");
    let said = ["Corrected date", "Stated on", "Day"].into_iter().find(|name| line.value(name).is_some());
    Ok(Read::Review(Box::new(NewReview {
        statement: None,
        doc,
        quote: quote.to_string(),
        verdict: Verdict::Add,
        party: Some(read_party),
        topic: Some(read_topic),
        stance: Some(read_stance),
        condition: line.text(condition),
        stated_on: said.map_or(Ok(None), |name| day(line, name))?,
        speaker: line.text("Speaker"),
        note: line.text("Note"),
        reviewer: line.text("Reviewer").or_else(|| shown.reviewer.clone()),
        at: shown.at,
    })))
}

/// Reads a row without a statement: what stands in it alone is told, since nothing comes of it.
fn alone(line: &Line) -> Read {
    let left = ["Note", "Speaker", "Condition", "Stated on"].into_iter().find(|name| line.value(name).is_some());
    left.map_or(Read::Nothing, |name| {
        let why = format!("a {} in a row without a statement", name.to_lowercase());
        let hint = "Move it to the row that it belongs to, or add party, topic, stance, quote and document";
        Read::Note(line.refuse(name, why, hint))
    })
}

/// Checks that the row says nothing beside its claim that would be lost, or that the claim contradicts.
fn plain_claim(line: &Line, stance: i8, shown: &Shown<'_>) -> Result<(), Refusal> {
    let position = line.value("Position");
    if let (Some(word), Some(typed)) = (line.text("Position"), position)
        && value::stance(typed, shown.codebook) != Some(stance)
    {
        let why = format!("Position says \"{word}\" and Stance {stance}");
        return Err(line.refuse("Position", why, "Clear Position; the stance counts"));
    }
    let other = FIXED.into_iter().find_map(|(name, is)| {
        let typed = line.text(name).filter(|typed| !typed.eq_ignore_ascii_case(is))?;
        Some((name, typed))
    });
    match other {
        Some((name, typed)) => {
            let why = format!("{name} \"{typed}\" cannot be kept of a statement of your own");
            Err(line.refuse(name, why, "Clear it, and write it into Note; leave out a statement that should not count"))
        }
        None => Ok(()),
    }
}

/// Finds words in a text, whatever their white space and the form of their quotation marks and dashes; returns them as the text
/// has them.
fn words<'t>(text: &'t str, typed: &str) -> Option<&'t str> {
    let typed = typed.trim();
    if typed.is_empty() {
        return None;
    }
    if let Some(at) = text.find(typed) {
        return text.get(at..at + typed.len());
    }
    let (plain, places) = plain(text);
    let (wanted, _) = self::plain(typed);
    let at = plain.find(&wanted)?;
    let first = plain.get(..at)?.chars().count();
    let last = first + wanted.chars().count() - 1;
    let (start, end) = (places.get(first)?.0, places.get(last)?.1);
    text.get(start..end)
}

/// A text with white space drawn together and marks made plain, and for each of its characters where it stands.
fn plain(text: &str) -> (String, Vec<(usize, usize)>) {
    let (mut out, mut places): (String, Vec<(usize, usize)>) = (String::new(), Vec::new());
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        let c = match c {
            '‘' | '’' | '‚' | '‛' | '`' | '´' => '\'',
            '“' | '”' | '„' | '‟' | '«' | '»' => '"',
            '‐' | '‑' | '–' | '—' | '−' => '-',
            c if c.is_whitespace() => ' ',
            c => c,
        };
        if c == ' ' && (out.ends_with(' ') || out.is_empty()) {
            continue;
        }
        out.push(c);
        places.push((at, end));
    }
    (out, places)
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn words_are_found_as_the_text_has_them() {
        let text = "She said:\n  “We won’t\u{a0}sign\nit” – and left.";
        for (typed, wanted) in [
            ("We won't sign it", Some("We won’t\u{a0}sign\nit")),
            (" \"We won't  sign it\" - and ", Some("“We won’t\u{a0}sign\nit” – and")),
            ("left.", Some("left.")),
            ("We will sign", None),
            ("  ", None),
        ] {
            assert_eq!(words(text, typed), wanted, "{typed:?}");
        }
    }
}
