//! From the naming of a matter to a stance on it: up the tree, through every word that governs the naming.
//!
//! The naming has a sign (which pole it names). Each governor may turn the sign (end, without, not), set the strength and the
//! holder (wants, rejects), or hand the stance to the speaker (must, unrealistic). The outermost word that sets a stance wins;
//! what lies beneath it keeps its sign: "refused to rule out talks" is a no to a no.

use super::condition::inverts;
use super::sentence::{Hit, OperatorAt, Sentence};
use crate::codebook::{OperatorClass, SignalKind, TEXT};
use crate::text::{Rel, Tag};

/// Who holds a stance, as the sentence tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holder {
    /// Whoever speaks.
    Speaker,
    /// The phrase headed by this token.
    Phrase(usize),
}

/// How a stance came about.
#[derive(Debug, Clone)]
pub(super) struct Reading {
    /// -1, 0 or 1.
    pub(super) sign: i8,
    /// 0 to 2; nothing where no word set a stance.
    pub(super) strength: Option<i8>,
    /// Who holds it.
    pub(super) holder: Holder,
    /// The stance is charged by one party to another.
    pub(super) charged: bool,
    /// Nothing firmer than "will" or an act carries the stance.
    pub(super) weak: bool,
    /// A phrase further out that holds a word of saying over the stance: "Kyiv insisted Moscow wants ...".
    pub(super) teller: Option<usize>,
    /// The words that governed the naming, innermost first.
    pub(super) rules: Vec<String>,
    /// The tokens passed on the way up.
    pub(super) chain: Vec<usize>,
    /// The token of the word that set the stance, or of the cue.
    pub(super) set_by: Option<usize>,
    /// How often the way up to that word leaves the core of a clause: prepositions, modifiers.
    pub(super) obliques: usize,
    /// Whose leaving undone the stance rests on; no stance where that is nobody.
    pub(super) doer: Option<usize>,
    /// With whom an agreement is made.
    pub(super) partner: Option<usize>,
    /// The way up ended at words that no stance reaches through: "in the talks", a relative clause.
    pub(super) cut: bool,
    /// The reading beneath an outer stance, where it stands on its own: "agreed with Washington's calls for a truce".
    pub(super) inner: Option<Box<Reading>>,
    /// The head of the conditional clause that the naming stands in.
    pub(super) conditional: Option<usize>,
}

impl Reading {
    /// Makes a reading that no word has acted on: the speaker's, with the sign of what is named.
    pub(super) fn new(sign: i8, strength: Option<i8>) -> Reading {
        Reading {
            sign,
            strength,
            holder: Holder::Speaker,
            charged: false,
            weak: false,
            teller: None,
            rules: Vec::new(),
            chain: Vec::new(),
            set_by: None,
            obliques: 0,
            doer: None,
            partner: None,
            cut: false,
            inner: None,
            conditional: None,
        }
    }

    /// Returns the stance, -2 to 2.
    pub(super) fn stance(&self) -> i8 {
        self.sign * self.strength.unwrap_or(0)
    }

    /// Reads a further member of a list whose first member this reading is of: "wants a truce, [a pullout] and talks".
    pub(super) fn listed(&self, named: i8, further: i8, head: usize) -> Reading {
        let mut rules = self.rules.clone();
        rules.push("list".to_string());
        Reading { sign: self.sign * named * further, rules, chain: vec![head], inner: None, ..self.clone() }
    }

    /// What a plan lays down, its author asks for, whoever is to do it.
    pub(super) fn planned(&mut self) {
        if self.strength.is_none() || self.weak {
            self.strength = Some(2);
            self.weak = false;
            self.holder = Holder::Speaker;
            self.rules.push("plan".to_string());
        }
    }

    /// Tells whether no more than a deed carries the stance.
    pub(super) fn acts(&self) -> bool {
        self.rules.iter().any(|r| r.ends_with("act") || r == "does")
    }

    fn set(&mut self, value: i8, holder: Holder, rule: &str) {
        self.set_by = self.chain.last().copied();
        self.sign *= value.signum();
        self.strength = Some(value.abs());
        self.holder = holder;
        self.weak = false;
        self.rules.push(rule.to_string());
    }
}

/// The stance word that binds two.
pub(super) const AGREE: &str = "agree";

/// The stance word for what somebody must have.
const NEED: &str = "need";

/// Tokens to either side that words without a link in the tree reach.
const NEAR: usize = 6;

/// Tokens between a noun of wishing or refusing that somebody owns and the matter: "his opposition to the".
const OWNED: usize = 3;

/// The value of a stance word, turned round by "not": a refusal of a demand is a no, of a refusal no more than an opening.
fn polar(value: i8, class: OperatorClass, not: bool) -> i8 {
    match (value, class) {
        _ if !not => value,
        (2, OperatorClass::Evaluation) => -1,
        (2, _) => -2,
        (1, _) => -1,
        (0, _) => 1,
        (_, _) => 1,
    }
}

struct Climb<'s, 'a> {
    sentence: &'s Sentence<'a>,
    hit: &'s Hit,
    /// Tells whether a token lies in what the attribution says; beyond it the cue decides.
    inside: &'s dyn Fn(usize) -> bool,
    /// The sentence is somebody's words, not the reporter's.
    spoken: bool,
    /// The match carries a stance of its own.
    says: bool,
    reading: Reading,
}

/// Reads the stance on what a match of a topic's wording names, up to the edge of what `inside` holds.
pub(super) fn read(
    sentence: &Sentence<'_>,
    hit: &Hit,
    kind: SignalKind,
    spoken: bool,
    inside: &dyn Fn(usize) -> bool,
) -> Reading {
    let (sign, strength) = match kind {
        SignalKind::Names(sign) => (sign, None),
        SignalKind::Says(stance) => (stance.signum(), Some(stance.abs())),
        SignalKind::Ignores => (0, None),
    };
    let mut reading = Reading::new(sign, strength);
    if let SignalKind::Says(0) = kind {
        reading.sign = 0;
    }
    let says = matches!(kind, SignalKind::Says(_));
    let mut climb = Climb { sentence, hit, inside, spoken, says, reading };
    climb.run(says);
    climb.reading
}

