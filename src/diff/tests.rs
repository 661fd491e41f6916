//! Every kind of change, their order, and what holds for any two sides.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::OnceLock;

use super::*;
use crate::base::delimited;
use crate::codebook::Codebook;
use crate::matrix::Stance;

fn codebook() -> &'static Codebook {
    static CODEBOOK: OnceLock<Codebook> = OnceLock::new();
    CODEBOOK.get_or_init(|| crate::codebook::load("ukraine-talks").unwrap())
}

fn stand(stance: i8, conditions: &[&str]) -> Stand {
    let conditions = Some(conditions.iter().map(|c| c.to_string()).collect());
    Stand { conditions, statements: Some(Default::default()), ..Stand::bare(Stance::Value(stance)) }
}

fn mixed() -> Stand {
    Stand { conditions: Some(Vec::new()), ..Stand::bare(Stance::Mixed) }
}

fn side(stands: &[(&str, &str, Stand)]) -> Side {
    let stands = stands.iter().map(|(p, t, s)| ((p.to_string(), t.to_string()), s.clone()));
    Side { stands: stands.collect(), ..Side::default() }
}

fn one(old: Option<Stand>, new: Option<Stand>) -> Change {
    let of = |stand: Option<Stand>| side(&stand.map(|s| ("russia", "ceasefire", s)).into_iter().collect::<Vec<_>>());
    compare(&of(old), &of(new), codebook()).all.remove(0)
}

#[test]
fn every_kind_of_change_has_its_name() {
    let cases = [
        (Some(stand(1, &[])), Some(stand(-1, &[])), Kind::Reversed),
        (Some(stand(-2, &[])), Some(stand(1, &[])), Kind::Reversed),
        (Some(stand(1, &[])), Some(mixed()), Kind::NowMixed),
        (Some(stand(0, &[])), Some(mixed()), Kind::NowMixed),
        (Some(mixed()), Some(stand(-2, &[])), Kind::NoLongerMixed),
        (Some(stand(-1, &[])), Some(stand(-2, &[])), Kind::Hardened),
        (Some(stand(0, &[])), Some(stand(1, &[])), Kind::Hardened),
        (Some(stand(2, &[])), Some(stand(1, &[])), Kind::Softened),
        (Some(stand(-1, &[])), Some(stand(0, &[])), Kind::Softened),
        (None, Some(stand(0, &[])), Kind::FirstStated),
        (Some(stand(2, &[])), None, Kind::WentSilent),
        (Some(stand(1, &[])), Some(stand(1, &["if asked"])), Kind::ConditionAdded),
        (Some(stand(1, &["if asked"])), Some(stand(1, &[])), Kind::ConditionDropped),
        (Some(stand(1, &["if asked"])), Some(stand(1, &["if paid"])), Kind::ConditionChanged),
        (Some(mixed()), Some(mixed()), Kind::Unchanged),
        (Some(stand(1, &["If asked,"])), Some(stand(1, &["if  asked"])), Kind::Unchanged),
    ];
    for (old, new, kind) in cases {
        assert_eq!(one(old.clone(), new.clone()).kind, kind, "{old:?} to {new:?}");
    }
}

#[test]
fn a_move_tells_its_condition_too_and_what_is_not_told_is_not_dropped() {
    let change = one(Some(stand(2, &[])), Some(stand(1, &["only after a truce"])));
    assert_eq!((change.kind, change.condition), (Kind::Softened, Some(Kind::ConditionAdded)));
    let untold = Stand { conditions: None, ..stand(1, &[]) };
    assert_eq!(one(Some(stand(1, &["if asked"])), Some(untold)).kind, Kind::Unchanged);
}

#[test]
fn new_statements_for_the_same_stance_reaffirm_it_and_are_no_change() {
    let with = |ids: &[&str]| {
        let statements = Some(ids.iter().map(|id| id.to_string()).collect());
        Some(Stand { statements, ..stand(1, &[]) })
    };
    let change = one(with(&["a"]), with(&["a", "b"]));
    assert_eq!(change.kind, Kind::Reaffirmed);
    assert!(!change.kind.is_change());
    assert_eq!(one(with(&["a", "b"]), with(&["a"])).kind, Kind::Unchanged);
    let untold = Some(Stand { statements: None, ..stand(1, &[]) });
    assert_eq!(one(untold, with(&["a"])).kind, Kind::Unchanged);
}

