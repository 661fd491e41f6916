//! The page, in a real browser: it shows the positions that the program computes, and no article can run a script in it.
//!
//! Where no Chromium is installed, what needs one is passed over with a message.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use super::run::{Desk, demarche, fed};

const STATEMENTS: &str = "tests/fixtures/statements.jsonl";

/// The page after its script ran, as markup; nothing where there is no browser.
fn shown(page: &Path, at: &str) -> Option<String> {
    let browser = ["chromium", "chromium-browser", "google-chrome"]
        .into_iter()
        .find(|name| Command::new(name).arg("--version").output().is_ok_and(|o| o.status.success()));
    let Some(browser) = browser else {
        eprintln!("no Chromium is installed: the page was not opened");
        return None;
    };
    let profile = tempfile::tempdir().unwrap();
    let flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"];
    let output = Command::new(browser)
        .args(flags)
        .args(["--disable-background-networking", "--disable-component-update", "--virtual-time-budget=5000"])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .args(["--dump-dom", &format!("file://{}#{at}", page.display())])
        .output()
        .unwrap();
    let markup = String::from_utf8(output.stdout).unwrap();
    assert!(markup.contains("</html>"), "{}", String::from_utf8_lossy(&output.stderr));
    Some(markup)
}

/// What stands in the cells of the page, by "party/topic".
fn cells(markup: &str) -> BTreeMap<String, String> {
    let piece = |text: &str, from: &str, to: &str| {
        let rest = &text[text.find(from).unwrap() + from.len()..];
        rest[..rest.find(to).unwrap()].to_string()
    };
    let buttons = markup.split("<button").filter(|b| b.contains("data-cell=\""));
    buttons.map(|b| (piece(b, "data-cell=\"", "\""), piece(b, ">", "<").trim_end_matches(" *").to_string())).collect()
}

fn page(desk: &Desk, statements: &str, more: &[&str]) -> std::path::PathBuf {
    let page = desk.path("page.html");
    let mut args = vec!["report", statements, "-o", page.to_str().unwrap()];
    args.extend(more);
    demarche(&args).exits(0);
    page
}

#[test]
fn it_shows_the_positions_that_the_program_computes() {
    let desk = Desk::new(&[]);
    let page = page(&desk, STATEMENTS, &[]);
    for (rule, day) in [("latest", "2025-02-12"), ("latest", ""), ("mean", ""), ("majority", ""), ("strongest", "")] {
        let Some(markup) = shown(&page, &format!("rule={rule}&day={day}")) else { return };
        let mut args = vec!["matrix", STATEMENTS, "--rule", rule, "--format", "positions"];
        if !day.is_empty() {
            args.extend(["--as-of", day]);
        }
        let table = demarche(&args).exits(0).out.clone();
        let mut reader = csv::Reader::from_reader(table.as_bytes());
        let mut wanted = BTreeMap::new();
        for row in reader.deserialize::<BTreeMap<String, String>>().map(Result::unwrap) {
            let label = match row["stance"].as_str() {
                "mixed" | "" => row["label"].clone(),
                number => {
                    // Under the rule mean the table has the mean itself, the page the stance it comes to.
                    let number = number.parse::<f64>().unwrap().round() as i8;
                    let sign = if number > 0 {
                        "+"
                    } else if number < 0 {
                        "\u{2212}"
                    } else {
                        ""
                    };
                    format!("{} ({sign}{})", row["label"], number.unsigned_abs())
                }
            };
            wanted.insert(format!("{}/{}", row["party"], row["topic"]), label);
        }
        assert!(wanted.len() > 20, "{wanted:?}");
        assert_eq!(cells(&markup), wanted, "{rule} {day}");
    }
}

#[test]
fn a_link_to_a_cell_opens_its_evidence() {
    let desk = Desk::new(&[]);
    let page = page(&desk, "output/statements.jsonl", &["--title", "Talks & <more>"]);
    let Some(markup) = shown(&page, "cell=us/nato-membership") else { return };
    let evidence = markup.split("<section id=\"evidence\"").nth(1).unwrap();
    assert!(evidence.contains("United States on NATO membership"), "{evidence}");
    assert!(evidence.contains("<mark>Everything is on the table in his conversations"), "{evidence}");
    assert!(markup.contains("<h1 id=\"title\">Talks &amp; &lt;more&gt;</h1>"));
}

