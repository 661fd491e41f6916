//! Who a phrase of the text stands for.

use crate::codebook::{OfficeRank, PartyIx, PersonIx};

/// A person of the codebook, or one the document alone introduces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PersonKey {
    /// Number of the person in the codebook.
    Known(PersonIx),
    /// Number among the persons the document introduces.
    Local(u32),
}

/// What kind of phrase names the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A person by name.
    Person,
    /// A person by office: "the Ukrainian leader".
    Office,
    /// An institution.
    Institution,
    /// A party by name or seat.
    Party,
    /// The adjective for a party, which names it only with a noun beside it.
    Adjective,
    /// People of a party without names: "Ukrainian officials".
    Collective,
    /// Several parties by one name.
    Group,
}

/// How others refer back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pronoun {
    /// he
    He,
    /// she
    She,
    /// he or she, not known which
    Either,
    /// it
    It,
    /// they
    They,
}

/// Whose voice a speaker is, by office.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Holds the office on the day of the document.
    InOffice,
    /// Held one before.
    Former,
}

/// Whom a phrase stands for.
#[derive(Debug, Clone, PartialEq)]
pub struct Who {
    /// What kind of phrase it is.
    pub kind: Kind,
    /// The parties it speaks for; several for a group, none where unknown.
    pub parties: Vec<PartyIx>,
    /// Full name of the person or institution.
    pub name: Option<String>,
    /// The person, where it is one.
    pub person: Option<PersonKey>,
    /// How high the office stands.
    pub rank: OfficeRank,
    /// In office or not.
    pub standing: Standing,
    /// How others refer back to it.
    pub pronoun: Pronoun,
}

/// A phrase that stands for somebody: tokens `start..end` of the document.
#[derive(Debug, Clone, PartialEq)]
pub struct Mention {
    /// First token, title included.
    pub start: usize,
    /// One past the last token.
    pub end: usize,
    /// The token that heads it.
    pub head: usize,
    /// Whom it stands for.
    pub who: Who,
}
