//! GraphML: who stands where as a network, for Gephi, visone and whatever else draws and measures graphs.

use std::io::Write;

use super::xml::Xml;
use super::{Error, Findings};
use crate::matrix::{self, Matrix, Pair, Position, words};

/// Which network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Network {
    /// Parties and topics; an edge for each position, as strong as the position and with its sign.
    TwoMode,
    /// Parties; an edge as strong as the number of topics on which both lean the same way.
    Congruence,
    /// Parties; an edge as strong as the number of topics on which one says yes and the other no.
    Conflict,
}

impl Network {
    /// Returns the network's name, as the command line and the file carry it.
    pub fn name(self) -> &'static str {
        match self {
            Network::TwoMode => "two-mode",
            Network::Congruence => "congruence",
            Network::Conflict => "conflict",
        }
    }
}

/// A value that graphs, nodes or edges have: its name, what has it, its type.
type Key = (&'static str, &'static str, &'static str);

const GRAPH: [Key; 5] = [
    ("network", "graph", "string"),
    ("as_of", "graph", "string"),
    ("since", "graph", "string"),
    ("rule", "graph", "string"),
    ("codebook", "graph", "string"),
];
const NODE: [Key; 4] = [
    ("label", "node", "string"),
    ("kind", "node", "string"),
    ("question", "node", "string"),
    ("statements", "node", "int"),
];
const POSITION: [Key; 7] = [
    ("weight", "edge", "double"),
    ("sign", "edge", "int"),
    ("position", "edge", "double"),
    ("stance", "edge", "string"),
    ("condition", "edge", "string"),
    ("count", "edge", "int"),
    ("confidence", "edge", "double"),
];
const PAIR: [Key; 3] = [("weight", "edge", "double"), ("topics", "edge", "int"), ("congruence", "edge", "double")];

/// Writes a network as GraphML, edges without direction.
///
/// Weights are never negative, since some programs pass over edges whose weight is; `sign` tells for and against. Parties without an
/// edge are nodes all the same.
///
/// # Errors
/// Fails where `out` does.
pub fn write_graphml<W: Write>(mut out: W, findings: Findings<'_>, network: Network) -> Result<(), Error> {
    let mut xml = Xml::new();
    xml.open(
        "graphml",
        &[
            ("xmlns", "http://graphml.graphdrawing.org/xmlns"),
            ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
            (
                "xsi:schemaLocation",
                "http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd",
            ),
        ],
    );
    let edges: &[Key] = if network == Network::TwoMode { &POSITION } else { &PAIR };
    for (name, of, kind) in GRAPH.iter().chain(&NODE).chain(edges) {
        let id = format!("{of}-{name}");
        xml.empty("key", &[("id", &id), ("for", of), ("attr.name", name), ("attr.type", kind)]);
    }
    xml.open("graph", &[("id", network.name()), ("edgedefault", "undirected")]);
    about(&mut xml, findings, network);
    parties(&mut xml, findings.matrix);
    match network {
        Network::TwoMode => {
            topics(&mut xml, findings.matrix);
            positions(&mut xml, findings);
        }
        Network::Congruence => pairs(&mut xml, findings.matrix, |pair| pair.shared),
        Network::Conflict => pairs(&mut xml, findings.matrix, |pair| pair.opposed),
    }
    out.write_all(xml.finish().as_bytes())?;
    Ok(())
}

fn about(xml: &mut Xml, findings: Findings<'_>, network: Network) {
    let Findings { matrix, codebook, .. } = findings;
    let day = |day: Option<jiff::civil::Date>| day.map(|d| d.to_string());
    data(xml, "graph", "network", network.name());
    maybe(xml, "graph", "as_of", day(matrix.as_of));
    maybe(xml, "graph", "since", day(matrix.since));
    data(xml, "graph", "rule", matrix.rule.name());
    data(xml, "graph", "codebook", &format!("{} {} {}", codebook.name, codebook.version, codebook.hash));
}

fn parties(xml: &mut Xml, matrix: &Matrix) {
    for (row, party) in matrix.parties.iter().enumerate() {
        xml.open("node", &[("id", &format!("party:{}", party.id))]);
        data(xml, "node", "label", &party.name);
        data(xml, "node", "kind", "party");
        data(xml, "node", "statements", &statements(matrix, |p| p.row == row).to_string());
        xml.close();
    }
}

fn topics(xml: &mut Xml, matrix: &Matrix) {
    for (column, topic) in matrix.topics.iter().enumerate() {
        xml.open("node", &[("id", &format!("topic:{}", topic.id))]);
        data(xml, "node", "label", &topic.name);
        data(xml, "node", "kind", "topic");
        data(xml, "node", "question", &topic.question);
        data(xml, "node", "statements", &statements(matrix, |p| p.column == column).to_string());
        xml.close();
    }
}

fn statements(matrix: &Matrix, of: impl Fn(&Position) -> bool) -> usize {
    matrix.positions.iter().filter(|p| of(p)).map(Position::count).sum()
}

fn positions(xml: &mut Xml, findings: Findings<'_>) {
    let matrix = findings.matrix;
    for position in &matrix.positions {
        let (Some(party), Some(topic)) = (matrix.parties.get(position.row), matrix.topics.get(position.column)) else {
            continue;
        };
        let number = matrix.number(position);
        let towards = number.unwrap_or_default();
        let sign = i8::from(towards > 0.0) - i8::from(towards < 0.0);
        edge(xml, &format!("party:{}", party.id), &format!("topic:{}", topic.id));
        data(xml, "edge", "weight", &towards.abs().to_string());
        data(xml, "edge", "sign", &sign.to_string());
        maybe(xml, "edge", "position", number.map(|n| n.to_string()));
        data(xml, "edge", "stance", position.stance.label(&findings.codebook.labels));
        maybe(xml, "edge", "condition", words::condition(&position.conditions));
        data(xml, "edge", "count", &position.count().to_string());
        data(xml, "edge", "confidence", &format!("{:.2}", position.confidence));
        xml.close();
    }
}

/// Writes an edge for every two parties of which `weight` counts a topic, in the order of the matrix.
fn pairs(xml: &mut Xml, matrix: &Matrix, weight: impl Fn(&Pair) -> usize) {
    let mut pairs = matrix::gaps(matrix).pairs;
    pairs.sort_by_key(|pair| (pair.first, pair.second));
    for pair in pairs.iter().filter(|pair| weight(pair) > 0) {
        let (Some(first), Some(second)) = (matrix.parties.get(pair.first), matrix.parties.get(pair.second)) else {
            continue;
        };
        edge(xml, &format!("party:{}", first.id), &format!("party:{}", second.id));
        data(xml, "edge", "weight", &weight(pair).to_string());
        data(xml, "edge", "topics", &pair.topics.to_string());
        data(xml, "edge", "congruence", &format!("{:.4}", pair.congruence));
        xml.close();
    }
}

/// Opens an edge.
fn edge(xml: &mut Xml, source: &str, target: &str) {
    xml.open("edge", &[("source", source), ("target", target)]);
}

fn data(xml: &mut Xml, of: &str, name: &str, value: &str) {
    xml.text("data", &[("key", &format!("{of}-{name}"))], value);
}

fn maybe(xml: &mut Xml, of: &str, name: &str, value: Option<String>) {
    if let Some(value) = value {
        data(xml, of, name, &value);
    }
}
