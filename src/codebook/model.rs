//! What a checked codebook holds.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::about::About;
use super::names::{NameIndex, TitleIndex};
use super::wording::{Vocabulary, Wording};

/// Number of a party in [`Codebook::parties`].
pub type PartyIx = u32;
/// Number of a person in [`Codebook::people`].
pub type PersonIx = u32;
/// Number of a topic in [`Codebook::topics`].
pub type TopicIx = u32;

/// A side of the negotiation.
#[derive(Debug, Clone, PartialEq)]
pub struct Party {
    /// Lower-case id, as statements carry it.
    pub id: String,
    /// Full name.
    pub name: String,
    /// Short name for narrow columns.
    pub short: String,
    /// state, bloc, alliance, organisation or movement.
    pub kind: String,
    /// What its statements are signed with where no person is named: "Ukrainian government", "NATO".
    pub voice: String,
    /// Place in the matrix, from the top.
    pub order: u32,
}

impl Party {
    /// The places from here on are those of countries that the codebook's table of parties does not list.
    pub const UNLISTED: u32 = 100_000;

    /// Tells whether the codebook's table of parties lists it.
    pub fn is_listed(&self) -> bool {
        self.order < Self::UNLISTED
    }
}

/// One issue put as a question with a + and a - pole.
#[derive(Debug, Clone, PartialEq)]
pub struct Topic {
    /// Lower-case id, as statements carry it.
    pub id: String,
    /// Name for a column's head.
    pub name: String,
    /// The question; yes is the + pole.
    pub question: String,
    /// What +2 asks for, in a few words.
    pub plus: String,
    /// What -2 asks for, in a few words.
    pub minus: String,
    /// Named mostly as the setting of other matters (the talks themselves): yields to them.
    pub setting: bool,
    /// Sentences with the statements they must give.
    pub examples: Vec<Example>,
}

/// A sentence kept with a topic, and what coding it must give: one test of the topic's wording.
#[derive(Debug, Clone, PartialEq)]
pub struct Example {
    /// The text.
    pub text: String,
    /// Party id of the statement, or nothing where no statement on this topic may come of it.
    pub party: Option<String>,
    /// Stance of the statement.
    pub stance: i8,
    /// Whether the statement is secondhand.
    pub secondhand: bool,
    /// The day it counts as published, where the example tells one.
    pub published: Option<Date>,
    /// 1-based line in its file.
    pub line: usize,
}

/// What a match of the topics' wording says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Signal {
    /// The topic.
    pub topic: TopicIx,
    /// What the words do.
    pub kind: SignalKind,
}

/// What a match of a topic's wording does.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum SignalKind {
    /// Names the + pole (1) or the - pole (-1), for a stance word to govern.
    Names(i8),
    /// Carries a stance by itself, whoever says it.
    Says(i8),
    /// Words that look like the topic's and are not; they hide what lies inside them.
    Ignores,
}

/// What a stance word does to what it governs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OperatorClass {
    /// Its subject, or the owner of the noun, holds the stance.
    Attitude,
    /// What should, must, may be: the speaker holds the stance.
    Modal,
    /// Good, unrealistic, crucial: the speaker holds the stance.
    Evaluation,
    /// Its subject carries the matter out.
    Act,
    /// Turns what it governs into its opposite: end, block, without.
    Reverse,
    /// Spoils: turns what it governs into the opposite, and says of what does it that it is bad.
    Harm,
    /// Its subject charges another party with what it governs.
    Accuse,
    /// Its subject passes a judgement that stands among its complements: call, describe.
    Judge,
    /// Its subject presses another party to do what it governs.
    Press,
    /// Insists, stresses: an attitude towards what it governs, unless that is a report of another's position.
    Speech,
}

/// A stance word of the lexicon.
#[derive(Debug, Clone, PartialEq)]
pub struct Operator {
    /// Name, as `rules` of a statement carry it.
    pub id: String,
    /// What it does.
    pub class: OperatorClass,
    /// The stance towards what it governs, -2 to 2.
    pub value: i8,
}

/// Words that stand for something said before: "the proposal", "such demands".
pub const ANAPHOR: &str = "anaphor";
/// Nouns for texts that speak for those who wrote them: "the resolution demands".
pub const TEXT: &str = "text";
/// Names of places where words are posted, which are no sources.
pub const PLATFORM: &str = "platform";
/// The list of [`Codebook::plans`] in the lexicon.
pub const PLAN: &str = "plan";
/// The list of [`Codebook::provisions`] in the lexicon.
pub const PROVISION: &str = "provision";

/// How high an office stands, as roles.csv and titles.csv rank it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OfficeRank {
    /// Anybody else.
    Other,
    /// Scholars, analysts, observers.
    Expert,
    /// Members of a parliament.
    Legislator,
    /// Other officials.
    Official,
    /// Envoys, negotiators, ambassadors.
    Envoy,
    /// Spokespersons.
    Spokesperson,
    /// Ministers.
    Minister,
    /// Heads of state, of government, of institutions.
    Leader,
}