#[test]
fn what_a_filter_leaves_out_hides_no_repeat_of_it() {
    let desk = Desk::new(&[]);
    let line = fs::read_to_string(STATEMENTS).unwrap().lines().next().unwrap().to_string();
    let said = |id: &str, mode: &str, day: &str, confidence: f64, stance: i8| {
        let mut statement: serde_json::Value = serde_json::from_str(&line).unwrap();
        statement["id"] = id.into();
        statement["mode"] = mode.into();
        statement["stated_on"] = day.into();
        statement["confidence"] = confidence.into();
        statement["stance"] = stance.into();
        statement["role"] = "government".into();
        statement["secondhand"] = false.into();
        statement["quote"] = "we shall see about all of it".into();
        statement.to_string()
    };
    // The same words twice in one document: the better one stays, unless it is unsure, or later than the day asked for.
    let lines = [said("1", "direct", "2025-02-12", 0.4, 2), said("2", "indirect", "2025-02-10", 0.9, 1)];
    let input = desk.path("twice.jsonl");
    fs::write(&input, lines.join("\n")).unwrap();
    let input = input.to_str().unwrap();
    let page = page(&desk, input, &[]);
    for (at, more, stance) in [
        ("", &[][..], "2"),
        ("sure=0.6", &["--min-confidence", "0.6"], "1"),
        ("day=2025-02-10", &["--as-of", "2025-02-10"], "1"),
    ] {
        let table = demarche(["matrix", input, "--format", "positions"].iter().chain(more)).exits(0).out.clone();
        let mut reader = csv::Reader::from_reader(table.as_bytes());
        let rows: Vec<BTreeMap<String, String>> = reader.deserialize().map(Result::unwrap).collect();
        assert_eq!((rows.len(), rows[0]["stance"].as_str(), rows[0]["statements"].as_str()), (1, stance, "1"), "{at}");
        let Some(markup) = shown(&page, at) else { return };
        let cells: Vec<String> = cells(&markup).into_values().collect();
        assert_eq!(cells, [format!("{} (+{stance})", rows[0]["label"])], "{at}");
        assert!(markup.contains("1 statement</span>"), "{at}");
    }
}

#[test]
fn an_address_that_names_nothing_shows_the_matrix() {
    let desk = Desk::new(&[]);
    let page = page(&desk, STATEMENTS, &[]);
    let Some(plain) = shown(&page, "") else { return };
    for at in ["view=constructor", "rule=toString", "view=nothing&rule=nothing&day=nothing"] {
        assert_eq!(cells(&shown(&page, at).unwrap()), cells(&plain), "{at}");
    }
}

#[test]
fn a_hostile_article_runs_nothing() {
    let desk = Desk::new(&[]);
    let hostile = "</script><script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\"><!--";
    let line = fs::read_to_string(STATEMENTS).unwrap().lines().next().unwrap().to_string();
    let mut statement: serde_json::Value = serde_json::from_str(&line).unwrap();
    for field in ["quote", "context", "speaker", "source_text", "outlet", "title", "doc"] {
        statement[field] = hostile.into();
    }
    statement["url"] = "javascript:document.title='taken'".into();
    let input = desk.path("hostile.jsonl");
    fs::write(&input, format!("{statement}\n")).unwrap();
    let page = page(&desk, input.to_str().unwrap(), &["--title", hostile]);
    let written = fs::read_to_string(&page).unwrap();
    assert_eq!(written.matches("<script").count(), 2);
    assert!(!written.contains("<img") && !written.contains("http-equiv=\"refresh\""));
    let cell = format!("{}/{}", statement["party"].as_str().unwrap(), statement["topic"].as_str().unwrap());
    let Some(markup) = shown(&page, &format!("cell={cell}")) else { return };
    assert!(!markup.contains("<title>taken</title>") && !markup.contains("<img"), "{markup}");
    assert!(!markup.contains("href=\"javascript:"));
    assert!(markup.contains("class=\"statement"), "{markup}");
}

#[test]
fn it_loads_nothing_and_is_the_same_every_time() {
    let desk = Desk::new(&[]);
    let first = fs::read(page(&desk, STATEMENTS, &[])).unwrap();
    let again = demarche(["report", STATEMENTS, "-o", "-"]).exits(0).out.clone();
    assert_eq!(String::from_utf8(first).unwrap(), again);
    let head = again.split("<script").next().unwrap();
    assert!(head.contains("default-src 'none'") && !head.contains("unsafe"));
    assert!(!head.contains("http://") && !head.contains("https://"));
}

#[test]
fn statements_that_cannot_be_read_are_told_with_their_line() {
    fed(["report", "-", "-o", "-"], "{\"id\": 1}\n").exits(2).tells(&["cannot read the statement", "line 1"]);
    demarche(["report", "no-such.jsonl"]).exits(2).tells(&["no-such.jsonl"]);
    demarche(["report", STATEMENTS, "--ledger", "talks.sqlite"]).exits(2).tells(&["cannot be used with"]);
}
