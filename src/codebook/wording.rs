//! Wording: the patterns an analyst writes, compiled for one pass over the words of a sentence.
//!
//! A pattern is a line of words, matched in order, upper and lower case alike, quotation marks in the text passed over:
//!
//! | written | matches |
//! | --- | --- |
//! | `withdraw` | the word in any of its forms: withdraw, withdrew, withdrawing |
//! | `=talks` | this form only |
//! | `deal\|accord\|pact` | one of the words |
//! | `full?` | the word or nothing |
//! | `..` | up to four words of any kind; `..7` up to seven |
//! | `peace\|{talks}` | one of words and sets |
//! | `{talks}` | one of the patterns of the set `talks` of the codebook |
//! | `{ukraine}` | the party by any of its names, demonyms, seats or people |
//! | `{party}` | any party |
//!
//! Where two matches overlap, the longer one counts.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use super::needs::{NeedId, Needs, Openings, Scratch};
use crate::base::quick::QuickMap;

/// Number of a word in a [`Vocabulary`]; 0 is any word that no pattern names.
pub type WordId = u32;

/// Words of patterns, numbered.
#[derive(Debug, Clone, Default)]
pub struct Vocabulary {
    ids: QuickMap<String, WordId>,
}

impl Vocabulary {
    /// Returns the number of a lower-case word, 0 where no pattern names it.
    pub fn id(&self, lower: &str) -> WordId {
        self.ids.get(lower).copied().unwrap_or(0)
    }

    fn intern(&mut self, lower: &str) -> WordId {
        let next = self.ids.len() as WordId + 1;
        *self.ids.entry(lower.to_string()).or_insert(next)
    }
}

/// One word of a sentence, as patterns see it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Word {
    /// The lower-case form.
    pub form: WordId,
    /// The lemma.
    pub lemma: WordId,
    /// Closes a clause for gaps (semicolon, colon).
    pub stop: bool,
}

/// A named entity in a sentence, as patterns see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NamedAt {
    /// First word.
    pub start: usize,
    /// One past the last word.
    pub end: usize,
    /// Number of the party it stands for.
    pub party: u32,
}

#[derive(Debug, Clone, PartialEq)]
enum Test {
    Form(WordId),
    AnyForm(WordId),
}

#[derive(Debug, Clone, PartialEq)]
enum Slot {
    Words { tests: Vec<Test>, optional: bool },
    Gap(usize),
    Party { party: Option<u32>, optional: bool },
    Set { set: usize, optional: bool },
    Any { slots: Vec<Slot>, optional: bool },
}

/// A place where a pattern matches: words `start..end` of the sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Match {
    /// First word.
    pub start: usize,
    /// One past the last word.
    pub end: usize,
    /// What the pattern was added with.
    pub value: u32,
    /// Which of the words `start + bit` the pattern itself names; the others lie in its gaps.
    pub named: u64,
}

impl Match {
    /// Tells whether a word of the match is one the pattern itself names.
    pub fn names(&self, word: usize) -> bool {
        word >= self.start && word < self.end && (word - self.start >= 64 || self.named >> (word - self.start) & 1 == 1)
    }
}

/// A fit so far: where it ends, and which words its pattern names.
type Fit = (usize, u64);

/// Patterns compiled together.
#[derive(Debug, Clone, Default)]
pub struct Wording {
    sets: Vec<Vec<Vec<Slot>>>,
    patterns: Vec<(Vec<Slot>, u32)>,
    /// Patterns by the number of a word they can begin with.
    by_word: Vec<Beginning>,
    by_party: Beginning,
    needs: Needs,
    /// Of each set what its patterns can begin with, the fewest and the most words they take, and how deep sets lie in it.
    measures: Vec<Measure>,
}

/// What is known of a set once it is complete.
#[derive(Debug, Clone, Default)]
struct Measure {
    openings: Openings,
    length: (usize, usize),
    depth: usize,
}

