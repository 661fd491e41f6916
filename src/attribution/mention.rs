//! Finds everybody a document names: by name, by office, by both ("Polish Prime Minister X", "X, a professor at Y").

use jiff::civil::Date;

use super::who::{Kind, Mention, PersonKey, Pronoun, Standing, Who};
use crate::codebook::{Codebook, NameMatch, OfficeRank, PartyIx, Referent, TitleMatch};
use crate::text::{Analysis, Tag, TokenKind};

/// Tokens to either side of a title or name that may belong to its phrase.
const REACH: usize = 9;

/// The words of a document as mentions and statements read them.
#[derive(Debug)]
pub struct Words<'t> {
    /// As written.
    pub raw: Vec<&'t str>,
    /// In lower case, apostrophes straight.
    pub lower: Vec<std::borrow::Cow<'t, str>>,
}

impl<'t> Words<'t> {
    /// Reads the tokens of a text.
    pub fn new(text: &'t str, analysis: &Analysis) -> Self {
        Words {
            raw: analysis.tokens.iter().map(|t| t.text(text)).collect(),
            lower: analysis.tokens.iter().map(|t| t.lower(text)).collect(),
        }
    }
}

/// A person the document introduces and the codebook does not know.
#[derive(Debug, Clone)]
struct Local {
    name: String,
    surname: String,
    who: Who,
}

struct Finder<'a> {
    words: &'a Words<'a>,
    lower: Vec<&'a str>,
    analysis: &'a Analysis,
    book: &'a Codebook,
    day: Option<Date>,
    locals: Vec<Local>,
    mentions: Vec<Mention>,
    names: Vec<NamedParty>,
}

/// Words that name a party, alone or inside a longer phrase: first token, one past the last, party.
pub(super) type NamedParty = (usize, usize, PartyIx);

/// Finds everybody the document names and the words inside that name a party, both in the order of the text.
/// `day` is when the document was published.
pub(super) fn find(
    words: &Words<'_>,
    analysis: &Analysis,
    book: &Codebook,
    day: Option<Date>,
) -> (Vec<Mention>, Vec<NamedParty>) {
    let lower: Vec<&str> = words.lower.iter().map(AsRef::as_ref).collect();
    let mut finder =
        Finder { words, lower, analysis, book, day, locals: Vec::new(), mentions: Vec::new(), names: Vec::new() };
    for sentence in &analysis.sentences {
        finder.sentence(sentence.tokens.start as usize, sentence.tokens.end as usize);
    }
    (finder.mentions, finder.names)
}

fn former_word(word: &str) -> bool {
    matches!(word, "former" | "ex" | "onetime" | "one-time" | "then" | "late" | "retired") || word.starts_with("ex-")
}

