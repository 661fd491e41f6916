//! Reads the files of a codebook and the lexicon into one checked [`Codebook`].

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Deserialize;

use super::about::About;
use super::files::{self, DataFile, Files};
use super::model::{Codebook, Group, Institution, Labels, Office, OfficeRank, Party, PartyIx, Person};
use super::names::{NameIndex, Referent, TitleIndex, name_words};
use super::problem::Problem;
use super::table::rows;
use super::topics;
use super::wording::Vocabulary;
use crate::base::{self, id::content_id};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    title: String,
    version: String,
    #[serde(default)]
    principals: Vec<String>,
    #[serde(default)]
    labels: HeadLabels,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct HeadLabels {
    stances: [String; 5],
    mixed: String,
    none: String,
}

impl Default for HeadLabels {
    fn default() -> Self {
        HeadLabels {
            stances: ["rejects", "doubts", "noncommittal", "leans yes", "demands"].map(String::from),
            mixed: "mixed".to_string(),
            none: "nothing found".to_string(),
        }
    }
}

/// Loads a codebook: an embedded one by its name, or a folder.
///
/// # Errors
/// Every fault found in its files, in the order of the files, each with file and line.
pub fn load(name_or_folder: &str) -> Result<Codebook, Vec<base::Problem>> {
    let told = |problems: Vec<Problem>| problems.into_iter().map(Problem::told).collect();
    let files = Files::open(name_or_folder).map_err(|p| told(vec![p]))?;
    let mut loader = Loader::default();
    let book = loader.read(&files);
    match book {
        Ok(book) if loader.problems.is_empty() => Ok(book),
        Ok(_) => Err(told(loader.problems)),
        Err(problem) => {
            loader.problems.push(problem);
            Err(told(loader.problems))
        }
    }
}

/// Lists the wording of a codebook's topics and sets as written, for those who look at it rather than match with it.
///
/// # Errors
/// Where the codebook or its `topics.toml` is not there.
pub fn patterns(name_or_folder: &str) -> Result<Vec<topics::Pattern>, base::Problem> {
    let file = Files::open(name_or_folder).and_then(|files| files.need("topics.toml")).map_err(Problem::told)?;
    Ok(topics::written(&file))
}

/// Returns the files of a codebook by their names, as they stand.
///
/// # Errors
/// Where there is no such codebook, or a file of it cannot be read.
pub fn texts(name_or_folder: &str) -> Result<Vec<(&'static str, String)>, base::Problem> {
    let names =
        ["codebook.toml", "parties.csv", "people.csv", "roles.csv", "institutions.csv", "groups.csv", "topics.toml"];
    let files = Files::open(name_or_folder).map_err(Problem::told)?;
    let mut texts = Vec::new();
    for name in names {
        if let Some(file) = files.read(name).map_err(Problem::told)? {
            texts.push((name, file.text));
        }
    }
    Ok(texts)
}

/// Turns a TOML error into a problem with its line.
pub(super) fn toml_problem(file: &DataFile, error: &toml::de::Error) -> Problem {
    let line = error.span().map(|s| file.text.get(..s.start).unwrap_or("").matches('\n').count() + 1);
    Problem::new(&file.path, line, error.message().to_string(), "docs/codebook.md shows the form of the file")
}

#[derive(Default)]
struct Loader {
    problems: Vec<Problem>,
    parties: Vec<Party>,
    party_ids: BTreeMap<String, u32>,
    names: NameIndex,
    /// Where each name was defined, for the message about a second definition.
    defined: HashMap<Vec<String>, (Referent, String)>,
    hashed: Vec<String>,
}