/// Patterns that can begin alike, those together that wait for the same word or name.
#[derive(Debug, Clone, Default)]
struct Beginning {
    groups: Vec<(Option<NeedId>, Vec<u32>)>,
}

impl Beginning {
    fn add(&mut self, need: Option<NeedId>, pattern: u32) {
        match self.groups.iter_mut().find(|(other, _)| *other == need) {
            Some((_, patterns)) => patterns.push(pattern),
            None => self.groups.push((need, vec![pattern])),
        }
    }
}

/// Longest pattern, in slots: keeps matching bounded whatever an analyst writes.
const MAX_SLOTS: usize = 16;
/// Longest gap, in words.
const MAX_GAP: usize = 12;
/// Sets in a set in a set.
const MAX_DEPTH: usize = 16;
/// Words that sets and slots of patterns can begin with, counted for each; some hundred times what the codebooks here need.
const MAX_OPENINGS: usize = 20_000_000;
/// Steps of fitting at one place after which it is noted what was found from where: few patterns ever need so many.
const PATIENCE: u32 = 1_000;

/// Builds a [`Wording`] from pattern lines.
#[derive(Debug)]
pub struct Builder<'a> {
    parties: &'a BTreeMap<String, u32>,
    vocabulary: &'a mut Vocabulary,
    set_ids: BTreeMap<String, usize>,
    made: Wording,
    /// What was spent of [`MAX_OPENINGS`].
    openings: usize,
}

impl<'a> Builder<'a> {
    /// Starts with the parties that patterns may name, by id; the words of patterns are added to `vocabulary`.
    pub fn new(parties: &'a BTreeMap<String, u32>, vocabulary: &'a mut Vocabulary) -> Self {
        Builder { parties, vocabulary, set_ids: BTreeMap::new(), made: Wording::default(), openings: 0 }
    }

    /// Adds a named set; its patterns may use sets added before it.
    pub fn set(&mut self, name: &str, patterns: &[String]) -> Result<(), String> {
        if self.set_ids.contains_key(name) || self.parties.contains_key(name) || name == "party" {
            return Err(format!("the set name '{name}' is taken by another set or by a party"));
        }
        let mut alternatives = Vec::new();
        for pattern in patterns {
            alternatives.push(self.parse(pattern)?);
        }
        // Longest first, so that the first match found is the longest.
        alternatives.sort_by_key(|slots: &Vec<Slot>| std::cmp::Reverse(slots.len()));
        let measure = self.measure(&alternatives);
        if measure.depth > MAX_DEPTH {
            return Err(format!("the set '{name}' lies over more than {MAX_DEPTH} sets in each other"));
        }
        self.spend(&measure.openings)?;
        self.made.measures.push(measure);
        self.set_ids.insert(name.to_string(), self.made.sets.len());
        self.made.sets.push(alternatives);
        Ok(())
    }

    /// Counts what was collected of words that patterns can begin with.
    fn spend(&mut self, openings: &Openings) -> Result<(), String> {
        self.openings += openings.words.len() + openings.parties.len();
        if self.openings <= MAX_OPENINGS {
            return Ok(());
        }
        Err(format!("sets within sets and patterns come to more than {MAX_OPENINGS} words that they can begin with"))
    }

    /// Adds a pattern that reports `value` where it matches.
    pub fn add(&mut self, pattern: &str, value: u32) -> Result<(), String> {
        // Texts are matched with straight apostrophes.
        let slots = self.parse(&pattern.replace('’', "'"))?;
        let number = self.made.patterns.len() as u32;
        let mut openings = Openings::default();
        self.openings(&slots, &mut openings);
        openings.settle();
        let needs = self.needs(&slots);
        for openings in needs.iter().map(|(openings, _)| openings).chain([&openings]) {
            self.spend(openings)?;
        }
        let need = self.made.needs.add(needs);
        for word in openings.words {
            let at = word as usize;
            if self.made.by_word.len() <= at {
                self.made.by_word.resize(at + 1, Beginning::default());
            }
            self.made.by_word[at].add(need, number);
        }
        if !openings.parties.is_empty() {
            self.made.by_party.add(need, number);
        }
        self.made.patterns.push((slots, value));
        Ok(())
    }