impl OfficeRank {
    /// Reads a rank as the files write it.
    pub fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "leader" => OfficeRank::Leader,
            "minister" => OfficeRank::Minister,
            "spokesperson" => OfficeRank::Spokesperson,
            "envoy" => OfficeRank::Envoy,
            "official" => OfficeRank::Official,
            "legislator" => OfficeRank::Legislator,
            "expert" => OfficeRank::Expert,
            "other" => OfficeRank::Other,
            _ => return None,
        })
    }
}

/// A person, by all spellings.
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    /// Usual full name.
    pub name: String,
    /// he, she or they.
    pub pronoun: String,
    /// Offices held, in the order of the file.
    pub offices: Vec<Office>,
}

/// An office held from one day to another.
#[derive(Debug, Clone, PartialEq)]
pub struct Office {
    /// The party it speaks for.
    pub party: PartyIx,
    /// How high it stands.
    pub rank: OfficeRank,
    /// Title.
    pub title: String,
    /// First day, where known.
    pub from: Option<Date>,
    /// Last day, where it has ended.
    pub to: Option<Date>,
}

impl Office {
    /// Tells whether the office is held on a day; with no day known, whether it is still held.
    pub fn held_on(&self, day: Option<Date>) -> bool {
        match day {
            Some(day) => self.from.is_none_or(|f| f <= day) && self.to.is_none_or(|t| day <= t),
            None => self.to.is_none(),
        }
    }
}

/// A ministry, parliament, agency or office whose statements are a party's.
#[derive(Debug, Clone, PartialEq)]
pub struct Institution {
    /// Usual name.
    pub name: String,
    /// The party it speaks for.
    pub party: PartyIx,
    /// How high it stands.
    pub rank: OfficeRank,
}

/// A name for several parties.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// Usual name.
    pub name: String,
    /// The parties.
    pub members: Vec<PartyIx>,
}

/// The words for each stance.
#[derive(Debug, Clone, PartialEq)]
pub struct Labels {
    /// For -2, -1, 0, 1, 2 in this order ("rejects", "doubts", "noncommittal", "leans yes", "demands").
    pub stances: [String; 5],
    /// Where the evidence disagrees in sign.
    pub mixed: String,
    /// Where nothing was said.
    pub none: String,
}

/// A checked codebook, ready to read with.
#[derive(Debug, Clone)]
pub struct Codebook {
    /// Folder name.
    pub name: String,
    /// Title for people.
    pub title: String,
    /// Version, as its author counts.
    pub version: String,
    /// Content id of all its files.
    pub hash: String,
    /// Whose names tell what a document is about.
    pub about: About,
    /// Parties in the order of the matrix, then all other countries.
    pub parties: Vec<Party>,
    /// Topics in the order of the matrix.
    pub topics: Vec<Topic>,
    /// The words for each stance.
    pub labels: Labels,
    /// People.
    pub people: Vec<Person>,
    /// Institutions.
    pub institutions: Vec<Institution>,
    /// Groups of parties.
    pub groups: Vec<Group>,
    /// Every name, demonym, seat and person, for finding in text.
    pub names: NameIndex,
    /// Titles of offices, for finding in text.
    pub titles: TitleIndex,
    /// The words of all wording, numbered.
    pub vocabulary: Vocabulary,
    /// The topics' wording; a match's value is an index into [`Codebook::signals`].
    pub wording: Wording,
    /// What the topics' wording says.
    pub signals: Vec<Signal>,
    /// The stance lexicon's wording; a match's value is an index into [`Codebook::operators`].
    pub stance_wording: Wording,
    /// The stance words.
    pub operators: Vec<Operator>,
    /// Wording of small closed lists: anaphors, affirmations, denials; a match's value is an index into
    /// [`Codebook::lists`].
    pub list_wording: Wording,
    /// Names of the small lists.
    pub lists: Vec<String>,
    /// Nouns for texts that speak for those who wrote them.
    pub texts: BTreeSet<String>,
    /// Names of places where words are posted, in lower case.
    pub platforms: BTreeSet<String>,
    /// Nouns for texts that lay down what is to be done, singular.
    pub plans: BTreeSet<String>,
    /// Verbs by which such a text lays it down, base forms.
    pub provisions: BTreeSet<String>,
}

impl Codebook {
    /// Returns the number of a party id.
    pub fn party(&self, id: &str) -> Option<PartyIx> {
        self.parties.iter().position(|p| p.id == id).map(|i| i as PartyIx)
    }

    /// Returns the highest office a person holds on a day.
    pub fn office(&self, person: PersonIx, day: Option<Date>) -> Option<&Office> {
        self.people.get(person as usize)?.offices.iter().filter(|o| o.held_on(day)).max_by_key(|o| o.rank)
    }

    /// Returns the party that a person stands for on a day, or stood for last.
    pub fn party_of(&self, person: PersonIx, day: Option<Date>) -> Option<PartyIx> {
        let offices = &self.people.get(person as usize)?.offices;
        self.office(person, day).or_else(|| offices.iter().max_by_key(|o| o.to)).map(|o| o.party)
    }
}