impl Loader {
    fn read(&mut self, files: &Files) -> Result<Codebook, Problem> {
        let head_file = self.taken(files.need("codebook.toml")?);
        let head: Head = toml::from_str(&head_file.text).map_err(|e| toml_problem(&head_file, &e))?;
        let countries = self.taken(files::lexicon("countries.csv")?);
        let titles_file = self.taken(files::lexicon("titles.csv")?);
        let stance_file = self.taken(files::lexicon("stance.toml")?);
        let parties_file = self.taken(files.need("parties.csv")?);
        self.parties(&parties_file, &countries);
        let groups = match files.read("groups.csv")? {
            Some(file) => {
                let file = self.taken(file);
                self.groups(&file)
            }
            None => Vec::new(),
        };
        let institutions = match files.read("institutions.csv")? {
            Some(file) => {
                let file = self.taken(file);
                self.institutions(&file)
            }
            None => Vec::new(),
        };
        let people_file = self.taken(files.need("people.csv")?);
        let mut people = self.people(&people_file);
        let roles_file = self.taken(files.need("roles.csv")?);
        self.roles(&roles_file, &mut people);
        let titles = self.titles(&titles_file);
        let about = self.about(&head.principals, &head_file, &people, &institutions);
        let topics_file = self.taken(files.need("topics.toml")?);
        let mut vocabulary = Vocabulary::default();
        let topical = topics::topics(&topics_file, &self.party_ids, &mut vocabulary, &mut self.problems);
        let stance = topics::stance(&stance_file, &self.party_ids, &mut vocabulary, &mut self.problems);
        let hashed: Vec<&str> = self.hashed.iter().map(String::as_str).collect();
        Ok(Codebook {
            name: files.name.clone(),
            title: head.title,
            version: head.version,
            hash: content_id(&hashed),
            about,
            parties: std::mem::take(&mut self.parties),
            topics: topical.topics,
            labels: Labels { stances: head.labels.stances, mixed: head.labels.mixed, none: head.labels.none },
            people,
            institutions,
            groups,
            names: std::mem::take(&mut self.names),
            titles,
            vocabulary,
            wording: topical.wording,
            signals: topical.signals,
            stance_wording: stance.wording,
            operators: stance.operators,
            list_wording: stance.list_wording,
            lists: stance.lists,
            texts: stance.texts,
            platforms: stance.platforms,
            plans: stance.plans,
            provisions: stance.provisions,
        })
    }

    fn taken(&mut self, file: DataFile) -> DataFile {
        self.hashed.push(file.text.clone());
        file
    }

    /// Adds a name; a name that stands for two things is a fault.
    fn name(&mut self, name: &str, referent: Referent, at: &str) -> Option<String> {
        let words = name_words(name);
        if words.is_empty() {
            return None;
        }
        if let Some((before, place)) = self.defined.get(&words) {
            return (*before != referent).then(|| format!("the name '{name}' already stands for another at {place}"));
        }
        self.defined.insert(words, (referent, at.to_string()));
        self.names.add(name, referent);
        None
    }

    fn parties(&mut self, file: &DataFile, countries: &DataFile) {
        let columns = ["id", "name", "short", "kind", "aliases", "demonyms", "metonyms", "order"];
        let mut problems = Vec::new();
        rows(file, &columns, &mut problems, |row, problems| {
            let id = row.get("id").to_string();
            if id.is_empty()
                || id == "none"
                || !id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
            {
                problems.push(
                    row.problem(format!("'{id}' is not a party id"), "use lower-case letters, digits and hyphens"),
                );
                return;
            }
            if self.party_ids.contains_key(&id) {
                problems.push(row.problem(format!("the party '{id}' stands here a second time"), "join the two rows"));
                return;
            }
            let Ok(order) = row.get("order").parse() else {
                problems.push(row.problem(format!("'{}' in column 'order' is not a number", row.get("order")), ""));
                return;
            };
            let ix = self.parties.len() as PartyIx;
            self.party_ids.insert(id.clone(), ix);
            let name = row.get("name").to_string();
            let short = if row.get("short").is_empty() { name.clone() } else { row.get("short").to_string() };
            let voice = name.clone();
            self.parties.push(Party { id, name, short, kind: row.get("kind").to_string(), voice, order });
            self.party_names(row, ix, problems);
        });
        let columns = ["id", "name", "aliases", "demonyms", "capital", "metonyms"];
        rows(countries, &columns, &mut problems, |row, problems| {
            let id = row.get("id").to_string();
            let ix = match self.party_ids.get(&id) {
                Some(ix) => *ix,
                None => {
                    let ix = self.parties.len() as PartyIx;
                    self.party_ids.insert(id.clone(), ix);
                    let name = row.get("name").to_string();
                    let order = Party::UNLISTED + ix;
                    let (short, voice) = (name.clone(), name.clone());
                    self.parties.push(Party { id, short, name, kind: "state".to_string(), voice, order });
                    ix
                }
            };
            let party = &mut self.parties[ix as usize];
            if party.kind == "state" {
                let capitals = party.short.chars().all(char::is_uppercase);
                let adjective = row.list("demonyms").next().filter(|_| !capitals);
                party.voice = format!("{} government", adjective.unwrap_or(&party.short));
            }
            // A codebook may give a country's name another meaning; its own files win.
            let mut ignored = Vec::new();
            self.party_names(row, ix, &mut ignored);
            for seat in row.list("capital") {
                let _ = self.name(seat, Referent::Seat(ix), &format!("{}:{}", "countries.csv", row.line));
            }
            let _ = problems;
        });
        self.problems.append(&mut problems);
    }

