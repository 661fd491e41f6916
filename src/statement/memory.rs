//! What the sentences before have raised: the matter of "the proposal", the question that "of course" answers.

use super::code::{Context, Draft};
use super::model::Mode;
use super::sentence::{Hit, Searcher, Sentence};
use super::stance::Reading;
use crate::attribution::{Voice, Words};
use crate::codebook::{Codebook, OperatorClass, SignalKind};
use crate::text::Rel;

/// Sentences that "the proposal" reaches back.
pub(super) const REACH: usize = 2;

/// Tells whether a sentence may refer to the sentences before: by a word of a small list, or by a pronoun beside a stance word.
pub(super) fn points_back(
    book: &Codebook,
    searcher: &Searcher<'_>,
    words: &Words<'_>,
    sentence: &crate::text::Sentence,
) -> bool {
    let listed = |v: u32| matches!(book.lists[v as usize].as_str(), "anaphor" | "affirm" | "deny");
    let stance =
        |v: u32| matches!(book.operators[v as usize].class, OperatorClass::Attitude | OperatorClass::Evaluation);
    let tokens = sentence.tokens.start as usize..sentence.tokens.end as usize;
    searcher.search(&book.list_wording, sentence).values().any(listed)
        || words.lower[tokens].iter().any(|w| is_pronoun(w))
            && searcher.search(&book.stance_wording, sentence).values().any(stance)
}

fn is_pronoun(word: &str) -> bool {
    matches!(word, "it" | "this" | "that")
}

/// The matters raised last and the question asked last.
#[derive(Default)]
pub(super) struct Memory {
    sentence: usize,
    matters: Vec<(u32, i8)>,
    question: Option<(usize, u32, i8)>,
}

impl Memory {
    /// Tells whether anything raised is near enough to be pointed at from a sentence.
    pub(super) fn reaches(&self, number: usize) -> bool {
        !self.matters.is_empty() && number <= self.sentence + REACH
            || self.question.is_some_and(|(asked, ..)| number <= asked + 1)
    }

    /// Returns what "the proposal", "such demands" stand for in a sentence, as namings of their matters.
    pub(super) fn pointed_at(
        &self,
        number: usize,
        sentence: &Sentence<'_>,
        hits: &[Hit],
    ) -> Vec<(Hit, u32, SignalKind)> {
        if !self.reaches(number) {
            return Vec::new();
        }
        let mut found = Vec::new();
        for (start, end) in sentence.list("anaphor") {
            let described = end < sentence.to && matches!(sentence.lower(end), "of" | "for" | "to" | "that");
            if described || hits.iter().any(|h| h.start < end && start < h.end) {
                continue;
            }
            let hit = Hit::new(sentence, start, end);
            // "The idea" is one matter, "both demands" may be two.
            let one = sentence.tokens[end - 1].tag == crate::text::Tag::NN;
            let pointed = self.matters.iter().take(if one { 1 } else { 2 });
            found.extend(pointed.map(|(topic, sign)| (hit, *topic, SignalKind::Names(*sign))));
        }
        let pronouns = (sentence.from..sentence.to).filter(|t| points(sentence, *t));
        for token in pronouns.filter(|t| hits.iter().all(|h| h.start > *t)) {
            let hit = Hit::new(sentence, token, token + 1);
            found.extend(self.matters.iter().map(|(topic, sign)| (hit, *topic, SignalKind::Names(*sign))));
        }
        found
    }

    /// Returns what "a demand that Kyiv rejects" stands for, said of what the sentence names before it.
    pub(super) fn apposed(
        sentence: &Sentence<'_>,
        matters: &[(Hit, u32, SignalKind)],
        found: &[(Draft, Reading)],
    ) -> Vec<(Hit, u32, SignalKind)> {
        let mut made = Vec::new();
        for (start, end) in sentence.list("apposition") {
            if start == sentence.from || sentence.lower(start - 1) != "," {
                continue;
            }
            let before =
                matters.iter().filter(|(hit, _, kind)| hit.end < start && matches!(kind, SignalKind::Names(_)));
            let Some((hit, topic, SignalKind::Names(named))) = before.max_by_key(|(hit, ..)| hit.end) else { continue };
            // What was demanded is what is rejected.
            let stance = found.iter().find(|(d, _)| d.topic == *topic && d.matter == (hit.start, hit.end));
            let sign = stance.map(|(d, _)| d.stance.signum()).filter(|s| *s != 0).unwrap_or(*named);
            made.push((Hit::new(sentence, start, end), *topic, SignalKind::Names(sign)));
        }
        made
    }

    /// Remembers the matter of a question: "asked whether Kyiv would have a seat".
    pub(super) fn asked(
        &mut self,
        context: &Context<'_>,
        number: usize,
        sentence: &Sentence<'_>,
        matters: &[(Hit, u32, SignalKind)],
    ) {
        let ask = (sentence.from..sentence.to).find(|t| matches!(sentence.lower(*t), "asked" | "asking" | "question"));
        let mark = (sentence.to..=sentence.to).next().filter(|t| *t > sentence.from && sentence.lower(*t - 1) == "?");
        let mut ordered: Vec<&(Hit, u32, SignalKind)> = matters.iter().collect();
        ordered.sort_by_key(|(_, topic, _)| !context.book.topics[*topic as usize].setting);
        for (hit, topic, kind) in ordered {
            let SignalKind::Names(sign) = kind else { continue };
            let asked = ask.is_some_and(|a| {
                a < hit.start && (a..hit.start).any(|t| matches!(sentence.lower(t), "if" | "whether" | "about"))
            });
            if asked || mark.is_some() {
                self.question = Some((number, *topic, *sign));
            }
        }
    }

