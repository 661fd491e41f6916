//! Codes one document: from the matches of the topics' wording to statements.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::BTreeMap;

use jiff::civil::Date;

use super::holder::{self, Held};
use super::memory::Memory;
use super::model::{Mode, Rank, Role, Statement};
use super::plan::Plan;
use super::reasons::Reasons;
use super::sentence::{Hit, Searcher, Sentence};
use super::stance::{self, Reading};
use super::{Coded, Confidence, condition, said};
use crate::attribution::{self, Attribution, Kind, People, Standing, Voice, Who, Words};
use crate::base::id::content_id;
use crate::base::{CodePoints, Span};
use crate::codebook::{Codebook, OfficeRank, OperatorClass, SignalKind};
use crate::document::Document;
use crate::text::{self, Analysis, Rel, Tag};

/// A statement before it is written out.
#[derive(Clone)]
pub(super) struct Draft {
    pub(super) span: Span,
    pub(super) parties: Vec<Option<u32>>,
    pub(super) topic: u32,
    pub(super) stance: i8,
    pub(super) speaker: Option<Who>,
    pub(super) source: Option<Span>,
    pub(super) secondhand: bool,
    pub(super) joint: bool,
    pub(super) mode: Mode,
    pub(super) condition: Option<Span>,
    pub(super) stated_on: Option<Date>,
    pub(super) confidence: f64,
    /// What speaks for and against it.
    pub(super) reasons: Vec<String>,
    pub(super) rules: Vec<String>,
    pub(super) sentence: usize,
    pub(super) quote: u32,
    /// First and one past the last token of the words that name the matter.
    pub(super) matter: (usize, usize),
    /// Other parties that hold the stance with the speaker's.
    pub(super) beside: Vec<u32>,
}

/// What the coding of one document works with.
pub(super) struct Context<'a> {
    pub(super) document: &'a Document,
    pub(super) book: &'a Codebook,
    pub(super) analysis: &'a Analysis,
    pub(super) words: &'a Words<'a>,
    pub(super) people: &'a People<'a>,
    searcher: &'a Searcher<'a>,
    pub(super) voices: &'a [Voice],
    /// Which voices say something in each stretch of [`STRETCH`] bytes.
    said: Vec<Vec<u32>>,
    pub(super) published: Option<Date>,
    /// The day that the lead tells, once it was looked for.
    pub(super) lead: OnceCell<Option<Date>>,
    pub(super) model: &'a Confidence,
}

/// Codes one document. A pure function of its input: same document and codebook, same statements.
pub fn code(document: &Document, book: &Codebook) -> Coded {
    code_with(document, book, Confidence::builtin())
}

/// Codes one document with a model of confidence of one's own; with [`Confidence::open`] it gives every candidate and the
/// reasons for each.
pub fn code_with(document: &Document, book: &Codebook, model: &Confidence) -> Coded {
    if !book.about.covers(document.title.as_deref(), &document.text) {
        return Coded { elsewhere: true, ..Coded::default() };
    }
    let skip: Vec<Span> = document.boilerplate.iter().map(|(span, _)| *span).collect();
    let analysis = text::analyse(&document.text, &skip);
    let words = Words::new(&document.text, &analysis);
    let published = document.published.map(|(date, _)| date);
    let people = People::new(&words, &analysis, book, published);
    let searcher = Searcher::new(book, &analysis, &words, &people);
    let plan = Plan::new(book, &analysis, &words, &searcher);
    let attributions = attribution::spans::detect_in(&document.text, &analysis, &plan.voiced);
    let mut voices = attribution::resolve(attributions, &words, &analysis, &people);
    voices.extend(super::transcript::voices(&analysis, &words, &people));
    voices.extend(super::under::voices(book, &analysis, &words, &people));
    voices.sort_by_key(|v| v.at);
    voices.extend(super::address::voice(document, &analysis, &words, &people));
    attribution::own_words(&mut voices, &words, &analysis);
    let context = Context {
        document,
        book,
        analysis: &analysis,
        words: &words,
        people: &people,
        searcher: &searcher,
        voices: &voices,
        said: stretches(&voices),
        published,
        lead: OnceCell::new(),
        model,
    };
    let mut drafts = Vec::new();
    let mut memory = Memory::default();
    for number in 0..analysis.sentences.len() {
        context.sentence(number, &plan, &mut memory, &mut drafts);
    }
    let drafts = context.weigh(single(drafts));
    context.written(drafts)
}

