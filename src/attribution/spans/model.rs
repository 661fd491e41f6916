//! The trained weights, and the compact binary file they live in.
//!
//! The file is little-endian: magic `DMAT`, version, FNV-1a checksum of the rest, then sections in a fixed order. A damaged
//! file is an [`ModelError`], never a panic, and no length in it is trusted before it is checked against the file's size.
use super::crf::{Arcs, LABELS, Row, STATES, Topology, exp_arcs};
use super::first::{EDGES, FIRST};
use super::lexicon::{LexEntry, Lexicon};
use super::second::SECOND;

const MAGIC: &[u8; 4] = b"DMAT";
const VERSION: u32 = 1;

/// Why a model file cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ModelError {
    /// The file does not begin as a model file does.
    NotAModel,
    /// The file is of another version (the number found).
    Version(u32),
    /// The checksum does not fit the content.
    Checksum,
    /// The file ends early, or a section is malformed at this byte.
    Malformed(usize),
}

impl std::fmt::Display for ModelError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            ModelError::NotAModel => write!(f, "not an attribution model"),
            ModelError::Version(v) => write!(f, "attribution model of version {v}, this program reads version {VERSION}"),
            ModelError::Checksum => write!(f, "attribution model is damaged: its checksum does not fit"),
            ModelError::Malformed(at) => write!(f, "attribution model is malformed at byte {at}"),
        }
    }
}

impl std::error::Error for ModelError {}

/// Weights by feature: a hash table of rows of eight small integers.
#[derive(Debug, Clone, Default)]
pub struct Table {
    slots: Vec<Slot>,
    mask: u32,
    /// Weight of one unit.
    pub scale: f32,
    len: usize,
}

#[derive(Debug, Clone, Copy, Default)]
struct Slot {
    key: u32,
    row: [i8; LABELS],
}

impl Table {
    /// Builds a table from features and their weights, rounded to multiples of `scale`; rows that round to zero are left out.
    pub fn build(weights: &[(u32, Row)], scale: f32) -> Table {
        let mut rows: Vec<(u32, [i8; LABELS])> = Vec::new();
        for (key, row) in weights {
            let small = row.map(|w| (w / scale).round().clamp(-127.0, 127.0) as i8);
            if *key != 0 && small != [0; LABELS] {
                rows.push((*key, small));
            }
        }
        rows.sort_unstable();
        Table::from_rows(&rows, scale)
    }

    fn from_rows(rows: &[(u32, [i8; LABELS])], scale: f32) -> Table {
        let size = (rows.len() * 2 + 2).next_power_of_two();
        let mut table = Table { slots: vec![Slot::default(); size], mask: size as u32 - 1, scale, len: 0 };
        for &(key, row) in rows {
            let mut k = key & table.mask;
            while table.slots[k as usize].key != 0 && table.slots[k as usize].key != key {
                k = (k + 1) & table.mask;
            }
            if table.slots[k as usize].key == 0 {
                table.len += 1;
            }
            table.slots[k as usize] = Slot { key, row };
        }
        table
    }

    /// Number of features with a weight.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Tells whether no feature has a weight.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Adds the weights of the features to `sum`.
    #[inline]
    pub fn add(&self, features: &[u32], sum: &mut Row) {
        if self.slots.is_empty() {
            return;
        }
        let mut total = [0i32; LABELS];
        for &f in features {
            let mut k = f & self.mask;
            loop {
                let Some(slot) = self.slots.get(k as usize) else { break };
                if slot.key == f {
                    for l in 0..LABELS {
                        total[l] += i32::from(slot.row[l]);
                    }
                    break;
                }
                if slot.key == 0 {
                    break;
                }
                k = (k + 1) & self.mask;
            }
        }
        for l in 0..LABELS {
            sum[l] += total[l] as f32 * self.scale;
        }
    }

    fn rows(&self) -> Vec<(u32, [i8; LABELS])> {
        let mut rows: Vec<_> = self.slots.iter().filter(|s| s.key != 0).map(|s| (s.key, s.row)).collect();
        rows.sort_unstable();
        rows
    }
}

/// One trained field: emission weights and arcs.
#[derive(Debug, Clone, Default)]
pub struct Field {
    /// Emission (and outcome) weights.
    pub table: Table,
    /// Arc scores of each class, in log space.
    pub arcs: Vec<Arcs>,
    /// The same, exponentiated.
    pub exp: Vec<Arcs>,
}

impl Field {
    /// Makes a field of its weights.
    pub fn new(top: &Topology, table: Table, arcs: Vec<Arcs>) -> Field {
        let exp = arcs.iter().map(|a| exp_arcs(top, a)).collect();
        Field { table, arcs, exp }
    }
}

/// Everything that is learned.
#[derive(Debug, Clone, Default)]
pub struct Model {
    /// Word classes and priors.
    pub lexicon: Lexicon,
    /// The joint field over all roles.
    pub first: Field,
    /// The field of one cue's source and content.
    pub second: Field,
    /// Thresholds and scales, see [`Settings`].
    pub settings: Settings,
}

/// Thresholds of the decoder, tuned on a development part.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// First-stage probability from which a token may be a cue.
    pub cue: f32,
    /// Second-stage probability of an attribution from which it is kept.
    pub accept: f32,
    /// Marginal from which a source is taken although the best path has none.
    pub source: f32,
}

