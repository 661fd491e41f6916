//! Reads `topics.toml` of a codebook and `stance.toml` of the lexicon, and compiles their wording.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use toml::Spanned;

use super::files::DataFile;
use super::load::toml_problem;
use super::model::{Example, Operator, OperatorClass, PLAN, PLATFORM, PROVISION, Signal, SignalKind, TEXT, Topic};
use super::problem::Problem;
use super::wording::{Builder, Vocabulary, Wording};
use crate::base::LineIndex;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TopicsFile {
    #[serde(default)]
    sets: toml::Table,
    topic: Vec<TopicEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TopicEntry {
    id: Spanned<String>,
    name: String,
    question: String,
    plus: String,
    minus: String,
    #[serde(default)]
    setting: bool,
    #[serde(default, rename = "for")]
    names_plus: Vec<Spanned<String>>,
    #[serde(default, rename = "against")]
    names_minus: Vec<Spanned<String>>,
    #[serde(default)]
    ignore: Vec<Spanned<String>>,
    #[serde(default)]
    says: BTreeMap<String, Vec<Spanned<String>>>,
    #[serde(default)]
    example: Vec<Spanned<ExampleEntry>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExampleEntry {
    text: String,
    party: Option<String>,
    #[serde(default)]
    stance: i8,
    #[serde(default)]
    secondhand: bool,
    published: Option<String>,
}

/// What `topics.toml` gives.
#[derive(Default)]
pub(super) struct Topical {
    pub(super) topics: Vec<Topic>,
    pub(super) wording: Wording,
    pub(super) signals: Vec<Signal>,
}

/// A line of wording as its author wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    /// The file it stands in.
    pub path: String,
    /// 1-based line, where it can be told.
    pub line: Option<usize>,
    /// Id of the topic, or name of the set.
    pub owner: String,
    /// The line.
    pub text: String,
}

/// Lists the wording of sets and topics as written; nothing where the file cannot be read.
pub(super) fn written(file: &DataFile) -> Vec<Pattern> {
    let Ok(parsed) = toml::from_str::<TopicsFile>(&file.text) else { return Vec::new() };
    let made = |line, owner: &str, text: &str| Pattern {
        path: file.path.clone(),
        line,
        owner: owner.to_string(),
        text: text.to_string(),
    };
    let lines = Lines::new(file);
    let mut all = Vec::new();
    for (name, value) in &parsed.sets {
        let patterns = value.as_array().into_iter().flatten().filter_map(toml::Value::as_str);
        let place = lines.of_key(name);
        all.extend(patterns.map(|text| made(place, name, text)));
    }
    for entry in &parsed.topic {
        let says = entry.says.values().flatten();
        let named = entry.names_plus.iter().chain(&entry.names_minus).chain(&entry.ignore);
        for pattern in named.chain(says) {
            all.push(made(lines.of(pattern.span().start), entry.id.get_ref(), pattern.get_ref()));
        }
    }
    all
}

/// The lines of a file: on which one a byte stands, and which one begins with a key. TOML tables do not keep the places of their values.
struct Lines<'f> {
    path: &'f str,
    index: LineIndex,
    keys: BTreeMap<&'f str, usize>,
}

impl<'f> Lines<'f> {
    fn new(file: &'f DataFile) -> Self {
        let mut keys = BTreeMap::new();
        for (number, line) in (1usize..).zip(file.text.lines()) {
            keys.entry(line.split(['=', ' ', '\t']).next().unwrap_or("")).or_insert(number);
        }
        Lines { path: &file.path, index: LineIndex::new(&file.text), keys }
    }

    fn of(&self, offset: usize) -> Option<usize> {
        Some(self.index.line(offset))
    }

    fn of_key(&self, key: &str) -> Option<usize> {
        self.keys.get(key).copied()
    }
}