/// Reads what a relative clause tells of the matter it describes: "a truce that Kyiv has accepted", "a plan backed by Paris".
pub(super) fn relatives(sentence: &Sentence<'_>, hit: &Hit, kind: SignalKind) -> Vec<Reading> {
    let SignalKind::Names(sign) = kind else { return Vec::new() };
    let mut made = Vec::new();
    let above = std::iter::successors(Some(hit.head), |t| sentence.governor(*t)).take(3);
    for noun in above.take_while(|t| sentence.tokens[*t].tag.is_noun()) {
        for clause in sentence.children(noun).filter(|c| matches!(sentence.rel(*c), Rel::AclRelcl | Rel::Acl)) {
            let Some(found) = sentence.operator(clause, hit) else { continue };
            if !matches!(found.operator.class, OperatorClass::Attitude | OperatorClass::Speech) {
                continue;
            }
            let passive =
                sentence.child(clause, &[Rel::Auxpass]).is_some() || sentence.child(clause, &[Rel::Nsubj]).is_none();
            let holder = if passive {
                sentence.children(clause).find(|c| {
                    sentence.rel(*c) == Rel::Nmod && sentence.marker(*c).is_some_and(|m| sentence.lower(m) == "by")
                })
            } else {
                let own = sentence.child(clause, &[Rel::Nsubj]);
                own.filter(|s| !matches!(sentence.lower(*s), "which" | "that" | "who" | "what"))
            };
            let Some(holder) = holder.filter(|h| !hit.names(*h)) else { continue };
            let not = sentence.children(clause).any(|c| sentence.rel(c) == Rel::Neg || sentence.listed("negation", c));
            let class = found.operator.class;
            let value = polar(found.operator.value, class, not);
            let mut reading = Reading::new(sign, None);
            reading.chain = vec![hit.head, clause];
            reading.set(value, Holder::Phrase(holder), &rule(&found.operator.id, not));
            reading.rules.push("relative".to_string());
            made.push(reading);
        }
    }
    made
}

/// Lets the words of the cue act on the stance that its content takes: "rejected", "did not say whether".
pub(super) fn cue(
    sentence: &Sentence<'_>,
    hit: &Hit,
    cue: &[usize],
    said: &dyn Fn(usize) -> bool,
    reading: &mut Reading,
) {
    if reading.chain.iter().any(|t| cue.contains(t)) || reading.cut && reading.strength.is_none() {
        return;
    }
    let mut found: Vec<OperatorAt<'_>> = cue.iter().filter_map(|t| sentence.operator(*t, hit)).collect();
    found.sort_by_key(|o| (std::cmp::Reverse(o.end - o.start), o.start));
    let mut words: Vec<OperatorAt<'_>> = Vec::new();
    for one in found {
        if words.iter().all(|o| one.end <= o.start || o.end <= one.start) {
            words.push(one);
        }
    }
    // "rejected calls for", "refused to rule out": what hangs lower acts first. Only wishes and refusals stand on each other.
    let stands = |o: &OperatorAt<'_>| matches!(o.operator.class, OperatorClass::Attitude | OperatorClass::Press);
    if !words.iter().all(stands) {
        words.truncate(1);
    }
    words.sort_by_key(|o| std::cmp::Reverse(sentence.depth(sentence.head_of(o.start, o.end))));
    let last = words.len().saturating_sub(1);
    for (number, found) in words.iter().enumerate() {
        cued(sentence, hit, cue, said, reading, found, number == last);
    }
}

/// Lets one stance word of a cue act; a "not" of the cue belongs to the outermost.
fn cued(
    sentence: &Sentence<'_>,
    hit: &Hit,
    cue: &[usize],
    said: &dyn Fn(usize) -> bool,
    reading: &mut Reading,
    found: &OperatorAt<'_>,
    outermost: bool,
) {
    let at = found.start;
    let not = outermost && cue.iter().any(|t| sentence.listed("negation", *t) && !(found.start..found.end).contains(t));
    let (class, id) = (found.operator.class, found.operator.id.as_str());
    let value = polar(found.operator.value, class, not);
    let firm = reading.strength.is_some() && !reading.weak;
    // A refusal of a refusal is no more than an opening.
    let opening = value == -2 && firm && reading.rules.iter().any(|r| r == "reject");
    let value = if opening { -1 } else { value };
    // "insists that Kyiv drop its bid": what is insisted on, not what Kyiv does.
    let asked = reading.rules.last().is_some_and(|r| r == "does")
        && reading.chain.last().is_some_and(|t| matches!(sentence.tokens[*t].tag, Tag::VB | Tag::VBP))
        && found.operator.value == 2;
    if asked {
        reading.holder = Holder::Speaker;
        reading.strength = None;
        reading.rules.pop();
    }
    match class {
        OperatorClass::Attitude | OperatorClass::Press => reading.set(value, Holder::Speaker, &rule(id, not)),
        OperatorClass::Speech if reading.strength.is_none() || !firm && reading.holder == Holder::Speaker => {
            // "Reiterated his opposition to": the noun tells what is stressed.
            let noun = |o: &OperatorAt<'_>| {
                let owned = matches!(sentence.tokens[o.start - 1].tag, Tag::PRPS | Tag::POS);
                let near = o.end <= hit.start && hit.start <= o.end + OWNED;
                o.operator.class == OperatorClass::Attitude && owned && near
            };
            let between = (found.end..hit.start).rev().take(NEAR);
            let stressed = between
                .filter_map(|t| sentence.starting(t))
                .find(noun)
                .filter(|_| value > 0 && reading.rules.is_empty());
            let (value, id) = stressed.map_or((value, id), |o| (o.operator.value, o.operator.id.as_str()));
            reading.set(value, Holder::Speaker, &rule(id, not));
        }
        OperatorClass::Evaluation => {
            reading.set(value, Holder::Speaker, &rule(id, not));
        }
        OperatorClass::Act if reading.strength.is_none() => {
            reading.set(value, Holder::Speaker, &rule(id, not));
            reading.weak = true;
        }
        OperatorClass::Accuse => {
            if reading.holder == Holder::Speaker {
                let verb =
                    cue.iter().copied().find(|t| sentence.tokens[*t].tag.is_verb() && !sentence.listed("negation", *t));
                let accused =
                    verb.and_then(|v| sentence.child(v, &[Rel::Dobj])).or_else(|| cue.iter().max().map(|t| t + 1));
                reading.holder = accused.map_or(Holder::Speaker, Holder::Phrase);
            }
            if value < 0 && reading.holder != Holder::Speaker {
                reading.sign = -reading.sign;
            }
            reading.strength = reading.strength.or(Some(1));
            reading.charged = true;
            reading.rules.push(id.to_string());
        }
        OperatorClass::Reverse | OperatorClass::Harm => {
            reading.sign = -reading.sign;
            reading.strength = reading.strength.or(Some(2));
            reading.rules.push(id.to_string());
        }
        OperatorClass::Judge => {
            let judged = (sentence.from..sentence.to)
                .filter(|t| said(*t) || *t >= hit.end && *t < hit.end + NEAR)
                .filter_map(|t| sentence.operator(t, hit))
                .find(|o| matches!(o.operator.class, OperatorClass::Evaluation));
            let Some(judged) = judged else { return };
            if reading.set_by.is_some_and(|t| (judged.start..judged.end).contains(&t)) {
                return;
            }
            let value = polar(judged.operator.value, class, not);
            reading.set(value, Holder::Speaker, &rule(&format!("judge {}", judged.operator.id), not));
        }
        _ => return,
    }
    reading.set_by = Some(at);
}

