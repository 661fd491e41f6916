//! REFI-QDA codebooks and projects: their form as the schema has it, and every quotation at its place.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read;
use std::path::Path;

use crate::ledger::{FIRST_RUN, add, on};
use crate::run::{Desk, PLAIN, demarche};
use crate::xml::Node;

/// What REFI-QDA 1.5 wants of the elements that are written: attributes that must be there, attributes that may, children in their order,
/// and children that must be there.
type Rule =
    (&'static str, &'static [&'static str], &'static [&'static str], &'static [&'static str], &'static [&'static str]);

const CODES: [Rule; 3] = [
    ("Codes", &[], &[], &["Code"], &["Code"]),
    ("Code", &["guid", "name", "isCodable"], &["color"], &["Description", "NoteRef", "Code"], &[]),
    ("Description", &[], &[], &[], &[]),
];
const CODEBOOK: [Rule; 1] = [("CodeBook", &["xmlns"], &["origin"], &["Codes", "Sets"], &["Codes"])];
const PROJECT: [Rule; 16] = [
    (
        "Project",
        &["xmlns", "name"],
        &["origin", "creatingUserGUID", "creationDateTime"],
        &[
            "Users",
            "CodeBook",
            "Variables",
            "Cases",
            "Sources",
            "Notes",
            "Links",
            "Sets",
            "Graphs",
            "Description",
            "NoteRef",
        ],
        &[],
    ),
    ("Users", &[], &[], &["User"], &["User"]),
    ("User", &["guid"], &["name", "id"], &[], &[]),
    ("CodeBook", &[], &[], &["Codes"], &["Codes"]),
    ("Variables", &[], &[], &["Variable"], &["Variable"]),
    ("Variable", &["guid", "name", "typeOfVariable"], &[], &["Description"], &[]),
    ("Sources", &[], &[], &["TextSource"], &["TextSource"]),
    (
        "TextSource",
        &["guid"],
        &["name", "plainTextPath", "creatingUser", "creationDateTime"],
        &["Description", "PlainTextContent", "PlainTextSelection", "Coding", "NoteRef", "VariableValue"],
        &[],
    ),
    (
        "PlainTextSelection",
        &["guid", "startPosition", "endPosition"],
        &["name", "creatingUser", "creationDateTime"],
        &["Description", "Coding", "NoteRef"],
        &[],
    ),
    ("Coding", &["guid"], &["creatingUser", "creationDateTime"], &["CodeRef", "NoteRef"], &["CodeRef"]),
    ("CodeRef", &["targetGUID"], &[], &[], &[]),
    ("VariableValue", &[], &[], &["VariableRef", "TextValue", "DateValue"], &["VariableRef"]),
    ("VariableRef", &["targetGUID"], &[], &[], &[]),
    ("TextValue", &[], &[], &[], &[]),
    ("DateValue", &[], &[], &[], &[]),
    ("PlainTextContent", &[], &[], &[], &[]),
];

/// Holds a document against the rules: names, order, attributes, the form of ids, colours and flags, and that all that is pointed to is
/// there.
fn check(root: &Node, rules: &[Rule]) {
    let rules: BTreeMap<&str, &Rule> = rules.iter().map(|rule| (rule.0, rule)).collect();
    let nodes = root.walk();
    for node in &nodes {
        let (_, must, may, order, needed) = rules.get(node.name.as_str()).unwrap_or_else(|| panic!("{}", node.name));
        for attribute in *must {
            node.at(attribute);
        }
        for attribute in node.attributes.keys() {
            assert!(
                must.contains(&attribute.as_str()) || may.contains(&attribute.as_str()),
                "{attribute} of {}",
                node.name
            );
        }
        let places: Vec<usize> = node
            .children
            .iter()
            .map(|child| order.iter().position(|name| *name == child.name))
            .map(|place| place.unwrap_or_else(|| panic!("a child that {} must not have: {node:?}", node.name)))
            .collect();
        assert!(places.is_sorted(), "the children of {} stand in another order: {node:?}", node.name);
        for name in *needed {
            node.one(name);
        }
        assert!(node.all("Description").count() <= 1);
        assert!(node.attributes.get("isCodable").is_none_or(|flag| flag == "true" || flag == "false"));
        let hex = |text: &str| text.chars().all(|c| c.is_ascii_hexdigit());
        let colour = |c: &String| c.len() == 7 && c.starts_with('#') && hex(&c[1..]);
        assert!(node.attributes.get("color").is_none_or(colour), "{node:?}");
        for id in
            ["guid", "targetGUID", "creatingUser", "creatingUserGUID"].iter().filter_map(|a| node.attributes.get(*a))
        {
            let parts: Vec<&str> = id.split('-').collect();
            assert!(parts.iter().all(|p| hex(p)) && parts.iter().map(|p| p.len()).eq([8, 4, 4, 4, 12]), "{id}");
        }
    }
    let ids: Vec<&String> = nodes.iter().filter_map(|node| node.attributes.get("guid")).collect();
    let known: BTreeSet<&String> = ids.iter().copied().collect();
    assert_eq!(known.len(), ids.len(), "two things have the same id");
    for node in nodes {
        for pointer in ["targetGUID", "creatingUser", "creatingUserGUID"] {
            assert!(node.attributes.get(pointer).is_none_or(|id| known.contains(id)), "{node:?}");
        }
    }
}

fn codes(codebook: &Node) -> BTreeMap<&str, &str> {
    let codes = codebook.walk().into_iter().filter(|node| node.name == "Code");
    codes.map(|code| (code.at("guid"), code.at("name"))).collect()
}

/// The parts of an archive by their names.
fn unpacked(archive: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut archive = zip::ZipArchive::new(fs::File::open(archive).unwrap()).unwrap();
    let mut parts = BTreeMap::new();
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).unwrap();
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).unwrap();
        parts.insert(part.name().unwrap().to_string(), bytes);
    }
    parts
}

/// A project read back: the codes, and the texts by document with the name of each coded passage's codes.
struct Project {
    root: Node,
    texts: BTreeMap<String, String>,
}

impl Project {
    fn read(archive: &Path) -> Project {
        let mut parts = unpacked(archive);
        let root = Node::read(&String::from_utf8(parts.remove("project.qde").unwrap()).unwrap());
        check(&root, &[&PROJECT[..], &CODES[..]].concat());
        let texts: BTreeMap<String, String> =
            parts.into_iter().map(|(name, bytes)| (name, String::from_utf8(bytes).unwrap())).collect();
        Project { root, texts }
    }

    fn sources(&self) -> Vec<&Node> {
        self.root.all("Sources").flat_map(|sources| &sources.children).collect()
    }

    fn text(&self, source: &Node) -> Vec<char> {
        let name = source.at("plainTextPath").strip_prefix("internal://").unwrap();
        self.texts[&format!("sources/{name}")].chars().collect()
    }
}

#[test]
fn a_codebook_has_a_group_for_each_topic_and_a_code_for_each_stance() {
    let out = demarche(["export", "qdc"]).exits(0).out.clone();
    let root = Node::read(&out);
    check(&root, &[&CODEBOOK[..], &CODES[..]].concat());
    assert_eq!(root.at("xmlns"), "urn:QDA-XML:codebook:1.0");
    let groups = &root.one("Codes").children;
    let book = demarche::codebook::load("ukraine-talks").unwrap();
    assert_eq!(groups.len(), book.topics.len() + 1, "a group of each topic, and one of the parties");
    let names: Vec<&str> = codes(&root).into_values().collect();
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "some programs keep one code of a name");
    let ceasefire = groups.iter().find(|group| group.at("name") == "Ceasefire").unwrap();
    assert_eq!(ceasefire.at("isCodable"), "false");
    assert!(ceasefire.one("Description").text.ends_with("Yes: a ceasefire now. No: no ceasefire."));
    let stances: Vec<&str> = ceasefire.all("Code").map(|code| code.at("name")).collect();
    let wanted =
        ["rejects", "doubts", "noncommittal", "leans yes", "demands"].map(|label| format!("Ceasefire: {label}"));
    assert_eq!(stances, wanted);
    let parties: Vec<&str> = groups.last().unwrap().all("Code").map(|code| code.at("name")).collect();
    assert_eq!(parties[..2], ["Party: Ukraine", "Party: Russia"]);
    assert!(!parties.contains(&"Party: Vanuatu"), "a country that no table of the codebook lists: {parties:?}");
    assert_eq!(out, demarche(["export", "qdc"]).exits(0).out);
}

#[test]
fn a_project_has_every_quotation_of_the_seeds_at_its_code_points() {
    let desk = Desk::new(&[]);
    let file = desk.path("talks.qdpx");
    let args = ["export", "qdpx", "output/statements.jsonl", "--documents", "seeds", "-o", file.to_str().unwrap()];
    demarche(args).exits(0);
    let project = Project::read(&file);
    let codes = codes(&project.root);
    let mut statements: BTreeMap<(String, usize, usize), Vec<serde_json::Value>> = BTreeMap::new();
    for line in fs::read_to_string("output/statements.jsonl").unwrap().lines() {
        let s: serde_json::Value = serde_json::from_str(line).unwrap();
        let place = |field: &str| usize::try_from(s[field].as_u64().unwrap()).unwrap();
        let key = (s["doc"].as_str().unwrap().to_string(), place("start"), place("end"));
        statements.entry(key).or_default().push(s);
    }
    let mut found = 0;
    for source in project.sources() {
        let (name, text) = (source.at("name"), project.text(source));
        assert_eq!(
            text.iter().collect::<String>(),
            fs::read_to_string(format!("seeds/{name}")).unwrap().replace("\r\n", "\n")
        );
        for passage in source.all("PlainTextSelection") {
            let place = |at: &str| passage.at(at).parse::<usize>().unwrap();
            let (start, end) = (place("startPosition"), place("endPosition"));
            let here = &statements[&(name.to_string(), start, end)];
            let quote: String = text[start..end].iter().collect();
            let given: Vec<&str> = passage.all("Coding").map(|c| codes[c.one("CodeRef").at("targetGUID")]).collect();
            let id = passage.one("Description").text.rsplit(' ').next().unwrap();
            let statement = here.iter().find(|s| s["id"] == id).unwrap();
            assert_eq!(quote, statement["quote"].as_str().unwrap());
            assert_eq!(given.len(), 2, "one of the stance, one of the party");
            assert!(given[1].starts_with("Party: "), "{given:?}");
            found += 1;
        }
    }
    let table = demarche(["matrix", "output/statements.jsonl", "--format", "positions"]).exits(0).out.clone();
    let rows = csv::Reader::from_reader(table.as_bytes()).into_records();
    let counted: usize = rows.map(|row| row.unwrap()[5].parse::<usize>().unwrap()).sum();
    assert_eq!((project.sources().len(), found), (2, counted));
    let own = Node::read(&demarche(["export", "qdc"]).exits(0).out);
    let own = self::codes(&own);
    assert!(codes.iter().all(|(id, name)| own.get(id) == Some(name)), "a project has the ids of its codebook");
    assert!(!codes.values().any(|name| *name == "Party: Iceland"), "it said nothing");
    let again = desk.path("again.qdpx");
    demarche([&args[..6], &[again.to_str().unwrap()]].concat()).exits(0);
    assert!(fs::read(file).unwrap() == fs::read(again).unwrap());
}

#[test]
fn positions_count_characters_and_not_bytes() {
    let text =
        "“Élysée” 🕊 – naïve talk.\n\nUkraine wants to join NATO, President Volodymyr Zelenskyy said on Thursday.\n";
    let sources = "file,published,outlet,url\na.txt,2025-02-13,Example <Daily>,https://a.example/?a=1&b=2\n";
    let desk = Desk::new(&[("a.txt", text.as_bytes()), ("sources.csv", sources.as_bytes())]);
    add(&desk, FIRST_RUN, &[]).exits(0);
    let file = desk.path("talks.qdpx");
    on(&desk, "export", &["qdpx", "-o", file.to_str().unwrap()]).exits(0);
    let project = Project::read(&file);
    let [source] = project.sources()[..] else { panic!("one document") };
    let [passage] = source.all("PlainTextSelection").collect::<Vec<_>>()[..] else { panic!("one passage") };
    let start = text.chars().count() - text.split("\n\n").nth(1).unwrap().chars().count();
    assert_eq!(passage.at("startPosition"), start.to_string());
    let quote: String = project.text(source)[start..passage.at("endPosition").parse().unwrap()].iter().collect();
    assert_eq!(quote, "Ukraine wants to join NATO");
    let names = codes(&project.root);
    let given: Vec<&str> = passage.all("Coding").map(|c| names[c.one("CodeRef").at("targetGUID")]).collect();
    assert_eq!(given, ["NATO membership: demands", "Party: Ukraine"]);
    let values: Vec<&str> = source.all("VariableValue").map(|v| v.children[1].text.as_str()).collect();
    assert_eq!(values, ["Example <Daily>", "2025-02-13", "https://a.example/?a=1&b=2"]);
}

#[test]
fn a_text_that_is_not_the_one_coded_is_told_and_the_rest_is_written() {
    let desk =
        Desk::new(&[("a.txt", PLAIN.as_bytes()), ("b.txt", b"Russia rejects a ceasefire, Sergey Lavrov said.\n")]);
    desk.build(&[]).exits(0);
    fs::write(desk.path("news/a.txt"), format!("Corrected. {PLAIN}")).unwrap();
    let (statements, news, file) = (desk.path("out/statements.jsonl"), desk.path("news"), desk.path("talks.qdpx"));
    let export = |more: &[&str]| {
        demarche([&["export", "qdpx", statements.to_str().unwrap(), "-o", file.to_str().unwrap()], more].concat())
    };
    export(&["--documents", news.to_str().unwrap()]).exits(2).tells(&["a.txt", "1 of its 1", "why: ", "hint: "]);
    let names = |project: &Project| project.sources().iter().map(|s| s.at("name").to_string()).collect::<Vec<_>>();
    assert_eq!(names(&Project::read(&file)), ["b.txt"]);
    fs::remove_file(desk.path("news/a.txt")).unwrap();
    export(&["--documents", news.to_str().unwrap()]).exits(2).tells(&["cannot find the text", "a.txt", "hint: "]);
    fs::remove_file(&file).unwrap();
    export(&[]).exits(2).tells(&["--documents", "hint: "]);
    assert!(!file.exists());
    demarche(["export", "qdc", "--documents", "seeds"]).exits(2).tells(&["--documents", "qdpx"]);
    demarche(["export", "qdc", statements.to_str().unwrap()]).exits(2).tells(&["the codebook alone"]);
}