    /// Lists what must stand in a sentence that a pattern fits: for each slot after the first that cannot be left out, what
    /// it can begin with, and how many words after the beginning of the match.
    fn needs(&self, slots: &[Slot]) -> Vec<(Openings, Range<usize>)> {
        let mut needs = Vec::new();
        let (mut least, mut most) = (0usize, 0usize);
        for (at, slot) in slots.iter().enumerate() {
            let (short, long) = self.length(slot);
            if at > 0 && short > 0 {
                let mut openings = Openings::default();
                self.openings(std::slice::from_ref(slot), &mut openings);
                needs.push((openings, least..most.saturating_add(1)));
            }
            least = least.saturating_add(short);
            most = most.saturating_add(long);
        }
        needs
    }

    /// Measures a set by its patterns; the sets in them have been measured.
    fn measure(&self, alternatives: &[Vec<Slot>]) -> Measure {
        let mut openings = Openings::default();
        for slots in alternatives {
            self.openings(slots, &mut openings);
        }
        openings.settle();
        let lengths = alternatives.iter().map(|slots| {
            let lengths = slots.iter().map(|slot| self.length(slot));
            lengths.fold((0usize, 0usize), |a, b| (a.0.saturating_add(b.0), a.1.saturating_add(b.1)))
        });
        let (short, long) = lengths.fold((usize::MAX, 0), |a, b| (a.0.min(b.0), a.1.max(b.1)));
        let depth = alternatives.iter().flatten().map(|slot| self.depth(slot)).max().unwrap_or(0);
        Measure { openings, length: (if short == usize::MAX { 0 } else { short }, long), depth: depth + 1 }
    }

    /// Returns how many sets lie in each other in a slot.
    fn depth(&self, slot: &Slot) -> usize {
        match slot {
            Slot::Words { .. } | Slot::Gap(_) | Slot::Party { .. } => 0,
            Slot::Set { set, .. } => self.made.measures[*set].depth,
            Slot::Any { slots, .. } => slots.iter().map(|slot| self.depth(slot)).max().unwrap_or(0),
        }
    }

    /// Returns the fewest and the most words that a slot takes.
    fn length(&self, slot: &Slot) -> (usize, usize) {
        let (short, long, optional) = match slot {
            Slot::Words { optional, .. } => (1, 1, *optional),
            Slot::Gap(most) => (0, *most, true),
            // A party's name may be of any length.
            Slot::Party { optional, .. } => (1, usize::MAX, *optional),
            Slot::Set { set, optional } => {
                let (short, long) = self.made.measures[*set].length;
                (short, long, *optional)
            }
            Slot::Any { slots, optional } => {
                let lengths = slots.iter().map(|s| self.length(s));
                let (short, long) = lengths.fold((usize::MAX, 0), |a, b| (a.0.min(b.0), a.1.max(b.1)));
                (if short == usize::MAX { 0 } else { short }, long, *optional)
            }
        };
        (if optional { 0 } else { short }, long)
    }

    /// Collects what a match can begin with.
    fn openings(&self, slots: &[Slot], found: &mut Openings) {
        for slot in slots {
            let optional = match slot {
                Slot::Words { tests, optional } => {
                    found.words.extend(tests.iter().map(|t| match t {
                        Test::Form(id) | Test::AnyForm(id) => *id,
                    }));
                    *optional
                }
                Slot::Party { party, optional } => {
                    found.parties.push(*party);
                    *optional
                }
                Slot::Set { set, optional } => {
                    let openings = &self.made.measures[*set].openings;
                    found.words.extend_from_slice(&openings.words);
                    found.parties.extend_from_slice(&openings.parties);
                    *optional
                }
                Slot::Any { slots, optional } => {
                    for slot in slots {
                        self.openings(std::slice::from_ref(slot), found);
                    }
                    *optional
                }
                Slot::Gap(_) => true,
            };
            if !optional {
                return;
            }
        }
    }

