//! The words a stance hangs on: "if", "unless", "only after", "in exchange for", "no deal without", "depends on".
//!
//! The small lists of `stance.toml` open a condition; where it ends, and whether it is the matter that hangs on it, is read from the
//! order of the words as much as from the tree: parsers seldom know what a clause at the end of a sentence belongs to.

use super::code::Context;
use super::sentence::{Hit, Sentence};
use super::stance::Reading;
use crate::base::Span;
use crate::text::{NONE, Rel, Tag, TokenKind};

/// Most tokens of a condition.
const LONG: usize = 45;
/// Tokens to either side of a matter in which a condition may open.
const REACH: usize = 60;
/// Tokens to either side of a matter among which it is denied.
const DENIED: usize = 8;
/// Tokens of an inserted "he said".
const TOLD: usize = 9;
/// Tokens from "were" or "should" to the verb of the clause that it opens.
const INVERTED: usize = 8;

/// What a stance hangs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Condition {
    pub(super) span: Span,
    pub(super) kind: Kind,
}

/// What a condition does to the stance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Reserves it: "if".
    Reserve,
    /// Tells no more than how long it is to last: "until".
    Time,
    /// Says what may not be missing where the matter is denied: "no deal without".
    Need,
}

/// Finds the condition of a stance in its sentence.
pub(super) fn find(context: &Context<'_>, sentence: &Sentence<'_>, hit: &Hit, reading: &Reading) -> Option<Condition> {
    let search = Search { sentence, hit, reading };
    let (from, to) =
        search.opened().or_else(|| search.inverted()).or_else(|| search.before()).or_else(|| search.described())?;
    let kind = match () {
        () if sentence.listed("time", from) => Kind::Time,
        () if sentence.listed(EXCEPTION, from) => Kind::Need,
        () => Kind::Reserve,
    };
    let tokens = &context.analysis.tokens;
    Some(Condition { span: Span { start: tokens[from].span.start, end: tokens[to - 1].span.end }, kind })
}

/// Returns where the words begin that make a condition of what follows them, where it begins at a token.
pub(super) fn opener_before(sentence: &Sentence<'_>, token: usize) -> Option<usize> {
    let inverted = token.checked_sub(1).filter(|t| *t >= sentence.from && inverts(sentence, *t));
    sentence
        .list_within("condition", token.saturating_sub(1), token)
        .find(|(_, end)| *end == token)
        .map(|(start, _)| start)
        .or(inverted)
}

/// Tells whether a verb may open a condition by standing first: "should the truce fail", "were Moscow to agree".
pub(super) fn inverts(sentence: &Sentence<'_>, verb: usize) -> bool {
    matches!(sentence.lower(verb), "should" | "were")
        && (verb == sentence.from
            || sentence.tokens[verb - 1].tag.is_punct()
            || matches!(sentence.lower(verb - 1), "that" | "and" | "but"))
}

struct Search<'s, 'a> {
    sentence: &'s Sentence<'a>,
    hit: &'s Hit,
    reading: &'s Reading,
}

impl Search<'_, '_> {
    /// The tokens around the matter among which a condition may open.
    fn near(&self) -> (usize, usize) {
        let s = self.sentence;
        (self.hit.start.saturating_sub(REACH).max(s.from), (self.hit.end + REACH).min(s.to))
    }

    /// A clause or phrase that a word of the lists opens: the first on which the matter hangs.
    fn opened(&self) -> Option<(usize, usize)> {
        let s = self.sentence;
        let (from, to) = self.near();
        let mut openers: Vec<(usize, usize, &str)> = OPENERS
            .iter()
            .flat_map(|list| s.list_within(list, from, to).map(move |(start, end)| (start, end, *list)))
            .collect();
        openers.sort_unstable_by_key(|(start, end, _)| (*start, std::cmp::Reverse(*end)));
        openers.into_iter().find_map(|(start, end, list)| {
            // "Conditioned its part in the truce on": what hangs stands between.
            let around = list == DEPEND && start < self.hit.start && self.hit.end < end;
            let barred = !around && (start..end).any(|t| self.hit.names(t)) || self.is_other(start, end);
            if barred || list == EXCEPTION && !self.denied(start) || list == LATER && self.past() {
                return None;
            }
            let start = if around { end - 1 } else { start };
            // What is to come first is named by the words that open it.
            let opened = if list == LATER { start + 1 } else { end };
            let span = (start, self.end(start, opened)?);
            let hangs = match list {
                DEPEND => around || self.hit.end <= start && self.reaches(self.hit.end, start),
                EXCEPTION => self.hangs(span, false) && self.close(span),
                _ => self.hangs(span, true),
            };
            (hangs && self.whole(span)).then_some(span)
        })
    }

