//! Reads the training corpus: articles as JSON Lines, and CoreNLP's tokens of them as tab-separated lines.
#![allow(dead_code)]

pub mod learn;
pub mod tagging;

use std::collections::HashMap;
use std::error::Error;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use flate2::read::MultiGzDecoder;

pub type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// One token of CoreNLP's, in bytes of the article.
pub struct Gold {
    pub start: usize,
    pub end: usize,
    pub word: String,
    pub lemma: String,
    pub tag: String,
    /// Its head within the sentence, from 1; 0 is the root.
    pub head: usize,
    pub rel: String,
}

/// One article with CoreNLP's sentences.
pub struct Doc {
    pub id: String,
    pub text: String,
    pub sentences: Vec<Vec<Gold>>,
}

impl Doc {
    /// Whether the article is kept for measuring.
    pub fn is_test(&self) -> bool {
        fnv(self.id.as_bytes()).is_multiple_of(10)
    }
}

/// FNV-1a, 64 bits.
pub fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(*b)).wrapping_mul(0x0100_0000_01b3))
}

fn lines(path: &Path) -> Result<impl Iterator<Item = std::io::Result<String>>> {
    Ok(BufReader::new(MultiGzDecoder::new(File::open(path)?)).lines())
}

/// Reads all articles of `folder` that CoreNLP has read.
pub fn read(folder: &Path) -> Result<Vec<Doc>> {
    let mut texts = HashMap::new();
    for line in lines(&folder.join("polnear.train.jsonl.gz"))? {
        let value: serde_json::Value = serde_json::from_str(&line?)?;
        let field = |name: &str| value[name].as_str().unwrap_or("").to_string();
        texts.insert(field("id"), field("text"));
    }
    let mut docs: Vec<Doc> = Vec::new();
    let mut bytes: Vec<usize> = Vec::new();
    let mut sentence = Vec::new();
    for line in lines(&folder.join("polnear.train.corenlp.tsv.gz"))? {
        let line = line?;
        let fields: Vec<&str> = line.split('\t').collect();
        if fields.len() < 8 {
            if let Some(doc) = docs.last_mut().filter(|_| !sentence.is_empty()) {
                doc.sentences.push(std::mem::take(&mut sentence));
            }
            if let Some(id) = line.strip_prefix("# doc ") {
                let text = texts.remove(id).ok_or("no text")?;
                bytes = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
                docs.push(Doc { id: id.to_string(), text, sentences: Vec::new() });
            }
            continue;
        }
        let byte = |field: &str| -> Result<usize> { Ok(*bytes.get(field.parse::<usize>()?).ok_or("offset")?) };
        sentence.push(Gold {
            start: byte(fields[0])?,
            end: byte(fields[1])?,
            word: fields[2].to_string(),
            lemma: fields[3].to_string(),
            tag: fields[4].to_string(),
            head: fields[6].parse()?,
            rel: fields[7].to_string(),
        });
    }
    if let Some(doc) = docs.last_mut().filter(|_| !sentence.is_empty()) {
        doc.sentences.push(sentence);
    }
    Ok(docs)
}