impl Context<'_> {
    fn sentence(&self, number: usize, plan: &Plan, memory: &mut Memory, drafts: &mut Vec<Draft>) {
        let bounds = &self.analysis.sentences[number];
        if self.analysis.paragraphs[bounds.paragraph as usize].heading {
            return;
        }
        let range = bounds.tokens.start as usize..bounds.tokens.end as usize;
        let named = plan.named[number].as_ref();
        if named.is_none() && !(plan.points_back[number] && memory.reaches(number)) {
            return;
        }
        // Only a sentence that names a matter, or may point back to one, is worth a tree.
        let tokens = &self.analysis.tokens[range];
        let tree = text::Parser::builtin().parse(&self.document.text, tokens);
        let sentence = Sentence::new(bounds, self.analysis, self.words, self.searcher, self.book, &tree);
        let hits = longest(named.map(|n| sentence.hits(n)).unwrap_or_default(), self.book);
        let mut matters: Vec<(Hit, u32, SignalKind)> = hits
            .iter()
            .map(|hit| (*hit, self.book.signals[hit.value as usize]))
            .map(|(hit, signal)| (hit, signal.topic, signal.kind))
            .filter(|(.., kind)| *kind != SignalKind::Ignores)
            .collect();
        matters.extend(memory.pointed_at(number, &sentence, &hits));
        memory.asked(self, number, &sentence, &matters);
        let made = drafts.len();
        let mut found: Vec<(Draft, Reading)> = Vec::new();
        for matter in &matters {
            let (hit, _, kind) = matter;
            let teller = self.teller(&sentence, hit);
            let voice = teller.as_deref();
            let mut reading = self.read(&sentence, hit, *kind, voice);
            if let Some(inner) = reading.inner.take()
                && let Some(draft) = self.draft(number, &sentence, matter, &inner, voice)
            {
                found.push((draft, *inner));
            }
            for told in stance::relatives(&sentence, hit, *kind) {
                if let Some(draft) = self.draft(number, &sentence, matter, &told, voice) {
                    found.push((draft, told));
                }
            }
            if let Some(draft) = self.draft(number, &sentence, matter, &reading, voice) {
                if let Some(partner) = reading.partner.and_then(|t| self.partner(&sentence, t, &draft)) {
                    found.push((partner, reading.clone()));
                }
                if !draft.beside.is_empty() && reading.rules.iter().any(|r| r == stance::AGREE) {
                    let parties = draft.beside.iter().map(|p| Some(*p)).collect();
                    found.push((Draft { parties, secondhand: true, ..draft.clone() }, reading.clone()));
                }
                found.push((draft, reading));
            }
        }
        for matter in &matters {
            let Some(reading) = listed(&sentence, matter, &matters, &found) else { continue };
            let teller = self.teller(&sentence, &matter.0);
            if let Some(draft) = self.draft(number, &sentence, matter, &reading, teller.as_deref()) {
                found.retain(|(d, _)| d.matter != draft.matter || d.topic != draft.topic);
                found.push((draft, reading));
            }
        }
        for matter in Memory::apposed(&sentence, &matters, &found) {
            let teller = self.teller(&sentence, &matter.0);
            for told in stance::relatives(&sentence, &matter.0, matter.2) {
                if let Some(draft) = self.draft(number, &sentence, &matter, &told, teller.as_deref()) {
                    found.push((draft, told));
                }
            }
        }
        let setting = |d: &Draft, r: &Reading| {
            let topic_sets = self.book.topics[d.topic as usize].setting;
            let loose = topic_sets && d.reasons.iter().any(|r| r == "assumed" || r == "weak");
            // "Start negotiations to end the fighting": what is started comes before what for.
            let core = r.chain.first().is_some_and(|t| sentence.rel(*t) == Rel::Dobj);
            found.iter().any(|(e, q)| {
                let same_word = r.set_by.is_some() && q.set_by == r.set_by;
                let inside = e.matter.0 <= d.matter.0 && d.matter.1 <= e.matter.1;
                // "Called for a truce and for talks": side by side, neither is the other's setting.
                let beside = || {
                    let head = |r: &Reading| r.chain.first().copied();
                    head(r).zip(head(q)).is_some_and(|(a, b)| sentence.coordinated(a, b, !topic_sets))
                };
                !self.book.topics[e.topic as usize].setting
                    && e.topic != d.topic
                    && e.parties == d.parties
                    && (loose || same_word && !beside() || inside)
                    && (q.obliques < r.obliques || topic_sets && q.obliques <= r.obliques)
                    && !(core && d.matter.1 <= e.matter.0)
            })
        };
        // What a matter hangs on is its setting: "guarantees as part of any deal" is about guarantees.
        let keep: Vec<bool> = found.iter().map(|(d, r)| !setting(d, r)).collect();
        drafts.extend(found.into_iter().zip(keep).filter(|(_, keep)| *keep).map(|((draft, _), _)| draft));
        memory.answered(self, number, &sentence, drafts);
        memory.keep(self, number, &drafts[made..], &matters);
    }

    /// Returns who says a matter: the attribution found, else the subject of a reporting verb above it.
    fn teller(&self, sentence: &Sentence<'_>, hit: &Hit) -> Option<Cow<'_, Voice>> {
        if let Some(voice) = self.voice(self.analysis.tokens[hit.head].span.start) {
            return Some(Cow::Borrowed(voice));
        }
        let mut at = hit.head;
        for _ in 0..12 {
            let up = sentence.governor(at)?;
            if sentence.rel(at) == Rel::Ccomp && sentence.listed("report", up) {
                let subject = stance::subject(sentence, up)?;
                let sources = holder::named(self, sentence, subject);
                let (first, last) = sentence.subtree(at);
                let tokens = &self.analysis.tokens;
                let span = |a: usize, b: usize| Span { start: tokens[a].span.start, end: tokens[b - 1].span.end };
                let (from, to) = sentence.subtree(subject);
                let attribution = Attribution {
                    source: vec![span(from, to)],
                    cue: vec![span(up, up + 1)],
                    content: vec![span(first, last)],
                    score: 0.5,
                };
                return (!sources.is_empty()).then_some(Cow::Owned(Voice {
                    attribution,
                    sources,
                    joint: false,
                    planned: false,
                    at: up,
                }));
            }
            at = up;
        }
        None
    }

    fn read(&self, sentence: &Sentence<'_>, hit: &Hit, kind: SignalKind, voice: Option<&Voice>) -> Reading {
        let byte = |token: usize| self.analysis.tokens[token].span.start;
        let Some(voice) = voice else {
            let mut reading = stance::read(sentence, hit, kind, false, &|_| true);
            stance::near(sentence, hit, false, &|_| true, &mut reading);
            return reading;
        };
        let said = |token: usize| voice.says(byte(token));
        let tokens_of =
            |spans: &[Span]| -> Vec<usize> { spans.iter().flat_map(|s| self.analysis.tokens_touching(*s)).collect() };
        let cue = tokens_of(&voice.attribution.cue);
        let source = tokens_of(&voice.attribution.source);
        // What is said may have been found too short; the cue is where it ends for certain.
        // "Repeated his opposition to": what somebody is said to hold may have been taken for whose words they are.
        let named = |token: usize| source.contains(&token) && !sentence.heads_class(token, OperatorClass::Attitude);
        let inside = |token: usize| said(token) || !cue.is_empty() && !cue.contains(&token) && !named(token);
        let mut reading = stance::read(sentence, hit, kind, true, &inside);
        if let SignalKind::Names(_) = kind {
            stance::cue(sentence, hit, &cue, &said, &mut reading);
            stance::near(sentence, hit, true, &said, &mut reading);
        }
        if voice.planned {
            reading.planned();
        }
        reading
    }

    /// Returns the statement of the other side of an agreement: its own in the reporter's voice, else ascribed to it.
    fn partner(&self, sentence: &Sentence<'_>, token: usize, draft: &Draft) -> Option<Draft> {
        let whos = holder::named(self, sentence, token);
        let mut parties: Vec<Option<u32>> = Vec::new();
        for party in whos.iter().flat_map(|w| w.parties.iter().map(|p| Some(*p))) {
            if !parties.contains(&party) && !draft.parties.contains(&party) {
                parties.push(party);
            }
        }
        let narrated = draft.rules.iter().any(|r| r == "holder:subject");
        let speaker = if narrated { whos.first().cloned() } else { draft.speaker.clone() };
        let usable = !parties.is_empty() && !draft.secondhand && draft.parties != [None];
        usable.then(|| Draft { parties, speaker, secondhand: !narrated, ..draft.clone() })
    }

    /// Returns with whom "we agreed": the other party named last before it in the paragraph.
    fn counterpart(&self, sentence: &Sentence<'_>, reading: &Reading, held: &Held) -> Option<u32> {
        let we = reading.set_by.and_then(|t| stance::subject(sentence, t)).filter(|s| sentence.lower(*s) == "we")?;
        let number = self.analysis.tokens[we].sentence as usize;
        let paragraph = self.analysis.sentences[number].paragraph as usize;
        let from = self.analysis.paragraphs[paragraph].tokens.start as usize;
        let others = self.people.within(from, we).filter(|m| m.who.parties.len() == 1 && m.who.kind != Kind::Adjective);
        others.map(|m| m.who.parties[0]).filter(|p| !held.parties.contains(&Some(*p))).last()
    }

    /// Returns whose reported words a sentence goes on with: "Sanctions solved nothing", after "the minister said that ...".
    fn carried(&self, number: usize, voice: Option<&Voice>, hit: &Hit) -> Option<&Voice> {
        let sentence = &self.analysis.sentences[number];
        let before = self.analysis.sentences.get(number.checked_sub(1)?)?;
        if voice.is_some_and(|v| !v.sources.is_empty())
            || before.paragraph != sentence.paragraph
            || self.analysis.tokens[hit.head].quote != text::NONE
        {
            return None;
        }
        let to = before.tokens.end as usize;
        let reach = self.analysis.paragraphs[sentence.paragraph as usize].tokens.start as usize;
        let spoken = |v: &&Voice| reach <= v.at && v.at < to && !v.sources.is_empty() && !v.attribution.cue.is_empty();
        // Whoever spoke in the sentence before, or in one of the paragraph that it went on with.
        self.voices_at(&(reach..to)).filter(spoken).max_by_key(|v| v.at)
    }

    /// Returns the attribution whose words hold another one, if somebody else speaks there.
    fn around(&self, voice: &Voice) -> Option<&Voice> {
        let place = voice.attribution.cue.first()?.start;
        let own: Vec<u32> = voice.sources.iter().flat_map(|w| w.parties.iter().copied()).collect();
        let near = self.said.get(place as usize / STRETCH)?.iter().filter_map(|v| self.voices.get(*v as usize));
        near.filter(|v| v.says(place) && !v.sources.is_empty() && v.length() > voice.length())
            .min_by_key(|v| v.length())
            .filter(|_| !own.is_empty())
            .filter(|v| v.sources.iter().all(|w| !w.parties.is_empty() && w.parties.iter().all(|p| !own.contains(p))))
    }

    /// Returns the innermost attribution that says a byte.
    pub(super) fn voice(&self, byte: u32) -> Option<&Voice> {
        let near = self.said.get(byte as usize / STRETCH)?.iter().filter_map(|v| self.voices.get(*v as usize));
        near.filter(|v| v.says(byte)).min_by_key(|v| v.length())
    }

    /// Returns the attributions whose cues lie in a range of tokens, in order.
    pub(super) fn voices_at(&self, range: &std::ops::Range<usize>) -> impl Iterator<Item = &Voice> {
        // The voice of a whole document stands last, out of order.
        let ordered = self.voices.len().saturating_sub(1);
        let from = self.voices[..ordered].partition_point(|v| v.at < range.start);
        let to = self.voices[..ordered].partition_point(|v| v.at < range.end);
        self.voices[from..to.max(from)].iter().chain(self.voices.last().filter(|v| range.contains(&v.at)))
    }

    /// Returns those who spoke last before a token, one voice each, latest last.
    pub(super) fn spoken(&self, token: usize) -> Vec<(usize, Who)> {
        let ordered = self.voices.len().saturating_sub(1);
        let until = self.voices[..ordered].partition_point(|v| v.at <= token);
        let last = self.voices.last().filter(|v| v.at <= token);
        let before = last.into_iter().chain(self.voices[..until].iter().rev());
        let mut spoken: Vec<(usize, Who)> = before
            .take(SPOKEN_REACH)
            .filter(|v| v.sources.len() == 1)
            .take(attribution::SPEAKERS)
            .map(|v| (v.at, v.sources[0].clone()))
            .collect();
        spoken.reverse();
        spoken
    }

    fn draft(
        &self,
        number: usize,
        sentence: &Sentence<'_>,
        (hit, topic, kind): &(Hit, u32, SignalKind),
        reading: &Reading,
        voice: Option<&Voice>,
    ) -> Option<Draft> {
        let (topic, kind) = (*topic, *kind);
        let mut why = Reasons::default();
        let turned;
        let reading = match reading.conditional {
            // A condition is what its main clause asks of others: "ready to sign if Kyiv withdraws".
            Some(clause) => match stance::demanded(sentence, clause, reading, voice.is_some()) {
                Some(demanded) => {
                    turned = demanded;
                    &turned
                }
                None => {
                    why.add("in-condition");
                    reading
                }
            },
            None => reading,
        };
        let settled;
        let reading = if reading.strength.is_none() && reading.sign != 0 {
            // "This approach" alone says nothing on what it points to.
            if hit.points_back() || self.put(sentence, hit) {
                return None;
            }
            // Somebody speaks of the matter and no word tells how: most often in its favour.
            settled = Reading { strength: Some(1), ..reading.clone() };
            why.add("assumed");
            &settled
        } else {
            reading
        };
        reading.strength?;
        if self.asks(sentence, hit) {
            return None;
        }
        let iffy = reading.conditional.is_none() && !reading.rules.iter().any(|r| r == "condition");
        why.when(iffy && in_condition(sentence, hit), "in-condition");
        if sentence.list("unknown").any(|(_, end)| end <= hit.start && hit.start - end < CLAUSE) {
            // "It is not clear whether Kyiv will accept" is nobody's position.
            return None;
        }
        if scheduled(sentence, reading, hit) {
            // What is to happen by the calendar is no position.
            return None;
        }
        let nobody = reading.weak && reading.doer.is_some_and(|d| !holder::is_side(self, sentence, d, voice));
        why.when(nobody, "doer:nobody");
        let carried = self.carried(number, voice, hit);
        let mut held = match (holder::holder(self, sentence, reading, voice, hit), carried) {
            (Some(held), _) => held,
            (None, Some(before)) => {
                why.add("holder:carried");
                holder::spoken(before, reading)?
            }
            (None, None) if reading.rules.is_empty() && matches!(kind, SignalKind::Names(_)) => return None,
            (None, None) => {
                why.add("holder:nearest");
                holder::nearest(self, sentence, hit)?
            }
        };
        if let Some(outer) = voice.and_then(|v| self.around(v)).filter(|_| !held.secondhand) {
            // A report within a report: told by whoever speaks around it.
            why.add("nested");
            held.secondhand = true;
            held.speaker = outer.sources.first().cloned();
        }
        if held.beside.is_empty() && !held.secondhand && reading.rules.iter().any(|r| r == stance::AGREE) {
            held.beside.extend(self.counterpart(sentence, reading, &held));
        }
        let Held { parties, speaker, secondhand, joint, narrated, beside } = held;
        let own = matches!(reading.holder, stance::Holder::Phrase(_)) && !secondhand && !narrated;
        let deed =
            reading.weak && self.book.topics[topic as usize].setting && !own && !self.own_deed(sentence, reading);
        why.when(deed, "setting:deed");
        if reading.weak && narrated && matches!(kind, SignalKind::Names(_)) {
            // In the reporter's voice a deed done counts more: "imposed" than "was due to impose".
            let done =
                reading.set_by.or(reading.chain.get(1).copied()).is_none_or(|t| self.analysis.tokens[t].tag != Tag::VB);
            why.when(!reading.acts(), "narrated:no-act");
            why.when(!done, "narrated:not-done");
        }
        let quote = self.analysis.tokens[hit.head].quote;
        let condition = condition::find(self, sentence, hit, reading);
        let mut stance = reading.stance();
        if stance == 2
            && reading.weak
            && reading.rules.last().is_some_and(|r| r == "will")
            && !own
            && !narrated
            && !self.own_deed(sentence, reading)
            && !self.own_party(sentence, reading, &parties)
        {
            // What others will do is expected, not demanded.
            stance = 1;
        }
        let hinges = (sentence.from..sentence.to)
            .any(|t| matches!(sentence.lower(t), "without" | "unless" | "until") && !(hit.start..hit.end).contains(&t));
        let impossible = hinges && reading.rules.iter().any(|r| r == "not good" || r == "not may" || r == "not will");
        let kind_of = condition.map(|c| c.kind);
        let bargain = || (hit.start..hit.end).any(|t| hit.names(t) && sentence.listed("bargain", t));
        let needs = || kind_of == Some(condition::Kind::Need) && bargain();
        if stance < 0 && reading.sign < 0 && (impossible || needs()) {
            // "No deal is possible without ...", "no peace without justice": a yes that hangs on something.
            stance = 1;
        }
        let reserved = kind_of.is_some_and(|kind| kind != condition::Kind::Time);
        if reserved && stance.abs() == 2 {
            stance = stance.signum();
        }
        let span = self.span(number, sentence, hit, reading, voice);
        let mode = self.mode(hit, voice, span, narrated);
        let mut rules: Vec<String> = vec![format!("names:{}", self.book.topics[topic as usize].id)];
        if let SignalKind::Says(_) = kind {
            rules[0] = format!("says:{}", self.book.topics[topic as usize].id);
        }
        rules.extend(reading.rules.iter().map(|r| format!("word:{r}")));
        rules.push(if narrated { "holder:subject".to_string() } else { "source:attribution".to_string() });
        why.when(self.book.topics[topic as usize].setting, "setting");
        why.reading(self, sentence, reading, hit, kind);
        why.source(voice, speaker.as_ref(), narrated, secondhand, mode);
        why.when(condition.is_some(), "condition");
        why.add(&format!("stance:{stance}"));
        let confidence = self.model.of(&why.reasons);
        if confidence < self.model.threshold - DOUBT && !why.firm() {
            return None;
        }
        Some(Draft {
            span,
            parties,
            topic,
            stance,
            source: voice.and_then(Voice::source_span),
            stated_on: said::on(self, number, voice, speaker.as_ref()),
            speaker,
            secondhand,
            joint,
            mode,
            condition: condition.map(|c| c.span),
            confidence: (confidence * 100.0).round() / 100.0,
            reasons: why.reasons,
            rules,
            sentence: number,
            quote,
            matter: (hit.start, hit.end),
            beside,
        })
    }

    /// Tells whether the words around a match ask rather than say.
    fn asks(&self, sentence: &Sentence<'_>, hit: &Hit) -> bool {
        let end = (hit.end..sentence.to).find(|t| matches!(self.words.raw[*t], "?" | "." | "!"));
        end.is_some_and(|t| self.words.raw[t] == "?")
    }

    /// Tells whether a match stands in what somebody is asked: "Asked whether he wants a truce, he replied".
    fn put(&self, sentence: &Sentence<'_>, hit: &Hit) -> bool {
        let ask = (sentence.from..sentence.to.min(sentence.from + 2))
            .any(|t| matches!(sentence.lower(t), "asked" | "pressed" | "questioned" | "quizzed"));
        ask && (hit.end..sentence.to).any(|t| sentence.lower(t) == ",")
            && !(sentence.from..hit.start).any(|t| sentence.lower(t) == ",")
    }

    /// Tells whether what merely happens is told as the speaker's own doing: "I will meet", "we have agreed".
    fn own_deed(&self, sentence: &Sentence<'_>, reading: &Reading) -> bool {
        if reading.set_by.is_some_and(|t| !reading.chain.contains(&t)) {
            return true;
        }
        let subject = reading.chain.iter().rev().find_map(|t| stance::subject(sentence, *t));
        let will = reading.rules.iter().any(|r| r == "will");
        subject.is_some_and(|s| {
            matches!(sentence.lower(s), "i" | "we") || will && matches!(sentence.lower(s), "he" | "she")
        })
    }

    /// Tells whether the subject of a deed is a party that the statement is of: a French minister's "France will send".
    fn own_party(&self, sentence: &Sentence<'_>, reading: &Reading, parties: &[Option<u32>]) -> bool {
        let subject = reading.chain.iter().rev().find_map(|t| stance::subject(sentence, *t));
        subject.is_some_and(|s| {
            let whos = holder::named(self, sentence, s);
            whos.iter().flat_map(|w| w.parties.iter()).any(|p| parties.contains(&Some(*p)))
        })
    }

    fn span(
        &self,
        number: usize,
        sentence: &Sentence<'_>,
        hit: &Hit,
        reading: &Reading,
        voice: Option<&Voice>,
    ) -> Span {
        let text = &self.document.text;
        let whole = self.analysis.sentences[number].span;
        let byte = self.analysis.tokens[hit.head].span.start;
        let within =
            |outer: Span| Span { start: whole.start.max(outer.start), end: whole.end.min(outer.end) }.trim(text);
        let inside_quote =
            self.analysis.quote_of(hit.head).filter(|q| q.depth == 0 && q.inner.start <= byte && byte < q.inner.end);
        if let Some(quote) = inside_quote
            && quote.inner.len() > 24
        {
            return within(quote.inner);
        }
        if let Some(voice) = voice
            && let Some(content) = voice.attribution.content.iter().find(|s| s.start <= byte && byte < s.end)
        {
            let said = self.finished(sentence, self.without_that(within(*content)));
            // "Called for a truce": where the cue itself takes the stance, the quotation holds it.
            let cue =
                voice.attribution.cue.iter().fold(None, |all: Option<Span>, s| Some(all.map_or(*s, |a| a.cover(*s))));
            let sets = |cue: &Span| {
                let set_by = reading.set_by.map(|t| self.analysis.tokens[t].span.start);
                set_by.is_some_and(|at| cue.start <= at && at < cue.end)
            };
            return match cue.filter(sets).filter(|c| whole.start <= c.start && c.end <= said.start) {
                Some(cue) => Span { start: cue.start, end: said.end },
                None => said,
            };
        }
        let top = reading.chain.last().copied().unwrap_or(hit.head);
        let (first, last) = sentence.subtree(top);
        let (first, last) = (first.min(hit.start), last.max(hit.end));
        let start = self.analysis.tokens[first].span.start;
        let mut end = self.analysis.tokens[last - 1].span.end;
        if self.analysis.tokens[last - 1].tag == text::Tag::Period && last - first > 1 {
            end = self.analysis.tokens[last - 2].span.end;
        }
        self.finished(sentence, Span { start, end })
    }

    /// Moves an end that leaves a preposition or an article hanging to the end of its phrase, "peacekeepers in" Ukraine, and a
    /// beginning to the word that makes it a condition: "if" they refuse.
    fn finished(&self, sentence: &Sentence<'_>, span: Span) -> Span {
        let tokens = &self.analysis.tokens;
        let touched = self.analysis.tokens_touching(span);
        let (first, after) = (touched.start, touched.end);
        let opener = condition::opener_before(sentence, first).filter(|t| *t < first);
        let start = opener.map_or(span.start, |t| tokens[t].span.start);
        let hangs = after
            .checked_sub(1)
            .and_then(|t| tokens.get(t))
            .is_some_and(|t| matches!(t.tag, Tag::IN | Tag::TO | Tag::DT | Tag::PRPS));
        let rest = (after..sentence.to.min(after + PHRASE)).filter(|_| hangs);
        let end = rest.take_while(|t| !tokens[*t].tag.is_punct()).last().map_or(span.end, |t| tokens[t].span.end);
        Span { start, end }
    }

    /// Drops the "that" which opens a reported clause: the quotation is what was said.
    fn without_that(&self, span: Span) -> Span {
        let said = span.of(&self.document.text);
        match said.strip_prefix("that ") {
            Some(rest) => Span { start: span.end - rest.len() as u32, end: span.end }.trim(&self.document.text),
            None => span,
        }
    }

    fn mode(&self, hit: &Hit, voice: Option<&Voice>, span: Span, narrated: bool) -> Mode {
        let quoted = self.analysis.tokens[hit.head].quote != text::NONE;
        let quotes = &self.analysis.quotes;
        let from = quotes.partition_point(|q| q.outer.start < span.start);
        // An outer quotation that began before the span stands before the inner ones that it holds.
        let from = (0..from).rev().take(QUOTE_REACH).find(|q| quotes[*q].depth == 0).unwrap_or(from);
        let near = quotes[from..].iter().take_while(|q| q.outer.start < span.end);
        let bytes: usize = near.filter(|q| q.depth == 0).map(|q| q.inner.shared(span)).sum();
        match () {
            () if quoted && bytes * 10 >= span.len() * 8 => Mode::Direct,
            () if bytes > 0 => Mode::Mixed,
            () if voice.is_some() && !narrated => Mode::Indirect,
            () => Mode::Narrated,
        }
    }

    /// Returns the name that a statement is signed with: the person or institution; for a party by name, what speaks for it.
    fn signed(&self, who: &Who) -> Option<String> {
        let party = match who.parties.as_slice() {
            [party] if who.kind == Kind::Party => self.book.parties.get(*party as usize),
            _ => None,
        };
        who.name.clone().or_else(|| party.map(|p| p.voice.clone()))
    }

    fn written(&self, drafts: Vec<Draft>) -> Coded {
        let mut coded = Coded::default();
        let text = &self.document.text;
        let mut points = CodePoints::new(text);
        for draft in drafts {
            let topic = &self.book.topics[draft.topic as usize];
            let quote = draft.span.of(text).to_string();
            let (start, end) = (points.at(draft.span.start), points.at(draft.span.end));
            let paragraph = self.analysis.sentences[draft.sentence].paragraph as usize;
            let context = clipped(self.analysis.paragraphs[paragraph].span.of(text));
            let role = draft.speaker.as_ref().map_or(Role::Government, role);
            if draft.parties == [None]
                && role == Role::Other
                && let Some(name) = draft.speaker.as_ref().and_then(|w| w.name.clone())
                && !coded.unplaced.contains(&name)
            {
                coded.unplaced.push(name);
            }
            for party in &draft.parties {
                let party = party.map_or("none", |p| self.book.parties[p as usize].id.as_str()).to_string();
                let span = format!("{start}-{end}");
                let id = content_id(&[&self.document.id, &span, &party, &topic.id]);
                if self.model.threshold <= 0.0 {
                    coded.reasons.insert(id.clone(), draft.reasons.clone());
                }
                coded.statements.push(Statement {
                    id,
                    doc: self.document.name.clone(),
                    start,
                    end,
                    quote: quote.clone(),
                    context: context.clone(),
                    speaker: if draft.joint { None } else { draft.speaker.as_ref().and_then(|w| self.signed(w)) },
                    source_text: draft.source.map(|s| s.of(text).to_string()),
                    role,
                    rank: draft.speaker.as_ref().map_or(Rank::Official, rank),
                    joint: draft.joint,
                    secondhand: draft.secondhand,
                    topic: topic.id.clone(),
                    stance: draft.stance,
                    condition: draft.condition.map(|c| c.of(text).to_string()),
                    mode: draft.mode,
                    stated_on: draft.stated_on,
                    published: self.published,
                    outlet: self.document.outlet.clone(),
                    title: self.document.title.clone(),
                    url: self.document.url.clone(),
                    copy_of: self.document.copy_of.clone(),
                    confidence: draft.confidence,
                    review: None,
                    rules: draft.rules.clone(),
                    party,
                });
            }
        }
        coded
            .statements
            .sort_by(|a, b| (a.start, a.end, &a.topic, &a.party).cmp(&(b.start, b.end, &b.topic, &b.party)));
        coded.statements.dedup_by(|a, b| a.id == b.id);
        coded
    }
}

