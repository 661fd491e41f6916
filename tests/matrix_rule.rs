//! The rules that make statements into positions, as a table of cases.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{codebook, day, statement};
use demarche::matrix::{Gathering, LeftOut, Matrix, MatrixOptions, Position, Rule, Stance, Standing, positions};
use demarche::statement::{Mode, Rank, Role, Statement};

/// Day of February 2025 (0: undated), rank, stance.
type Said = (i8, Rank, i8);

const L: Rank = Rank::Leader;
const O: Rank = Rank::Official;
const P: Rank = Rank::Legislator;
const MIXED: Stance = Stance::Mixed;

const fn v(value: i8) -> Stance {
    Stance::Value(value)
}

/// Name, rule, statements, the stance that must come out, whether it must be flagged as contradictory.
const CASES: [(&str, Rule, &[Said], Stance, bool); 29] = [
    ("one statement", Rule::Latest, &[(13, O, -2)], v(-2), false),
    ("neutral alone", Rule::Latest, &[(13, O, 0)], v(0), false),
    ("the latest day decides", Rule::Latest, &[(12, O, -2), (13, O, 2)], v(2), true),
    ("in whatever order they come", Rule::Latest, &[(13, O, 2), (12, O, -2)], v(2), true),
    ("rank decides within a day", Rule::Latest, &[(13, O, 1), (13, L, -2)], v(-2), true),
    ("rank does not decide over days", Rule::Latest, &[(12, L, -2), (13, P, 1)], v(1), true),
    ("official over legislator", Rule::Latest, &[(13, P, -1), (13, O, 2)], v(2), true),
    ("opposite signs are mixed", Rule::Latest, &[(13, O, 1), (13, O, -1)], MIXED, true),
    ("majority does not unmix", Rule::Latest, &[(13, O, 2), (13, O, 2), (13, O, -1)], MIXED, true),
    ("most frequent strength", Rule::Latest, &[(13, O, 1), (13, O, 1), (13, O, 2)], v(1), false),
    ("ties go to the stronger", Rule::Latest, &[(13, O, 1), (13, O, 2)], v(2), false),
    ("ties go to the stronger no", Rule::Latest, &[(13, O, -2), (13, O, -1)], v(-2), false),
    ("neutral against not neutral", Rule::Latest, &[(13, O, 0), (13, O, -1)], v(-1), true),
    ("neutral more often", Rule::Latest, &[(13, O, 0), (13, O, 0), (13, O, -1)], v(0), true),
    ("undated is before all days", Rule::Latest, &[(0, L, -2), (1, P, 1)], v(1), true),
    ("undated counts", Rule::Latest, &[(0, O, 1), (13, O, 1)], v(1), false),
    ("undated alone", Rule::Latest, &[(0, P, -1), (0, L, 2)], v(2), true),
    ("mean", Rule::Mean, &[(1, O, 2), (2, O, 1), (3, O, 2)], v(2), false),
    ("mean away from zero", Rule::Mean, &[(1, O, 2), (2, O, 1)], v(2), false),
    ("mean away from zero, no", Rule::Mean, &[(1, O, -2), (2, O, -1)], v(-2), false),
    ("mean of opposites is no neutrality", Rule::Mean, &[(1, O, 2), (2, O, -2)], MIXED, true),
    ("mean of neutrals", Rule::Mean, &[(1, O, 0), (2, O, 0)], v(0), false),
    ("majority", Rule::Majority, &[(1, O, 2), (2, O, 2), (3, L, -2)], v(2), true),
    ("majority by direction first", Rule::Majority, &[(1, O, 1), (2, O, 2), (3, O, 2), (4, O, -2)], v(2), true),
    ("majority tied", Rule::Majority, &[(1, O, 2), (2, O, -1)], MIXED, true),
    ("majority tied with neutral", Rule::Majority, &[(1, O, 0), (2, O, -1)], v(-1), true),
    ("majority neutral", Rule::Majority, &[(1, O, 0), (2, O, 0), (3, O, -1)], v(0), true),
    ("strongest", Rule::Strongest, &[(1, O, -2), (2, O, 1), (3, L, 1)], v(-2), true),
    ("strongest both ways", Rule::Strongest, &[(1, O, -2), (2, O, 2)], MIXED, true),
];

