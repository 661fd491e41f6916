//! Resolves phrases to whom they stand for: names through the codebook, "the French president" through offices and the
//! text, pronouns through the persons before them.

use jiff::civil::Date;

use super::mention::{NamedParty, Words};
use super::texts::Texts;
use super::who::{Kind, Mention, PersonKey, Pronoun, Standing, Who};
use crate::codebook::{Codebook, OfficeRank};
use crate::text::Analysis;

/// Sentences back that a pronoun may reach.
const PRONOUN_REACH: usize = 4;
/// Speakers before a pronoun that count for whom it stands for.
pub const SPEAKERS: usize = 3;
/// Sentences back that "the president" may reach.
const OFFICE_REACH: usize = 40;

/// Everybody a document names, ready for look-up by place.
#[derive(Debug)]
pub struct People<'a> {
    /// Mentions in the order of the text, offices and pronouns resolved where possible.
    pub mentions: Vec<Mention>,
    texts: Texts,
    names: Vec<NamedParty>,
    words: &'a Words<'a>,
    analysis: &'a Analysis,
    book: &'a Codebook,
    day: Option<Date>,
}

impl<'a> People<'a> {
    /// Reads the mentions of a document and resolves those by office.
    pub fn new(words: &'a Words<'a>, analysis: &'a Analysis, book: &'a Codebook, day: Option<Date>) -> Self {
        let (mentions, names) = super::mention::find(words, analysis, book, day);
        let texts = Texts::default();
        let mut people = People { mentions, texts, names, words, analysis, book, day };
        people.offices();
        people.texts = Texts::new(&people.mentions, words, analysis, &book.texts);
        people
    }

    /// Puts persons to "the Ukrainian leader" and "the president": whoever of that office the text named last, else
    /// whoever holds it on the day.
    fn offices(&mut self) {
        for at in 0..self.mentions.len() {
            let mention = &self.mentions[at];
            if mention.who.kind != Kind::Office {
                continue;
            }
            if self.words.lower[mention.start] == "its" && mention.who.parties.is_empty() {
                // Nobody of another country, where that of "its" is not known.
                let Some(owner) = self.owner(mention.start) else { continue };
                self.mentions[at].who.parties = owner.parties;
            }
            if self.mentions[at].who.standing == Standing::Former {
                continue;
            }
            if let Some(who) = self.holder(at) {
                let mention = &mut self.mentions[at];
                let rank = mention.who.rank.max(who.rank);
                mention.who = Who { rank, kind: Kind::Office, ..who };
            }
        }
    }

    /// Returns the country or body that "its" at a token stands for, where its sentence names one: "Norway will give more, its prime
    /// minister said".
    fn owner(&self, token: usize) -> Option<Who> {
        let owns = |who: &Who| agrees(who, Pronoun::It) && !who.parties.is_empty();
        if let Some(who) = self.opening(token).filter(|who| owns(who)) {
            return Some(who.clone());
        }
        let sentence = &self.analysis.sentences[self.analysis.tokens[token].sentence as usize];
        let named = self.within(sentence.tokens.start as usize, token).any(|m| owns(&m.who));
        self.antecedent(token, &[], None).filter(|_| named)
    }

    fn holder(&self, at: usize) -> Option<Who> {
        let office = &self.mentions[at];
        let definite =
            matches!(self.words.lower[office.start].as_ref(), "the" | "his" | "her" | "its" | "their" | "our")
                || !office.who.parties.is_empty();
        if !definite || self.words.lower[office.start] == "a" || self.words.lower[office.start] == "an" {
            return None;
        }
        let title = self.title(office);
        let sentence = self.analysis.tokens[office.head].sentence as usize;
        let fits = |who: &Who| {
            who.kind == Kind::Person
                && who.name.is_some()
                && who.rank == office.who.rank
                && (office.who.parties.is_empty() || who.parties == office.who.parties)
                && self.bears(who, &title)
        };
        let before = self.mentions[..at]
            .iter()
            .rev()
            .take_while(|m| sentence - self.analysis.tokens[m.head].sentence as usize <= OFFICE_REACH)
            .find(|m| fits(&m.who));
        if let Some(mention) = before {
            return Some(mention.who.clone());
        }
        let party = *office.who.parties.first()?;
        let mut holders = (0..self.book.people.len() as u32).filter(|p| {
            self.book
                .office(*p, self.day)
                .is_some_and(|o| o.party == party && o.rank == office.who.rank && title_fits(&o.title, &title))
        });
        match (holders.next(), holders.next()) {
            (Some(only), None) => Some(self.known(only)),
            _ => None,
        }
    }