    fn party_names(&mut self, row: &super::table::Row<'_>, ix: PartyIx, problems: &mut Vec<Problem>) {
        let place = format!("line {}", row.line);
        let all = std::iter::once(row.get("name"))
            .filter(|n| !n.is_empty())
            .chain(row.list("aliases"))
            .map(|n| (n, Referent::Party(ix)))
            .chain(row.list("demonyms").map(|n| (n, Referent::Demonym(ix))))
            .chain(row.list("metonyms").map(|n| (n, Referent::Seat(ix))));
        let all: Vec<(String, Referent)> = all.map(|(n, r)| (n.to_string(), r)).collect();
        for (name, referent) in all {
            if let Some(what) = self.name(&name, referent, &place) {
                // The same party may have a name as noun and as adjective ("Czech").
                let same_party = self.defined.get(&name_words(&name)).is_some_and(|(r, _)| party_in(*r) == Some(ix));
                if !same_party {
                    problems.push(row.problem(what, "keep the name in one row only"));
                }
            }
        }
    }

    fn party_id(&self, row: &super::table::Row<'_>, id: &str) -> Result<PartyIx, Problem> {
        self.party_ids.get(id).copied().ok_or_else(|| {
            row.problem(format!("the party '{id}' is unknown"), "add it to parties.csv or mend the spelling")
        })
    }

    fn groups(&mut self, file: &DataFile) -> Vec<Group> {
        let mut groups = Vec::new();
        let mut problems = Vec::new();
        rows(file, &["name", "aliases", "members"], &mut problems, |row, problems| {
            let mut members = Vec::new();
            for id in row.list("members") {
                match self.party_id(row, id) {
                    Ok(ix) => members.push(ix),
                    Err(problem) => problems.push(problem),
                }
            }
            let referent = Referent::Group(groups.len() as u32);
            for name in
                std::iter::once(row.get("name")).chain(row.list("aliases")).map(String::from).collect::<Vec<_>>()
            {
                if let Some(what) = self.name(&name, referent, &format!("{}:{}", file.path, row.line)) {
                    problems.push(row.problem(what, "keep the name in one row only"));
                }
            }
            groups.push(Group { name: row.get("name").to_string(), members });
        });
        self.problems.append(&mut problems);
        groups
    }

    fn institutions(&mut self, file: &DataFile) -> Vec<Institution> {
        let mut made = Vec::new();
        let mut problems = Vec::new();
        rows(file, &["name", "party", "rank", "aliases"], &mut problems, |row, problems| {
            let (party, rank) = match (self.party_id(row, row.get("party")), rank_of(row)) {
                (Ok(party), Ok(rank)) => (party, rank),
                (a, b) => {
                    problems.extend(a.err().into_iter().chain(b.err()));
                    return;
                }
            };
            let referent = Referent::Institution(made.len() as u32);
            for name in
                std::iter::once(row.get("name")).chain(row.list("aliases")).map(String::from).collect::<Vec<_>>()
            {
                // A seat of power that is also an institution ("Kremlin") is read as the institution.
                if let Some((Referent::Seat(p) | Referent::Party(p), _)) = self.defined.get(&name_words(&name))
                    && *p == party
                {
                    self.names.remove(&name);
                    self.defined.remove(&name_words(&name));
                }
                if let Some(what) = self.name(&name, referent, &format!("{}:{}", file.path, row.line)) {
                    problems.push(row.problem(what, "keep the name in one row only"));
                }
            }
            made.push(Institution { name: row.get("name").to_string(), party, rank });
        });
        self.problems.append(&mut problems);
        made
    }

