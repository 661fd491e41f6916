//! From bytes to text: the encoding found, line ends made `\n`, a byte-order mark dropped, nothing else changed.
//!
//! In this order: a byte-order mark; UTF-16 that shows by its zero bytes; UTF-8; and what chardetng takes it for. A file in
//! UTF-8 with a few bytes broken is refused rather than read as Windows-1252, which explains any bytes and garbles the text.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::error::DocumentError;

/// Characters looked at to tell text from anything else.
const SAMPLE: usize = 64 << 10;

/// Decodes a file's bytes. An empty file gives an empty text.
///
/// # Errors
///
/// Bytes that are no text, or text in no encoding that explains it.
pub(super) fn decode(bytes: Vec<u8>) -> Result<String, DocumentError> {
    let text = match Encoding::for_bom(&bytes) {
        Some((encoding, length)) => strict(encoding, &bytes, length)?,
        None => match bytes.iter().position(|b| *b == 0) {
            Some(zero) => utf16(&bytes).ok_or(DocumentError::Zero(zero))?,
            None => match String::from_utf8(bytes) {
                Ok(text) => text,
                Err(error) => {
                    let at = error.utf8_error().valid_up_to();
                    legacy(error.as_bytes()).ok_or(DocumentError::Encoding(at))?
                }
            },
        },
    };
    check(&text)?;
    Ok(unix_lines(text))
}

/// Decodes bytes whose encoding they tell themselves, where it explains them all; any others as [`decode`] does.
///
/// # Errors
///
/// Those of [`decode`].
pub(super) fn decode_told(bytes: Vec<u8>, label: Option<&str>) -> Result<String, DocumentError> {
    let told = label.and_then(|label| Encoding::for_label(label.as_bytes()));
    let plain = Encoding::for_bom(&bytes).is_none() && std::str::from_utf8(&bytes).is_err();
    match told.filter(|told| plain && *told != UTF_8).and_then(|told| explained(told, &bytes)) {
        Some(text) => check(&text).map(|()| unix_lines(text)),
        None => decode(bytes),
    }
}

/// Decodes in a known encoding, where every byte must fit.
fn strict(encoding: &'static Encoding, bytes: &[u8], from: usize) -> Result<String, DocumentError> {
    let body = bytes.get(from..).unwrap_or(&[]);
    match encoding.decode_without_bom_handling_and_without_replacement(body) {
        Some(text) => Ok(text.into_owned()),
        None if encoding == UTF_8 => {
            let at = std::str::from_utf8(body).err().map_or(0, |e| e.valid_up_to());
            Err(DocumentError::Encoding(from + at))
        }
        None => Err(DocumentError::Encoding(from + first_bad_unit(body, encoding == UTF_16BE))),
    }
}

/// Returns the offset of the first unpaired surrogate, or of a last odd byte.
fn first_bad_unit(bytes: &[u8], big_endian: bool) -> usize {
    let pairs = bytes.chunks_exact(2);
    let units = pairs.map(|pair| match pair {
        [a, b] if big_endian => u16::from_be_bytes([*a, *b]),
        [a, b] => u16::from_le_bytes([*a, *b]),
        _ => 0,
    });
    let mut at = 0;
    for unit in char::decode_utf16(units) {
        match unit {
            Ok(c) => at += 2 * c.len_utf16(),
            Err(_) => return at,
        }
    }
    at
}