/// Where the tree links nothing, the words beside the naming do: a wish just before it, a judgement just after it.
///
/// In the reporter's voice only a wish with an owner counts: "Kyiv's stated goal to join".
pub(super) fn near(
    sentence: &Sentence<'_>,
    hit: &Hit,
    spoken: bool,
    said: &dyn Fn(usize) -> bool,
    reading: &mut Reading,
) {
    let unset = reading.strength.is_none() || reading.weak && reading.acts();
    if !unset || reading.cut && spoken {
        return;
    }
    let s = sentence;
    let stops = |t: usize| matches!(s.lower(t), "," | ";" | ":" | "—" | "–" | "--");
    let after = (hit.end..s.to).take(NEAR).take_while(|t| !stops(*t) && said(*t));
    let before = (s.from..hit.start).rev().take(NEAR).take_while(|t| !stops(*t) && said(*t));
    let judged = after.filter_map(|t| s.starting(t)).find(|o| o.operator.class == OperatorClass::Evaluation && spoken);
    let wished = before
        .filter_map(|t| s.starting(t))
        .filter(|o| !done(s, o.start))
        .find(|o| matches!(o.operator.class, OperatorClass::Attitude | OperatorClass::Press) && o.end <= hit.start);
    let found = match (judged, wished, reading.strength) {
        (Some(judged), ..) => judged,
        (None, Some(wished), None) => wished,
        _ => return,
    };
    let noun = s.tokens[found.start].tag.is_noun();
    let owned = noun.then(|| subject(s, found.start)).flatten();
    // "shared the aim of"
    let whose = || s.governor(found.start).filter(|_| noun && s.rel(found.start) == Rel::Dobj && spoken);
    let holder = match owned.or_else(|| whose().filter(|v| said(*v)).and_then(|v| subject(s, v))) {
        Some(owner) => Holder::Phrase(owner),
        None if spoken => Holder::Speaker,
        None => return,
    };
    let not = (found.start.saturating_sub(3).max(s.from)..found.start).any(|t| s.listed("negation", t));
    let class = found.operator.class;
    let value = polar(found.operator.value, class, not);
    reading.set(value, holder, &format!("near {}", rule(&found.operator.id, not)));
    reading.set_by = Some(found.start);
}

/// Tells whether a clause is one that others hang on: "if", "unless", "only after".
fn hinge<'s>(s: &'s Sentence<'_>, clause: usize) -> Option<(&'s str, bool)> {
    if inverted(s, clause) {
        return Some(("if", false));
    }
    let mark = s.children(clause).find(|c| matches!(s.rel(*c), Rel::Mark | Rel::Advmod | Rel::Case))?;
    let word = s.lower(mark);
    let only = mark > s.from && s.lower(mark - 1) == "only"
        || s.governor(clause).is_some_and(|main| s.children(main).any(|c| c < mark && s.lower(c) == "only"));
    match word {
        "if" | "once" => Some((word, only)),
        "unless" | "until" => Some((word, true)),
        "after" | "when" | "before" if only => Some((word, true)),
        _ => None,
    }
}

/// Tells whether a clause is a condition by the order of its words: "should the truce fail, ...", "were Moscow to agree, ...".
fn inverted(s: &Sentence<'_>, clause: usize) -> bool {
    s.lower(s.to - 1) != "?"
        && s.children(clause)
            .find(|c| inverts(s, *c))
            .is_some_and(|verb| s.child(clause, &[Rel::Nsubj, Rel::Nsubjpass]).is_some_and(|subject| subject > verb))
}

/// Reads a condition as a demand: of whoever says that nothing happens without it ("unless", "only after"), else of whoever is
/// ready to act on it; nothing where the main clause offers nothing.
pub(super) fn demanded(sentence: &Sentence<'_>, clause: usize, reading: &Reading, spoken: bool) -> Option<Reading> {
    let (_, strict) = hinge(sentence, clause)?;
    let negated = reading.rules.iter().any(|r| r.starts_with("not"));
    let main = sentence.governor(clause)?;
    let offers = sentence.heads_class(main, OperatorClass::Attitude) || sentence.heads_class(main, OperatorClass::Act);
    let menaced =
        std::iter::successors(Some(main), |t| sentence.governor(*t)).take(4).any(|t| sentence.listed("threat", t));
    if !strict && !menaced && (negated || !offers) {
        return None;
    }
    let mut turned = reading.clone();
    let threat = !strict && (menaced || reading.rules.iter().any(|r| r == "reject"));
    if threat {
        // "If they refuse a truce, we will tighten sanctions", "threatened to leave if they agree": what harm is to follow
        // on is not wanted.
        turned.sign = -turned.sign;
    }
    turned.holder = match subject(sentence, main) {
        _ if (strict || threat) && spoken => Holder::Speaker,
        Some(subject) => Holder::Phrase(subject),
        None => return None,
    };
    turned.strength = Some(2);
    turned.conditional = None;
    turned.weak = false;
    turned.rules.push("condition".to_string());
    Some(turned)
}

