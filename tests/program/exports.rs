//! What `demarche export` writes for other programs, read back as they would.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Command;

use crate::ledger::{FIRST_RUN, add, on};
use crate::run::{Desk, PLAIN, demarche, fed};
use crate::xml::Node;

const STATEMENTS: &str = "tests/fixtures/statements.jsonl";

/// Exports the fixture to standard output.
fn exported(format: &str, more: &[&str]) -> String {
    demarche([&["export", format, STATEMENTS], more].concat()).exits(0).out.clone()
}

/// Rows of positions.csv for the same statements.
fn positions(more: &[&str]) -> Vec<csv::StringRecord> {
    let args = [&["matrix", STATEMENTS, "--format", "positions"], more].concat();
    let out = demarche(args).exits(0).out.clone();
    csv::Reader::from_reader(out.as_bytes()).records().map(Result::unwrap).collect()
}

/// The fixture's first statement with some fields replaced, as a file of its own.
fn changed(desk: &Desk, fields: &[(&str, &str)]) -> String {
    let line = fs::read_to_string(STATEMENTS).unwrap().lines().next().unwrap().to_string();
    let mut statement: serde_json::Value = serde_json::from_str(&line).unwrap();
    for (field, value) in fields {
        statement[*field] = (*value).into();
    }
    let path = desk.path("changed.jsonl");
    fs::write(&path, format!("{statement}\n")).unwrap();
    path.display().to_string()
}

/// Statements behind all positions of positions.csv.
fn counted(positions: &[csv::StringRecord]) -> usize {
    positions.iter().map(|row| row[5].parse::<usize>().unwrap()).sum()
}

#[test]
fn markdown_has_every_position_and_every_statement_behind_it() {
    let page = exported("markdown", &[]);
    let rows = positions(&[]);
    let (table, list) = page.split_once("\n## Statements\n").unwrap();
    let cells: Vec<Vec<&str>> = table
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| Party") && !line.starts_with("| ---"))
        .map(|line| line.trim_matches(['|', ' ']).split(" | ").collect())
        .collect();
    let columns = table.lines().find(|line| line.starts_with("| Party")).unwrap().matches(" | ").count();
    assert!(cells.iter().all(|row| row.len() == columns + 1), "{table}");
    let filled = cells.iter().flat_map(|row| &row[1..]).filter(|cell| **cell != "nothing found").count();
    assert_eq!((filled, cells.len()), (rows.len(), 15), "{table}");
    assert_eq!(list.lines().filter(|line| line.starts_with("#### ")).count(), rows.len());
    assert_eq!(list.lines().filter(|line| line.starts_with("- ")).count(), counted(&rows));
    let us = list.split("### United States\n").nth(1).unwrap().split("\n### ").next().unwrap();
    let aid = us.split("#### Military aid: rejects (-2), until they want peace\n").nth(1).unwrap();
    let entry = "- ‘Deliveries stop until they want peace’: rejects (-2); President of the United States, 4 Mar 2025, \
                 [Test Courier](https://example.org/d)\n";
    assert!(aid.contains(entry), "{us}");
}

#[test]
fn markdown_takes_the_filters_of_the_matrix() {
    let more = ["--party", "us", "--party", "russia", "--as-of", "2025-02-28"];
    let page = exported("markdown", &more);
    assert!(page.contains("Positions as of 28 Feb 2025, rule latest: 2 parties"), "{page}");
    assert_eq!(page.lines().filter(|line| line.starts_with("#### ")).count(), positions(&more).len());
    assert!(!page.contains("Deliveries stop"));
    let nothing = exported("markdown", &["--as-of", "1999-01-01", "--window", "1d"]);
    assert!(nothing.ends_with("\nNo position found.\n"), "{nothing}");
}

#[test]
fn nothing_of_a_document_is_markup_in_markdown() {
    let desk = Desk::new(&[]);
    let hostile = "# a | b\n- [x](javascript:1) <script> `c` **d** ~~e~~";
    let input = changed(
        &desk,
        &[
            ("quote", hostile),
            ("speaker", hostile),
            ("outlet", hostile),
            ("url", "https://a.example/)[x](javascript:1"),
        ],
    );
    let page = demarche(["export", "markdown", input.as_str()]).exits(0).out.clone();
    let entry = page.lines().find(|line| line.starts_with("- ")).unwrap();
    let escaped = "\\# a \\| b - \\[x\\](javascript:1) &lt;script&gt; \\`c\\` \\*\\*d\\*\\* \\~\\~e\\~\\~";
    assert_eq!(entry.matches(escaped).count(), 3, "{entry}");
    assert!(!entry.contains("https://"), "an address that could end its link is no link: {entry}");
    let input = changed(&desk, &[("outlet", "A_B"), ("url", "https://a.example/x?y=1")]);
    let page = demarche(["export", "markdown", input.as_str()]).exits(0).out.clone();
    assert!(page.contains("[A\\_B](https://a.example/x?y=1)"), "{page}");
}