/// Reads a matter that no word governs as the further member of a list of wishes or refusals: "demanded a truce, a pullout
/// and [the release of all prisoners]".
fn listed(
    sentence: &Sentence<'_>,
    (hit, topic, kind): &(Hit, u32, SignalKind),
    matters: &[(Hit, u32, SignalKind)],
    found: &[(Draft, Reading)],
) -> Option<Reading> {
    let SignalKind::Names(further) = kind else { return None };
    let assumed = |d: &Draft| d.reasons.iter().any(|r| r == "assumed");
    if found.iter().any(|(d, _)| d.matter == (hit.start, hit.end) && d.topic == *topic && !assumed(d)) {
        return None;
    }
    // The words between this member and another one.
    let between = |d: &Draft| if d.matter.1 <= hit.start { d.matter.1..hit.start } else { hit.end..d.matter.0 };
    let other = found.iter().filter(|(d, r)| wished(sentence, r) && !between(d).is_empty());
    let (draft, reading) = other.min_by_key(|(d, _)| between(d).len())?;
    let (.., first) = matters.iter().find(|(h, t, _)| (h.start, h.end) == draft.matter && *t == draft.topic)?;
    let SignalKind::Names(named) = first else { return None };
    let joins = |t: usize| matches!(sentence.lower(t), "," | "and" | "or");
    let ends = |t: usize| sentence.tokens[t].tag.is_finite() || matches!(sentence.lower(t), ";" | ":" | "but" | "if");
    let flat = between(draft).len() <= MEMBER && between(draft).all(|t| !ends(t));
    // What joins a member stands right before it.
    let later = hit.start.max(draft.matter.0);
    let joined = between(draft).any(|t| joins(t) && t + OPENS >= later);
    (sentence.tokens[hit.head].tag.is_noun() && flat && joined).then(|| reading.listed(*named, *further, hit.head))
}