impl Climb<'_, '_> {
    fn run(&mut self, says: bool) {
        let s = self.sentence;
        if !says {
            self.gap();
            self.none();
        }
        let mut at = self.hit.head;
        let mut via: Option<usize> = None;
        // Heads form no cycle, but a bound costs nothing.
        for _ in 0..s.to - s.from {
            self.reading.chain.push(at);
            if !says || via.is_some() {
                self.visit(at, via);
            }
            if hinge(s, at).is_some() {
                self.reading.conditional = Some(at);
                break;
            }
            let Some(up) = s.governor(at) else { break };
            if !(self.inside)(up) {
                break;
            }
            if matches!(s.rel(at), Rel::Nmod | Rel::Acl | Rel::Advcl) && self.reading.set_by.is_none() {
                self.reading.obliques += 1;
            }
            if !self.passes(at, up) {
                self.reading.cut = true;
                break;
            }
            via = Some(at);
            at = up;
        }
        if self.reading.strength.is_none() && !says {
            self.shared();
        }
        if says && self.reading.holder == Holder::Speaker {
            self.own_subject();
        }
        let deed = self.reading.sign < 0 || s.heads_wish(self.hit.head);
        if self.reading.strength.is_none() && deed && s.tokens[self.hit.head].tag.is_verb() {
            self.does();
        }
        if self.reading.strength.is_none() {
            self.about();
        }
        if self.reading.strength.is_none() || self.reading.weak {
            self.indispensable();
        }
    }

    /// "The sanctions have failed and should be scrapped": the subject of the first verb is the second's too.
    fn shared(&mut self) {
        let s = self.sentence;
        let is_subject = |t: &usize| matches!(s.rel(*t), Rel::Nsubj | Rel::Nsubjpass);
        let Some(subject) = self.reading.chain.iter().copied().rfind(is_subject) else { return };
        let Some(first) = s.governor(subject) else { return };
        let joined = s.children(first).filter(|c| s.rel(*c) == Rel::Conj && *c > subject && (self.inside)(*c));
        let bare = |c: &usize| s.child(*c, &[Rel::Nsubj, Rel::Nsubjpass]).is_none();
        for verb in joined.filter(bare).collect::<Vec<_>>() {
            let rules = self.reading.rules.len();
            self.reading.chain.push(verb);
            self.visit(verb, Some(subject));
            if self.reading.strength.is_some() || self.reading.rules.len() > rules {
                return;
            }
            self.reading.chain.pop();
        }
    }

    /// "No deal without Kyiv": what nothing is to be done without is demanded.
    fn indispensable(&mut self) {
        let s = self.sentence;
        let nothing = |t: usize| s.listed("nothing", t) || s.listed("negation", t);
        let without = self.reading.rules.last().is_some_and(|r| r == "without");
        if without && (s.from..s.to).any(|t| !self.hit.names(t) && (self.inside)(t) && nothing(t)) {
            self.reading.sign = -self.reading.sign;
            self.reading.strength = Some(2);
            self.reading.weak = false;
            self.reading.holder = Holder::Speaker;
            self.reading.set_by = Some(self.hit.head);
            self.reading.rules.push("indispensable".to_string());
        }
    }

    /// Reads must, will and not among the words that the pattern passes over: "Europe [must not be] part of the talks".
    fn gap(&mut self) {
        let s = self.sentence;
        let all = self.hit.start..self.hit.end;
        let gap = || all.clone().filter(|t| !self.hit.names(*t));
        let not = gap().any(|t| s.listed("negation", t) || s.lower(t) == "no");
        let modal = gap().filter_map(|t| s.any_modal(t)).max_by_key(|(_, strength)| *strength);
        // A pattern may name the modal itself: "Russia {must} withdraw its troops".
        let named = || all.clone().filter_map(|t| s.any_modal(t)).find(|(name, _)| *name == "must");
        if let Some((name, strength)) = modal.or_else(named) {
            self.reading.strength = Some(if not && name == "may" { 1 } else { strength });
            self.reading.weak = name != "must";
            self.reading.rules.push(rule(name, not));
            self.reading.set_by = Some(self.hit.head);
        }
        if not {
            self.reading.sign = -self.reading.sign;
            if modal.is_none() {
                self.reading.rules.push("not".to_string());
                self.reading.weak = true;
            }
        }
    }

    /// Reads "no" before a noun inside the naming: "[no] territory would be given up".
    fn none(&mut self) {
        let s = self.sentence;
        let nouns = (self.hit.start..self.hit.end).filter(|t| *t != self.hit.head && self.hit.names(*t));
        let mut before = nouns.flat_map(|t| s.children(t)).filter(|c| *c < self.hit.start && (self.inside)(*c));
        if before.any(|c| s.lower(c) == "no") {
            self.reading.sign = -self.reading.sign;
            self.reading.weak |= self.reading.strength.is_none();
            self.reading.rules.push("no".to_string());
        }
    }

    /// "As for the swap, it is premature": the judgement of the sentence is on the matter it opens with.
    fn about(&mut self) {
        let s = self.sentence;
        let opened = s.list("about").any(|(_, end)| end <= self.hit.start && self.hit.start <= end + 3);
        if !opened {
            return;
        }
        let judged = (self.hit.end..s.to)
            .filter_map(|t| s.operator(t, self.hit))
            .find(|o| matches!(o.operator.class, OperatorClass::Evaluation | OperatorClass::Attitude));
        if let Some(found) = judged {
            let head = s.head_of(found.start, found.end);
            let not = self.negation(head, Some((found.start, found.end)));
            let class = found.operator.class;
            let value = polar(found.operator.value, class, not);
            self.reading.set(value, Holder::Speaker, &rule(&found.operator.id, not));
        }
    }