    fn parse(&mut self, pattern: &str) -> Result<Vec<Slot>, String> {
        let mut slots = Vec::new();
        for item in pattern.split_whitespace() {
            slots.push(self.slot(item)?);
        }
        let fixed = |s: &Slot| match s {
            Slot::Words { optional, .. }
            | Slot::Party { optional, .. }
            | Slot::Set { optional, .. }
            | Slot::Any { optional, .. } => !optional,
            Slot::Gap(_) => false,
        };
        if !slots.iter().any(fixed) {
            return Err(format!("the pattern '{pattern}' could match nothing at all"));
        }
        if matches!(slots.first(), Some(Slot::Gap(_))) || matches!(slots.last(), Some(Slot::Gap(_))) {
            return Err(format!("the pattern '{pattern}' begins or ends with a gap"));
        }
        if slots.len() > MAX_SLOTS {
            return Err(format!("the pattern '{pattern}' has more than {MAX_SLOTS} items"));
        }
        Ok(slots)
    }

    fn slot(&mut self, item: &str) -> Result<Slot, String> {
        if let Some(number) = item.strip_prefix("..") {
            let words = if number.is_empty() { 4 } else { number.parse().unwrap_or(usize::MAX) };
            return if words <= MAX_GAP {
                Ok(Slot::Gap(words))
            } else {
                Err(format!("the gap '{item}' is not '..' or '..N' with N up to {MAX_GAP}"))
            };
        }
        let (body, optional) = match item.strip_suffix('?') {
            Some(body) if !body.is_empty() => (body, true),
            _ => (item, false),
        };
        let braced = body.strip_prefix('{').and_then(|b| b.strip_suffix('}')).filter(|b| !b.contains(['|', '{', '}']));
        if let Some(name) = braced {
            if name == "party" {
                return Ok(Slot::Party { party: None, optional });
            }
            if let Some(set) = self.set_ids.get(name) {
                return Ok(Slot::Set { set: *set, optional });
            }
            return match self.parties.get(name) {
                Some(party) => Ok(Slot::Party { party: Some(*party), optional }),
                None => Err(format!("'{{{name}}}' is neither a set defined above nor a party")),
            };
        }
        if body.contains('|') && body.contains('{') {
            let mut slots = Vec::new();
            for alternative in body.split('|') {
                slots.push(self.slot(alternative)?);
            }
            return Ok(Slot::Any { slots, optional });
        }
        if body.contains(['{', '}']) {
            return Err(format!("the braces of '{item}' do not match or stand among other letters"));
        }
        let mut tests = Vec::new();
        for word in body.split('|') {
            let (word, exact) = match word.strip_prefix('=') {
                Some(word) => (word, true),
                None => (word, false),
            };
            if word.is_empty() {
                return Err(format!("'{item}' has an empty alternative"));
            }
            let id = self.vocabulary.intern(&word.to_lowercase());
            tests.push(if exact { Test::Form(id) } else { Test::AnyForm(id) });
        }
        Ok(Slot::Words { tests, optional })
    }

    /// Returns the compiled patterns.
    pub fn build(self) -> Wording {
        self.made
    }
}

impl Wording {
    /// Returns the patterns that can begin with a word.
    fn beginning(&self, word: WordId) -> Option<&Beginning> {
        self.by_word.get(word as usize).filter(|_| word != 0)
    }

    /// Finds every match in one sentence, longest match per pattern and place, in the order of the words.
    ///
    /// `named` is sorted by `start`.
    pub fn find(&self, words: &[Word], named: &[NamedAt]) -> Vec<Match> {
        thread_local! {
            static SCRATCH: RefCell<Scratch> = RefCell::default();
        }
        SCRATCH.with(|scratch| match scratch.try_borrow_mut() {
            Ok(mut scratch) => self.find_with(words, named, &mut scratch),
            Err(_) => self.find_with(words, named, &mut Scratch::default()),
        })
    }