/// Tells whether a word of wishing or refusing set a stance.
fn wished(sentence: &Sentence<'_>, reading: &Reading) -> bool {
    let wishes = |t: usize| [OperatorClass::Attitude, OperatorClass::Press].iter().any(|c| sentence.heads_class(t, *c));
    reading.strength.is_some() && !reading.weak && reading.set_by.is_some_and(wishes)
}

/// Tells whether "was due to", "is expected to" stands over a deed.
fn scheduled(sentence: &Sentence<'_>, reading: &Reading, hit: &Hit) -> bool {
    let edge = reading.chain.iter().copied().chain([hit.start]).min().unwrap_or(hit.start);
    // "Kyiv expected to join" is its own expectation, "was expected to" is nobody's.
    let passive = |from: usize| sentence.tokens[from].tag != Tag::VBD;
    sentence.list("scheduled").any(|(from, to)| to <= hit.start && from + 2 >= edge && passive(from))
}

/// Tells whether a matter stands in a clause that "if" opens, where the tree does not show it.
fn in_condition(sentence: &Sentence<'_>, hit: &Hit) -> bool {
    let clause =
        (sentence.from..hit.start).rev().take_while(|t| !matches!(sentence.lower(*t), "," | "then" | ";" | ":"));
    clause.take(CLAUSE).any(|t| matches!(sentence.lower(t), "if" | "unless") && !sentence.before_is(t, "as"))
}