    /// The naming is itself a deed or a wish of somebody's: "Moscow is dragging out the war", "Kyiv wants the bomb".
    fn does(&mut self) {
        let s = self.sentence;
        let head = self.hit.head;
        let that = s.marker(head).is_some_and(|m| s.lower(m) == "that");
        if that && s.tokens[head].tag == Tag::VB {
            // "that Kyiv withdraw" is asked of Kyiv.
            return;
        }
        if let Some(subject) = self.subject(self.hit.head)
            && !self.hit.names(subject)
        {
            self.reading.strength = Some(2);
            self.reading.weak = true;
            self.reading.holder = Holder::Phrase(subject);
            self.reading.rules.push("does".to_string());
        }
    }

    /// A saying told of somebody: "Trump has surrendered" in the reporter's voice.
    fn own_subject(&mut self) {
        if let Some(subject) = self.subject(self.hit.head) {
            self.reading.teller = Some(subject);
        }
    }

    /// Tells whether a word of support or refusal governs the text that a noun stands for.
    fn voted(&self, text: usize) -> bool {
        let above = std::iter::successors(self.sentence.governor(text), |t| self.sentence.governor(*t)).take(2);
        above.into_iter().any(|t| self.sentence.heads_class(t, OperatorClass::Attitude))
    }

    /// Tells whether the stance of `up` reaches down to `at`.
    fn passes(&self, at: usize, up: usize) -> bool {
        let s = self.sentence;
        match s.rel(at) {
            // Who votes on a text, or refuses a deal, takes a stance on what it says or does.
            Rel::AclRelcl => (s.listed(TEXT, up) || s.listed("bargain", up)) && self.voted(up),
            Rel::Parataxis => false,
            Rel::Advcl => {
                // "pushing to end", "by refusing": participles and purposes belong to their verb only by its subject.
                s.children(at)
                    .filter(|c| matches!(s.rel(*c), Rel::Case | Rel::Mark))
                    .any(|m| matches!(s.lower(m), "to" | "that" | "without" | "whether" | "about" | "of"))
            }
            Rel::Nmod => {
                let Some(case) = s.marker(at) else { return true };
                if self.hit.names(case) {
                    // The naming itself says where: "leaves it [outside the alliance]".
                    return true;
                }
                let verb = s.tokens[up].tag.is_verb();
                match s.lower(case) {
                    "for" | "to" | "of" | "with" | "about" | "against" | "over" | "toward" | "towards" | "on"
                    | "as" | "into" | "without" | "between" | "by" | "regarding" | "concerning" => true,
                    "in" | "at" | "from" | "behind" => {
                        !verb || s.operator(up, self.hit).is_some_and(|o| o.start <= case && case < o.end)
                    }
                    _ => false,
                }
            }
            Rel::NmodTmod => false,
            _ => true,
        }
    }

    fn visit(&mut self, at: usize, via: Option<usize>) {
        let s = self.sentence;
        let rel = via.map(|v| match s.rel(v) {
            // Of a verb further on, which may be passive where the first is not.
            Rel::Nsubj if s.governor(v) != Some(at) && s.child(at, &[Rel::Auxpass]).is_some() => Rel::Nsubjpass,
            rel => rel,
        });
        if rel == Some(Rel::Conj) {
            // The first of two coordinated verbs governs only itself; what stands above governs both.
            if let Some(via) = via
                && s.tokens[via].tag == Tag::VB
                && s.child(via, &[Rel::Aux, Rel::Nsubj, Rel::Nsubjpass, Rel::Mark]).is_none()
            {
                self.auxiliaries(at, false);
            }
            return;
        }
        let operator = s.operator(at, self.hit).filter(|o| {
            let passive = s.child(at, &[Rel::Auxpass]).is_some();
            let subject = matches!(rel, Some(Rel::Nsubj | Rel::Csubj)) && !passive;
            // What carries a stance of its own is at most told of or charged by what governs it.
            let told = matches!(o.operator.class, OperatorClass::Speech | OperatorClass::Accuse);
            // A passive governs no clause with a subject of its own; such a link is the parser's error.
            let astray = rel == Some(Rel::Ccomp) && passive;
            // "Ended the talks with an agreement": what comes with an end is not ended.
            let comes_with =
                |t: &usize| s.rel(*t) == Rel::Nmod && s.marker(*t).is_some_and(|m| s.lower(m) == "with" && m >= o.end);
            let with = matches!(o.operator.class, OperatorClass::Reverse | OperatorClass::Harm)
                && s.tokens[at].tag.is_verb()
                && self.reading.chain.iter().any(comes_with);
            !astray
                && !with
                && (!self.says || told)
                && (!subject || matches!(o.operator.class, OperatorClass::Evaluation | OperatorClass::Harm))
        });
        let spoils = matches!(rel, Some(Rel::Nsubj | Rel::Csubj));
        // "will not be able to accept"
        let able = s.governor(at).filter(|up| s.rel(at) == Rel::Xcomp && s.heads_class(*up, OperatorClass::Modal));
        let not = self.negation(at, operator.map(|o| (o.start, o.end)))
            || operator.is_some() && able.is_some_and(|up| self.negation(up, None));
        match operator {
            Some(found) => {
                let (class, value, id) = (found.operator.class, found.operator.value, found.operator.id.clone());
                match class {
                    OperatorClass::Attitude | OperatorClass::Press => self.attitude(at, value, not, class, &id),
                    OperatorClass::Act => self.act(at, value, not, &id),
                    OperatorClass::Speech => self.speech(at, value, not, &id),
                    OperatorClass::Modal => {}
                    OperatorClass::Evaluation => {
                        let value = polar(value, class, not);
                        self.reading.set(value, Holder::Speaker, &rule(&id, not));
                        self.auxiliaries(at, true);
                    }
                    OperatorClass::Harm if spoils && s.child(at, &[Rel::Auxpass]).is_none() => {
                        // "Troops would endanger the peace": what does harm is bad.
                        self.reading.set(
                            polar(value, OperatorClass::Evaluation, not),
                            Holder::Speaker,
                            &rule(&id, not),
                        );
                    }
                    // "an end to the war, a full pullout and talks": the noun governs the first member of the list alone.
                    OperatorClass::Reverse | OperatorClass::Harm if s.tokens[at].tag.is_noun() && self.member() => {}
                    OperatorClass::Reverse | OperatorClass::Harm => {
                        self.reading.sign = -self.reading.sign;
                        self.reading.rules.push(id);
                        if not {
                            self.reading.sign = -self.reading.sign;
                            self.reading.rules.push("not".to_string());
                        }
                        self.auxiliaries(at, false);
                        self.doer(at);
                    }
                    OperatorClass::Accuse => {
                        if self.reading.strength.is_none() {
                            self.reading.strength = Some(1);
                        }
                        if self.reading.holder == Holder::Speaker
                            && let Some(accused) = self.accused(at)
                        {
                            self.reading.holder = Holder::Phrase(accused);
                        }
                        if value < 0 && self.reading.holder != Holder::Speaker {
                            self.reading.sign = -self.reading.sign;
                        }
                        self.reading.set_by = Some(at);
                        self.reading.charged = true;
                        self.reading.teller = self.subject(at);
                        self.reading.rules.push(id);
                    }
                    OperatorClass::Judge => self.judge(at, via),
                }
            }
            None => {
                // "The demand has not changed" is no less a demand.
                let stands = rel == Some(Rel::Nsubj) && self.reading.strength.is_some() && !self.reading.weak;
                if not && !self.says && !stands {
                    self.reading.sign = -self.reading.sign;
                    self.reading.rules.push("not".to_string());
                    if self.reading.strength.is_none() {
                        self.reading.weak = true;
                        if self.sentence.tokens[at].tag.is_verb() {
                            // "never discussed it": a no by deed.
                            self.reading.strength = Some(2);
                            self.reading.set_by = Some(at);
                            self.reading.doer = self.subject(at).or(Some(at));
                        }
                    }
                }
                self.auxiliaries(at, not);
                self.pending_owner(at);
                // "made demands that Kyiv withdraw": the object is what the clause hangs on.
                let object = s.child(at, &[Rel::Dobj]).filter(|o| rel == Some(Rel::Ccomp) && !self.hit.names(*o));
                if let Some(asked) = object.and_then(|o| s.operator(o, self.hit))
                    && asked.operator.class == OperatorClass::Attitude
                {
                    self.attitude(at, asked.operator.value, not, asked.operator.class, &asked.operator.id);
                }
                if rel == Some(Rel::Ccomp)
                    && self.spoken
                    && self.reading.holder == Holder::Speaker
                    && s.listed("report", at)
                    && let Some(teller) = self.subject(at)
                {
                    // "He is telling Kyiv that it must": his demand, told by whoever speaks.
                    self.reading.holder = Holder::Phrase(teller);
                }
            }
        }
        self.around(at, via);
    }

