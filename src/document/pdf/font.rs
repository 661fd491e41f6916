//! Fonts of a page: which characters the codes of a string show, and how wide they are.
//!
//! ISO 32000-1, 9.6 to 9.10. Of a font program nothing is read: what a font says beside it tells the text.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use encoding_rs::{MACINTOSH, WINDOWS_1252};
use hayro_cmap::{BfString, CMap};
use hayro_syntax::object::{Array, Dict, Name, Number, Object, Stream};

/// The built-in names of glyphs, from the Adobe Glyph List.
const EMBEDDED_TEXT: &str = include_str!("../../../data/lexicon/glyphs.csv");

struct Glyphs {
    texts: BTreeMap<String, String>,
    /// What each code shows in Adobe's standard encoding.
    standard: BTreeMap<u8, String>,
}

fn glyphs() -> &'static Glyphs {
    static EMBEDDED: OnceLock<Glyphs> = OnceLock::new();
    EMBEDDED.get_or_init(|| {
        let mut glyphs = Glyphs { texts: BTreeMap::new(), standard: BTreeMap::new() };
        let mut rows = csv::Reader::from_reader(EMBEDDED_TEXT.as_bytes());
        for (name, text, code) in rows.deserialize::<(String, String, Option<u8>)>().flatten() {
            if let Some(code) = code {
                glyphs.standard.insert(code, text.clone());
            }
            glyphs.texts.insert(name, text);
        }
        glyphs
    })
}

/// One character shown: what it says, and its width in thousandths of the font's size.
pub(super) struct Shown {
    /// Empty where the font does not tell.
    pub(super) text: String,
    pub(super) width: f64,
    /// A space of one byte, which word spacing widens.
    pub(super) is_space: bool,
}

/// A font as a page names it.
pub(super) struct Font {
    kind: Kind,
    to_unicode: Option<CMap>,
    widths: Widths,
}

enum Kind {
    /// A byte a character.
    Simple(Vec<String>),
    /// As its character map says; most often two bytes a character.
    Composite(Box<CMap>),
}

/// Widths by code or, in composite fonts, by character identifier.
struct Widths {
    /// First of a run of codes: its last, and their width.
    runs: BTreeMap<u32, (u32, f64)>,
    /// Width of all others, where the font tells it.
    default: Option<f64>,
    /// Thousandths of a unit.
    scale: f64,
}