/// Tokens between two members of a list.
const MEMBER: usize = 14;
/// Tokens between what joins a member to a list and the words that name its matter: "and an immediate and full".
const OPENS: usize = 6;

/// Most tokens by which a phrase that was cut is taken up again.
const PHRASE: usize = 6;

/// Tokens that a conditional clause may have before a matter in it.
const CLAUSE: usize = 15;

/// How far below the threshold a statement may fall before the rest of the document is weighed.
const DOUBT: f64 = 0.1;
/// Bytes of a stretch, by which attributions are found.
const STRETCH: usize = 256;
/// Attributions before a pronoun that are looked through for whom it may stand for.
const SPOKEN_REACH: usize = 64;
/// Quotations that an outer one may hold before one that is sought.
const QUOTE_REACH: usize = 64;

/// Lists for each stretch of bytes the voices that say something in it.
fn stretches(voices: &[Voice]) -> Vec<Vec<u32>> {
    let contents =
        || voices.iter().enumerate().flat_map(|(v, voice)| voice.attribution.content.iter().map(move |c| (v, c)));
    let end = contents().map(|(_, c)| c.end as usize).max().unwrap_or(0);
    let mut said = vec![Vec::new(); end / STRETCH + 1];
    for (voice, content) in contents().filter(|(_, c)| c.start < c.end) {
        for stretch in &mut said[content.start as usize / STRETCH..=(content.end as usize - 1) / STRETCH] {
            if stretch.last() != Some(&(voice as u32)) {
                stretch.push(voice as u32);
            }
        }
    }
    said
}