fn sets(lines: &Lines<'_>, sets: &toml::Table, builder: &mut Builder<'_>, problems: &mut Vec<Problem>) {
    // Sets may use sets defined above them, so they are taken in the order of the file.
    let mut ordered: Vec<(&String, &toml::Value)> = sets.iter().collect();
    ordered.sort_by_key(|(name, _)| lines.of_key(name));
    for (name, value) in ordered {
        let patterns: Option<Vec<String>> =
            value.as_array().and_then(|a| a.iter().map(|v| v.as_str().map(String::from)).collect());
        let place = lines.of_key(name);
        match patterns {
            Some(patterns) => {
                if let Err(what) = builder.set(name, &patterns) {
                    problems.push(Problem::new(lines.path, place, what, HINT));
                }
            }
            None => {
                let what = format!("the set '{name}' is not a list of patterns");
                problems.push(Problem::new(lines.path, place, what, HINT));
            }
        }
    }
}

const HINT: &str = "docs/codebook.md explains the wording of patterns";

/// Reads and compiles the topics of a codebook.
pub(super) fn topics(
    file: &DataFile,
    parties: &BTreeMap<String, u32>,
    vocabulary: &mut Vocabulary,
    problems: &mut Vec<Problem>,
) -> Topical {
    let parsed: TopicsFile = match toml::from_str(&file.text) {
        Ok(parsed) => parsed,
        Err(error) => {
            problems.push(toml_problem(file, &error));
            return Topical::default();
        }
    };
    let mut builder = Builder::new(parties, vocabulary);
    let lines = Lines::new(file);
    sets(&lines, &parsed.sets, &mut builder, problems);
    let mut made = Topical::default();
    let mut ids = BTreeSet::new();
    for entry in parsed.topic {
        let place = lines.of(entry.id.span().start);
        let id = entry.id.into_inner();
        if !ids.insert(id.clone()) {
            problems.push(Problem::new(
                &file.path,
                place,
                format!("the topic '{id}' stands here a second time"),
                "join the two",
            ));
            continue;
        }
        let topic = made.topics.len() as u32;
        let mut add = |patterns: &[Spanned<String>], kind: SignalKind, problems: &mut Vec<Problem>| {
            let value = made.signals.len() as u32;
            made.signals.push(Signal { topic, kind });
            for pattern in patterns {
                if let Err(what) = builder.add(pattern.get_ref(), value) {
                    problems.push(Problem::new(&file.path, lines.of(pattern.span().start), what, HINT));
                }
            }
        };
        add(&entry.names_plus, SignalKind::Names(1), problems);
        add(&entry.names_minus, SignalKind::Names(-1), problems);
        add(&entry.ignore, SignalKind::Ignores, problems);
        for (stance, patterns) in &entry.says {
            match stance.parse::<i8>() {
                Ok(value) if (-2..=2).contains(&value) => add(patterns, SignalKind::Says(value), problems),
                _ => problems.push(Problem::new(
                    &file.path,
                    place,
                    format!("'{stance}' of the topic '{id}' is not a stance"),
                    "use the keys \"2\", \"1\", \"0\", \"-1\", \"-2\"",
                )),
            }
        }
        let mut examples = Vec::new();
        for example in entry.example {
            let place = lines.of(example.span().start);
            let example = example.into_inner();
            if let Some(party) = &example.party
                && !parties.contains_key(party)
                && party != "none"
            {
                problems.push(Problem::new(
                    &file.path,
                    place,
                    format!("the party '{party}' of an example is unknown"),
                    "add it to parties.csv or mend the spelling",
                ));
            }
            let published = example.published.as_deref().map(str::parse);
            if let Some(Err(_)) = published {
                problems.push(Problem::new(
                    &file.path,
                    place,
                    "the day 'published' of an example is no date",
                    "write it as \"2025-02-13\"",
                ));
            }
            examples.push(Example {
                published: published.and_then(Result::ok),
                text: example.text,
                party: example.party,
                stance: example.stance,
                secondhand: example.secondhand,
                line: place.unwrap_or(0),
            });
        }
        made.topics.push(Topic {
            id,
            name: entry.name,
            question: entry.question,
            plus: entry.plus,
            minus: entry.minus,
            setting: entry.setting,
            examples,
        });
    }
    made.wording = builder.build();
    made
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StanceFile {
    #[serde(default)]
    sets: toml::Table,
    operator: Vec<OperatorEntry>,
    list: BTreeMap<String, Vec<Spanned<String>>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OperatorEntry {
    id: String,
    class: Spanned<String>,
    #[serde(default)]
    value: i8,
    wording: Vec<Spanned<String>>,
}

/// What `stance.toml` gives.
#[derive(Default)]
pub(super) struct StanceLexicon {
    pub(super) wording: Wording,
    pub(super) operators: Vec<Operator>,
    pub(super) list_wording: Wording,
    pub(super) lists: Vec<String>,
    pub(super) texts: BTreeSet<String>,
    pub(super) platforms: BTreeSet<String>,
    pub(super) plans: BTreeSet<String>,
    pub(super) provisions: BTreeSet<String>,
}

/// Reads and compiles the stance lexicon.
pub(super) fn stance(
    file: &DataFile,
    parties: &BTreeMap<String, u32>,
    vocabulary: &mut Vocabulary,
    problems: &mut Vec<Problem>,
) -> StanceLexicon {
    let parsed: StanceFile = match toml::from_str(&file.text) {
        Ok(parsed) => parsed,
        Err(error) => {
            problems.push(toml_problem(file, &error));
            return StanceLexicon::default();
        }
    };
    let mut made = StanceLexicon::default();
    let mut builder = Builder::new(parties, vocabulary);
    let lines = Lines::new(file);
    sets(&lines, &parsed.sets, &mut builder, problems);
    let mut add = |builder: &mut Builder<'_>, patterns: &[Spanned<String>], value: usize| {
        for pattern in patterns {
            if let Err(what) = builder.add(pattern.get_ref(), value as u32) {
                problems.push(Problem::new(&file.path, lines.of(pattern.span().start), what, HINT));
            }
        }
    };
    let mut unknown = Vec::new();
    for entry in parsed.operator {
        let class = match entry.class.get_ref().as_str() {
            "attitude" => OperatorClass::Attitude,
            "modal" => OperatorClass::Modal,
            "evaluation" => OperatorClass::Evaluation,
            "act" => OperatorClass::Act,
            "reverse" => OperatorClass::Reverse,
            "harm" => OperatorClass::Harm,
            "accuse" => OperatorClass::Accuse,
            "judge" => OperatorClass::Judge,
            "press" => OperatorClass::Press,
            "speech" => OperatorClass::Speech,
            other => {
                unknown.push((entry.class.span().start, other.to_string()));
                continue;
            }
        };
        add(&mut builder, &entry.wording, made.operators.len());
        made.operators.push(Operator { id: entry.id, class, value: entry.value });
    }
    made.wording = builder.build();
    let mut lists = Builder::new(parties, vocabulary);
    for (name, patterns) in &parsed.list {
        add(&mut lists, patterns, made.lists.len());
        made.lists.push(name.clone());
        let plain = || patterns.iter().map(|p| p.get_ref().clone()).collect();
        match name.as_str() {
            TEXT => made.texts = plain(),
            PLATFORM => made.platforms = plain(),
            PLAN => made.plans = plain(),
            PROVISION => made.provisions = plain(),
            _ => {}
        }
    }
    for (at, class) in unknown {
        problems.push(Problem::new(
            &file.path,
            lines.of(at),
            format!("'{class}' is not a class of stance words"),
            "use attitude, modal, evaluation, act, reverse, harm, accuse, judge, press or speech",
        ));
    }
    made.list_wording = lists.build();
    made
}
