//! The day a statement was made, where the text tells.

use jiff::civil::Date;

use super::code::Context;
use crate::attribution::{Voice, Who};
use crate::base::date::find_dates;

/// Paragraphs that a day told of a speaker's words holds for.
const REACH: u32 = 3;
/// Sentences that it holds for at most.
const LONGEST_REACH: usize = 60;

/// Returns the day a statement in a sentence was made: a date of the sentence outside what is said; else one told earlier
/// in the paragraph; else the day told last of words of the same speaker nearby.
pub(super) fn on(context: &Context<'_>, number: usize, voice: Option<&Voice>, speaker: Option<&Who>) -> Option<Date> {
    if let Some(date) = in_sentence(context, number, voice) {
        return Some(date);
    }
    let sentences = &context.analysis.sentences;
    let paragraph = sentences[number].paragraph;
    let speaker = speaker.and_then(|w| w.name.as_deref())?;
    let near = (0..number).rev().take(LONGEST_REACH).take_while(|n| sentences[*n].paragraph + REACH >= paragraph);
    for before in near {
        let range = sentences[before].tokens.start as usize..sentences[before].tokens.end as usize;
        let same = context.people.within(range.start, range.end).any(|m| m.who.name.as_deref() == Some(speaker));
        let told = context.voices_at(&range).find(|v| v.sources.iter().any(|w| w.name.as_deref() == Some(speaker)));
        if same || told.is_some() {
            let covering = told.or_else(|| context.voice(sentences[before].span.start));
            if let Some(date) = in_sentence(context, before, covering) {
                return Some(date);
            }
        }
    }
    voice.filter(|v| simple_past(context, v)).and_then(|_| *context.lead.get_or_init(|| lead(context)))
}

/// Sentences of the lead, and days before publication that its day may lie.
const LEAD: (usize, i32) = (6, 3);

/// Returns the day of the news: the first day that the lead tells, if it is of these days. What "said" reports without a day
/// of its own was said then.
fn lead(context: &Context<'_>) -> Option<Date> {
    let published = context.published?;
    (0..context.analysis.sentences.len().min(LEAD.0))
        .filter_map(|number| in_sentence(context, number, None))
        .find(|date| published.since(*date).is_ok_and(|span| span.get_days() <= LEAD.1))
}

/// Tells whether a cue reports one occasion ("said", "told"), not a habit or the past at large ("has repeatedly said").
fn simple_past(context: &Context<'_>, voice: &Voice) -> bool {
    let mut cue = voice.attribution.cue.iter().flat_map(|s| context.analysis.tokens_touching(*s)).peekable();
    cue.peek().is_some()
        && !cue.any(|t| {
            matches!(
                context.words.lower[t].as_ref(),
                "has" | "have" | "had" | "repeatedly" | "often" | "consistently" | "says" | "wants"
            )
        })
}

fn in_sentence(context: &Context<'_>, number: usize, voice: Option<&Voice>) -> Option<Date> {
    let span = context.analysis.sentences[number].span;
    let text = span.of(&context.document.text);
    find_dates(text, context.published)
        .iter()
        .filter(|(at, _)| !voice.is_some_and(|v| v.says(span.start + at.start)))
        .map(|(_, date)| *date)
        .find(|date| context.published.is_none_or(|p| *date <= p))
}