    fn people(&mut self, file: &DataFile) -> Vec<Person> {
        let mut people: Vec<Person> = Vec::new();
        let mut problems = Vec::new();
        let mut known = BTreeSet::new();
        let mut surnames: BTreeMap<String, BTreeSet<u32>> = BTreeMap::new();
        let mut given: BTreeSet<String> = BTreeSet::new();
        rows(file, &["name", "aliases", "pronoun"], &mut problems, |row, problems| {
            let name = row.get("name").to_string();
            if !known.insert(name.clone()) {
                problems.push(row.problem(format!("'{name}' stands here a second time"), "join the two rows"));
                return;
            }
            let ix = people.len() as u32;
            for alias in
                std::iter::once(row.get("name")).chain(row.list("aliases")).map(String::from).collect::<Vec<_>>()
            {
                let referent = if alias.contains(' ') { Referent::Person(ix) } else { Referent::Surname(ix) };
                if let Some(what) = self.name(&alias, referent, &format!("{}:{}", file.path, row.line)) {
                    problems.push(row.problem(what, "keep the name in one row only"));
                }
                match alias.rsplit_once(' ') {
                    Some((_, surname)) => {
                        surnames.entry(surname.to_string()).or_default().insert(ix);
                    }
                    None => {
                        given.insert(alias);
                    }
                }
            }
            people.push(Person { name, pronoun: row.get("pronoun").to_string(), offices: Vec::new() });
        });
        // A surname alone names its only bearer.
        for (surname, bearers) in surnames {
            if let (1, Some(ix)) = (bearers.len(), bearers.first())
                && !given.contains(&surname)
                && surname.chars().count() > 2
            {
                let _ = self.name(&surname, Referent::Surname(*ix), &file.path);
            }
        }
        self.problems.append(&mut problems);
        people
    }

    fn roles(&mut self, file: &DataFile, people: &mut [Person]) {
        let by_name: HashMap<String, usize> = people.iter().enumerate().map(|(i, p)| (p.name.clone(), i)).collect();
        let mut problems = Vec::new();
        rows(file, &["person", "party", "rank", "title", "from", "to"], &mut problems, |row, problems| {
            let Some(person) = by_name.get(row.get("person")) else {
                problems.push(row.problem(
                    format!("the person '{}' is not in people.csv", row.get("person")),
                    "add the person there or mend the spelling",
                ));
                return;
            };
            let read =
                (self.party_id(row, row.get("party")), rank_of(row), row.date("from", false), row.date("to", true));
            match read {
                (Ok(party), Ok(rank), Ok(from), Ok(to)) => {
                    if let (Some(from), Some(to)) = (from, to)
                        && to < from
                    {
                        problems.push(row.problem("the office ends before it begins", "mend the dates"));
                        return;
                    }
                    let title = row.get("title").to_string();
                    people[*person].offices.push(Office { party, rank, title, from, to });
                }
                (a, b, c, d) => {
                    problems.extend(a.err().into_iter().chain(b.err()).chain(c.err()).chain(d.err()));
                }
            }
        });
        self.problems.append(&mut problems);
    }

    fn about(&mut self, ids: &[String], file: &DataFile, people: &[Person], institutions: &[Institution]) -> About {
        let mut principals = BTreeSet::new();
        for id in ids {
            match self.party_ids.get(id) {
                Some(ix) => {
                    principals.insert(*ix);
                }
                None => self.problems.push(Problem::new(
                    &file.path,
                    file.text.lines().position(|l| l.trim_start().starts_with("principals")).map(|at| at + 1),
                    format!("the principal '{id}' is no party"),
                    "add it to parties.csv or mend the spelling",
                )),
            }
        }
        let owners: Vec<PartyIx> = institutions.iter().map(|i| i.party).collect();
        About::new(&principals, &self.names, people, &owners)
    }

    fn titles(&mut self, file: &DataFile) -> TitleIndex {
        let mut titles = TitleIndex::default();
        let mut problems = Vec::new();
        rows(file, &["title", "rank", "role"], &mut problems, |row, problems| match rank_of(row) {
            Ok(rank) => titles.add(&row.get("title").replace('’', "'"), rank),
            Err(problem) => problems.push(problem),
        });
        self.problems.append(&mut problems);
        titles
    }
}

fn rank_of(row: &super::table::Row<'_>) -> Result<OfficeRank, Problem> {
    OfficeRank::parse(row.get("rank")).ok_or_else(|| {
        row.problem(
            format!("'{}' is not a rank", row.get("rank")),
            "use leader, minister, spokesperson, envoy, official, legislator, expert or other",
        )
    })
}

fn party_in(referent: Referent) -> Option<PartyIx> {
    match referent {
        Referent::Party(p) | Referent::Demonym(p) | Referent::Seat(p) => Some(p),
        _ => None,
    }
}