/// Statements of forty documents, drawn: repeats, contradictions, verdicts, unknown days and names out of order among them.
fn drawn(seed: u64) -> Vec<Statement> {
    let mut state = seed;
    let mut draw = |sides: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % sides
    };
    let mut list: Vec<Statement> = (0..400)
        .map(|number| {
            let mut s = statement(number);
            s.doc = format!("{:02}.txt", draw(40) * 7 % 40);
            (s.start, s.end) = (draw(4) as u32 * 30, draw(4) as u32 * 30 + 40);
            s.quote = ["We want it", "We want it, and soon, all of it", "no", "Words of some length that tell it"]
                [draw(4) as usize]
                .into();
            s.party = ["ukraine", "russia", "us", "atlantis", "none"][draw(5) as usize].into();
            s.topic = ["ceasefire", "territory", "weather"][draw(3) as usize].into();
            s.rank = [L, O, P][draw(3) as usize];
            s.mode = [Mode::Direct, Mode::Indirect, Mode::Narrated][draw(3) as usize];
            s.stance = draw(5) as i8 - 2;
            s.confidence = draw(101) as f64 / 100.0;
            s.condition = (draw(5) == 0).then(|| "if they do".into());
            s.secondhand = draw(9) == 0;
            s.review = [None, None, None, None, Some("accept"), Some("reject")][draw(6) as usize].map(String::from);
            s.published = (draw(8) > 0).then(|| day(&format!("2025-02-{:02}", draw(9) + 1)));
            s
        })
        .collect();
    list.sort_by(|a, b| (&a.doc, a.start, a.end, &a.id).cmp(&(&b.doc, b.start, b.end, &b.id)));
    list
}

/// Everything that a matrix tells, with ids in the place of indices.
fn told(matrix: &Matrix, statements: &[Statement]) -> Vec<String> {
    let id = |i: usize| statements[i].id.clone();
    let one = |p: &Position| {
        let (party, topic) = (&matrix.parties[p.row].id, &matrix.topics[p.column].id);
        let contradiction = p.contradiction.map(|(a, b)| (id(a), id(b)));
        let deciding: Vec<String> = p.deciding.iter().map(|i| id(*i)).collect();
        format!(
            "{party} {topic} {:?} {:.9} {:?} {:?} {:?} {:?} {deciding:?} {contradiction:?} {:?} {} {}",
            p.stance,
            p.mean,
            p.ids,
            p.first,
            p.last,
            p.conditions,
            p.confidence,
            id(p.best),
            p.count()
        )
    };
    matrix.positions.iter().map(one).collect()
}

#[test]
fn a_document_at_a_time_gives_what_all_at_once_give() {
    for seed in 0..12 {
        let list = drawn(seed);
        for rule in Rule::ALL {
            let options = MatrixOptions {
                as_of: Some(day("2025-02-07")),
                window: (seed % 3 == 0).then_some(4),
                min_statements: 1 + seed as usize % 3,
                rule,
                ..MatrixOptions::default()
            };
            let whole = positions(&list, codebook(), &options);
            let mut documents: Vec<&[Statement]> = list.chunk_by(|a, b| a.doc == b.doc).collect();
            documents.rotate_left(seed as usize);
            // In two parts, of which one may be empty.
            let mut parts = documents.split_at(seed as usize % documents.len());
            if seed % 2 == 0 {
                parts = (parts.1, parts.0);
            }
            let [mut gathering, other] = [parts.0, parts.1].map(|documents| {
                let mut gathering = Gathering::new(codebook(), options.clone());
                documents.iter().for_each(|document| gathering.take(document));
                gathering
            });
            gathering.join(other);
            let (matrix, kept) = gathering.matrix();
            assert_eq!(told(&matrix, &kept), told(&whole, &list), "{rule} {seed}");
            assert!(whole.positions.len() > 3, "{}", whole.positions.len());
            assert_eq!(matrix.parties, whole.parties);
            assert_eq!(matrix.topics, whole.topics);
            // What was reviewed is kept, since cells tell of it.
            let verdicts = |list: &[Statement]| list.iter().filter(|s| s.review.is_some()).count();
            assert_eq!(verdicts(&kept), verdicts(&list));
            assert!(matches!(rule, Rule::Mean | Rule::Majority) || kept.len() < list.len());
        }
    }
}