/// Characters of a paragraph that a statement carries as context.
const CONTEXT: usize = 600;

fn clipped(paragraph: &str) -> String {
    match paragraph.char_indices().nth(CONTEXT) {
        Some((at, _)) => format!("{}…", &paragraph[..at]),
        None => paragraph.to_string(),
    }
}

/// Returns whose voice a speaker is.
pub(super) fn role(who: &Who) -> Role {
    match who.rank {
        _ if who.standing == Standing::Former => Role::Former,
        OfficeRank::Legislator => Role::Legislator,
        OfficeRank::Expert => Role::Expert,
        OfficeRank::Other => Role::Other,
        _ => Role::Government,
    }
}

fn rank(who: &Who) -> Rank {
    match (role(who), who.rank) {
        // "Russian leaders" outrank nobody: a leader's word needs a leader.
        (Role::Government, OfficeRank::Leader) if who.kind != Kind::Collective => Rank::Leader,
        (Role::Government, _) => Rank::Official,
        (Role::Legislator, _) => Rank::Legislator,
        _ => Rank::None,
    }
}

/// Drops matches inside a longer one, and all but one of those of a topic that share words.
fn longest(mut hits: Vec<Hit>, book: &Codebook) -> Vec<Hit> {
    hits.sort_by_key(|h| (h.start, std::cmp::Reverse(h.end), h.value));
    let all = hits.clone();
    let signal = |h: &Hit| book.signals[h.value as usize];
    let ignored = |o: &Hit| signal(o).kind == SignalKind::Ignores;
    let inside = |h: &Hit| {
        all.iter().any(|o| {
            // What a topic ignores may well be another's matter.
            let own = !ignored(o) || signal(o).topic == signal(h).topic;
            let longer = o.len() > h.len() || o.len() == h.len() && ignored(o) && !ignored(h);
            own && longer && (o.covers(h) || signal(o).topic == signal(h).topic && o.holds(h))
        })
    };
    hits.retain(|h| !inside(h));
    hits
}