impl Default for Settings {
    fn default() -> Self {
        Settings { cue: 0.12, accept: 0.42, source: 0.25 }
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], ModelError> {
        let end = self.at.checked_add(N).ok_or(ModelError::Malformed(self.at))?;
        let part = self.bytes.get(self.at..end).ok_or(ModelError::Malformed(self.at))?;
        self.at = end;
        part.try_into().map_err(|_| ModelError::Malformed(self.at))
    }
    fn u32(&mut self) -> Result<u32, ModelError> {
        Ok(u32::from_le_bytes(self.take()?))
    }
    fn f32(&mut self) -> Result<f32, ModelError> {
        let x = f32::from_le_bytes(self.take()?);
        if x.is_finite() { Ok(x) } else { Err(ModelError::Malformed(self.at)) }
    }
    /// Reads a count of items of at least `size` bytes each, so many as the rest of the file can hold.
    fn count(&mut self, size: usize) -> Result<usize, ModelError> {
        let n = self.u32()? as usize;
        if n.saturating_mul(size) > self.bytes.len() - self.at { Err(ModelError::Malformed(self.at)) } else { Ok(n) }
    }
}

fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |h, &b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3))
}

fn write_field(out: &mut Vec<u8>, top: &Topology, field: &Field) {
    let rows = field.table.rows();
    out.extend(field.table.scale.to_le_bytes());
    out.extend((rows.len() as u32).to_le_bytes());
    for (key, row) in rows {
        out.extend(key.to_le_bytes());
        out.extend(row.map(|x| x as u8));
    }
    out.extend((field.arcs.len() as u32).to_le_bytes());
    for arcs in &field.arcs {
        for row in arcs.iter().take(top.states) {
            for x in row.iter().take(top.states) {
                out.extend(x.to_le_bytes());
            }
        }
    }
}

fn read_field(r: &mut Reader<'_>, top: &Topology, classes: usize) -> Result<Field, ModelError> {
    let scale = r.f32()?;
    let n = r.count(4 + LABELS)?;
    let mut rows = Vec::with_capacity(n);
    for _ in 0..n {
        let key = r.u32()?;
        if key == 0 {
            return Err(ModelError::Malformed(r.at));
        }
        rows.push((key, r.take::<LABELS>()?.map(|b| b as i8)));
    }
    if r.count(4 * top.states * top.states)? != classes {
        return Err(ModelError::Malformed(r.at));
    }
    let mut arcs = Vec::with_capacity(classes);
    for _ in 0..classes {
        let mut a = [[0.0; STATES]; STATES];
        for row in a.iter_mut().take(top.states) {
            for x in row.iter_mut().take(top.states) {
                *x = r.f32()?;
            }
        }
        arcs.push(a);
    }
    Ok(Field::new(top, Table::from_rows(&rows, scale), arcs))
}

impl Model {
    /// Writes the model as bytes, the same for the same model.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut body = Vec::new();
        for x in [self.settings.cue, self.settings.accept, self.settings.source] {
            body.extend(x.to_le_bytes());
        }
        body.extend((self.lexicon.forms.len() as u32).to_le_bytes());
        for (form, e) in self.lexicon.forms.iter().zip(&self.lexicon.entries) {
            body.extend(form.to_le_bytes());
            body.extend([e.verb, e.noun, e.bits]);
        }
        let mut priors: Vec<_> = self.lexicon.priors.iter().filter(|p| p.0 != 0).collect();
        priors.sort_unstable();
        body.extend((priors.len() as u32).to_le_bytes());
        for (key, value) in priors {
            body.extend(key.to_le_bytes());
            body.push(*value);
        }
        write_field(&mut body, &FIRST, &self.first);
        write_field(&mut body, &SECOND, &self.second);
        let mut out = MAGIC.to_vec();
        out.extend(VERSION.to_le_bytes());
        out.extend(fnv(&body).to_le_bytes());
        out.extend(body);
        out
    }

    /// Reads a model from the bytes of its file.
    ///
    /// # Errors
    /// Another kind or version of file, a checksum that does not fit, or a malformed section.
    pub fn from_bytes(bytes: &[u8]) -> Result<Model, ModelError> {
        if bytes.get(..4) != Some(MAGIC.as_slice()) {
            return Err(ModelError::NotAModel);
        }
        let mut r = Reader { bytes, at: 4 };
        let version = r.u32()?;
        if version != VERSION {
            return Err(ModelError::Version(version));
        }
        let sum = u64::from_le_bytes(r.take()?);
        if fnv(&bytes[r.at..]) != sum {
            return Err(ModelError::Checksum);
        }
        let settings = Settings { cue: r.f32()?, accept: r.f32()?, source: r.f32()? };
        let mut lexicon = Lexicon::default();
        let n = r.count(7)?;
        for _ in 0..n {
            let form = r.u32()?;
            if lexicon.forms.last().is_some_and(|&l| l >= form) {
                return Err(ModelError::Malformed(r.at));
            }
            let [verb, noun, bits] = r.take()?;
            lexicon.forms.push(form);
            lexicon.entries.push(LexEntry { verb, noun, bits });
        }
        let n = r.count(5)?;
        let mut priors = Vec::with_capacity(n);
        for _ in 0..n {
            let key = r.u32()?;
            let [value] = r.take()?;
            priors.push((key, value.min(7)));
        }
        lexicon.set_priors(&priors);
        lexicon.finish();
        let first = read_field(&mut r, &FIRST, EDGES)?;
        let second = read_field(&mut r, &SECOND, 2 * EDGES)?;
        if r.at != bytes.len() {
            return Err(ModelError::Malformed(r.at));
        }
        Ok(Model { lexicon, first, second, settings })
    }
}