fn said(number: u32, (on, rank, stance): Said) -> Statement {
    let mut s = statement(number);
    s.rank = rank;
    s.stance = stance;
    s.stated_on = (on > 0).then(|| day("2025-02-01").checked_add(jiff::Span::new().days(i64::from(on) - 1)).unwrap());
    s
}

fn lay_out(statements: &[Statement], options: &MatrixOptions) -> Matrix {
    positions(statements, codebook(), options)
}

fn only(matrix: &Matrix) -> &Position {
    assert_eq!(matrix.positions.len(), 1);
    &matrix.positions[0]
}

#[test]
fn every_case_gives_its_stance() {
    for (name, rule, list, stance, contradictory) in CASES {
        let statements: Vec<Statement> = (0u32..).zip(list).map(|(n, s)| said(n, *s)).collect();
        let matrix = lay_out(&statements, &MatrixOptions { rule, ..MatrixOptions::default() });
        let position = only(&matrix);
        assert_eq!(position.stance, stance, "{name}");
        assert_eq!(position.contradiction.is_some(), contradictory, "{name}");
        assert_eq!(position.count(), list.len(), "{name}");
        if let Some((one, other)) = position.contradiction {
            assert_eq!(one, position.best, "{name}");
            assert_ne!(statements[one].stance.signum(), statements[other].stance.signum(), "{name}");
        }
    }
}

#[test]
fn order_of_input_does_not_matter() {
    for (name, rule, list, ..) in CASES {
        let statements: Vec<Statement> = (0u32..).zip(list).map(|(n, s)| said(n, *s)).collect();
        let mut turned = statements.clone();
        turned.reverse();
        let options = MatrixOptions { rule, ..MatrixOptions::default() };
        let (one, two) = (lay_out(&statements, &options), lay_out(&turned, &options));
        let (a, b) = (only(&one), only(&two));
        assert_eq!(a.stance, b.stance, "{name}");
        assert_eq!(statements[a.best].id, turned[b.best].id, "{name}");
        let other = |p: &Position, s: &[Statement]| p.contradiction.map(|(_, i)| s[i].id.clone());
        assert_eq!(other(a, &statements), other(b, &turned), "{name}");
    }
}

#[test]
fn what_never_counts() {
    let mut list: Vec<Statement> = (0..8).map(statement).collect();
    list[1].secondhand = true;
    list[2].review = Some("reject".into());
    list[3].role = Role::Expert;
    list[4].role = Role::Former;
    list[5].role = Role::Other;
    list[6].party = "none".into();
    list[7].review = Some("accept".into());
    let matrix = lay_out(&list, &MatrixOptions::default());
    assert_eq!(only(&matrix).statements, [0, 7]);
    let why = [LeftOut::Secondhand, LeftOut::Rejected, LeftOut::Role, LeftOut::Role, LeftOut::Role, LeftOut::Role];
    assert_eq!(matrix.standings[1..7], why.map(Standing::LeftOut));
}

#[test]
fn repeats_within_a_document_count_once() {
    let mut list: Vec<Statement> = (0..6).map(statement).collect();
    list[1].quote = format!("“{}!”", list[0].quote.to_uppercase());
    list[2].start = list[0].start + 30;
    list[2].end = list[0].end + 30;
    list[3].quote = list[0].quote.clone();
    list[3].doc = "b.txt".into();
    list[4].quote = list[0].quote.clone();
    list[4].stance = -2;
    let matrix = lay_out(&list, &MatrixOptions::default());
    let counts: Vec<bool> = matrix.standings.iter().map(|s| s.counts()).collect();
    assert_eq!(counts, [true, false, false, true, true, true]);
    assert_eq!(only(&matrix).count(), 4);
}