    /// Tells whether words that open no condition stand here: "even if", "until now", "asked if".
    fn is_other(&self, start: usize, end: usize) -> bool {
        let s = self.sentence;
        let marked = || start == s.from || s.tokens[start - 1].tag.is_punct() || s.rel(start) == Rel::Mark;
        s.list_within("no-condition", start, end).next().is_some()
            // "Weapons provided by Berlin"
            || s.lower(start) == "provided" && end == start + 1 && !marked()
    }

    /// Tells whether a condition says something and leaves out the matter, whose first word its wording always names: "if it can" says nothing.
    fn whole(&self, (from, to): (usize, usize)) -> bool {
        let s = self.sentence;
        let mut last = to - 1;
        while last > from && s.listed("negation", last) {
            last -= 1;
        }
        to > from + 1 && s.tokens[last].tag != Tag::MD && !(from..to).any(|t| self.hit.names(t))
    }

    /// Tells whether the matter hangs on what stands in a range.
    fn hangs(&self, (from, to): (usize, usize), clause: bool) -> bool {
        let s = self.sentence;
        let before = if from == s.from { "" } else { s.lower(from - 1) };
        let joined = matches!(before, "that" | "and" | "but" | "or" | "so" | "because");
        if self.hit.start < from {
            // "... and if they refuse, ...": of what follows, but for "but only if".
            let next = joined && clause && matches!(s.lower(from), "if" | "unless" | "once" | "were" | "should");
            return !next && (self.reaches(self.hit.end, from) || self.governed(from));
        }
        // Before its main clause a condition opens a clause.
        let opens = from == s.from || s.tokens[from - 1].tag.is_punct() || joined || matches!(before, "then" | "only");
        opens && (self.reaches(to, self.hit.start) || clause && self.governed(from))
    }

    /// Tells whether nothing but the words of one clause stands between a phrase and the matter before it.
    fn close(&self, (from, _): (usize, usize)) -> bool {
        let s = self.sentence;
        if from < self.hit.start {
            return s.lower(from) != "before";
        }
        (self.hit.end..from).all(|t| s.lower(t) != "," || s.lower(from) == "except")
    }

    /// Tells whether no clause of its own stands between: every verb there is one that governs the matter, tells of a noun, or reports.
    fn reaches(&self, from: usize, to: usize) -> bool {
        let s = self.sentence;
        let clause = self.clause();
        let passed = |verb: usize| {
            clause.contains(&verb)
                || self.hit.names(verb)
                || s.listed("report", verb)
                || matches!(s.rel(verb), Rel::AclRelcl | Rel::Acl)
        };
        let head = |t: usize| {
            let helps = matches!(s.rel(t), Rel::Aux | Rel::Auxpass | Rel::Cop);
            s.governor(t).filter(|_| helps).unwrap_or(t)
        };
        (from..to).all(|t| {
            let another = s.tokens[t].tag.is_finite() && !passed(t) && !passed(head(t));
            !another && !matches!(s.lower(t), ";" | ":" | "?")
        })
    }

    /// Returns the words that govern the matter up to the edge of its clause: "they will talk, and Kyiv still wants to join" says of
    /// joining nothing that it says of talking.
    fn clause(&self) -> &[usize] {
        let s = self.sentence;
        let own = |t: &usize| s.rel(*t) == Rel::Conj && s.child(*t, &[Rel::Nsubj, Rel::Nsubjpass]).is_some();
        let chain = &self.reading.chain;
        &chain[..chain.iter().position(own).map_or(chain.len(), |at| at + 1)]
    }

