//! The trained weights, and the compact binary file they live in.
//!
//! The file is little-endian: magic `DMAT`, version, FNV-1a checksum of the rest, then sections in a fixed order. A damaged
//! file is an [`ModelError`], never a panic, and no length in it is trusted before it is checked against the file's size.
use std::sync::atomic::{AtomicU64, Ordering};

use super::candidates::HEAT;
use super::crf::{Arcs, LABELS, STATES, Topology, exp_arcs, transpose, warm_arcs};
use super::first::{EDGES, FIRST};
use super::lexicon::{LexEntry, Lexicon};
use super::second::SECOND;
use super::table::{Pair, Table};

const MAGIC: &[u8; 4] = b"DMAT";
const VERSION: u32 = 2;

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
            ModelError::Version(v) => {
                write!(f, "attribution model of version {v}, this program reads version {VERSION}")
            }
            ModelError::Checksum => write!(f, "attribution model is damaged: its checksum does not fit"),
            ModelError::Malformed(at) => write!(f, "attribution model is malformed at byte {at}"),
        }
    }
}

impl std::error::Error for ModelError {}

/// One trained field: emission weights and arcs.
#[derive(Debug, Clone, Default)]
pub struct Field {
    /// Emission (and outcome) weights.
    pub table: Table,
    /// Arc scores of each class, in log space.
    pub arcs: Vec<Arcs>,
    /// The same, exponentiated.
    pub exp: Vec<Arcs>,
    /// The same, flattened by [`HEAT`] before it was exponentiated.
    pub warm: Vec<Arcs>,
    /// `exp` with the sides swapped.
    pub exp_back: Vec<Arcs>,
    /// `warm` with the sides swapped.
    pub warm_back: Vec<Arcs>,
}

impl Field {
    /// Makes a field of its weights.
    pub fn new(top: &Topology, table: Table, arcs: Vec<Arcs>) -> Field {
        let exp: Vec<Arcs> = arcs.iter().map(|a| exp_arcs(top, a)).collect();
        let warm: Vec<Arcs> = arcs.iter().map(|a| warm_arcs(top, a, HEAT)).collect();
        let (exp_back, warm_back) = (transpose(&exp), transpose(&warm));
        Field { table, arcs, exp, warm, exp_back, warm_back }
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
    /// Weights of the choice among readings, in column 0.
    pub rank: Table,
    /// Thresholds and scales, see [`Settings`].
    pub settings: Settings,
    /// The emission weights of both fields, joined; made by [`Model::join`].
    pub pair: Pair,
    /// Tells the weights apart from those of any other model of this run of the program; 0 where there are none.
    pub stamp: u64,
}

/// Thresholds of the decoder, tuned on a development part.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// First-stage probability from which a token may be a cue.
    pub cue: f32,
    /// Probability of a reading from which it is kept.
    pub accept: f32,
    /// Second-stage probability of an attribution from which a cue's readings are gathered at all.
    pub outcome: f32,
}

