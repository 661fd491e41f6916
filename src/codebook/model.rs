//! What a checked codebook holds.

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
    /// Place in the matrix, from the top.
    pub order: u32,
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

/// A checked codebook.
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
    /// Parties in the order of the matrix.
    pub parties: Vec<Party>,
    /// Topics in the order of the matrix.
    pub topics: Vec<Topic>,
    /// The words for each stance.
    pub labels: Labels,
}