#[test]
fn every_input_gives_the_same_export() {
    let desk = Desk::new(&[]);
    let out = desk.path("out");
    demarche(["matrix", STATEMENTS, "-o", out.to_str().unwrap()]).exits(0);
    let piped = fed(["export", "markdown", "-"], fs::read(STATEMENTS).unwrap());
    let wanted = exported("markdown", &[]);
    assert!(piped.exits(0).out == wanted);
    for file in ["statements.jsonl", "statements.csv", "positions.xlsx"] {
        let page = desk.path("page.md");
        let file = out.join(file);
        demarche(["export", "markdown", file.to_str().unwrap(), "-o", page.to_str().unwrap()]).exits(0);
        assert!(fs::read_to_string(page).unwrap() == wanted, "{}", file.display());
    }
}

#[test]
fn what_cannot_be_read_or_written_is_told() {
    demarche(["export", "markdown", "no-such.jsonl"]).exits(2).tells(&["no-such.jsonl", "why: "]);
    fed(["export", "markdown", "-"], "{\"id\": 1}\n").exits(2).tells(&["cannot read the statement", "line 1"]);
    demarche(["export", "markdown", STATEMENTS, "-o", "no/such/folder.md"])
        .exits(2)
        .tells(&["does not exist", "hint: "]);
    demarche(["export", "markdown", STATEMENTS, "--ledger", "x"]).exits(2).tells(&["cannot be used with"]);
    demarche(["export", "markdown", STATEMENTS, "--party", "atlantis"]).exits(2).tells(&["\"atlantis\""]);
}

/// Edges of a network by their ends, each with its data by name.
fn edges(network: &str) -> BTreeMap<(String, String), BTreeMap<String, String>> {
    let root = Node::read(&exported("graphml", &["--network", network]));
    let keys: BTreeMap<&str, &str> = root.all("key").map(|key| (key.at("id"), key.at("attr.name"))).collect();
    let graph = root.one("graph");
    let nodes: BTreeSet<&str> = graph.all("node").map(|node| node.at("id")).collect();
    let edge = |edge: &Node| {
        assert!(nodes.contains(edge.at("source")) && nodes.contains(edge.at("target")), "{edge:?}");
        let data = edge.all("data").map(|d| (keys[d.at("key")].to_string(), d.text.clone())).collect();
        ((edge.at("source").to_string(), edge.at("target").to_string()), data)
    };
    graph.all("edge").map(edge).collect()
}

#[test]
fn the_two_mode_network_has_an_edge_for_each_position_with_its_number() {
    let edges = edges("two-mode");
    let rows = positions(&[]);
    assert_eq!(edges.len(), rows.len());
    for row in &rows {
        let data = &edges[&(format!("party:{}", &row[0]), format!("topic:{}", &row[1]))];
        let number = row[3].parse::<f64>().ok();
        assert_eq!(data.get("position").map(|n| n.parse::<f64>().unwrap()), number, "{row:?}");
        let towards = number.unwrap_or_default();
        assert_eq!(data["weight"].parse::<f64>().unwrap(), towards.abs(), "{row:?}");
        assert_eq!(
            data["sign"],
            if towards == 0.0 {
                "0"
            } else if towards > 0.0 {
                "1"
            } else {
                "-1"
            },
            "{row:?}"
        );
        assert_eq!((&*data["stance"], &*data["count"], &*data["confidence"]), (&row[4], &row[5], &row[12]));
    }
    let aid = &edges[&("party:us".to_string(), "topic:military-aid".to_string())];
    assert_eq!((&*aid["position"], &*aid["weight"], &*aid["sign"]), ("-2", "2", "-1"));
    assert_eq!(aid["condition"], "until they want peace");
}