#[test]
fn windows_and_filters() {
    let list = [(0, O, 1), (5, O, -1), (10, O, 2), (15, L, -2)];
    let mut list: Vec<Statement> = (0u32..).zip(list).map(|(n, s)| said(n, s)).collect();
    list[2].outlet = Some("Courier".into());
    list[1].confidence = 0.3;
    let stance = |options: MatrixOptions| lay_out(&list, &options).positions.first().map(|p| (p.stance, p.count()));
    let base = MatrixOptions::default();
    assert_eq!(lay_out(&list, &base).as_of, Some(day("2025-02-15")));
    assert_eq!(stance(base.clone()), Some((v(-2), 4)));
    assert_eq!(stance(MatrixOptions { as_of: Some(day("2025-02-12")), ..base.clone() }), Some((v(2), 3)));
    assert_eq!(stance(MatrixOptions { as_of: Some(day("2025-01-01")), ..base.clone() }), Some((v(1), 1)));
    assert_eq!(stance(MatrixOptions { since: Some(day("2025-02-06")), ..base.clone() }), Some((v(-2), 2)));
    assert_eq!(stance(MatrixOptions { since: Some(day("2025-02-16")), ..base.clone() }), None);
    assert_eq!(stance(MatrixOptions { min_confidence: 0.5, ..base.clone() }), Some((v(-2), 3)));
    assert_eq!(stance(MatrixOptions { min_statements: 5, ..base.clone() }), None);
    assert_eq!(stance(MatrixOptions { outlets: vec!["COURIER".into()], ..base.clone() }), Some((v(2), 1)));
    assert_eq!(stance(MatrixOptions { roles: vec![Role::Legislator], ..base.clone() }), None);
    assert_eq!(stance(MatrixOptions { parties: vec!["us".into()], ..base.clone() }), None);
    assert_eq!(stance(MatrixOptions { topics: vec!["territory".into()], ..base }), Some((v(-2), 4)));
}

#[test]
fn conditions_are_those_of_the_deciding_statements() {
    let mut list: Vec<Statement> =
        [(12, O, 1), (13, O, 1), (13, O, 1), (13, O, 1), (13, P, 1)].map(|s| said(s.0 as u32, s)).into();
    for (s, n) in list.iter_mut().zip(0u32..) {
        (s.id, s.start, s.end) = (format!("{n}"), n * 100, n * 100 + 10);
        s.quote = format!("quote {n}");
    }
    list[0].condition = Some("if it rains".into());
    list[1].condition = Some("if the guns  are silent".into());
    list[2].condition = Some("If the guns are silent".into());
    list[3].condition = Some("only after a vote".into());
    list[4].condition = Some("if asked".into());
    let matrix = lay_out(&list, &MatrixOptions::default());
    assert_eq!(only(&matrix).conditions, ["if the guns are silent", "only after a vote"]);
}

#[test]
fn the_best_statement_speaks_for_itself() {
    let mut list: Vec<Statement> = (0..5).map(|n| said(n, (13, O, 2))).collect();
    list[0].mode = Mode::Narrated;
    list[1].mode = Mode::Indirect;
    list[2].quote = "No.".into();
    list[3].confidence = 0.8;
    assert_eq!(only(&lay_out(&list, &MatrixOptions::default())).best, 4);
    list[4].confidence = 0.4;
    assert_eq!(only(&lay_out(&list, &MatrixOptions::default())).best, 3);
    for s in &mut list {
        s.confidence = 0.4;
    }
    assert!(only(&lay_out(&list, &MatrixOptions::default())).is_uncertain());
}