impl Default for Settings {
    fn default() -> Self {
        Settings { cue: 0.08, accept: 0.36, outcome: 0.03 }
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn slice(&mut self, n: usize) -> Result<&'a [u8], ModelError> {
        let end = self.at.checked_add(n).ok_or(ModelError::Malformed(self.at))?;
        let part = self.bytes.get(self.at..end).ok_or(ModelError::Malformed(self.at))?;
        self.at = end;
        Ok(part)
    }
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

/// FNV-1a over words of eight bytes, the last one filled with zeros.
fn fnv(bytes: &[u8]) -> u64 {
    bytes.chunks(8).fold(0xcbf2_9ce4_8422_2325, |h, c| {
        let word = c.iter().rev().fold(0u64, |w, &b| w << 8 | u64::from(b));
        (h ^ word).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Writes a table's rows, of which the first `width` columns are in use: keys as differences in groups of seven bits.
fn write_table(out: &mut Vec<u8>, table: &Table, width: usize) {
    let rows = table.rows();
    out.extend(table.scale.to_le_bytes());
    out.extend((rows.len() as u32).to_le_bytes());
    let mut last = 0;
    for (key, row) in rows {
        let mut gap = key - last;
        last = key;
        while gap >= 128 {
            out.push(gap as u8 | 128);
            gap >>= 7;
        }
        out.push(gap as u8);
        out.extend(row.iter().take(width).map(|&x| x as u8));
    }
}

fn read_table(r: &mut Reader<'_>, width: usize) -> Result<Table, ModelError> {
    let scale = r.f32()?;
    let n = r.count(1 + width)?;
    let mut rows = Vec::with_capacity(n);
    let mut key = 0u32;
    for _ in 0..n {
        let mut gap = 0u32;
        for group in 0.. {
            let [b] = r.take()?;
            if group > 4 {
                return Err(ModelError::Malformed(r.at));
            }
            gap |= u32::from(b & 127) << (7 * group);
            if b < 128 {
                break;
            }
        }
        // Keys ascend, and none is 0.
        key = key.checked_add(gap).filter(|_| gap > 0).ok_or(ModelError::Malformed(r.at))?;
        let bytes = r.slice(width)?;
        let mut row = [0; LABELS];
        for (x, &b) in row.iter_mut().zip(bytes) {
            *x = b as i8;
        }
        rows.push((key, row));
    }
    Ok(Table::from_rows(&rows, scale))
}

/// Columns of a field's rows: its labels, and its outcomes if it scores any.
fn width(top: &Topology) -> usize {
    let labels = top.label.iter().take(top.states).map(|&l| l as usize + 1);
    let ends = top.end.iter().take(top.states).filter(|&&e| (e as usize) < LABELS).map(|&e| e as usize + 1);
    labels.chain(ends).max().unwrap_or(0)
}

fn write_field(out: &mut Vec<u8>, top: &Topology, field: &Field) {
    write_table(out, &field.table, width(top));
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
    let table = read_table(r, width(top))?;
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
    Ok(Field::new(top, table, arcs))
}

impl Model {
    /// Tells whether every part that detection reads is there and of the size that the features have; a model that is not
    /// whole finds nothing.
    pub fn is_whole(&self) -> bool {
        let fits = |field: &Field, classes: usize| {
            let tables = [&field.arcs, &field.exp, &field.warm, &field.exp_back, &field.warm_back];
            !field.table.is_empty() && tables.iter().all(|t| t.len() == classes)
        };
        self.stamp != 0 && fits(&self.first, EDGES) && fits(&self.second, 2 * EDGES)
    }

    /// Makes what detection needs of the weights; to be called when those of a field have changed.
    pub fn join(&mut self) {
        static STAMP: AtomicU64 = AtomicU64::new(1);
        self.pair = Pair::new(&self.first.table, &self.second.table);
        self.stamp = STAMP.fetch_add(1, Ordering::Relaxed);
    }

    /// Writes the model as bytes, the same for the same model.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut body = Vec::new();
        for x in [self.settings.cue, self.settings.accept, self.settings.outcome] {
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
        write_table(&mut body, &self.rank, 1);
        let mut out = MAGIC.to_vec();
        out.extend(VERSION.to_le_bytes());
        out.extend(fnv(&body).to_le_bytes());
        out.extend(body);
        out
    }

    /// Reads a model from `attribution.bin` in a folder.
    ///
    /// # Errors
    /// A file that cannot be read, or is no model (see [`Model::from_bytes`]).
    pub fn from_folder(folder: &std::path::Path) -> std::io::Result<Model> {
        let bytes = std::fs::read(folder.join("attribution.bin"))?;
        Model::from_bytes(&bytes).map_err(|e| std::io::Error::new(std::io::ErrorKind::InvalidData, e))
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
        let settings = Settings { cue: r.f32()?, accept: r.f32()?, outcome: r.f32()? };
        let mut lexicon = Lexicon::default();
        let n = r.count(7)?;
        if n >= usize::from(u16::MAX) {
            // The lexicon's index counts no further.
            return Err(ModelError::Malformed(r.at));
        }
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
        let rank = read_table(&mut r, 1)?;
        if r.at != bytes.len() {
            return Err(ModelError::Malformed(r.at));
        }
        let mut model = Model { lexicon, first, second, rank, settings, ..Model::default() };
        model.join();
        Ok(model)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn small() -> Model {
        let arcs = |n: usize| vec![[[0.25; STATES]; STATES]; n];
        let row = |x: f32| [x, -x, 0.0, 0.5, 0.0, 0.0, 0.1, 0.0];
        let table = |n: u32| {
            let rows: Vec<_> = (1..n).map(|k| (k.wrapping_mul(0x9E37_79B9), row(k as f32 / n as f32))).collect();
            Table::build(&rows, 0.01)
        };
        let mut lexicon = Lexicon::new(vec![3, 5], vec![LexEntry { verb: 32, noun: 0, bits: 1 }, LexEntry::default()]);
        lexicon.set_priors(&[(7, 2), (9, 5)]);
        Model {
            lexicon,
            first: Field::new(&FIRST, table(200), arcs(EDGES)),
            second: Field::new(&SECOND, table(300), arcs(2 * EDGES)),
            rank: table(50),
            settings: Settings::default(),
            ..Model::default()
        }
    }

    #[test]
    fn comes_back_as_it_was() {
        let bytes = small().to_bytes();
        let again = Model::from_bytes(&bytes).unwrap();
        assert_eq!(again.first.table.len(), 199);
        assert_eq!(again.lexicon.find(3).unwrap().verb, 32);
        // The ranker keeps its first column alone, so only the second writing is the fixed point.
        assert_eq!(Model::from_bytes(&again.to_bytes()).unwrap().to_bytes(), again.to_bytes());
    }

    #[test]
    fn a_model_that_is_not_whole_finds_nothing() {
        let text = "“We will never leave the valley,” Petrov said on Monday.";
        let analysis = crate::text::analyse(text, &[]);
        let mut partly = Model::from_bytes(&small().to_bytes()).unwrap();
        assert!(partly.is_whole());
        partly.second = Field::default();
        for model in [Model::default(), small(), partly] {
            assert!(!model.is_whole());
            let mut work = super::super::Workspace::default();
            assert!(super::super::detect_with(&model, text, &analysis, &mut work).is_empty());
        }
    }

    #[test]
    fn damage_is_an_error() {
        let bytes = small().to_bytes();
        assert_eq!(Model::from_bytes(b"no").unwrap_err(), ModelError::NotAModel);
        for k in (0..bytes.len()).step_by(7) {
            let mut bad = bytes.clone();
            bad[k] ^= 0x55;
            assert!(Model::from_bytes(&bad).is_err(), "byte {k}");
            assert!(Model::from_bytes(&bytes[..k]).is_err(), "cut at {k}");
        }
    }

    #[test]
    fn malformed_sections_are_errors_even_with_a_right_checksum() {
        let bytes = small().to_bytes();
        for k in (16..bytes.len()).step_by(5) {
            let mut bad = bytes[..k].to_vec();
            let sum = fnv(&bad[16..]);
            bad[8..16].copy_from_slice(&sum.to_le_bytes());
            assert!(Model::from_bytes(&bad).is_err(), "cut at {k}");
            let mut odd = bytes.clone();
            odd[k] = 255;
            let sum = fnv(&odd[16..]);
            odd[8..16].copy_from_slice(&sum.to_le_bytes());
            // May be a model or not, but never a panic.
            let _ = Model::from_bytes(&odd);
        }
    }
}
