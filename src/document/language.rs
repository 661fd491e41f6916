//! Tells what is not English, by its letters and its most frequent words: such a text is left out and never coded.
//!
//! A text is left out only on evidence. Short texts say too little, and an English article stays English however many foreign
//! names it holds, since names are in no list of `data/lexicon/languages.toml`.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

use crate::base::quick::QuickMap;

/// The most frequent words of each language.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Languages {
    english: Vec<String>,
    others: BTreeMap<String, Vec<String>>,
}

const EMBEDDED_TEXT: &str = include_str!("../../data/lexicon/languages.toml");

struct Words {
    /// English is the first.
    names: Vec<String>,
    /// For each word its number, and the languages that have it, by number.
    of: QuickMap<String, (usize, Vec<usize>)>,
}

fn words() -> &'static Words {
    static EMBEDDED: OnceLock<Words> = OnceLock::new();
    EMBEDDED.get_or_init(|| {
        // The built-in file is the tests' to check; a build in which it is broken takes everything for English.
        let lists: Languages = toml::from_str(EMBEDDED_TEXT).unwrap_or_default();
        let mut words = Words { names: Vec::new(), of: QuickMap::default() };
        for (name, list) in std::iter::once(("English".to_string(), lists.english)).chain(lists.others) {
            for word in list {
                let number = words.of.len();
                words.of.entry(word).or_insert((number, Vec::new())).1.push(words.names.len());
            }
            words.names.push(name);
        }
        words
    })
}

/// Words from the top that are looked at.
const SAMPLE: usize = 4_000;
/// Words after which a text is plainly English where one in [`OFTEN`] of them is among the most frequent of English, and few of another language.
const OPENING: usize = 200;
const OFTEN: usize = 4;
/// Words below which a text says too little to be judged.
const FEW: usize = 15;
/// Hits in another language for each hit in English that make it that language.
const TIMES: usize = 2;
/// Words of which one must be frequent in another language for the text to be in it.
const SPARSE: usize = 10;

/// Different words of another language that there must be: "met" alone does not make a text Dutch.
const KINDS: usize = 4;

/// Returns what a text looks like where it is not English: "German", "a language of another alphabet".
pub(super) fn other_than_english(text: &str) -> Option<&'static str> {
    let words = words();
    let (mut hits, mut kinds) = (vec![0usize; words.names.len()], vec![0usize; words.names.len()]);
    let mut met = vec![false; words.of.len()];
    let (mut all, mut latin, mut other) = (0usize, 0usize, 0usize);
    let pieces = text.split(|c: char| !c.is_alphabetic() && !matches!(c, '\'' | '’' | '\u{300}'..='\u{36f}'));
    for piece in pieces.filter(|piece| !piece.is_empty()).take(SAMPLE) {
        all += 1;
        if piece.is_ascii() {
            latin += piece.bytes().filter(u8::is_ascii_alphabetic).count();
        } else {
            for c in piece.chars().filter(|c| c.is_alphabetic()) {
                *(if is_latin(c) { &mut latin } else { &mut other }) += 1;
            }
        }
        // "l'accord" has the word "l'", "don't" the word "don".
        let lower: Cow<'_, str> =
            if piece.bytes().all(|b| b.is_ascii_lowercase()) { piece.into() } else { piece.to_lowercase().into() };
        let parts = lower.split(['\'', '’']);
        for (word, languages) in parts.filter_map(|part| words.of.get(part)) {
            let is_new = usize::from(!std::mem::replace(&mut met[*word], true));
            // A word that English has too speaks for no other language.
            let count = if languages.first() == Some(&0) { 1 } else { languages.len() };
            for language in languages.iter().take(count) {
                hits[*language] += 1;
                kinds[*language] += is_new;
            }
        }
        let most = || hits.iter().skip(1).max().copied().unwrap_or_default();
        if all == OPENING && hits.first().is_some_and(|english| english * OFTEN >= all && *english > most()) {
            return None;
        }
    }
    // Scripts without spaces have few words and many letters.
    if other > latin && other >= 4 * FEW {
        return Some("a language of another alphabet");
    }
    let english = hits.first()?;
    let of_others = words.names.iter().zip(&hits).zip(&kinds).skip(1);
    let ((name, most), kinds) = of_others.max_by_key(|((_, hits), _)| **hits)?;
    let is_other = *most > TIMES * english && most * SPARSE >= all && *kinds >= KINDS;
    (all >= FEW && is_other).then_some(name.as_str())
}