/// What statements must share to be one: topic, whether secondhand, parties.
type Alike = (u32, bool, Vec<Option<u32>>);

/// Keeps one statement of a party on a topic in one sentence, and in one continuous quotation: the surest, then the first.
fn single(drafts: Vec<Draft>) -> Vec<Draft> {
    let mut kept: Vec<Draft> = Vec::new();
    let mut places: BTreeMap<(Alike, usize, u32), usize> = BTreeMap::new();
    for draft in drafts {
        let key = |sentence, quote| ((draft.topic, draft.secondhand, draft.parties.clone()), sentence, quote);
        let here = key(draft.sentence, text::NONE);
        let quoted = (draft.quote != text::NONE).then(|| key(usize::MAX, draft.quote));
        let same = places.get(&here).or_else(|| quoted.as_ref().and_then(|q| places.get(q))).copied();
        match same.map(|at| &mut kept[at]) {
            Some(same) if same.sentence == draft.sentence && draft.confidence > same.confidence => *same = draft,
            Some(_) => {}
            None => {
                places.insert(here, kept.len());
                if let Some(quoted) = quoted {
                    places.insert(quoted, kept.len());
                }
                kept.push(draft);
            }
        }
    }
    kept
}

impl Context<'_> {
    /// Weighs statements by what the rest of the document says: a party seldom contradicts itself within one article.
    fn weigh(&self, drafts: Vec<Draft>) -> Vec<Draft> {
        type Key = (u32, bool, Vec<Option<u32>>);
        let mut firm: BTreeMap<Key, (usize, usize)> = BTreeMap::new();
        let key = |d: &Draft| (d.topic, d.secondhand, d.parties.clone());
        let assumed = |d: &Draft| d.reasons.iter().any(|r| r == "assumed");
        for draft in drafts.iter().filter(|d| !assumed(d)) {
            let (yes, no) = firm.entry(key(draft)).or_default();
            *yes += usize::from(draft.stance > 0);
            *no += usize::from(draft.stance < 0);
        }
        let mut kept = Vec::new();
        for mut draft in drafts {
            let (yes, no) = firm.get(&key(&draft)).copied().unwrap_or_default();
            let own = usize::from(!assumed(&draft));
            let (same, other) = match draft.stance.signum() {
                1 => (yes - own, no),
                -1 => (no - own, yes),
                _ => (0, yes + no),
            };
            let reason = match (same, other) {
                (0, 0) => "elsewhere:none",
                (0, _) => "elsewhere:opposite",
                (_, 0) => "elsewhere:same",
                _ => "elsewhere:both",
            };
            draft.reasons.push(reason.to_string());
            let firm = Reasons::firm_in(&draft.reasons);
            let confidence = self.model.of(&draft.reasons);
            draft.confidence = (confidence * 100.0).round() / 100.0;
            if confidence >= self.model.threshold || firm {
                kept.push(draft);
            }
        }
        kept
    }
}
