//! Stands in for the codebook loader until it is merged. To be removed.

use super::{Codebook, Labels, Party, Topic};
use crate::base::Problem;

#[derive(serde::Deserialize)]
struct Raw {
    title: String,
    version: String,
    stances: [String; 5],
    mixed: String,
    none: String,
    party: Vec<[String; 4]>,
    topic: Vec<[String; 5]>,
}

/// Loads a codebook by the name of one that comes with the program, or from a folder.
///
/// # Errors
/// Returns everything that is wrong with it.
pub fn load(name_or_dir: &str) -> Result<Codebook, Vec<Problem>> {
    if name_or_dir != "ukraine-talks" {
        return Err(vec![Problem::error("cannot find the codebook").at(name_or_dir).why("no codebook of that name").hint("ukraine-talks comes with demarche")]);
    }
    let raw: Raw = toml::from_str(include_str!("../../tests/fixtures/codebook.toml"))
        .map_err(|e| vec![Problem::error("cannot read the codebook").why(e)])?;
    Ok(Codebook {
        name: name_or_dir.to_string(),
        title: raw.title,
        version: raw.version,
        hash: "0123456789abcdef".to_string(),
        parties: raw.party.into_iter().zip(0..).map(|([id, name, short, kind], order)| Party { id, name, short, kind, order }).collect(),
        topics: raw.topic.into_iter().map(|[id, name, question, plus, minus]| Topic { id, name, question, plus, minus }).collect(),
        labels: Labels { stances: raw.stances, mixed: raw.mixed, none: raw.none },
    })
}