    /// Tells whether the way up passed from a further member of a list, which commas part, to its first.
    fn member(&self) -> bool {
        let s = self.sentence;
        self.reading.chain.iter().any(|t| {
            s.rel(*t) == Rel::Conj && s.tokens[*t].tag.is_noun() && {
                let (first, _) = s.subtree(*t);
                let several =
                    s.governor(*t).is_some_and(|g| s.children(g).filter(|c| s.rel(*c) == Rel::Conj).count() > 1);
                several || s.before_is(first, ",")
            }
        })
    }

    /// Wants, rejects, urges: the subject, or the owner of the noun, holds the stance.
    fn attitude(&mut self, at: usize, value: i8, not: bool, class: OperatorClass, id: &str) {
        let whether = self.reading.chain.iter().rev().nth(1).is_some_and(|t| {
            self.sentence.child(*t, &[Rel::Mark]).is_some_and(|m| matches!(self.sentence.lower(m), "whether" | "if"))
        });
        if class == OperatorClass::Press && whether {
            // "asked whether": a question presses nobody.
            return;
        }
        let passive = self.sentence.child(at, &[Rel::Auxpass]).is_some();
        let own_complement =
            self.reading.chain.iter().rev().nth(1).is_some_and(|t| self.sentence.rel(*t) == Rel::Xcomp);
        if passive && own_complement && self.subject(at).is_none() {
            // "was expected to": nobody's stance.
            return;
        }
        let value = polar(value, class, not);
        if id == AGREE {
            let s = self.sentence;
            let words = s.operator(at, self.hit).map_or(at..at + 1, |o| o.start..o.end);
            self.reading.partner = words.flat_map(|t| s.children(t)).find(|c| {
                s.rel(*c) == Rel::Nmod && s.marker(*c).is_some_and(|m| s.lower(m) == "with") && !self.hit.names(*c)
            });
        }
        let owned = self.reading.set_by.is_some_and(|t| self.sentence.tokens[t].tag.is_noun());
        let written = matches!(self.reading.holder, Holder::Phrase(t) if self.sentence.listed(TEXT, t));
        if (owned || written) && matches!(self.reading.holder, Holder::Phrase(_)) {
            self.reading.inner = Some(Box::new(self.reading.clone()));
        }
        let holder = match self.subject(at) {
            // What a speaker says that somebody needs, the speaker wants.
            _ if id == NEED && self.spoken => Holder::Speaker,
            Some(subject) => Holder::Phrase(subject),
            // A noun that nobody owns ("calls for talks") leaves the stance to who is named further out.
            None if self.reading.strength.is_some() && self.sentence.tokens[at].tag.is_noun() => self.reading.holder,
            None => Holder::Speaker,
        };
        self.reading.set(value, holder, &rule(id, not));
        match self.modal(at) {
            Some((2, "must")) => {
                // "Kyiv must accept": the demand is the speaker's.
                self.reading.holder = Holder::Speaker;
                self.reading.strength = Some(2);
                self.reading.rules.push("must".to_string());
            }
            Some((_, "may")) if !not => {
                self.reading.strength = Some(1);
                self.reading.rules.push("may".to_string());
            }
            _ => {}
        }
    }

