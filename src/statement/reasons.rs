//! What speaks for and against a statement, as the model of confidence weighs it. No reason names a topic, a party or a text.

use super::code::Context;
use super::model::Mode;
use super::sentence::{Hit, Sentence};
use super::stance::{Holder, Reading};
use crate::attribution::{Kind, Voice, Who};
use crate::codebook::{OfficeRank, SignalKind};
use crate::text::{NONE, Rel};

/// The reasons of one statement.
#[derive(Debug, Clone, Default)]
pub(super) struct Reasons {
    pub(super) reasons: Vec<String>,
}

/// Reasons to doubt that a stance was meant, or who holds it.
const DOUBTS: &[&str] = &[
    "assumed",
    "weak",
    "cut",
    "holder:nearest",
    "holder:carried",
    "in-condition",
    "points-back",
    "setting",
    "secondhand",
    "narrated",
    "whether",
    "other-year",
    "rank:none",
];

/// Stance words that leave no doubt of what is meant.
const WISHES: &[&str] =
    &["word:reject", "word:demand", "word:support", "word:urge", "word:open", "word:insist", "word:not support"];

/// The way from the matter to the stance word is long.
const FAR: &[&str] = &["obliques:2+", "way:4-6", "way:7+"];

impl Reasons {
    /// Tells whether a stance word governs the matter and somebody who may hold it is named: a statement whatever else weighs.
    pub(super) fn firm(&self) -> bool {
        Reasons::firm_in(&self.reasons)
    }

    /// As [`Reasons::firm`], of a list.
    pub(super) fn firm_in(reasons: &[String]) -> bool {
        let has = |reason: &str| reasons.iter().any(|r| r == reason);
        let wished = WISHES.iter().any(|r| has(r)) && !FAR.iter().any(|r| has(r));
        // Talks are mostly named as the place of something else, but who rejects them means them.
        !DOUBTS.iter().any(|r| has(r) && !(wished && *r == "setting"))
    }

    pub(super) fn add(&mut self, reason: &str) {
        self.reasons.push(reason.to_string());
    }

    pub(super) fn when(&mut self, holds: bool, reason: &str) {
        if holds {
            self.add(reason);
        }
    }

    /// Adds what the way from the naming to the stance tells.
    pub(super) fn reading(
        &mut self,
        context: &Context<'_>,
        sentence: &Sentence<'_>,
        reading: &Reading,
        hit: &Hit,
        kind: SignalKind,
    ) {
        for rule in &reading.rules {
            self.reasons.push(format!("word:{rule}"));
        }
        self.when(reading.rules.is_empty(), "word:none");
        self.when(matches!(kind, SignalKind::Says(_)), "says");
        self.when(hit.points_back(), "points-back");
        self.when(reading.weak, "weak");
        self.when(reading.cut, "cut");
        self.when(reading.charged, "charged");
        self.when(reading.sign < 0, "sign:-");
        self.add(match reading.obliques {
            0 => "obliques:0",
            1 => "obliques:1",
            _ => "obliques:2+",
        });
        self.add(match reading.chain.len() {
            0 | 1 => "way:1",
            2 | 3 => "way:2-3",
            4..=6 => "way:4-6",
            _ => "way:7+",
        });
        self.add(match hit.len() {
            1 => "words:1",
            2 => "words:2",
            3 | 4 => "words:3-4",
            _ => "words:5+",
        });
        self.add(match reading.holder {
            Holder::Speaker => "holder:speaker",
            Holder::Phrase(t) if sentence.tokens[t].tag.is_name() => "holder:name",
            Holder::Phrase(t) if sentence.tokens[t].tag.is_noun() => "holder:noun",
            Holder::Phrase(_) => "holder:pronoun",
        });
        let set_by = reading.set_by.map(|t| sentence.tokens[t].tag);
        if let Some(tag) = set_by {
            self.add(match tag {
                t if t.is_verb() => "set-by:verb",
                t if t.is_noun() => "set-by:noun",
                _ => "set-by:other",
            });
        }
        let far = reading.set_by.map_or(0, |t| t.abs_diff(hit.head));
        self.when(far > 8, "set-by:far");
        self.when(context.analysis.tokens[hit.head].quote != NONE, "quoted");
        let whether = reading
            .chain
            .iter()
            .any(|t| sentence.child(*t, &[Rel::Mark]).is_some_and(|m| sentence.lower(m) == "whether"));
        self.when(whether, "whether");
        let year = context.published.map(|p| p.year());
        let other_year = (sentence.from..sentence.to).any(|t| {
            let word = sentence.lower(t);
            word.len() == 4
                && word.parse().is_ok_and(|y: i16| (1900..2100).contains(&y) && year.is_some_and(|p| p != y))
        });
        self.when(other_year, "other-year");
        let length = sentence.to - sentence.from;
        self.when(length > 40, "sentence:long");
        self.when(length < 12, "sentence:short");
    }

    /// Adds what reasons weigh together that they do not weigh apart.
    fn together(&mut self, narrated: bool, secondhand: bool) {
        let words: Vec<String> =
            self.reasons.iter().filter(|r| r.starts_with("word:") || *r == "assumed").cloned().collect();
        for word in &words {
            if narrated {
                self.reasons.push(format!("narrated+{word}"));
            }
            if secondhand {
                self.reasons.push(format!("secondhand+{word}"));
            }
        }
        if self.reasons.iter().any(|r| r == "assumed") {
            let telling =
                |r: &&String| matches!(r.as_str(), "cut" | "setting" | "words:1" | "quoted" | "holder:carried");
            let more: Vec<String> = self.reasons.iter().filter(telling).map(|r| format!("assumed+{r}")).collect();
            self.reasons.extend(more);
        }
    }

    /// Adds what the source tells.
    pub(super) fn source(
        &mut self,
        voice: Option<&Voice>,
        speaker: Option<&Who>,
        narrated: bool,
        secondhand: bool,
        mode: Mode,
    ) {
        self.add(match mode {
            Mode::Direct => "mode:direct",
            Mode::Mixed => "mode:mixed",
            Mode::Indirect => "mode:indirect",
            Mode::Narrated => "mode:narrated",
        });
        self.when(narrated, "narrated");
        self.when(secondhand, "secondhand");
        self.when(narrated && voice.is_some(), "voice:unresolved");
        if let Some(voice) = voice {
            self.when(voice.attribution.cue.is_empty(), "voice:no-cue");
            self.when(voice.attribution.score < 0.5, "voice:unsure");
        }
        self.together(narrated, secondhand);
        let Some(speaker) = speaker else {
            self.add("speaker:none");
            return;
        };
        self.add(match speaker.kind {
            Kind::Person => "speaker:person",
            Kind::Office => "speaker:office",
            Kind::Institution => "speaker:institution",
            Kind::Party => "speaker:party",
            Kind::Adjective => "speaker:adjective",
            Kind::Collective => "speaker:officials",
            Kind::Group => "speaker:group",
        });
        self.add(match speaker.rank {
            OfficeRank::Leader => "rank:leader",
            OfficeRank::Minister => "rank:minister",
            OfficeRank::Legislator => "rank:legislator",
            OfficeRank::Expert | OfficeRank::Other => "rank:none",
            _ => "rank:official",
        });
    }
}