fn is_latin(c: char) -> bool {
    c.is_ascii() || matches!(c, '\u{aa}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_whole() {
        let words = words();
        assert_eq!(words.names.first().map(String::as_str), Some("English"));
        assert!(words.names.len() > 10);
        for (word, (_, languages)) in words.of.iter().collect::<BTreeMap<_, _>>() {
            assert_eq!(word, &word.to_lowercase());
            let mut once = languages.clone();
            once.dedup();
            assert_eq!(&once, languages, "{word} stands twice in a list");
        }
    }

    #[test]
    fn other_languages_are_told() {
        for (language, text) in [
            (
                "German",
                "Die Ukraine lehnt jede Lösung ab, die das Land außerhalb der NATO lässt, sagte der Außenminister am Donnerstag nach dem Treffen mit seinen Kollegen in der Hafenstadt.",
            ),
            (
                "French",
                "L’Ukraine n’acceptera aucun règlement qui la laisserait hors de l’OTAN, a déclaré jeudi le ministre des Affaires étrangères après une rencontre avec ses homologues dans la ville.",
            ),
            (
                "Spanish",
                "Ucrania no aceptará ningún acuerdo que la deje fuera de la OTAN, dijo el jueves el ministro de Exteriores tras una reunión con sus homólogos en la ciudad portuaria, y que no se hablará de ello.",
            ),
            (
                "Polish",
                "Ukraina nie zgodzi się na żadne porozumienie, które pozostawi ją poza NATO, powiedział w czwartek minister spraw zagranicznych po spotkaniu z kolegami w mieście portowym, ale nie jest to koniec.",
            ),
            (
                "a language of another alphabet",
                "Україна не погодиться на жодне врегулювання, яке залишить її поза НАТО, заявив у четвер міністр закордонних справ після зустрічі з колегами у портовому місті.",
            ),
            (
                "a language of another alphabet",
                "Украина не согласится ни на какое урегулирование, которое оставит её вне НАТО, заявил в четверг министр иностранных дел после встречи с коллегами в портовом городе.",
            ),
        ] {
            assert_eq!(other_than_english(text), Some(language), "{text}");
        }
    }

    #[test]
    fn english_stays_english() {
        for text in [
            "",
            "Sybiha, Peskov, Lavrov, Yermak",
            "Nein, sagte der Minister.",
            // Headlines do without small words.
            "Zelenskyy rejects ceasefire. Lavrov, Peskov, Ushakov, Dmitriev meet Witkoff, Rubio, Waltz, Kellogg. Talks end without accord. Macron, Merz, Starmer call emergency summit. Markets fall.",
            "Putin met Xi. Macron met Merz. Starmer met Meloni. Rubio met Lavrov. Witkoff met Dmitriev. Modi met Erdogan. Kallas met Tusk.",
            "Andrii Sybiha met Péter Szijjártó, Jean-Noël Barrot, José Manuel Albares and Annalena Baerbock at the Schloss Bellevue; Le Monde, El País, Die Zeit and Frankfurter Allgemeine Zeitung were there as well.",
            "The spokesman of Die Linke, Jan van Aken, and Marine Le Pen of the Rassemblement National said “nein” and “non” to it, and Der Spiegel reported that La Repubblica had been told of the plan.",
            "“Wir werden das nicht akzeptieren”, the chancellor said in German, and added in English that the government would not take part in any meeting to which Ukraine had not been invited.",
        ] {
            assert_eq!(other_than_english(text), None, "{text}");
        }
    }
}