impl Font {
    /// Reads a font's dictionary; what is missing or broken is left to its defaults.
    pub(super) fn new(font: &Dict<'_>) -> Self {
        let to_unicode = font.get::<Stream<'_>>("ToUnicode").and_then(|stream| map(&stream));
        let is = |kind: &str| font.get::<Name<'_>>("Subtype").is_some_and(|name| name.as_str() == kind);
        if is("Type0") {
            let descendant = font
                .get::<Array<'_>>("DescendantFonts")
                .and_then(|fonts| fonts.iter::<Dict<'_>>().next())
                .unwrap_or_default();
            let codes = font.get::<Stream<'_>>("Encoding").and_then(|stream| map(&stream));
            let kind = Kind::Composite(Box::new(codes.unwrap_or_else(CMap::identity_h)));
            return Font { kind, to_unicode, widths: composite_widths(&descendant) };
        }
        let scale = if is("Type3") {
            let unit = font.get::<Array<'_>>("FontMatrix").and_then(|m| m.iter::<Number>().next());
            unit.map_or(1.0, |unit| unit.as_f64() * 1000.0)
        } else {
            1.0
        };
        let widths = Widths { scale, ..simple_widths(font) };
        Font { kind: Kind::Simple(encoding(font)), to_unicode, widths }
    }

    /// Hands the characters that a string shows to `take`.
    pub(super) fn each(&self, string: &[u8], mut take: impl FnMut(Shown)) {
        let mut rest = string;
        while let Some((&first, after)) = rest.split_first() {
            let (code, id, length) = match &self.kind {
                Kind::Simple(_) => (u32::from(first), u32::from(first), 1),
                Kind::Composite(codes) => next(codes, rest),
            };
            let told = self.to_unicode.as_ref().and_then(|map| map.lookup_bf_string(code)).map(|text| match text {
                BfString::Char(c) => c.to_string(),
                BfString::String(text) => text,
            });
            // Maps that give a zero or a private character tell nothing.
            let told = told.filter(|text| text.chars().all(|c| c != '\0' && !('\u{e000}'..='\u{f8ff}').contains(&c)));
            let text = match (&self.kind, told) {
                (_, Some(text)) => text,
                (Kind::Simple(encoding), None) => encoding.get(code as usize).cloned().unwrap_or_default(),
                (Kind::Composite(_), None) => String::new(),
            };
            let width = self.widths.of(id, &text);
            take(Shown { text, width, is_space: length == 1 && first == b' ' });
            rest = rest.get(length..).unwrap_or(after);
        }
    }
}

fn map(stream: &Stream<'_>) -> Option<CMap> {
    CMap::parse(&stream.decoded().ok()?, |_| None)
}

/// Takes the next code of a string apart: code, character identifier and length.
fn next(codes: &CMap, rest: &[u8]) -> (u32, u32, usize) {
    // Two bytes before one, as nearly all maps have them; the others by what the map knows.
    for length in [2usize, 1, 3, 4] {
        let Some(bytes) = rest.get(..length) else { continue };
        let code = bytes.iter().fold(0u32, |code, byte| code << 8 | u32::from(*byte));
        if let Some(id) = codes.lookup_cid_code(code, length as u8) {
            return (code, id, length);
        }
    }
    let code = rest.iter().take(2).fold(0u32, |code, byte| code << 8 | u32::from(*byte));
    (code, 0, rest.len().min(2))
}

/// Returns the characters of a simple font by their code.
fn encoding(font: &Dict<'_>) -> Vec<String> {
    let told = font.get::<Object<'_>>("Encoding");
    let (base, differences) = match &told {
        Some(Object::Name(name)) => (Some(name.as_str().to_string()), None),
        Some(Object::Dict(dict)) => {
            (dict.get::<Name<'_>>("BaseEncoding").map(|n| n.as_str().to_string()), dict.get::<Array<'_>>("Differences"))
        }
        _ => (None, None),
    };
    let mut codes: Vec<String> = (0..=255u8)
        .map(|code| match base.as_deref() {
            Some("WinAnsiEncoding") => WINDOWS_1252.decode_without_bom_handling(&[code]).0.into_owned(),
            Some("MacRomanEncoding") => MACINTOSH.decode_without_bom_handling(&[code]).0.into_owned(),
            _ => glyphs().standard.get(&code).cloned().unwrap_or_default(),
        })
        .map(|text| if text.chars().any(char::is_control) { String::new() } else { text })
        .collect();
    let mut code = 0usize;
    for item in differences.iter().flat_map(|d| d.iter::<Object<'_>>()) {
        match item {
            Object::Number(number) => code = usize::try_from(number.as_i64()).unwrap_or(usize::MAX),
            Object::Name(name) => {
                if let Some(slot) = codes.get_mut(code) {
                    *slot = named(name.as_str());
                }
                code = code.saturating_add(1);
            }
            _ => {}
        }
    }
    codes
}

/// Returns the text of a glyph by its name, by the rules of the Adobe Glyph List.
fn named(name: &str) -> String {
    let name = name.split('.').next().unwrap_or(name);
    let one = |name: &str| -> Option<String> {
        if let Some(text) = glyphs().texts.get(name) {
            return Some((*text).to_string());
        }
        let digits = name.strip_prefix("uni").or_else(|| name.strip_prefix('u'))?;
        if digits.len() < 4 || !digits.is_ascii() {
            return None;
        }
        let code =
            u32::from_str_radix(digits.get(..if name.starts_with("uni") { 4 } else { digits.len() })?, 16).ok()?;
        char::from_u32(code).map(String::from)
    };
    // "f_f_i" is a ligature of its parts.
    name.split('_').filter_map(one).collect()
}

fn simple_widths(font: &Dict<'_>) -> Widths {
    let first = font.get::<Number>("FirstChar").and_then(|n| u32::try_from(n.as_i64()).ok()).unwrap_or(0);
    let mut runs = BTreeMap::new();
    if let Some(widths) = font.get::<Array<'_>>("Widths") {
        for (code, width) in (first..=255).zip(widths.iter::<Number>()) {
            runs.insert(code, (code, width.as_f64()));
        }
    }
    let missing = font.get::<Dict<'_>>("FontDescriptor").and_then(|d| d.get::<Number>("MissingWidth"));
    let default = if runs.is_empty() { None } else { Some(missing.map_or(0.0, |n| n.as_f64())) };
    Widths { runs, default, scale: 1.0 }
}

fn composite_widths(font: &Dict<'_>) -> Widths {
    let mut runs = BTreeMap::new();
    let (mut first, mut last): (Option<u32>, Option<u32>) = (None, None);
    let whole = |number: &Number| u32::try_from(number.as_i64()).ok();
    for item in font.get::<Array<'_>>("W").iter().flat_map(|w| w.iter::<Object<'_>>()) {
        match (item, first, last) {
            (Object::Array(widths), Some(from), _) => {
                for (id, width) in (from..).zip(widths.iter::<Number>()) {
                    runs.insert(id, (id, width.as_f64()));
                }
                (first, last) = (None, None);
            }
            (Object::Number(number), None, _) => first = whole(&number),
            (Object::Number(number), Some(_), None) => last = whole(&number),
            (Object::Number(number), Some(from), Some(to)) => {
                runs.insert(from, (to, number.as_f64()));
                (first, last) = (None, None);
            }
            _ => {}
        }
    }
    Widths { runs, default: Some(font.get::<Number>("DW").map_or(1000.0, |n| n.as_f64())), scale: 1.0 }
}

impl Widths {
    fn of(&self, code: u32, text: &str) -> f64 {
        let run = self.runs.range(..=code).next_back().filter(|(_, (last, _))| code <= *last);
        match (run, self.default) {
            (Some((_, (_, width))), _) => width * self.scale,
            (None, Some(width)) => width * self.scale,
            (None, None) => usual(text),
        }
    }
}

/// Guesses a width where a font leaves it to the reader, as the fourteen standard fonts do.
fn usual(text: &str) -> f64 {
    match text.chars().next() {
        Some(
            'i' | 'j' | 'l' | 't' | 'f' | 'r' | 'I' | ' ' | '.' | ',' | ';' | ':' | '!' | '|' | '\'' | '(' | ')' | '’'
            | '‘',
        ) => 280.0,
        Some('m' | 'w' | 'M' | 'W') => 800.0,
        Some(c) if c.is_uppercase() => 680.0,
        _ => 530.0,
    }
}
