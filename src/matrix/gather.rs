//! Positions of statements that come a document at a time: a ledger holds more of them than memory should.
//!
//! What a matrix needs of most statements is a number: that they count, when, for how much. Kept are those that decide under the
//! rule, those that contradict most, and those that somebody reviewed. Under the rules "mean" and "majority" all decide, so all
//! that count are kept.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use rayon::iter::{IntoParallelRefMutIterator, ParallelIterator};

use super::model::{Matrix, Position, Standing};
use super::options::{MatrixOptions, Rule};
use super::{frame, position, rule, select, telling};
use crate::codebook::Codebook;
use crate::statement::Statement;

/// Statements taken in so far, as far as their positions need them.
#[derive(Debug)]
pub struct Gathering<'c> {
    codebook: &'c Codebook,
    options: MatrixOptions,
    since: Option<Date>,
    documents: Vec<String>,
    cells: Vec<Cell>,
    /// The place of each cell, by party and then by topic: looked up for every statement, without a copy of its names.
    places: BTreeMap<String, BTreeMap<String, usize>>,
    reviewed: Vec<(Statement, Standing)>,
}

impl<'c> Gathering<'c> {
    /// Begins with nothing. Unlike [`positions`](super::positions) it cannot look for the latest day first: without an as-of date
    /// in the options all days count, and the matrix names none.
    pub fn new(codebook: &'c Codebook, options: MatrixOptions) -> Self {
        let since = options.first_day(options.as_of);
        let (documents, cells, reviewed) = (Vec::new(), Vec::new(), Vec::new());
        Gathering { codebook, options, since, documents, cells, places: BTreeMap::new(), reviewed }
    }

    /// Takes in all statements of one document, or of all documents that are copies of one story.
    pub fn take(&mut self, statements: &[Statement]) {
        let standings = select::standings(statements, &self.options, self.since, self.options.as_of);
        for (statement, standing) in statements.iter().zip(standings) {
            if self.documents.last() != Some(&statement.doc) {
                self.documents.push(statement.doc.clone());
            }
            let document = self.documents.len().saturating_sub(1);
            if statement.review.is_some() {
                self.reviewed.push((statement.clone(), standing));
            }
            if standing.counts() {
                let place = self.place(&statement.party, &statement.topic);
                if let Some(cell) = self.cells.get_mut(place) {
                    cell.take(statement, document, self.options.rule);
                }
            }
        }
    }

    /// Takes in what another has gathered from other documents, under the same options.
    pub fn join(&mut self, other: Gathering<'_>) {
        let shift = self.documents.len();
        self.documents.extend(other.documents);
        self.reviewed.extend(other.reviewed);
        let mut cells = other.cells;
        for (party, topics) in &other.places {
            for (topic, theirs) in topics {
                let place = self.place(party, topic);
                if let (Some(cell), Some(theirs)) = (self.cells.get_mut(place), cells.get_mut(*theirs)) {
                    cell.join(std::mem::take(theirs), shift, self.options.rule);
                }
            }
        }
    }

    fn place(&mut self, party: &str, topic: &str) -> usize {
        let known = self.places.get(party).and_then(|topics| topics.get(topic));
        known.copied().unwrap_or_else(|| {
            let place = self.cells.len();
            self.cells.push(Cell::default());
            self.places.entry(party.to_string()).or_default().insert(topic.to_string(), place);
            place
        })
    }

    /// Lays out the positions, as [`positions`](super::positions) would those of all statements; the second are the statements that
    /// were kept, into which all indices point.
    pub fn matrix(self) -> (Matrix, Vec<Statement>) {
        let Gathering { codebook, options, since, documents, mut cells, places: by_name, reviewed } = self;
        let enough = |place: &usize| cells.get(*place).is_some_and(|c| c.counted.len() >= options.min_statements);
        let named: Vec<(&str, &str, usize)> = by_name
            .iter()
            .flat_map(|(party, topics)| {
                topics.iter().map(move |(topic, place)| (party.as_str(), topic.as_str(), *place))
            })
            .filter(|(_, _, place)| enough(place))
            .collect();
        let names = named.iter().map(|(party, topic, _)| (*party, *topic));
        let (parties, topics, places) = frame(names, codebook, options.all_topics);
        let ranks = ranks(&documents);
        cells.par_iter_mut().for_each(|cell| cell.sort(&ranks));
        let (mut positions, mut statements) = (Vec::with_capacity(places.len()), Vec::new());
        for ((_, _, cell), place) in named.iter().zip(places) {
            let cell = cells.get_mut(*cell).map(std::mem::take).unwrap_or_default();
            positions.extend(cell.position(&mut statements, options.rule, place));
        }
        positions.sort_by_key(|p| (p.row, p.column));
        let mut standings = vec![Standing::Counts; statements.len()];
        for (statement, standing) in missing(reviewed, &statements) {
            statements.push(statement);
            standings.push(standing);
        }
        let matrix = Matrix { as_of: options.as_of, since, rule: options.rule, parties, topics, positions, standings };
        (matrix, statements)
    }
}