    /// Signs, imposes, halts: who carries a matter out is for it, where nothing firmer is said.
    fn act(&mut self, at: usize, value: i8, not: bool, id: &str) {
        if self.reading.strength.is_some() && !self.reading.weak {
            if not {
                self.reading.sign = -self.reading.sign;
                self.reading.rules.push("not".to_string());
            }
            self.auxiliaries(at, not);
            self.pending_owner(at);
            return;
        }
        let modal = self.modal(at);
        if not {
            self.reading.sign = -self.reading.sign;
        }
        if let Some((strength, name)) = modal {
            let strength = if not && name == "may" { 1 } else { strength };
            self.reading.strength = Some(strength);
            self.reading.rules.push(rule(name, not));
            self.reading.weak = name == "will";
            // What others will do is told by whoever speaks; in the reporter's voice it is theirs.
            self.reading.holder = match (name, self.subject(at)) {
                ("will", Some(subject)) if !self.spoken => Holder::Phrase(subject),
                _ => Holder::Speaker,
            };
            self.reading.set_by = Some(at);
            return;
        }
        // "Met to discuss a deal" is less than "signed a deal".
        let s = self.sentence;
        let purpose = self.reading.chain.iter().rev().nth(1).is_some_and(|t| {
            *t != self.hit.head
                && matches!(s.rel(*t), Rel::Advcl | Rel::Xcomp)
                && s.tokens[*t].tag == Tag::VB
                && s.operator(*t, self.hit).is_none()
        });
        self.reading.strength = Some(if purpose { 1 } else { value.abs() });
        self.reading.weak = true;
        self.reading.set_by = Some(at);
        self.reading.rules.push(rule(id, not));
        if let Some(subject) = self.subject(at) {
            self.reading.holder = Holder::Phrase(subject);
        }
    }

    /// Insists, stresses: an attitude, unless another's position is what is told.
    fn speech(&mut self, at: usize, value: i8, not: bool, id: &str) {
        let told = self.reading.strength.is_some() && !self.reading.weak;
        if told {
            if self.reading.holder != Holder::Speaker {
                self.reading.teller = self.subject(at);
            } else if let Some(subject) = self.subject(at) {
                self.reading.holder = Holder::Phrase(subject);
            }
            self.reading.rules.push(id.to_string());
            return;
        }
        self.attitude(at, value, not, OperatorClass::Speech, id);
    }

    /// Finds whom a charge is laid against: the object of the verb, the owner of the noun.
    fn accused(&self, at: usize) -> Option<usize> {
        if self.sentence.tokens[at].tag.is_noun() {
            return self.subject(at);
        }
        self.sentence.child(at, &[Rel::Dobj, Rel::Nmod])
    }

    /// Calls, describes: what is judged lies to one side, the judgement to the other.
    fn judge(&mut self, at: usize, via: Option<usize>) {
        let s = self.sentence;
        let (first, last) = s.subtree(at);
        let judgement = (first..last)
            .filter(|t| *t > at)
            .filter_map(|t| s.operator(t, self.hit))
            .find(|o| matches!(o.operator.class, OperatorClass::Evaluation) && !self.hit.names(o.start));
        let Some(found) = judgement else { return };
        if self.reading.chain.iter().any(|t| (found.start..found.end).contains(t)) {
            // "called the siege unacceptable": the judgement was met on the way and counts once.
            if let Some(subject) = self.subject(at).filter(|sub| Some(*sub) != via) {
                self.reading.holder = Holder::Phrase(subject);
            }
            if let Some(last) = self.reading.rules.last_mut() {
                last.insert_str(0, "judge ");
            }
            self.reading.set_by = Some(at);
            return;
        }
        let not = self.negation(at, None) || self.negation(found.start, None);
        let value = found.operator.value;
        let value = polar(value, OperatorClass::Evaluation, not);
        let holder = match self.subject(at).filter(|sub| Some(*sub) != via) {
            Some(subject) => Holder::Phrase(subject),
            None => Holder::Speaker,
        };
        let id = format!("judge {}", found.operator.id);
        self.reading.set(value, holder, &rule(&id, not));
    }

    /// Reads must, will, may and cannot beside a word that sets no stance by itself.
    fn auxiliaries(&mut self, at: usize, not: bool) {
        let Some((strength, name)) = self.modal(at) else { return };
        match name {
            _ if self.says => return,
            "must" => {
                self.reading.strength = Some(2);
                self.reading.holder = Holder::Speaker;
                self.reading.weak = false;
            }
            "may" if self.reading.strength.is_none() => {
                self.reading.strength = Some(1);
                self.reading.weak = !not;
            }
            "will" if self.reading.strength.is_none() => {
                self.reading.strength = Some(strength);
                self.reading.weak = true;
                // What others will do is told by whoever speaks; in the reporter's voice it is theirs.
                if let Some(subject) = self.subject(at).filter(|s| !self.spoken && !self.hit.names(*s)) {
                    self.reading.holder = Holder::Phrase(subject);
                }
            }
            _ => return,
        }
        self.reading.set_by = Some(at);
        self.reading.rules.push(name.to_string());
    }

    /// Who does what turns the matter round is against it: "Moscow is stalling the talks".
    fn doer(&mut self, at: usize) {
        if self.reading.strength.is_none()
            && self.sentence.tokens[at].tag.is_verb()
            && let Some(subject) = self.subject(at)
        {
            self.reading.strength = Some(2);
            self.reading.weak = true;
            self.reading.holder = Holder::Phrase(subject);
        }
    }

    /// "made a demand", "voiced support": the subject of the verb owns the noun.
    fn pending_owner(&mut self, at: usize) {
        if self.reading.strength.is_some()
            && self.reading.holder == Holder::Speaker
            && self.reading.rules.last().is_some_and(|r| r != "must" && r != "will" && r != "may")
            && self.reading.chain.len() > 1
            && self.sentence.tokens[at].tag.is_verb()
            && self.reading.chain.iter().rev().nth(1).is_some_and(|n| self.sentence.tokens[*n].tag.is_noun())
            && let Some(subject) = self.subject(at)
        {
            self.reading.holder = Holder::Phrase(subject);
        }
    }