    /// Codes an answer: "Of course they would", said to the question asked last.
    pub(super) fn answered(
        &mut self,
        context: &Context<'_>,
        number: usize,
        sentence: &Sentence<'_>,
        drafts: &mut Vec<Draft>,
    ) {
        let Some((_, topic, sign)) = self.question.filter(|(asked, ..)| number <= asked + 1) else { return };
        // "Absolutely not" before "absolutely".
        for (list, turn) in [("deny", -1), ("affirm", 1)] {
            for (start, _) in sentence.list(list) {
                let token = &context.analysis.tokens[start];
                let Some(quote) = context.analysis.quotes.get(token.quote as usize) else { continue };
                // An answer stands at the head of what is quoted.
                if start > quote.tokens.start as usize + 2 {
                    continue;
                }
                let Some(voice) = context.voice(token.span.start).filter(|v| !v.sources.is_empty()) else { continue };
                if let Some(draft) = answer(context, number, voice, quote, topic, sign * turn) {
                    drafts.push(draft);
                    self.question = None;
                    return;
                }
            }
        }
    }

    /// Remembers what a sentence raised.
    pub(super) fn keep(
        &mut self,
        context: &Context<'_>,
        number: usize,
        drafts: &[Draft],
        matters: &[(Hit, u32, SignalKind)],
    ) {
        let mut raised: Vec<(u32, i8)> = Vec::new();
        for draft in drafts.iter().filter(|d| d.stance != 0) {
            if !raised.iter().any(|(topic, _)| *topic == draft.topic) {
                raised.push((draft.topic, draft.stance.signum()));
            }
        }
        for (_, topic, kind) in matters {
            if let SignalKind::Names(sign) = kind
                && !raised.iter().any(|(known, _)| known == topic)
            {
                raised.push((*topic, *sign));
            }
        }
        let setting = |topic: u32| context.book.topics[topic as usize].setting;
        if raised.iter().any(|(topic, _)| !setting(*topic)) {
            raised.retain(|(topic, _)| !setting(*topic));
        }
        if !raised.is_empty() {
            raised.truncate(2);
            self.sentence = number;
            self.matters = raised;
        }
    }
}

/// Tells whether a token is "it" or "that" in the place of a matter: what is supported or refused, what is judged.
fn points(sentence: &Sentence<'_>, token: usize) -> bool {
    if !is_pronoun(sentence.lower(token)) {
        return false;
    }
    let Some(up) = sentence.governor(token) else { return false };
    let stance =
        |t: usize| sentence.heads_class(t, OperatorClass::Attitude) && !sentence.heads_class(t, OperatorClass::Speech);
    match sentence.rel(token) {
        // Before its verb "that" opens a clause: "she said on Monday that Moscow rejects a truce".
        Rel::Dobj if token < up && sentence.lower(token) == "that" => false,
        Rel::Dobj | Rel::Nsubjpass => stance(up),
        Rel::Nmod => {
            let case = sentence.marker(token).map_or("", |m| sentence.lower(m));
            matches!(case, "of" | "for" | "to" | "against" | "on" | "with") && stance(up)
        }
        // "It is good that ..." points ahead.
        Rel::Nsubj => {
            sentence.heads_class(up, OperatorClass::Evaluation)
                && sentence.child(up, &[Rel::Ccomp, Rel::Xcomp, Rel::Csubj, Rel::Advcl]).is_none()
        }
        _ => false,
    }
}

fn answer(
    context: &Context<'_>,
    number: usize,
    voice: &Voice,
    quote: &crate::text::Quote,
    topic: u32,
    sign: i8,
) -> Option<Draft> {
    let reading = Reading { rules: vec!["answer".to_string()], ..Reading::new(sign, Some(2)) };
    let held = super::holder::spoken(voice, &reading)?;
    let reasons = vec!["word:answer".to_string(), "mode:direct".to_string()];
    if context.model.of(&reasons) < context.model.threshold {
        return None;
    }
    Some(Draft {
        span: quote.inner.trim(&context.document.text),
        parties: held.parties,
        topic,
        stance: reading.stance(),
        stated_on: super::said::on(context, number, Some(voice), held.speaker.as_ref()),
        speaker: held.speaker,
        source: voice.source_span(),
        secondhand: held.secondhand,
        joint: held.joint,
        mode: Mode::Direct,
        condition: None,
        confidence: (context.model.of(&reasons) * 100.0).round() / 100.0,
        reasons,
        rules: vec![format!("answers:{}", context.book.topics[topic as usize].id), "source:attribution".to_string()],
        sentence: number,
        quote: crate::text::NONE,
        matter: (0, 0),
        beside: Vec::new(),
    })
}