    /// Returns the words of the title that a mention by office ends with: "foreign minister".
    fn title(&self, office: &Mention) -> Vec<&str> {
        let lower: Vec<&str> = self.words.lower[office.start..=office.head].iter().map(AsRef::as_ref).collect();
        let first = (0..lower.len()).find(|at| self.book.titles.at(&lower, *at).is_some_and(|t| t.end == lower.len()));
        lower[first.unwrap_or(lower.len() - 1)..].to_vec()
    }

    /// Tells whether a person may be called by a title: "leader" fits every head, "president" only presidents.
    fn bears(&self, who: &Who, title: &[&str]) -> bool {
        match who.person {
            Some(PersonKey::Known(p)) => self.book.office(p, self.day).is_some_and(|o| title_fits(&o.title, title)),
            _ => true,
        }
    }

    fn known(&self, p: u32) -> Who {
        let person = &self.book.people[p as usize];
        let office = self.book.office(p, self.day);
        Who {
            kind: Kind::Person,
            parties: office.map(|o| o.party).into_iter().collect(),
            name: Some(person.name.clone()),
            person: Some(PersonKey::Known(p)),
            rank: office.map_or(OfficeRank::Other, |o| o.rank),
            standing: Standing::InOffice,
            pronoun: match person.pronoun.as_str() {
                "he" => Pronoun::He,
                "she" => Pronoun::She,
                _ => Pronoun::Either,
            },
        }
    }

    /// Returns the mentions that touch tokens `start..end`, in order.
    pub fn within(&self, start: usize, end: usize) -> impl Iterator<Item = &Mention> {
        let from = self.mentions.partition_point(|m| m.end <= start);
        self.mentions[from..].iter().take_while(move |m| m.start < end)
    }