/// Decodes UTF-16 without a byte-order mark: all zero bytes in the sample stand on one side of the pairs, and there are spaces.
fn utf16(bytes: &[u8]) -> Option<String> {
    let sample = bytes.get(..bytes.len().min(SAMPLE))?;
    let zeros = |parity: usize| sample.iter().skip(parity).step_by(2).filter(|b| **b == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    if bytes.len() % 2 == 1 || even.min(odd) * 50 > even.max(odd) {
        return None;
    }
    let encoding = if odd > even { UTF_16LE } else { UTF_16BE };
    let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?.into_owned();
    let (mut spaces, mut all) = (0, 0);
    for c in text.chars().take(SAMPLE) {
        all += 1;
        spaces += usize::from(c == ' ' || c == '\n');
    }
    (spaces * 40 >= all && !text.contains('\0')).then_some(text)
}

/// Decodes bytes that are no UTF-8, in the encoding they most look like.
///
/// A handful of bytes beyond ASCII tells a detector little, so that what Windows-1252 explains as common letters and signs is taken
/// for that; and another alphabet must show some words.
fn legacy(bytes: &[u8]) -> Option<String> {
    if is_broken_utf8(bytes) {
        return None;
    }
    let western = explained(WINDOWS_1252, bytes);
    let beyond = bytes.iter().filter(|b| !b.is_ascii()).take(FEW + 1).count();
    if beyond <= FEW && western.as_ref().is_some_and(|text| text.chars().all(is_common_western)) {
        return western;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let guess = explained(detector.guess(None, Utf8Detection::Deny), bytes);
    guess.filter(|text| other_letters(text).is_none_or(|letters| letters >= WORDS)).or(western)
}

/// Bytes beyond ASCII that are too few to tell an encoding by.
const FEW: usize = 8;
/// Letters of another alphabet that make it believable.
const WORDS: usize = 12;

/// Decodes in an encoding that explains every byte. Bytes that a Windows code page leaves undefined come out as C1 controls, which
/// no text holds.
fn explained(encoding: &'static Encoding, bytes: &[u8]) -> Option<String> {
    let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?;
    let undefined = text.chars().any(|c| ('\u{80}'..='\u{9f}').contains(&c));
    (!undefined).then(|| text.into_owned())
}

/// Tells whether news in English may hold the character: letters of Western Europe and the signs of printed text.
fn is_common_western(c: char) -> bool {
    match c {
        'Ð' | 'ð' | 'Þ' | 'þ' | '×' | '÷' => false,
        'À'..='ÿ' | 'Œ' | 'œ' | 'Š' | 'š' | 'Ž' | 'ž' | 'Ÿ' => true,
        _ => c.is_ascii() || "“”‘’‚„–—…•·€£¢§°©®™«»‹›†½¼¾¿¡\u{a0}\u{ad}".contains(c),
    }
}

/// Counts letters beyond the Latin alphabet, or tells that there are none.
fn other_letters(text: &str) -> Option<usize> {
    let other = |c: &char| c.is_alphabetic() && *c > '\u{24f}' && !('\u{1e00}'..='\u{1eff}').contains(c);
    let count = text.chars().filter(other).take(WORDS).count();
    (count > 0).then_some(count)
}

/// Tells whether most sequences beyond ASCII are good UTF-8: such a file is UTF-8 with some bytes broken.
fn is_broken_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good > bad
}

/// Refuses what holds more control characters than any text does.
fn check(text: &str) -> Result<(), DocumentError> {
    let (mut controls, mut all) = (0, 0);
    for c in text.chars().take(SAMPLE) {
        all += 1;
        controls += usize::from(c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}' | '\u{85}'));
    }
    if controls >= 4 && controls * 50 > all { Err(DocumentError::Controls(controls, all)) } else { Ok(()) }
}

/// Makes `\r\n` and `\r` into `\n`.
pub(super) fn unix_lines(text: String) -> String {
    if !text.contains('\r') {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut pieces = text.split('\r');
    out.push_str(pieces.next().unwrap_or(""));
    for piece in pieces {
        if !piece.starts_with('\n') {
            out.push('\n');
        }
        out.push_str(piece);
    }
    out
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const TEXT: &str = "“No,” said Élise – the “envoy”.\nTürkiye’s offer stands.\n";

    fn encode16(text: &str, to: fn(u16) -> [u8; 2], mark: bool) -> Vec<u8> {
        let mark = mark.then_some(0xFEFF);
        mark.into_iter().chain(text.encode_utf16()).flat_map(to).collect()
    }

    #[test]
    fn each_encoding_gives_the_same_text() {
        let (windows, _, lossy) = encoding_rs::WINDOWS_1252.encode(TEXT);
        assert!(!lossy);
        let mut marked = vec![0xEF, 0xBB, 0xBF];
        marked.extend(TEXT.as_bytes());
        for (name, bytes) in [
            ("UTF-8", TEXT.as_bytes().to_vec()),
            ("UTF-8 with mark", marked),
            ("UTF-16LE with mark", encode16(TEXT, u16::to_le_bytes, true)),
            ("UTF-16BE with mark", encode16(TEXT, u16::to_be_bytes, true)),
            ("UTF-16LE", encode16(TEXT, u16::to_le_bytes, false)),
            ("UTF-16BE", encode16(TEXT, u16::to_be_bytes, false)),
            ("Windows-1252", windows.into_owned()),
        ] {
            assert_eq!(decode(bytes).unwrap(), TEXT, "{name}");
        }
    }

    #[test]
    fn other_alphabets_are_told_apart() {
        let russian = "Переговоры продолжаются, заявил представитель министерства в четверг вечером.\n";
        let (bytes, _, _) = encoding_rs::WINDOWS_1251.encode(russian);
        assert_eq!(decode(bytes.into_owned()).unwrap(), russian);
        assert_eq!(decode(encode16(russian, u16::to_le_bytes, false)).unwrap(), russian);
        let polish = "Źródło: żądania są śmiałe, powiedział rzecznik. Więcej na ten temat później.\n";
        let (bytes, _, _) = encoding_rs::WINDOWS_1250.encode(polish);
        assert_eq!(decode(bytes.into_owned()).unwrap(), polish);
    }

    #[test]
    fn a_single_accent_is_no_reason_to_leave_western_europe() {
        for (bytes, text) in [
            (&b"It was a na\xEFve plan, the minister said."[..], "It was a naïve plan, the minister said."),
            (b"He said \x93no\x94 \x96 and left.", "He said “no” – and left."),
            (b"M\xFCnchen and Z\xFCrich", "München and Zürich"),
        ] {
            assert_eq!(decode(bytes.to_vec()).unwrap(), text);
        }
    }

    #[test]
    fn only_line_ends_and_the_mark_change() {
        assert_eq!(decode(b"a\r\nb\rc\n\rd\r\r\ne\r".to_vec()).unwrap(), "a\nb\nc\n\nd\n\ne\n");
        let kept = "  two  spaces\t\u{a0}\u{feff}\u{2028}ﬁ e\u{301} \u{c}\n\n\n";
        assert_eq!(decode(kept.as_bytes().to_vec()).unwrap(), kept);
        assert_eq!(decode(Vec::new()).unwrap(), "");
    }

    #[test]
    fn broken_utf8_is_refused_where_it_breaks() {
        let mut bytes = "The “deal” – as it stands – ".as_bytes().to_vec();
        let at = bytes.len();
        bytes.extend(b"\xE2\x80 is ");
        bytes.extend("“off”.".as_bytes());
        assert!(matches!(decode(bytes), Err(DocumentError::Encoding(found)) if found == at));
        assert!(matches!(decode(b"caf\xE9 \x81\x8D\xFF".to_vec()), Err(DocumentError::Encoding(3))));
        assert!(matches!(decode(b"\xEF\xBB\xBFab\xFF".to_vec()), Err(DocumentError::Encoding(5))));
        assert!(matches!(decode(b"\xFF\xFEa\0b\0\x00\xD8c\0".to_vec()), Err(DocumentError::Encoding(6))));
        assert!(matches!(decode(b"\xFF\xFEa\0b".to_vec()), Err(DocumentError::Encoding(4))));
    }

    #[test]
    fn what_is_no_text_is_refused() {
        assert!(matches!(decode(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec()), Err(DocumentError::Zero(8))));
        assert!(matches!(decode(b"PK\x03\x04\x14\x06\x08".to_vec()), Err(DocumentError::Controls(5, 7))));
        let late = [vec![b'a'; 100_000], vec![0]].concat();
        assert!(matches!(decode(late), Err(DocumentError::Zero(100_000))));
        assert_eq!(decode(b"a stray \x08 does no harm".to_vec()).unwrap(), "a stray \u{8} does no harm");
        let random: Vec<u8> = (0..4000u32).map(|n| (n.wrapping_mul(2654435761) >> 13) as u8).collect();
        assert!(decode(random).is_err());
    }
}