#[test]
fn what_matters_most_comes_first() {
    let old = side(&[
        ("ukraine", "ceasefire", stand(1, &[])),
        ("ukraine", "elections", stand(1, &[])),
        ("ukraine", "minerals", stand(2, &[])),
        ("russia", "ceasefire", stand(1, &[])),
        ("russia", "minerals", stand(2, &[])),
        ("us", "minerals", stand(2, &[])),
        ("us", "territory", stand(2, &[])),
        ("us", "ceasefire", stand(1, &[])),
    ]);
    let new = side(&[
        ("ukraine", "ceasefire", stand(1, &["if asked"])),
        ("ukraine", "elections", stand(1, &[])),
        ("ukraine", "minerals", stand(1, &[])),
        ("russia", "ceasefire", stand(-1, &[])),
        ("russia", "minerals", stand(0, &[])),
        ("russia", "nato-membership", stand(-1, &[])),
        ("us", "nato-membership", stand(-2, &[])),
        ("us", "territory", stand(-2, &[])),
        ("us", "ceasefire", mixed()),
    ]);
    let found = compare(&old, &new, codebook());
    let order: Vec<(Kind, &str, &str)> =
        found.all.iter().map(|c| (c.kind, c.party.as_str(), c.topic.as_str())).collect();
    assert_eq!(
        order,
        [
            (Kind::Reversed, "us", "territory"),
            (Kind::Reversed, "russia", "ceasefire"),
            (Kind::NowMixed, "us", "ceasefire"),
            (Kind::Softened, "russia", "minerals"),
            (Kind::Softened, "ukraine", "minerals"),
            (Kind::FirstStated, "us", "nato-membership"),
            (Kind::FirstStated, "russia", "nato-membership"),
            (Kind::ConditionAdded, "ukraine", "ceasefire"),
            (Kind::WentSilent, "us", "minerals"),
            (Kind::Unchanged, "ukraine", "elections"),
        ]
    );
    assert_eq!(found.changes().count(), 9);
}

#[test]
fn what_was_said_before_and_read_only_now_is_told() {
    let said = |day: &str| {
        let evidence = vec![Evidence { day: day.parse().ok(), ..Evidence::default() }];
        side(&[("us", "ceasefire", Stand { evidence, ..stand(1, &[]) })])
    };
    let old = Side { as_of: "2025-02-13".parse().ok(), ..Side::default() };
    let late = |day: &str| compare(&old, &said(day), codebook()).all[0].known_late;
    assert!(late("2025-02-13"));
    assert!(!late("2025-02-14"));
    assert!(!late("no day"));
}

/// Numbers that look drawn at random and are the same every time.
struct Draw(u64);

impl Draw {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    fn side(&mut self) -> Side {
        let mut stands = Vec::new();
        for party in ["ukraine", "russia", "us", "somebody-else"] {
            for topic in ["ceasefire", "territory", "another"] {
                let conditions: &[&str] = [&[][..], &["if asked"], &["if paid"]][self.below(3) as usize];
                match self.below(7) {
                    0 => {}
                    6 => stands.push((party, topic, mixed())),
                    n => stands.push((party, topic, stand(n as i8 - 3, conditions))),
                }
            }
        }
        side(&stands)
    }
}