#[test]
fn party_networks_count_the_topics_of_agreement_and_of_conflict() {
    let mut stands: BTreeMap<String, BTreeMap<String, f64>> = BTreeMap::new();
    for row in positions(&[]) {
        if let Ok(number) = row[3].parse() {
            stands.entry(row[0].to_string()).or_default().insert(row[1].to_string(), number);
        }
    }
    let (agree, oppose) = (edges("congruence"), edges("conflict"));
    let (mut agreeing, mut opposing) = (0, 0);
    for (one, first) in &stands {
        for (other, second) in stands.iter().filter(|(other, _)| *other > one) {
            let count = |sign: f64| {
                first.iter().filter(|(topic, n)| second.get(*topic).is_some_and(|m| *n * m * sign > 0.0)).count()
            };
            let ends = |a: &str, b: &str| (format!("party:{a}"), format!("party:{b}"));
            let weight = |edges: &BTreeMap<(String, String), BTreeMap<String, String>>| {
                let edge = edges.get(&ends(one, other)).or_else(|| edges.get(&ends(other, one)));
                edge.map_or(0, |data| data["weight"].parse::<usize>().unwrap())
            };
            assert_eq!((weight(&agree), weight(&oppose)), (count(1.0), count(-1.0)), "{one} {other}");
            agreeing += usize::from(count(1.0) > 0);
            opposing += usize::from(count(-1.0) > 0);
        }
    }
    assert_eq!((agree.len(), oppose.len()), (agreeing, opposing));
    assert!(agreeing > 10 && opposing > 5, "{agreeing} {opposing}");
}