#[test]
fn rows_and_columns_follow_the_codebook_then_names() {
    let mut list: Vec<Statement> = (0..4).map(statement).collect();
    list[0].party = "zealand".into();
    list[1].party = "atlantis".into();
    list[2].party = "russia".into();
    list[2].topic = "nato-membership".into();
    list[3].topic = "fishing".into();
    let matrix = lay_out(&list, &MatrixOptions::default());
    let ids = |m: &Matrix| m.parties.iter().map(|p| p.id.clone()).collect::<Vec<_>>();
    assert_eq!(ids(&matrix), ["ukraine", "russia", "atlantis", "zealand"]);
    let topics: Vec<&str> = matrix.topics.iter().map(|t| t.id.as_str()).collect();
    assert_eq!(topics, ["nato-membership", "territory", "fishing"]);
    let all = lay_out(&list, &MatrixOptions { all_topics: true, ..MatrixOptions::default() });
    assert_eq!(all.topics.len(), codebook().topics.len() + 1);
    assert!(all.get("ukraine", "fishing").is_some());
    assert!(all.get("russia", "fishing").is_none());
}

#[test]
fn fixture_positions_stand_as_a_reader_finds_them() {
    let statements = common::statements();
    let as_of = MatrixOptions { as_of: Some(day("2025-02-13")), ..MatrixOptions::default() };
    let matrix = lay_out(&statements, &as_of);
    let stance = |party, topic| matrix.get(party, topic).map(|p| (p.stance, p.contradiction.is_some()));
    assert_eq!(stance("ukraine", "participation-ukraine"), Some((v(2), false)));
    assert_eq!(stance("ukraine", "peacekeeping-force"), Some((v(1), false)));
    assert_eq!(matrix.get("ukraine", "peacekeeping-force").unwrap().conditions, ["if the guarantees fail"]);
    assert_eq!(stance("us", "nato-membership"), Some((v(0), true)));
    assert_eq!(stance("russia", "participation-ukraine"), Some((v(1), true)));
    assert_eq!(stance("us", "security-guarantees"), Some((MIXED, true)));
    assert_eq!(stance("none", "prior-concessions"), None);
    assert_eq!(stance("russia", "ceasefire"), None);
}

mod apart {
    //! Gaps between parties, and contradictions within one.

    use super::common::statements;
    use super::*;
    use demarche::matrix::{Voices, contradictions, gaps};

    fn says(number: u32, party: &str, topic: &str, stance: i8, speaker: &str, on: &str) -> Statement {
        Statement {
            party: party.into(),
            topic: topic.into(),
            stance,
            speaker: Some(speaker.into()),
            stated_on: on.parse().ok(),
            doc: format!("{number}.txt"),
            ..statement(number)
        }
    }

    fn matrix(list: &[Statement]) -> Matrix {
        positions(list, codebook(), &MatrixOptions::default())
    }

    #[test]
    fn gaps_name_the_ends_who_stands_between_and_common_ground() {
        let on = "2025-02-01";
        let list = [
            says(1, "russia", "territory", -2, "A", on),
            says(2, "us", "territory", 0, "B", on),
            says(3, "france", "territory", 1, "C", on),
            says(4, "ukraine", "territory", 2, "D", on),
            says(5, "russia", "ceasefire", 1, "A", on),
            says(6, "ukraine", "ceasefire", 2, "D", on),
            says(7, "us", "ceasefire", 1, "B", on),
            says(8, "germany", "ceasefire", 1, "E", on),
            says(9, "germany", "ceasefire", -1, "F", on),
            says(10, "germany", "minerals", 1, "F", on),
        ];
        let matrix = matrix(&list);
        let found = gaps(&matrix);
        let row = |id: &str| matrix.parties.iter().position(|p| p.id == id).unwrap();
        assert_eq!(found.topics.len(), 2, "one party alone on minerals makes no gap");
        let territory = &found.topics[0];
        let widest = &territory.gaps[0];
        assert_eq!((widest.low, widest.high, widest.gap), (row("russia"), row("ukraine"), 4.0));
        assert_eq!(widest.between, [row("us"), row("france")], "the nearest to the middle first");
        assert_eq!((widest.congruence(), territory.common), (0.0, None));
        let ceasefire = &found.topics[1];
        assert_eq!((ceasefire.common, ceasefire.widest(), &ceasefire.mixed), (Some(1), 1.0, &vec![row("germany")]));
        let pair = found.pairs.iter().find(|p| (p.first, p.second) == (row("ukraine"), row("russia"))).unwrap();
        assert_eq!((pair.topics, pair.congruence, pair.opposed, pair.shared), (2, 0.375, 1, 1));
        assert_eq!(pair.between, [(row("us"), 1), (row("france"), 1)]);
        assert_eq!(pair.bridges, [(row("us"), 0.625)], "France shares one topic only");
        assert_eq!(found.pairs[0].congruence, 0.25, "Russia and France come first");
    }