#[test]
fn a_side_does_not_differ_from_itself_and_turned_round_changes_turn_round() {
    let mut draw = Draw(7);
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..300 {
        let (a, b) = (draw.side(), draw.side());
        assert!(compare(&a, &a, codebook()).is_same());
        let (there, back) = (compare(&a, &b, codebook()), compare(&b, &a, codebook()));
        assert_eq!(there.all.len(), back.all.len());
        for change in &there.all {
            let same = |c: &&Change| c.party == change.party && c.topic == change.topic;
            let other = back.all.iter().find(same).unwrap();
            assert_eq!(other.kind, change.kind.mirrored());
            assert_eq!(other.condition, change.condition.map(Kind::mirrored));
            assert_eq!((&other.old, &other.new), (&change.new, &change.old));
            seen.insert(change.kind);
        }
    }
    assert_eq!(seen.len(), Kind::ALL.len() - 1, "{seen:?}: only reaffirmed needs ids");
}

fn table(text: &str) -> Option<Found> {
    let rows = delimited::rows(text.as_bytes()).unwrap();
    read(&rows, &Names::new(codebook()), &codebook().labels)
}

fn held(found: &Found, party: &str, topic: &str) -> Option<i8> {
    found.side.get(party, topic).and_then(|s| s.stance.value())
}

#[test]
fn tables_are_read_long_and_wide_and_either_way_round() {
    let tables = [
        "party,topic,stance\nukraine,ceasefire,1\nRussia,nato-membership,rejects\n",
        "note;issue;country;position\nx;Ceasefire;Ukraine;leans yes (+1)\n;NATO membership;Moscow;Rejects (-2)\n",
        "Ukraine,Ceasefire,1\nRussia,NATO membership,-2\n",
        "My notes,,\n,Ceasefire,NATO membership\nUkraine,1,\nRussian,n/a,rejects\n",
        "topic,ukraine,russia\nceasefire,leans yes,nothing found\nnato-membership,,-2\n",
    ];
    for text in tables {
        let found = table(text).unwrap_or_else(|| panic!("no table: {text}"));
        assert!(found.faults.is_empty(), "{text}: {:?}", found.faults);
        assert_eq!(found.side.stands.len(), 2, "{text}");
        assert_eq!(held(&found, "ukraine", "ceasefire"), Some(1), "{text}");
        assert_eq!(held(&found, "russia", "nato-membership"), Some(-2), "{text}");
    }
}

#[test]
fn what_a_table_says_wrong_is_told_by_cell_and_the_rest_is_read() {
    let found =
        table(",ceasefire,Weather,territory\nukraine,1,2,maybe\nAtlantis,1,,\nrussia,3,,-1\nremarks,,,\n").unwrap();
    let told: Vec<(String, bool)> = found.faults.iter().map(|f| (cell_name(f.row, f.column), f.unknown)).collect();
    let told: Vec<(&str, bool)> = told.iter().map(|(c, u)| (c.as_str(), *u)).collect();
    assert_eq!(told, [("C1", true), ("D2", false), ("A3", true), ("B4", false)]);
    assert_eq!(held(&found, "ukraine", "ceasefire"), Some(1));
    assert_eq!(held(&found, "russia", "territory"), Some(-1));
    let twice = table("party,topic,stance\nus,ceasefire,1\nUSA,ceasefire,-1\n").unwrap();
    assert_eq!(held(&twice, "us", "ceasefire"), Some(1));
    assert!(twice.faults[0].why.contains("C2"), "{:?}", twice.faults);
    let unlike = table("party,topic,stance,label\nus,ceasefire,1,rejects\n").unwrap();
    assert_eq!(unlike.faults.len(), 1);
}

#[test]
fn what_holds_no_parties_and_topics_is_no_table() {
    for text in ["", "a,b,c\n1,2,3\n", "party,topic\n", "ukraine,russia\n1,2\n"] {
        assert!(table(text).is_none_or(|f| f.side.stands.is_empty()), "{text}");
    }
}

#[test]
fn a_header_alone_holds_no_position() {
    for text in ["party\r\n", "party,ceasefire\n", "party,topic,as_of,stance\n"] {
        assert_eq!(table(text), Some(Found::default()), "{text}");
    }
}

#[test]
fn columns_are_lettered_as_in_spreadsheets() {
    assert_eq!([cell_name(0, 0), cell_name(9, 25), cell_name(0, 26), cell_name(0, 702)], ["A1", "Z10", "AA1", "AAA1"]);
}