    /// Returns the words that name a party in tokens `start..end`.
    pub fn names_within(&self, start: usize, end: usize) -> impl Iterator<Item = NamedParty> + '_ {
        let from = self.names.partition_point(|n| n.0 < start);
        self.names[from..].iter().take_while(move |n| n.1 <= end).copied()
    }

    /// Tells whether a token is a noun for a text that speaks for those who wrote it.
    pub fn is_text(&self, token: usize) -> bool {
        self.book.texts.contains(crate::text::lemma(&self.words.lower[token], self.analysis.tokens[token].tag).as_ref())
    }

    /// Tells whether a token is "that" or "which", standing for something named before.
    pub(super) fn is_relative(&self, token: usize) -> bool {
        matches!(self.words.lower[token].as_ref(), "that" | "which")
    }

    /// Returns the person or party that the sentence of a token opens with.
    pub(super) fn opening(&self, token: usize) -> Option<&Who> {
        let sentence = &self.analysis.sentences[self.analysis.tokens[token].sentence as usize];
        self.within(sentence.tokens.start as usize, token)
            .find(|m| m.who.kind != Kind::Adjective && self.subject_place(m))
            .map(|m| &m.who)
    }

    /// Returns who wrote the text that a noun stands for; nothing where the document has not told.
    pub fn authors(&self, token: usize) -> &[Who] {
        self.texts.authors(token, self.words, self.analysis)
    }

    /// Returns the one person of the codebook in office whom a last name in lower case fits.
    pub fn known_by(&self, surname: &str) -> Option<Who> {
        let fits = |p: &u32| {
            let name = self.book.people[*p as usize].name.to_lowercase();
            name.rsplit(' ').next() == Some(surname) && self.book.office(*p, self.day).is_some()
        };
        let mut holders = (0..self.book.people.len() as u32).filter(fits);
        match (holders.next(), holders.next()) {
            (Some(only), None) => Some(self.known(only)),
            _ => None,
        }
    }

    /// Returns the mention that covers a token.
    pub fn at(&self, token: usize) -> Option<&Mention> {
        self.within(token, token + 1).next()
    }

    /// Resolves a pronoun at a token to somebody named before it.
    ///
    /// `sources` are the persons to whom words were attributed before, latest last: who spoke last is who "he" is, unless
    /// another stands nearer as the subject of a sentence. `not` is whom it cannot be: in a quotation "he" is not the speaker.
    pub fn antecedent(&self, token: usize, sources: &[(usize, Who)], not: Option<&Who>) -> Option<Who> {
        let pronoun = match self.words.lower[token].as_ref() {
            "he" | "his" | "him" => Pronoun::He,
            "she" | "her" | "hers" => Pronoun::She,
            "it" | "its" => Pronoun::It,
            "they" | "their" | "them" => Pronoun::They,
            _ => return None,
        };
        let sentence = self.analysis.tokens[token].sentence as usize;
        let mut best: Option<(i32, Who)> = None;
        let mut offer = |score: i32, who: &Who| {
            if not.is_some_and(|n| n.name.is_some() && n.name == who.name) {
                return;
            }
            if best.as_ref().is_none_or(|(s, _)| score > *s) {
                best = Some((score, who.clone()));
            }
        };
        let until = self.mentions.partition_point(|m| m.end <= token);
        for (back, mention) in self.mentions[..until].iter().rev().enumerate() {
            let distance = sentence - self.analysis.tokens[mention.head].sentence as usize;
            if distance > PRONOUN_REACH {
                break;
            }
            // "In Roe's speech, he ..." is Roe; in "Roe's aide said he" he need not be.
            let apart = self.words.lower[mention.end..token].iter().any(|w| w == ",");
            if !agrees(&mention.who, pronoun) || self.possessive(mention) && distance == 0 && !apart {
                continue;
            }
            let mut score = 100 - 30 * distance as i32 - 2 * back as i32;
            score +=
                if self.subject_place(mention) || distance == 0 && apart && self.possessive(mention) { 25 } else { 0 };
            if sources.iter().rev().take(SPEAKERS).any(|(_, s)| s.person.is_some() && s.person == mention.who.person) {
                score += 15;
            }
            offer(score, &mention.who);
        }
        for (back, (at, who)) in sources.iter().rev().take(2).enumerate() {
            let distance = sentence.saturating_sub(self.analysis.tokens[*at].sentence as usize);
            if distance <= 2 * PRONOUN_REACH && agrees(who, pronoun) {
                offer(112 - 10 * distance as i32 - 25 * back as i32, who);
            }
        }
        best.map(|(_, who)| who)
    }

    fn possessive(&self, mention: &Mention) -> bool {
        self.words.lower.get(mention.end).is_some_and(|w| w == "'s" || w == "'")
    }

    /// Tells whether a mention stands where subjects stand: nothing but an opening before it, no preposition.
    fn subject_place(&self, mention: &Mention) -> bool {
        if self.possessive(mention) {
            return false;
        }
        let sentence = &self.analysis.sentences[self.analysis.tokens[mention.head].sentence as usize];
        match mention.start.checked_sub(1).filter(|b| *b >= sentence.tokens.start as usize) {
            None => true,
            Some(before) => {
                let tag = self.analysis.tokens[before].tag;
                tag.is_punct()
                    || matches!(self.words.lower[before].as_ref(), "that" | "and" | "but" | "as" | "while" | "when")
            }
        }
    }
}

fn agrees(who: &Who, pronoun: Pronoun) -> bool {
    match pronoun {
        Pronoun::He | Pronoun::She => {
            matches!(who.kind, Kind::Person | Kind::Office)
                && (who.pronoun == pronoun || who.pronoun == Pronoun::Either)
        }
        Pronoun::It => matches!(who.kind, Kind::Institution | Kind::Party),
        Pronoun::They => matches!(who.kind, Kind::Collective | Kind::Group),
        Pronoun::Either => false,
    }
}

/// Tells whether the holder of an office may be called by the words of a title.
fn title_fits(office: &str, title: &[&str]) -> bool {
    let office = office.to_lowercase();
    title.iter().all(|word| match *word {
        "leader" | "official" => true,
        "spokesman" | "spokeswoman" | "spokesperson" => office.contains("spokes"),
        "secretary" => office.contains("secretar"),
        "defense" | "defence" => office.contains("defen"),
        "premier" => office.contains("prime minister") || office.contains("premier"),
        "diplomat" => office.contains("foreign") || office.contains("secretary of state"),
        "top" | "chief" | "head" if title.len() > 1 => true,
        other => office.contains(other),
    })
}