    /// Tells whether the tree has what a conjunction marks hang on a word that governs the matter.
    fn governed(&self, mark: usize) -> bool {
        let s = self.sentence;
        let Some(clause) = self.marked(mark) else { return false };
        clause != self.hit.head && s.governor(clause).is_some_and(|g| self.clause().contains(&g))
    }

    /// Returns the head of what a conjunction or preposition marks.
    fn marked(&self, mark: usize) -> Option<usize> {
        let s = self.sentence;
        s.governor(mark).filter(|_| matches!(s.rel(mark), Rel::Mark | Rel::Case | Rel::Advmod))
    }

    /// Tells whether what hangs is denied: "no deal", "cannot be reached", "refuses any"; of "except", where all is meant.
    fn denied(&self, opener: usize) -> bool {
        let s = self.sentence;
        let near = if self.hit.start < opener {
            self.hit.start.saturating_sub(DENIED).max(s.from)..opener
        } else {
            opener + 1..(self.hit.end + DENIED).min(s.to)
        };
        let not = |t: usize| s.listed("negation", t) || s.listed("nothing", t);
        let every = |t: usize| matches!(s.lower(t), "any" | "every" | "all" | "anywhere");
        if s.lower(opener) == "except" {
            return near.into_iter().any(every);
        }
        near.into_iter().any(not) || self.reading.rules.iter().any(|r| r == "reject")
    }

    /// Tells whether what hangs was done already.
    fn past(&self) -> bool {
        let s = self.sentence;
        let done = |t: &usize| matches!(s.tokens[*t].tag, Tag::VBD | Tag::VBN);
        let modal = |t: usize| s.children(t).any(|c| s.tokens[c].tag == Tag::MD);
        self.reading.acts() && self.reading.chain.iter().any(|t| done(t) && !modal(*t))
    }

    /// Returns one past the last token of a condition that begins with words up to `opened`; nothing where the matter stands in it.
    fn end(&self, start: usize, opened: usize) -> Option<usize> {
        let s = self.sentence;
        let quote = s.tokens[start].quote;
        let mut verb = (start..opened).any(|t| s.tokens[t].tag.is_finite());
        let mut at = opened;
        while at < s.to.min(start + LONG) {
            let token = &s.tokens[at];
            if self.hit.names(at) {
                // No mark tells where the clause ends and the matter's begins: the tree may.
                let (first, last) = s.subtree(self.marked(start)?);
                let before = first >= start && last > opened && last <= self.hit.start;
                return before.then_some(last);
            }
            let stops = matches!(s.lower(at), ";" | ":" | "." | "!" | "?" | "—" | "–" | "--" | "-" | "…" | "(" | ")")
                || token.kind == TokenKind::Quote && token.quote != quote && quote != NONE
                || s.lower(at) == "then" && verb
                || matches!(s.lower(at), "and" | "but")
                    && verb
                    && s.tokens.get(at + 1).is_some_and(|t| t.tag == Tag::MD);
            if stops || s.lower(at) == "," && self.closes(at, verb, start) {
                break;
            }
            verb |= token.tag.is_finite();
            at += 1;
        }
        let mark = |t: usize| s.tokens[t].tag.is_punct() || s.tokens[t].kind == TokenKind::Quote;
        while at > opened && mark(at - 1) {
            at -= 1;
        }
        (at > opened).then_some(at)
    }