    #[test]
    fn speakers_who_disagree_and_one_who_changes() {
        let list = [
            says(1, "us", "ceasefire", 2, "Jane", "2025-01-01"),
            says(2, "us", "ceasefire", -1, "Jane", "2025-02-20"),
            says(3, "us", "ceasefire", -2, "John", "2025-01-03"),
            says(4, "us", "ceasefire", 0, "Joan", "2025-01-03"),
            says(5, "us", "ceasefire", 2, "Jane", "2025-01-05"),
            says(6, "russia", "ceasefire", 2, "Ivan", "2025-01-05"),
            says(7, "russia", "ceasefire", 1, "Olga", "2025-01-05"),
        ];
        let matrix = matrix(&list);
        let pairs = |within| -> Vec<(usize, usize, Voices, bool, Option<i32>)> {
            let found = contradictions(&matrix, &list, within).pairs;
            found.iter().map(|c| (c.first, c.second, c.voices, c.opposite, c.days)).collect()
        };
        let all = pairs(None);
        assert!(all.contains(&(0, 2, Voices::Two, true, Some(2))), "the nearest in time of Jane and John: {all:?}");
        assert!(all.contains(&(4, 1, Voices::One, true, Some(46))), "the nearest in time of Jane's: {all:?}");
        assert!(all.is_sorted_by_key(|pair| !pair.3) && !all.last().unwrap().3, "undecided come last: {all:?}");
        assert!(pairs(Some(7)).iter().all(|(.., days)| days.unwrap() <= 7));
        assert!(!pairs(Some(7)).is_empty());
        assert!(pairs(None).iter().all(|(first, ..)| *first < 5), "Russia agrees with itself");
    }

    #[test]
    fn every_position_marked_as_contradictory_has_its_pair() {
        let list = statements();
        let matrix = matrix(&list);
        let found = contradictions(&matrix, &list, None).pairs;
        let mut marked = 0;
        for position in matrix.positions.iter().filter(|p| p.contradiction.is_some()) {
            marked += 1;
            assert!(found.iter().any(|c| (c.row, c.column) == (position.row, position.column) && c.marked));
        }
        assert!(marked > 0);
        let own = |c: &demarche::matrix::Contradiction| matrix.at(c.row, c.column).unwrap().contradiction.is_some();
        assert!(found.iter().all(own));
    }
}

#[test]
fn statements_of_many_days_and_documents_have_one_order() {
    // Of one document on different days, between documents of others: an order that is none makes sorting panic.
    let statements: Vec<Statement> = (0..400u32)
        .map(|n| Statement {
            doc: format!("{}.txt", n / 7),
            stated_on: Some(day("2024-01-01").saturating_add(jiff::Span::new().days(i64::from(n * 37 % 90)))),
            quote: format!("words {}", n % 5),
            ..statement(n)
        })
        .collect();
    let mut places: Vec<usize> = demarche::matrix::sayings(&statements).iter().map(|s| s.place).collect();
    places.sort_unstable();
    assert_eq!(places, (0..400).collect::<Vec<_>>());
}
