//! Sums of weights remembered from token to token: most tokens differ from one seen before in few of their features.
//!
//! The features of a token come in groups ([`Sink::group`]); a group's key holds all that its features are made of, so a sum
//! remembered under the key is the sum of the features. Sums are of whole numbers: what is remembered changes no result.

/// What takes the features of a token, group by group.
pub trait Sink {
    /// Takes the features that `emit` appends; `key` names the group in its highest six bits and holds below them all that
    /// the features depend on.
    fn group(&mut self, key: u64, emit: impl FnOnce(&mut Vec<u32>));

    /// Takes features that stay the same for a run of tokens of one document; `key` as above, `slot` one of [`RUNS`].
    fn run(&mut self, slot: usize, key: u64, emit: impl FnOnce(&mut Vec<u32>));

    /// Takes features that seldom come again.
    fn rest(&mut self, features: &[u32]);
}

/// Number of places for features that stay the same for a run of tokens.
pub const RUNS: usize = 6;

/// Takes the features themselves, as training does.
pub struct Plain<'v>(pub &'v mut Vec<u32>);

impl Sink for Plain<'_> {
    fn group(&mut self, _: u64, emit: impl FnOnce(&mut Vec<u32>)) {
        emit(self.0);
    }

    fn run(&mut self, _: usize, _: u64, emit: impl FnOnce(&mut Vec<u32>)) {
        emit(self.0);
    }

    fn rest(&mut self, features: &[u32]) {
        self.0.extend_from_slice(features);
    }
}

/// Number of sums remembered, as a power of two: two megabytes of them.
const BITS: u32 = 16;

#[derive(Clone, Copy)]
#[repr(align(32))]
struct Slot<const W: usize> {
    /// 0 where nothing is remembered.
    key: u64,
    sum: [i16; W],
}

/// Remembered sums of `W` lanes, and the buffers for making new ones.
pub struct Memo<const W: usize> {
    slots: Vec<Slot<W>>,
    runs: [Slot<W>; RUNS],
    made: Vec<u32>,
    rest: Vec<u32>,
}

impl<const W: usize> Default for Memo<W> {
    fn default() -> Self {
        let empty = Slot { key: 0, sum: [0; W] };
        Memo { slots: Vec::new(), runs: [empty; RUNS], made: Vec::new(), rest: Vec::new() }
    }
}

impl<const W: usize> Memo<W> {
    /// Forgets everything; to be called when the weights change.
    pub fn clear(&mut self) {
        self.slots.clear();
        self.forget_runs();
    }

    /// Forgets what held for a run of tokens; to be called when the document or the cue changes.
    pub fn forget_runs(&mut self) {
        self.runs = [Slot { key: 0, sum: [0; W] }; RUNS];
    }

    /// Sums the weights of what `emit` gives to a sink; `count` adds up the weights of single features.
    #[inline]
    pub fn sum<C: Fn(&[u32], &mut [i16; W])>(
        &mut self,
        count: C,
        emit: impl FnOnce(&mut Summing<'_, W, C>),
    ) -> [i16; W] {
        if self.slots.is_empty() {
            self.slots.resize(1 << BITS, Slot { key: 0, sum: [0; W] });
        }
        self.rest.clear();
        let mut sink = Summing { memo: self, count, total: [0; W] };
        emit(&mut sink);
        let mut total = sink.total;
        (sink.count)(&sink.memo.rest, &mut total);
        total
    }
}

/// Sums up the weights of groups, remembered or new.
pub struct Summing<'m, const W: usize, C> {
    memo: &'m mut Memo<W>,
    count: C,
    total: [i16; W],
}

#[inline(always)]
fn add<const W: usize>(total: &mut [i16; W], sum: &[i16; W]) {
    for (t, s) in total.iter_mut().zip(sum) {
        *t += s;
    }
}

impl<const W: usize, C: Fn(&[u32], &mut [i16; W])> Sink for Summing<'_, W, C> {
    #[inline]
    fn group(&mut self, key: u64, emit: impl FnOnce(&mut Vec<u32>)) {
        let at = (key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (64 - BITS)) as usize;
        let Memo { slots, made, .. } = &mut *self.memo;
        let Some(slot) = slots.get_mut(at) else { return };
        if slot.key != key {
            made.clear();
            emit(made);
            *slot = Slot { key, sum: [0; W] };
            (self.count)(made, &mut slot.sum);
        }
        add(&mut self.total, &slot.sum);
    }

    #[inline]
    fn run(&mut self, slot: usize, key: u64, emit: impl FnOnce(&mut Vec<u32>)) {
        let Memo { runs, made, .. } = &mut *self.memo;
        let Some(slot) = runs.get_mut(slot) else { return };
        if slot.key != key {
            made.clear();
            emit(made);
            *slot = Slot { key, sum: [0; W] };
            (self.count)(made, &mut slot.sum);
        }
        add(&mut self.total, &slot.sum);
    }

    #[inline]
    fn rest(&mut self, features: &[u32]) {
        self.memo.rest.extend_from_slice(features);
    }
}
