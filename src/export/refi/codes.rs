//! Codes: what can be said of a passage.

use super::guid;
use crate::codebook::{Codebook, Party, Topic};
use crate::export::xml::Xml;
use crate::matrix::{Matrix, Stance, words};

/// Colours of the stances, from -2 to 2: those of the workbook, darker, since codes are shown as thin bars.
const COLOURS: [&str; 5] = ["#D9731A", "#F0A35E", "#A8A496", "#86B6E0", "#2F75B5"];

/// The topics and parties that get codes.
#[derive(Debug)]
pub(super) struct Scheme<'a> {
    topics: Vec<&'a Topic>,
    parties: Vec<&'a Party>,
}

impl<'a> Scheme<'a> {
    /// Takes the topics and the parties that the codebook lists.
    pub(super) fn new(codebook: &'a Codebook) -> Self {
        let parties = codebook.parties.iter().filter(|p| p.is_listed()).collect();
        Scheme { topics: codebook.topics.iter().collect(), parties }
    }

    /// Takes all topics of the codebook, others that stand in a matrix, and the parties of the matrix: a codebook lists many parties, and
    /// most say nothing.
    pub(super) fn of(matrix: &'a Matrix, codebook: &'a Codebook) -> Self {
        let known = |topic: &&Topic| codebook.topics.iter().any(|t| t.id == topic.id);
        let others = matrix.topics.iter().filter(|topic| !known(topic));
        Scheme { topics: codebook.topics.iter().chain(others).collect(), parties: matrix.parties.iter().collect() }
    }
}

/// Writes all codes.
///
/// No two codes have the same name, whatever group they are in: some programs keep only the first of a name.
pub(super) fn write(xml: &mut Xml, codebook: &Codebook, scheme: &Scheme<'_>) {
    xml.open("Codes", &[]);
    for topic in &scheme.topics {
        let id = guid("topic", &[&codebook.name, &topic.id]);
        xml.open("Code", &[("guid", &id), ("name", &topic.name), ("isCodable", "false")]);
        if !topic.question.is_empty() {
            let poles = format!("{} Yes: {}. No: {}.", topic.question, topic.plus, topic.minus);
            xml.text("Description", &[], &poles);
        }
        for (stance, colour) in (-2..=2).zip(COLOURS) {
            let label = Stance::Value(stance).label(&codebook.labels);
            let name = format!("{}: {label}", topic.name);
            let attributes = [("guid", &*self::stance(codebook, &topic.id, stance)), ("name", &name)];
            xml.open("Code", &[attributes[0], attributes[1], ("isCodable", "true"), ("color", colour)]);
            xml.text("Description", &[], &words::stance(label, Some(f64::from(stance))));
            xml.close();
        }
        xml.close();
    }
    if !scheme.parties.is_empty() {
        let id = guid("parties", &[&codebook.name]);
        xml.open("Code", &[("guid", &id), ("name", "Parties"), ("isCodable", "false")]);
        for party in &scheme.parties {
            let (id, name) = (self::party(codebook, &party.id), format!("Party: {}", party.name));
            xml.empty("Code", &[("guid", &id), ("name", &name), ("isCodable", "true")]);
        }
        xml.close();
    }
    xml.close();
}

/// The id of the code of a stance on a topic.
pub(super) fn stance(codebook: &Codebook, topic: &str, stance: i8) -> String {
    guid("stance", &[&codebook.name, topic, &stance.clamp(-2, 2).to_string()])
}

/// The id of the code of a party.
pub(super) fn party(codebook: &Codebook, party: &str) -> String {
    guid("party", &[&codebook.name, party])
}