    fn find_with(&self, words: &[Word], named: &[NamedAt], scratch: &mut Scratch) -> Vec<Match> {
        let mut found = Vec::new();
        let mut tried: Vec<u32> = Vec::new();
        let places = self.needs.places(words, named, scratch);
        for (start, word) in words.iter().enumerate() {
            tried.clear();
            let mut consider = |beginning: &Beginning| {
                for (need, patterns) in &beginning.groups {
                    if need.is_none_or(|n| places.any(n)) {
                        tried.extend(patterns.iter().filter(|number| self.needs.met(**number, start, places)));
                    }
                }
            };
            self.beginning(word.form).into_iter().for_each(&mut consider);
            if word.lemma != word.form {
                self.beginning(word.lemma).into_iter().for_each(&mut consider);
            }
            let from = named.partition_point(|n| n.start < start);
            if named.get(from).is_some_and(|n| n.start == start) {
                consider(&self.by_party);
            }
            if tried.is_empty() {
                continue;
            }
            tried.sort_unstable();
            tried.dedup();
            for number in &tried {
                let (slots, value) = &self.patterns[*number as usize];
                let sentence = Sentence::new(words, named, start);
                if let Some((end, named)) = self.fit(slots, &sentence, start) {
                    found.push(Match { start, end, value: *value, named });
                }
            }
        }
        found
    }

    /// Returns the longest fit of the slots from a word on.
    ///
    /// A pattern whose gaps and sets can be divided in many ways would be tried in all of them. So, once it has taken many steps, what slots
    /// yield from a word on is found once and remembered (Ford, "Packrat parsing", 2002): the work is then bounded by slots times words.
    fn fit(&self, slots: &[Slot], sentence: &Sentence<'_>, at: usize) -> Option<Fit> {
        let steps = sentence.steps.get().saturating_add(1);
        sentence.steps.set(steps);
        if steps < PATIENCE || slots.is_empty() {
            return self.fitted(slots, sentence, at);
        }
        let key = (slots.as_ptr() as usize, slots.len(), at);
        if let Some(known) = sentence.known.borrow().get(&key) {
            return *known;
        }
        let found = self.fitted(slots, sentence, at);
        sentence.known.borrow_mut().insert(key, found);
        found
    }

    fn fitted(&self, slots: &[Slot], sentence: &Sentence<'_>, at: usize) -> Option<Fit> {
        let Some((slot, rest)) = slots.split_first() else { return Some((at, 0)) };
        let mut best: Option<Fit> = None;
        let mut consider = |from: usize, to: usize, inner: u64| {
            if let Some((end, named)) = self.fit(rest, sentence, to) {
                let whole = if inner == ALL { sentence.bits(from, to) } else { inner };
                best = best.max(Some((end, named | whole)));
            }
        };
        match slot {
            Slot::Words { tests, optional } => {
                if sentence.words.get(at).is_some_and(|w| tests.iter().any(|t| t.accepts(*w))) {
                    consider(at, at + 1, ALL);
                }
                if *optional {
                    consider(at, at, 0);
                }
            }
            Slot::Gap(most) => {
                for skip in 0..=*most {
                    // The nearest continuation is the right reading of a gap.
                    if let Some(fit) = self.fit(rest, sentence, at + skip) {
                        return Some(fit);
                    }
                    if sentence.words.get(at + skip).is_none_or(|w| w.stop) {
                        break;
                    }
                }
            }
            Slot::Party { party, optional } => {
                let from = sentence.named.partition_point(|n| n.start < at);
                for entity in sentence.named[from..].iter().take_while(|n| n.start == at) {
                    if party.is_none_or(|p| p == entity.party) {
                        consider(at, entity.end, ALL);
                    }
                }
                if *optional {
                    consider(at, at, 0);
                }
            }
            Slot::Any { slots, optional } => {
                for slot in slots {
                    if let Some((end, named)) = self.fit(std::slice::from_ref(slot), sentence, at) {
                        consider(at, end, named);
                    }
                }
                if *optional {
                    consider(at, at, 0);
                }
            }
            Slot::Set { set, optional } => {
                for alternative in &self.sets[*set] {
                    if let Some((end, named)) = self.fit(alternative, sentence, at) {
                        consider(at, end, named);
                    }
                }
                if *optional {
                    consider(at, at, 0);
                }
            }
        }
        best
    }
}