    /// Tells whether a comma ends a condition, rather than parting the members of a list in it.
    fn closes(&self, comma: usize, verb: bool, start: usize) -> bool {
        let s = self.sentence;
        if start < self.hit.start && verb {
            return true;
        }
        let next = (comma + 1..s.to).find(|t| matches!(s.lower(*t), "," | ";" | ":" | "—" | "–")).unwrap_or(s.to);
        let mut part = comma + 1..next;
        let first = part.next();
        let opens = first.is_none_or(|t| {
            matches!(s.lower(t), "but" | "while" | "with" | "whereas" | "although" | "as" | "according" | "not")
                || s.tokens[t].tag == Tag::VBG
        });
        let matter = (comma + 1..next).any(|t| self.hit.names(t));
        let clause = (comma + 1..next).any(|t| s.tokens[t].tag.is_finite());
        // ", the minister said"
        let told = next - comma <= TOLD && (comma + 1..next).any(|t| s.listed("report", t));
        let phrase = !verb && start < self.hit.start && clause;
        opens || phrase || told || matter && verb || clause && verb && first.is_some_and(|t| s.lower(t) != "and")
    }

    /// "Were Moscow to go through with it, ...", "should the truce fail, ...".
    fn inverted(&self) -> Option<(usize, usize)> {
        let s = self.sentence;
        if s.to > s.from && s.lower(s.to - 1) == "?" {
            return None;
        }
        let (from, to) = self.near();
        (from..to).filter(|t| inverts(s, *t)).find_map(|start| {
            let next = s.tokens.get(start + 1).filter(|_| start + 1 < s.to)?;
            let subject = next.tag.is_noun()
                || next.tag.is_adjective()
                || matches!(next.tag, Tag::DT | Tag::PRP | Tag::PRPS | Tag::CC);
            let verb = (start + 2..s.to.min(start + INVERTED)).any(|t| match s.lower(start) {
                "were" => s.lower(t) == "to",
                _ => s.tokens[t].tag == Tag::VB,
            });
            if !subject || !verb {
                return None;
            }
            let span = (start, self.end(start, start + 2)?);
            (self.hangs(span, true) && self.whole(span)).then_some(span)
        })
    }

    /// "Ready for talks in which its interests are respected": of what kind a bargain must be.
    fn described(&self) -> Option<(usize, usize)> {
        let s = self.sentence;
        let (noun, end) = s
            .list_within("of-a-kind", self.hit.start, self.hit.end)
            .find(|(noun, end)| self.hit.names(*noun) && *end >= self.hit.end)?;
        let from = noun + 1;
        let fixed = s.children(noun).any(|c| matches!(s.lower(c), "the" | "this" | "that" | "these" | "those"));
        let to = self.end(from, end)?;
        let verb = (end..to).find(|t| s.tokens[*t].tag.is_finite())?;
        // "An agreement that talks are possible" tells what was agreed.
        let own = matches!(s.lower(end - 1), "that" | "which") && end == from + 1;
        if own && (end..verb).any(|t| !s.tokens[t].tag.is_adverb() && !s.listed("negation", t)) {
            return None;
        }
        let held = matches!(s.tokens[verb].tag, Tag::VBZ | Tag::VBP | Tag::MD) && s.lower(verb) != "would";
        (!fixed && held && self.reading.sign > 0 && self.whole((from, to))).then_some((from, to))
    }

    /// "All conditions must be met before the war can end": what must come first.
    fn before(&self) -> Option<(usize, usize)> {
        let s = self.sentence;
        let mark = (self.near().0..self.hit.start).rev().find(|t| s.lower(*t) == "before")?;
        if !self.reaches(mark + 1, self.hit.start) {
            return None;
        }
        let ends = |t: usize| {
            matches!(s.lower(t), "," | ";" | ":" | "that")
                || s.tokens[t].kind == TokenKind::Quote
                || s.listed("report", t)
        };
        let from = (s.from..mark).rev().take(LONG).find(|t| ends(*t)).map_or(s.from, |t| t + 1);
        let must = (from..mark).any(|t| s.any_modal(t).is_some_and(|(name, _)| name == "must"));
        (must && mark - from < LONG).then_some((from, mark + 1))
    }
}

/// The small lists that open a condition.
const OPENERS: [&str; 4] = ["condition", EXCEPTION, LATER, DEPEND];
/// Opens one where what hangs is denied: "no peace without".
const EXCEPTION: &str = "exception";
/// Opens one where what hangs is still to come: "after the war".
const LATER: &str = "later";
/// Says of what stands before it that it hangs on what follows.
const DEPEND: &str = "depend";
