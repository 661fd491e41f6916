//! What a page tells of its article beside the text: JSON-LD, Open Graph and other meta tags, the canonical address.

use std::collections::BTreeSet;
use std::iter;

use jiff::civil::Date;
use serde_json::{Map, Value};

use super::facts::{Facts, day};
use super::sources::Given;
use crate::base::space::flat;

/// What was met, in the order of trust: JSON-LD before meta tags before the page itself.
#[derive(Debug, Default)]
pub(super) struct Head {
    linked: Vec<Linked>,
    meta: Given,
    canonical: Option<String>,
    title: Option<String>,
    own: bool,
}

/// An article of linked data, which may be another that the page only names.
#[derive(Debug)]
struct Linked {
    given: Given,
    /// Addresses that it goes by.
    urls: Vec<String>,
}

/// Levels of JSON-LD that are looked into.
const LEVELS: usize = 4;

impl Head {
    /// Takes note of an element.
    pub(super) fn element<'a>(&mut self, tag: &str, of: &impl Fn(&str) -> Option<&'a str>) {
        match tag {
            "meta" => {
                let key = of("property").or_else(|| of("name")).or_else(|| of("itemprop"));
                if let (Some(key), Some(value)) = (key, of("content")) {
                    self.meta(&key.to_lowercase(), value);
                }
            }
            "link" if of("rel") == Some("canonical") => put(&mut self.canonical, of("href").unwrap_or("")),
            _ => {}
        }
    }

    fn meta(&mut self, key: &str, value: &str) {
        match key {
            "generator" => self.own |= value.starts_with("demarche"),
            "og:title" | "twitter:title" | "dc.title" | "headline" => put(&mut self.meta.title, value),
            "og:site_name" | "application-name" | "dc.publisher" => put(&mut self.meta.outlet, value),
            "og:url" => put(&mut self.meta.url, value),
            "author" | "article:author" | "dc.creator" | "parsely-author" if !value.contains("://") => {
                put(&mut self.meta.author, value);
            }
            "article:published_time"
            | "og:published_time"
            | "datepublished"
            | "date"
            | "pubdate"
            | "publishdate"
            | "publish-date"
            | "dc.date"
            | "dc.date.issued"
            | "dcterms.date"
            | "parsely-pub-date" => {
                self.meta.published = self.meta.published.or_else(|| day(value));
            }
            _ => {}
        }
    }

    /// Tells whether the page is a report of demarche's own.
    pub(super) fn is_own(&self) -> bool {
        self.own
    }

    /// Takes note of what stands in a title or in a script of linked data.
    pub(super) fn raw(&mut self, tag: &str, text: &str) {
        if tag == "title" {
            put(&mut self.title, text);
        } else if let Ok(value) = serde_json::from_str::<Value>(text.trim()) {
            self.linked_data(&value, LEVELS);
        }
    }

    fn linked_data(&mut self, value: &Value, levels: usize) {
        if levels == 0 {
            return;
        }
        match value {
            Value::Array(all) => all.iter().for_each(|one| self.linked_data(one, levels - 1)),
            Value::Object(fields) => {
                let kind = fields.get("@type").map(words).unwrap_or_default();
                if kind.iter().any(|kind| kind.ends_with("Article") || kind.ends_with("Posting") || kind == "Report") {
                    self.linked.push(Linked::new(fields));
                }
                if let Some(graph) = fields.get("@graph") {
                    self.linked_data(graph, levels - 1);
                }
            }
            _ => {}
        }
    }

    /// Returns what is known; `heading` is the first of the page, `time` the day that stands at its article.
    pub(super) fn facts(&self, heading: Option<String>, time: Option<Date>) -> Facts {
        let (linked, meta) = (self.linked(heading.as_deref()), self.meta.clone());
        let given = Given {
            published: linked.published.or(meta.published).or(time),
            outlet: linked.outlet.or(meta.outlet),
            title: linked.title.or(meta.title).or(heading).or_else(|| self.title.clone()),
            url: self.canonical.clone().or(linked.url).or(meta.url),
            author: linked.author.or(meta.author),
        };
        Facts { given, ..Facts::default() }
    }

    /// Returns what linked data tells of the page's own article, where one is told from others; else the first that any tells.
    fn linked(&self, heading: Option<&str>) -> Given {
        let titles: BTreeSet<String> = [heading, self.title.as_deref(), self.meta.title.as_deref()]
            .into_iter()
            .flatten()
            .flat_map(|title| iter::once(title).chain(SIGNS.iter().filter_map(|sign| Some(title.rsplit_once(sign)?.0))))
            .map(letters)
            .collect();
        let urls = [&self.canonical, &self.meta.url];
        let own = |linked: &&Linked| {
            linked.given.title.as_deref().is_some_and(|title| titles.contains(&letters(title)))
                || linked.urls.iter().any(|url| urls.into_iter().flatten().any(|own| own == url))
        };
        let any = self.linked.iter().any(|linked| own(&linked));
        let chosen = self.linked.iter().filter(|linked| !any || own(linked)).map(|linked| linked.given.clone());
        chosen.fold(Given::default(), |first, next| Given {
            published: first.published.or(next.published),
            outlet: first.outlet.or(next.outlet),
            title: first.title.or(next.title),
            url: first.url.or(next.url),
            author: first.author.or(next.author),
        })
    }
}

impl Linked {
    fn new(fields: &Map<String, Value>) -> Self {
        let text = |key: &str| Some(flat(&fields.get(key).map(names)?)).filter(|text| !text.is_empty());
        let address = |key: &str| {
            let value = fields.get(key)?;
            value.as_str().or_else(|| value.get("@id")?.as_str()).map(flat).filter(|url| !url.is_empty())
        };
        let given = Given {
            published: fields.get("datePublished").and_then(Value::as_str).and_then(day),
            outlet: text("publisher"),
            title: text("headline"),
            url: fields.get("url").and_then(Value::as_str).map(flat).filter(|url| !url.is_empty()),
            author: text("author"),
        };
        Linked { given, urls: ["url", "mainEntityOfPage", "@id"].into_iter().filter_map(address).collect() }
    }
}

/// Signs between a title and the name of the outlet.
const SIGNS: [&str; 5] = [" | ", " - ", " – ", " — ", " · "];

/// Returns the letters and digits of a title, which are the same however it is set.
fn letters(title: &str) -> String {
    title.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Keeps the first value with anything in it, white space put in order.
fn put(slot: &mut Option<String>, value: &str) {
    let value = flat(value);
    if slot.is_none() && !value.is_empty() {
        *slot = Some(value);
    }
}

fn words(value: &Value) -> Vec<String> {
    match value {
        Value::String(one) => vec![one.clone()],
        Value::Array(all) => all.iter().filter_map(Value::as_str).map(String::from).collect(),
        _ => Vec::new(),
    }
}

/// Reads names: text, an object with a name, or a list of these.
fn names(value: &Value) -> String {
    let name = |one: &Value| one.as_str().or_else(|| one.get("name").and_then(Value::as_str)).unwrap_or("").to_string();
    match value {
        Value::Array(all) => all.iter().map(name).filter(|n| !n.is_empty()).collect::<Vec<_>>().join(", "),
        one => name(one),
    }
}