/// Stands for "all words of the step".
const ALL: u64 = u64::MAX;

/// What one match is tried against.
struct Sentence<'s> {
    words: &'s [Word],
    named: &'s [NamedAt],
    start: usize,
    steps: Cell<u32>,
    /// What slots, by their place in memory and their number, yield from a word on.
    known: RefCell<HashMap<(usize, usize, usize), Option<Fit>>>,
}

impl<'s> Sentence<'s> {
    fn new(words: &'s [Word], named: &'s [NamedAt], start: usize) -> Self {
        Sentence { words, named, start, steps: Cell::new(0), known: RefCell::default() }
    }

    fn bits(&self, from: usize, to: usize) -> u64 {
        (from..to).filter(|w| w - self.start < 64).fold(0, |bits, w| bits | 1 << (w - self.start))
    }
}

impl Test {
    fn accepts(&self, word: Word) -> bool {
        match self {
            Test::Form(id) => word.form == *id,
            Test::AnyForm(id) => word.form == *id || word.lemma == *id,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn spans(patterns: &[&str], sets: &[(&str, &[&str])], sentence: &str, named: &[NamedAt]) -> Vec<(usize, usize)> {
        let parties = BTreeMap::from([("north".to_string(), 7)]);
        let mut vocabulary = Vocabulary::default();
        let mut builder = Builder::new(&parties, &mut vocabulary);
        for (name, lines) in sets {
            builder.set(name, &lines.iter().map(|l| l.to_string()).collect::<Vec<_>>()).unwrap();
        }
        for pattern in patterns {
            builder.add(pattern, 1).unwrap();
        }
        let wording = builder.build();
        let words: Vec<Word> = sentence
            .split(' ')
            .map(|w| Word { form: vocabulary.id(w), lemma: vocabulary.id(w.trim_end_matches('s')), stop: w == ";" })
            .collect();
        wording.find(&words, named).iter().map(|m| (m.start, m.end)).collect()
    }

    #[test]
    fn words_match_in_any_form_unless_marked() {
        assert_eq!(spans(&["open border"], &[], "they open borders", &[]), [(1, 3)]);
        assert_eq!(spans(&["open =border"], &[], "they open borders", &[]), []);
    }

    #[test]
    fn gaps_take_the_nearest_continuation_and_stop_at_a_semicolon() {
        assert_eq!(spans(&["lift .. ban"], &[], "lift the old ban now ban", &[]), [(0, 4)]);
        assert_eq!(spans(&["lift .. ban"], &[], "lift it ; the ban", &[]), []);
        assert_eq!(spans(&["lift ..1 ban"], &[], "lift the old ban", &[]), []);
    }

    #[test]
    fn sets_options_and_parties() {
        let sets: &[(&str, &[&str])] = &[("talks", &["talks", "peace talks"])];
        assert_eq!(spans(&["{talks} with? {north}"], sets, "peace talks with him", &[]), []);
        let named = [NamedAt { start: 3, end: 5, party: 7 }];
        assert_eq!(spans(&["{talks} with? {north}"], sets, "peace talks with the north", &named), [(0, 5), (1, 5)]);
    }

    #[test]
    fn faulty_patterns_are_refused_with_a_reason() {
        let parties = BTreeMap::new();
        let mut vocabulary = Vocabulary::default();
        let mut builder = Builder::new(&parties, &mut vocabulary);
        for bad in ["", "..", "a ..", "..99 a", "{nobody}", "a||b", "x?", "{a"] {
            assert!(builder.add(bad, 0).is_err(), "{bad}");
        }
    }
}