/// What is known of a party's statements on a topic.
#[derive(Debug, Default)]
struct Cell {
    counted: Vec<Counted>,
    stances: i64,
    confidence: f64,
    deciding: Vec<Statement>,
    /// The most telling statement of each direction.
    telling: [Option<Statement>; 3],
}

/// A statement that counts: what puts it in its place, and its id.
#[derive(Debug)]
struct Counted {
    day: Option<Date>,
    document: usize,
    start: u32,
    end: u32,
    id: Box<str>,
}

impl Cell {
    fn take(&mut self, statement: &Statement, document: usize, rule: Rule) {
        let Statement { start, end, id, .. } = statement;
        self.counted.push(Counted { day: statement.day(), document, start: *start, end: *end, id: id.as_str().into() });
        self.stances += i64::from(statement.stance);
        self.confidence = self.confidence.max(statement.confidence);
        if self.weighs(statement, rule) {
            self.deciding.push(statement.clone());
        }
        let direction = usize::from(statement.stance >= 0) + usize::from(statement.stance > 0);
        if let Some(best) = self.telling.get_mut(direction)
            && tells_more(statement, best.as_ref(), rule)
        {
            *best = Some(statement.clone());
        }
    }

    /// Tells whether a statement decides with or instead of those that did so far, which make way.
    fn weighs(&mut self, statement: &Statement, rule: Rule) -> bool {
        let against = self.deciding.first().map_or(Ordering::Greater, |top| rule::weigh(rule, statement, top));
        if against.is_gt() {
            self.deciding.clear();
        }
        against.is_ge()
    }

    fn join(&mut self, other: Cell, shift: usize, rule: Rule) {
        let moved = |c: Counted| Counted { document: c.document + shift, ..c };
        self.counted.extend(other.counted.into_iter().map(moved));
        self.stances += other.stances;
        self.confidence = self.confidence.max(other.confidence);
        if other.deciding.first().is_some_and(|statement| self.weighs(statement, rule)) {
            self.deciding.extend(other.deciding);
        }
        for (best, theirs) in self.telling.iter_mut().zip(other.telling) {
            if theirs.as_ref().is_some_and(|statement| tells_more(statement, best.as_ref(), rule)) {
                *best = theirs;
            }
        }
    }

    /// Puts what counts into its order, documents by their ranks.
    fn sort(&mut self, ranks: &[usize]) {
        let key = |c: &Counted| (c.day, ranks.get(c.document).copied(), c.start, c.end);
        self.counted.sort_by(|a, b| key(a).cmp(&key(b)).then_with(|| a.id.cmp(&b.id)));
    }

    /// Makes the position at a row and column of what was put in order, and hands over the statements it is made of.
    fn position(
        mut self,
        statements: &mut Vec<Statement>,
        rule: Rule,
        (row, column): (usize, usize),
    ) -> Option<Position> {
        let first = statements.len();
        statements.append(&mut self.deciding);
        let mut indices: Vec<usize> = (first..statements.len()).collect();
        for other in self.telling.into_iter().flatten() {
            let same = |i: &usize| statements.get(*i).is_some_and(|s| s.id == other.id && s.doc == other.doc);
            if !indices.iter().any(same) {
                indices.push(statements.len());
                statements.push(other);
            }
        }
        let made = position::position(statements, &indices, rule, row, column)?;
        let days = || self.counted.iter().filter_map(|c| c.day);
        Some(Position {
            mean: self.stances as f64 / self.counted.len().max(1) as f64,
            first: days().min(),
            last: days().max(),
            confidence: self.confidence,
            ids: self.counted.into_iter().map(|c| c.id.into_string()).collect(),
            ..made
        })
    }
}

fn tells_more(statement: &Statement, best: Option<&Statement>, rule: Rule) -> bool {
    best.is_none_or(|best| telling::weigh(statement, best, rule).is_gt())
}

/// The place of each document in the order of their names.
fn ranks(documents: &[String]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..documents.len()).collect();
    order.sort_by(|i, j| documents.get(*i).cmp(&documents.get(*j)));
    let mut ranks = vec![0; documents.len()];
    for (rank, document) in order.into_iter().enumerate() {
        if let Some(place) = ranks.get_mut(document) {
            *place = rank;
        }
    }
    ranks
}

/// Those of the reviewed statements that were not kept anyway.
fn missing(reviewed: Vec<(Statement, Standing)>, kept: &[Statement]) -> Vec<(Statement, Standing)> {
    let kept: BTreeSet<&str> = kept.iter().filter(|s| s.review.is_some()).map(|s| s.id.as_str()).collect();
    reviewed.into_iter().filter(|(s, _)| !kept.contains(s.id.as_str())).collect()
}
