//! The corpus: articles with marked attributions, as JSON Lines (gzipped or not).
use demarche::attribution::spans::{Model, Workspace};
use demarche::base::Span;
use demarche::text::{Analysis, analyse};
use std::io::Read;

/// A marked attribution, in tokens.
#[derive(Debug, Clone, Default)]
pub struct Gold {
    pub source: Vec<u32>,
    pub cue: Vec<u32>,
    pub content: Vec<u32>,
}

/// One article, analysed.
pub struct Doc {
    pub analysis: Analysis,
    pub gold: Vec<Gold>,
    pub ws: Workspace,
    /// Tenth of the corpus, by the hash of the id.
    pub part: u64,
    pub fold: usize,
}

/// FNV-1a 64 of bytes.
pub fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |h, &b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3))
}

/// Reads a file, unpacking it where its name ends in .gz.
pub fn read(path: &str) -> String {
    let bytes = std::fs::read(path).unwrap_or_else(|e| panic!("{path}: {e}"));
    let mut text = String::new();
    if path.ends_with(".gz") {
        flate2::read::GzDecoder::new(&bytes[..]).read_to_string(&mut text).expect("gzip");
    } else {
        text = String::from_utf8(bytes).expect("UTF-8");
    }
    text
}

fn spans(value: &serde_json::Value, offsets: &[u32]) -> Vec<Span> {
    let mut out = Vec::new();
    for pair in value.as_array().into_iter().flatten() {
        let at = |k: usize| offsets[(pair[k].as_u64().expect("offset") as usize).min(offsets.len() - 1)];
        out.push(Span { start: at(0), end: at(1) });
    }
    out
}

/// Tokens whose middle byte lies in one of the spans.
fn tokens(a: &Analysis, spans: &[Span]) -> Vec<u32> {
    let mut out = Vec::new();
    for s in spans {
        for i in a.tokens_touching(*s) {
            let t = a.tokens[i].span;
            let middle = (t.start + t.end - 1) / 2;
            if s.start <= middle && middle < s.end {
                out.push(i as u32);
            }
        }
    }
    out.sort_unstable();
    out.dedup();
    out
}

/// Reads the articles of a corpus file and fills their pages with the model's lexicon.
pub fn load(path: &str, model: &Model) -> Vec<Doc> {
    let mut docs = Vec::new();
    for line in read(path).lines().filter(|l| !l.trim().is_empty()) {
        let v: serde_json::Value = serde_json::from_str(line).expect("JSON");
        let id = v["id"].as_str().expect("id").to_string();
        let text = v["text"].as_str().expect("text").to_string();
        let mut offsets: Vec<u32> = text.char_indices().map(|(i, _)| i as u32).collect();
        offsets.push(text.len() as u32);
        let analysis = analyse(&text, &[]);
        let gold = v["attributions"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|a| {
                let get = |k: &str| tokens(&analysis, &spans(&a[k], &offsets));
                Gold { source: get("source"), cue: get("cue"), content: get("content") }
            })
            .collect();
        let mut ws = Workspace::default();
        ws.page.fill(&text, &analysis, &model.lexicon, &mut String::new());
        let h = fnv(id.as_bytes());
        docs.push(Doc { analysis, gold, ws, part: h % 10, fold: (h / 10 % 4) as usize });
    }
    docs
}