    /// Reads "no", "without", "a bad ..." around a word.
    fn around(&mut self, at: usize, via: Option<usize>) {
        let s = self.sentence;
        for child in s.children(at).collect::<Vec<_>>() {
            if Some(child) == via || self.hit.names(child) {
                continue;
            }
            let Some(found) = s.operator(child, self.hit) else { continue };
            // "warned against", "in no hurry": part of the word here or above, which acts by itself.
            let mut above = [Some(at), s.governor(at)].into_iter().flatten().filter_map(|up| s.operator(up, self.hit));
            if above.any(|o| o.start <= child && child < o.end) {
                continue;
            }
            let near = matches!(s.rel(child), Rel::Det | Rel::Neg | Rel::Case | Rel::Mark | Rel::Compound)
                || s.rel(child) == Rel::Amod && !done(s, child);
            match found.operator.class {
                OperatorClass::Reverse | OperatorClass::Harm
                    if near && (s.rel(child) != Rel::Neg || s.lower(child) == "no") =>
                {
                    self.reading.sign = -self.reading.sign;
                    self.reading.rules.push(s.lower(child).to_string());
                    if self.reading.strength.is_none() {
                        self.reading.weak = true;
                    }
                }
                // "a bad idea", said of it as a predicate
                OperatorClass::Evaluation
                    if s.rel(child) == Rel::Amod && self.reading.strength.is_none() && at != self.hit.head =>
                {
                    self.reading.set(found.operator.value, Holder::Speaker, &found.operator.id);
                }
                _ => {}
            }
        }
    }

    fn negation(&self, at: usize, own: Option<(usize, usize)>) -> bool {
        let s = self.sentence;
        let nobody = |c: usize| s.rel(c) == Rel::Nsubj && s.listed("nothing", c);
        if s.children(at).any(|c| nobody(c) && !self.hit.names(c)) {
            return true;
        }
        // "would never recognise it nor accept", "did not want or accept"
        if s.rel(at) == Rel::Conj
            && let Some(first) = s.governor(at)
            && first < at
        {
            let joined = (first + 1..at).rev().take(3).find(|t| matches!(s.lower(*t), "nor" | "or"));
            let own = s.child(at, &[Rel::Nsubj, Rel::Nsubjpass]).is_some();
            match joined.map(|t| s.lower(t)) {
                Some("nor") => return true,
                Some("or") if !own && s.tokens[at].tag.is_verb() => return self.negation(first, None),
                _ => {}
            }
        }
        s.children(at).any(|c| {
            (s.rel(c) == Rel::Neg || s.listed("negation", c))
                && c < at + 4
                && !(self.hit.start..self.hit.end).contains(&c)
                && s.lower(c) != "no"
                && own.is_none_or(|(start, end)| c < start || c >= end)
        })
    }

    /// Returns the strength and name of a modal beside a word.
    fn modal(&self, at: usize) -> Option<(i8, &'static str)> {
        let s = self.sentence;
        let candidates = s
            .children(at)
            .filter(|c| matches!(s.rel(*c), Rel::Aux | Rel::Auxpass | Rel::Cop) || s.tokens[*c].tag == Tag::MD);
        for child in candidates.chain(s.governor(at).filter(|_| matches!(s.rel(at), Rel::Xcomp))) {
            let Some(found) = s.operator(child, self.hit) else { continue };
            if found.operator.class == OperatorClass::Modal {
                let name = match found.operator.id.as_str() {
                    "must" => "must",
                    "will" => "will",
                    _ => "may",
                };
                return Some((found.operator.value.abs(), name));
            }
        }
        None
    }

    /// Returns the token that heads the subject of a verb or adjective, or the owner of a noun.
    pub(super) fn subject(&self, at: usize) -> Option<usize> {
        subject(self.sentence, at)
    }
}

/// Tells whether a participle says of the noun behind it what was done to it: "the frozen assets", "the proposed truce".
fn done(s: &Sentence<'_>, word: usize) -> bool {
    let tag = s.tokens[word].tag;
    let participle = matches!(tag, Tag::VBN | Tag::VBD)
        || tag.is_adjective() && (s.lower(word).ends_with("ed") || s.lower(word).ends_with("en"));
    participle && s.rel(word) == Rel::Amod
}

fn rule(id: &str, not: bool) -> String {
    if not { format!("not {id}") } else { id.to_string() }
}

/// Returns the token that heads the subject of a verb or predicate, the agent of a passive, or the owner of a noun.
pub(super) fn subject(s: &Sentence<'_>, at: usize) -> Option<usize> {
    let mut at = at;
    for _ in 0..8 {
        if s.child(at, &[Rel::Nsubjpass, Rel::Auxpass]).is_some() {
            return s.children(at).find(|c| s.rel(*c) == Rel::Nmod && s.marker(*c).is_some_and(|m| s.lower(m) == "by"));
        }
        if let Some(subject) = s.child(at, &[Rel::Nsubj]) {
            if matches!(s.lower(subject), "that" | "which" | "who") && s.rel(at) == Rel::AclRelcl {
                return s.governor(at);
            }
            return Some(subject);
        }
        let tag = s.tokens[at].tag;
        if tag.is_noun() {
            if let Some(owner) = s.child(at, &[Rel::NmodPoss]) {
                return Some(owner);
            }
            let by = s.children(at).find(|c| {
                let marker = s.marker(*c).map_or("", |m| s.lower(m));
                s.rel(*c) == Rel::Nmod
                    && (marker == "by"
                        || matches!(marker, "of" | "from" | "between" | "among") && s.tokens[*c].tag.is_name())
            });
            if by.is_some() {
                return by;
            }
            return s.children(at).find(|c| {
                matches!(s.rel(*c), Rel::Amod | Rel::Compound)
                    && s.tokens[*c].span.start < s.tokens[at].span.start
                    && s.words.raw[*c].chars().next().is_some_and(char::is_uppercase)
            });
        }
        let up = s.governor(at)?;
        match s.rel(at) {
            // "urged Kyiv to accept": the object does what follows.
            Rel::Xcomp => {
                if let Some(object) = s.child(up, &[Rel::Dobj, Rel::Iobj])
                    && s.presses(up)
                {
                    return Some(object);
                }
                at = up;
            }
            Rel::Conj | Rel::Advcl | Rel::Dep => at = up,
            Rel::AclRelcl => return Some(up),
            Rel::Acl => at = up,
            _ => return None,
        }
    }
    None
}