#[test]
fn networks_open_in_networkx() {
    let script = "
import json, sys, networkx
graph = networkx.read_graphml(sys.argv[1])
kinds = networkx.get_node_attributes(graph, 'kind')
print(json.dumps({'nodes': len(graph), 'edges': graph.size(), 'sum': graph.size('weight'), 'directed': graph.is_directed(),
    'parties': sorted(n for n, kind in kinds.items() if kind == 'party'), 'graph': graph.graph,
    'bipartite': networkx.is_bipartite(graph)}))
";
    let Ok(version) = Command::new("python3").args(["-c", "import networkx"]).output() else { return };
    if !version.status.success() {
        eprintln!("left out: networkx is not here");
        return;
    }
    let desk = Desk::new(&[]);
    let file = desk.path("network.graphml");
    let file = file.to_str().unwrap();
    for network in ["two-mode", "congruence", "conflict"] {
        let edges = edges(network);
        demarche(["export", "graphml", STATEMENTS, "--network", network, "-o", file]).exits(0);
        let output = Command::new("python3").args(["-c", script, file]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let read: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let weight: f64 = edges.values().map(|data| data["weight"].parse::<f64>().unwrap()).sum();
        assert_eq!((read["edges"].as_u64(), read["sum"].as_f64()), (Some(edges.len() as u64), Some(weight)));
        assert_eq!(read["directed"], false);
        assert_eq!(read["parties"].as_array().unwrap().len(), 15);
        let topics = if network == "two-mode" { 18 } else { 0 };
        assert_eq!(read["nodes"].as_u64(), Some(15 + topics), "{network}");
        assert!(topics == 0 || read["bipartite"] == true);
        assert_eq!(read["graph"]["network"], network);
    }
}

#[test]
fn text_that_looks_like_xml_stays_text() {
    let desk = Desk::new(&[]);
    let hostile = "</data>]]><x y=\"&amp;\">\u{1}";
    let input = changed(&desk, &[("party", hostile), ("topic", hostile), ("condition", hostile)]);
    let out = demarche(["export", "graphml", input.as_str()]).exits(0).out.clone();
    let root = Node::read(&out);
    let shown = hostile.replace('\u{1}', "\u{fffd}");
    let edge = root.one("graph").one("edge");
    assert_eq!(edge.at("source"), format!("party:{shown}"));
    assert!(edge.all("data").any(|d| d.text.contains(&shown)), "{out}");
}

#[test]
fn a_flag_of_another_format_is_refused() {
    demarche(["export", "markdown", STATEMENTS, "--network", "conflict"]).exits(2).tells(&[
        "--network",
        "graphml",
        "hint: ",
    ]);
}

/// The rows of DNA's event list, by column.
fn events(text: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(text.as_bytes());
    reader.deserialize().map(Result::unwrap).collect()
}

#[test]
fn the_event_list_has_the_columns_of_dna_and_a_line_for_each_statement() {
    let text = exported("dna", &[]);
    let header = "\"statement ID\";\"time\";\"document ID\";\"document title\";\"author\";\"source\";\"section\";\"type\";\"text\"\
        ;\"person\";\"organization\";\"concept\";\"agreement\";\"stance\";\"condition\";\"id\"\r\n";
    assert!(text.starts_with(header), "{}", text.lines().next().unwrap());
    let rows = events(&text);
    assert_eq!(rows.len(), counted(&positions(&[])));
    let numbers: Vec<String> = (1..=rows.len()).map(|n| n.to_string()).collect();
    assert!(rows.iter().map(|row| &row["statement ID"]).eq(&numbers));
    assert_eq!(rows.last().unwrap()["document ID"], "4");
    let said: BTreeMap<String, serde_json::Value> = fs::read_to_string(STATEMENTS)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .map(|s| (s["id"].as_str().unwrap().to_string(), s))
        .collect();
    for row in &rows {
        let statement = &said[&row["id"]];
        let stance = statement["stance"].as_i64().unwrap();
        assert_eq!((&*row["agreement"], &*row["stance"]), (&*stance.signum().to_string(), &*stance.to_string()));
        assert_eq!(row["text"], statement["quote"].as_str().unwrap());
    }
    let row = rows.iter().find(|row| row["id"] == "2d23069b6b010f9e").unwrap();
    let told =
        ["time", "source", "person", "organization", "concept", "agreement", "condition"].map(|c| row[c].as_str());
    let concept = "Military aid: arms and support";
    assert_eq!(
        told,
        [
            "2025-03-04 00:00:00",
            "Test Courier",
            "President of the United States",
            "United States",
            concept,
            "-1",
            "until they want peace"
        ]
    );
}

#[test]
fn the_event_list_keeps_quotations_verbatim_and_guards_formulas_on_request() {
    let desk = Desk::new(&[]);
    let quote = "=1+1; \"two\"\nlines";
    let input = changed(&desk, &[("quote", quote)]);
    let rows = |more: &[&str]| events(&demarche([&["export", "dna", input.as_str()], more].concat()).exits(0).out);
    assert_eq!(rows(&[])[0]["text"], quote);
    assert_eq!(rows(&["--guard-formulas"])[0]["text"], format!("'{quote}"));
    assert_eq!(rows(&["--guard-formulas"])[0]["time"], "", "the statement has no date");
}

#[test]
fn the_event_list_opens_in_pandas() {
    let script = "
import sys, pandas
rows = pandas.read_csv(sys.argv[1], sep=';', dtype={'id': str}, parse_dates=['time'])
print(len(rows), rows['agreement'].sum(), rows['time'].max().date(), rows['statement ID'].is_unique)
";
    let Ok(found) = Command::new("python3").args(["-c", "import pandas"]).output() else { return };
    if !found.status.success() {
        eprintln!("left out: pandas is not here");
        return;
    }
    let desk = Desk::new(&[]);
    let file = desk.path("events.csv");
    demarche(["export", "dna", STATEMENTS, "-o", file.to_str().unwrap()]).exits(0);
    let output = Command::new("python3").args(["-c", script, file.to_str().unwrap()]).output().unwrap();
    let rows = events(&fs::read_to_string(file).unwrap());
    let sum: i64 = rows.iter().map(|row| row["agreement"].parse::<i64>().unwrap()).sum();
    let wanted = format!("{} {sum} 2025-03-04 True\n", rows.len());
    assert_eq!(String::from_utf8_lossy(&output.stdout), wanted, "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn the_event_list_names_authors_that_a_ledger_knows() {
    let sources = "file,published,outlet,author\na.txt,2025-02-13,Example Daily,Jane Doe\n";
    let desk = Desk::new(&[("a.txt", PLAIN.as_bytes()), ("sources.csv", sources.as_bytes())]);
    add(&desk, FIRST_RUN, &[]).exits(0);
    let rows = events(&on(&desk, "export", &["dna"]).exits(0).out);
    assert_eq!((rows.len(), &*rows[0]["author"], &*rows[0]["person"]), (1, "Jane Doe", "Volodymyr Zelenskyy"));
}

#[test]
fn a_byte_order_mark_is_written_on_request_and_read_over() {
    let desk = Desk::new(&[]);
    let plain = demarche(["matrix", STATEMENTS, "--format", "matrix"]).exits(0).out.clone();
    let marked = demarche(["matrix", STATEMENTS, "--format", "matrix", "--bom"]).exits(0).out.clone();
    assert_eq!(marked, format!("\u{feff}{plain}"));
    assert_eq!(exported("dna", &["--bom"]), format!("\u{feff}{}", exported("dna", &[])));
    let (one, other) = (desk.path("plain.csv"), desk.path("marked.csv"));
    fs::write(&one, plain).unwrap();
    fs::write(&other, marked).unwrap();
    demarche(["diff", one.to_str().unwrap(), other.to_str().unwrap()]).exits(0);
    let desk = Desk::new(&[("a.txt", PLAIN.as_bytes())]);
    desk.build(&["--bom"]).exits(0);
    for (file, is_csv) in
        [("statements.csv", true), ("positions.csv", true), ("matrix.csv", true), ("statements.jsonl", false)]
    {
        let bytes = fs::read(desk.path("out").join(file)).unwrap();
        assert_eq!(bytes.starts_with(b"\xef\xbb\xbf"), is_csv, "{file}");
    }
    let statements = desk.path("out/statements.csv");
    assert_eq!(demarche(["export", "dna", statements.to_str().unwrap()]).exits(0).out.lines().count(), 2);
}