impl Finder<'_> {
    fn sentence(&mut self, from: usize, to: usize) {
        let names: Vec<NameMatch> = self
            .book
            .names
            .find(&self.words.raw[from..to], &self.lower[from..to])
            .into_iter()
            .map(|m| NameMatch { start: m.start + from, end: m.end + from, referent: m.referent })
            .collect();
        let mut made: Vec<Mention> = Vec::new();
        for name in &names {
            let mention = self.named(name, from);
            self.names.extend(mention.who.parties.iter().map(|p| (name.start, name.end, *p)));
            made.push(mention);
        }
        self.unknown_people(from, to, &mut made);
        let mut at = from;
        while at < to {
            match self.book.titles.at(&self.lower[..to], at) {
                Some(title) => {
                    self.title(&title, from, to, &mut made);
                    at = title.end;
                }
                None => at += 1,
            }
        }
        made.sort_by_key(|m| (m.start, std::cmp::Reverse(m.end)));
        let mut end = 0;
        made.retain(|m| {
            let keep = m.start >= end;
            end = end.max(m.end);
            keep
        });
        // An adjective alone speaks for nobody, but tells which party a noun beside it belongs to: it is kept.
        self.mentions.append(&mut made);
    }

    fn named(&self, name: &NameMatch, from: usize) -> Mention {
        let who = match name.referent {
            Referent::Party(p) | Referent::Seat(p) => party_who(Kind::Party, vec![p]),
            Referent::Demonym(p) => {
                let plural = self.words.raw[name.end - 1].ends_with('s');
                party_who(if plural { Kind::Collective } else { Kind::Adjective }, vec![p])
            }
            Referent::Group(g) => party_who(Kind::Group, self.book.groups[g as usize].members.clone()),
            Referent::Institution(i) => {
                let institution = &self.book.institutions[i as usize];
                Who {
                    name: Some(institution.name.clone()),
                    rank: institution.rank,
                    ..party_who(Kind::Institution, vec![institution.party])
                }
            }
            Referent::Person(p) | Referent::Surname(p) => self.person(p),
        };
        let mut mention = Mention { start: name.start, end: name.end, head: name.end - 1, who };
        if let Referent::Surname(_) = name.referent {
            // "Jerome Powell" is not the Powell of the codebook; "Mr. Powell" and "FM Powell" are.
            if let Some(before) = mention.start.checked_sub(1).filter(|b| *b >= from)
                && self.is_given_name(before)
            {
                mention.start = before;
                mention.who = self.local_who(&self.phrase(mention.start, mention.end));
            }
        }
        mention
    }

    fn is_given_name(&self, at: usize) -> bool {
        let token = &self.analysis.tokens[at];
        token.kind == TokenKind::Word
            && token.tag.is_name()
            && self.words.raw[at].chars().next().is_some_and(char::is_uppercase)
            && self.words.raw[at].chars().nth(1).is_some_and(char::is_lowercase)
            && !self.words.raw[at].ends_with('.')
            && self.book.titles.at(&self.lower, at).is_none()
            && self.book.names.find(&self.words.raw[at..=at], &self.lower[at..=at]).is_empty()
    }

    fn person(&self, p: u32) -> Who {
        let person = &self.book.people[p as usize];
        let office = self.book.office(p, self.day);
        let held_any = !person.offices.is_empty();
        Who {
            kind: Kind::Person,
            parties: self.book.party_of(p, self.day).into_iter().collect(),
            name: Some(person.name.clone()),
            person: Some(PersonKey::Known(p)),
            rank: office.map_or(OfficeRank::Other, |o| o.rank),
            standing: if office.is_none() && held_any { Standing::Former } else { Standing::InOffice },
            pronoun: match person.pronoun.as_str() {
                "he" => Pronoun::He,
                "she" => Pronoun::She,
                _ => Pronoun::Either,
            },
        }
    }

    fn phrase(&self, start: usize, end: usize) -> String {
        self.words.raw[start..end].join(" ")
    }

    fn local_who(&self, name: &str) -> Who {
        Who {
            kind: Kind::Person,
            parties: Vec::new(),
            name: Some(name.to_string()),
            person: None,
            rank: OfficeRank::Other,
            standing: Standing::InOffice,
            pronoun: Pronoun::Either,
        }
    }

    /// Finds capitalised names that the codebook does not know, and later surnames of those it has met here.
    fn unknown_people(&mut self, from: usize, to: usize, made: &mut Vec<Mention>) {
        let covered = |made: &[Mention], at: usize| made.iter().any(|m| m.start <= at && at < m.end);
        let mut at = from;
        while at < to {
            if covered(made, at) || !self.name_token(at) || self.book.titles.at(&self.lower[..to], at).is_some() {
                at += 1;
                continue;
            }
            let start = at;
            while at < to && !covered(made, at) && (self.name_token(at) || self.particle(at, to)) && at - start < 4 {
                if self.book.titles.at(&self.lower[..to], at).is_some() {
                    break;
                }
                at += 1;
            }
            let end = at;
            if self.book.platforms.contains(&self.lower[start..end].join(" ")) {
                continue;
            }
            if let Some(local) = self.locals.iter().position(|l| l.surname == self.words.raw[end - 1])
                && (end - start == 1 || self.locals[local].name == self.phrase(start, end))
            {
                let mut who = self.locals[local].who.clone();
                who.person = Some(PersonKey::Local(local as u32));
                made.push(Mention { start, end, head: end - 1, who });
            } else if (2..=4).contains(&(end - start)) && !self.name_at_sentence_start(start, from) {
                let who = self.local_who(&self.phrase(start, end));
                made.push(Mention { start, end, head: end - 1, who });
            }
        }
        // Everybody with a full name is remembered under the surname.
        for mention in made.iter_mut().filter(|m| m.who.kind == Kind::Person && m.who.person.is_none()) {
            self.remember(mention);
        }
        made.sort_by_key(|m| m.start);
    }

    fn remember(&mut self, mention: &mut Mention) {
        let Some(name) = mention.who.name.clone() else { return };
        let key = match self.locals.iter().position(|l| l.name == name) {
            Some(key) => key,
            None => {
                let surname = name.rsplit(' ').next().unwrap_or(&name).to_string();
                self.locals.push(Local { name, surname, who: mention.who.clone() });
                self.locals.len() - 1
            }
        };
        mention.who = self.locals[key].who.clone();
        mention.who.person = Some(PersonKey::Local(key as u32));
    }

    fn name_at_sentence_start(&self, start: usize, from: usize) -> bool {
        // The first word of a sentence is capitalised whatever it is.
        start == from && !self.analysis.tokens[start].tag.is_name()
    }

    fn name_token(&self, at: usize) -> bool {
        let token = &self.analysis.tokens[at];
        let mut chars = self.words.raw[at].chars();
        token.kind == TokenKind::Word
            && chars.next().is_some_and(char::is_uppercase)
            && (chars.any(char::is_lowercase) || self.words.raw[at].len() == 2)
            && (token.tag.is_name() || token.tag == Tag::JJ || token.tag == Tag::FW || token.tag == Tag::NN)
    }

    fn particle(&self, at: usize, to: usize) -> bool {
        matches!(self.lower[at], "de" | "van" | "von" | "der" | "bin" | "al" | "da" | "di" | "el" | "la" | "den")
            && at + 1 < to
            && self.name_token(at + 1)
    }

    /// Reads the phrase around a title: whose office it is, and who holds it.
    fn title(&mut self, title: &TitleMatch, from: usize, to: usize, made: &mut Vec<Mention>) {
        if made.iter().any(|m| m.start < title.end && title.start < m.end) {
            return;
        }
        let (start, former, mut parties) = self.left_of(title, from, made);
        let (end, right) = self.right_of(title, to, made);
        if parties.is_empty() {
            parties = right;
        }
        // "the president of the United States Donald Trump", "Polish Prime Minister Donald Tusk"
        if let Some(named) = made.iter_mut().find(|m| m.start == end && m.who.kind == Kind::Person && !title.plural) {
            named.start = start;
            self.inform(named, title, &parties, former);
            let merged = named.start;
            made.retain(|m| m.start == merged && m.end > title.end || m.end <= merged || m.start >= end);
            return;
        }
        // "Oxana Hill, a professor of history at X", "Ann Ray — his former adviser"
        if let Some(named) = self.apposed(start, from, made) {
            self.inform(&mut made[named], title, &parties, former);
            if !parties.is_empty() || made[named].who.person.is_some() {
                return;
            }
        }
        if title.rank == OfficeRank::Other && parties.is_empty() {
            return;
        }
        let kind = if title.plural { Kind::Collective } else { Kind::Office };
        let mention = Mention {
            start,
            end: end.max(title.end),
            head: title.end - 1,
            who: Who {
                kind,
                parties,
                name: None,
                person: None,
                rank: title.rank,
                standing: if former { Standing::Former } else { Standing::InOffice },
                pronoun: if title.plural { Pronoun::They } else { Pronoun::Either },
            },
        };
        made.retain(|m| m.end <= mention.start || m.start >= mention.end);
        made.push(mention);
        made.sort_by_key(|m| m.start);
    }

    /// Returns where the phrase begins, whether the office is a former one, and its parties.
    fn left_of(&self, title: &TitleMatch, from: usize, made: &[Mention]) -> (usize, bool, Vec<PartyIx>) {
        let mut start = title.start;
        let mut former = false;
        let mut parties: Vec<PartyIx> = Vec::new();
        while start > from && title.start - start < REACH {
            let before = start - 1;
            if let Some(mention) = made.iter().find(|m| m.end == start) {
                match mention.who.kind {
                    Kind::Adjective | Kind::Party | Kind::Institution | Kind::Group | Kind::Collective => {
                        for party in mention.who.parties.iter().rev() {
                            parties.insert(0, *party);
                        }
                        start = mention.start;
                        continue;
                    }
                    _ => break,
                }
            }
            let word = self.lower[before];
            if former_word(word) {
                former = true;
            } else if matches!(word, "'s" | "'") {
                // A person's aide speaks for the person's party: the mention before the mark is read next.
                if let Some(owner) = made.iter().find(|m| m.end == before) {
                    if owner.who.kind == Kind::Person {
                        parties.extend(&owner.who.parties);
                        start = owner.start;
                        break;
                    }
                    start = before;
                    continue;
                }
                break;
            } else if word == "and"
                && !parties.is_empty()
                && made.iter().any(|m| m.end == before && m.who.kind == Kind::Adjective)
            {
                // "Russian and Ukrainian leaders"
            } else {
                let tag = self.analysis.tokens[before].tag;
                let modifier =
                    tag.is_adjective() || tag.is_name() || tag == Tag::NN || tag == Tag::CD || tag == Tag::VBN;
                if matches!(tag, Tag::DT | Tag::PRPS) {
                    start = before;
                    break;
                }
                if !modifier || self.analysis.tokens[before].kind != TokenKind::Word {
                    break;
                }
            }
            start = before;
        }
        (start, former, parties)
    }

    /// Returns where the phrase ends and the parties named after the title ("of Ukraine", "to the EU").
    fn right_of(&self, title: &TitleMatch, to: usize, made: &[Mention]) -> (usize, Vec<PartyIx>) {
        let mut at = title.end;
        if at < to && matches!(self.lower[at], "of" | "for" | "to" | "at" | "in" | "from") {
            at += 1;
            if at < to && self.lower[at] == "the" {
                at += 1;
            }
            let owner = made.iter().find(|m| m.start == at && m.who.kind != Kind::Person);
            if let Some(owner) = owner {
                let offices = matches!(owner.who.kind, Kind::Party | Kind::Institution | Kind::Group);
                if offices {
                    return (owner.end, owner.who.parties.clone());
                }
            }
        }
        (title.end, Vec::new())
    }

    /// Finds the person whom a title phrase that begins at `start` stands in apposition to.
    fn apposed(&self, start: usize, from: usize, made: &[Mention]) -> Option<usize> {
        let mark = start.checked_sub(1).filter(|m| *m >= from)?;
        matches!(self.lower[mark], "," | "—" | "–" | "-" | "--" | "(").then_some(())?;
        made.iter().position(|m| m.end == mark && m.who.kind == Kind::Person)
    }

    /// Adds what a title tells of a person whom the codebook does not place.
    fn inform(&mut self, mention: &mut Mention, title: &TitleMatch, parties: &[PartyIx], former: bool) {
        let known = matches!(mention.who.person, Some(PersonKey::Known(_)));
        if known {
            // The codebook's dates decide, unless it knows of no office at all.
            if former && mention.who.rank == OfficeRank::Other {
                mention.who.standing = Standing::Former;
            }
            return;
        }
        let who = &mut mention.who;
        if who.rank == OfficeRank::Other {
            who.rank = title.rank;
        }
        if who.parties.is_empty() {
            who.parties = parties.to_vec();
        }
        if former {
            who.standing = Standing::Former;
        }
        if let Some(PersonKey::Local(key)) = who.person
            && let Some(local) = self.locals.get_mut(key as usize)
        {
            local.who = who.clone();
            local.who.person = None;
        }
    }
}

fn party_who(kind: Kind, parties: Vec<PartyIx>) -> Who {
    let pronoun = if matches!(kind, Kind::Collective | Kind::Group) { Pronoun::They } else { Pronoun::It };
    Who { kind, parties, name: None, person: None, rank: OfficeRank::Official, standing: Standing::InOffice, pronoun }
}
