//! The ways in: pages, Word files and mails give what plain text gives, and broken ones are told.

use std::fs;
use std::path::PathBuf;

use demarche::document::{DateOrigin, Document, ReadOptions, Reading, read};

use crate::run::{Desk, PLAIN};

pub(crate) fn fixture(name: &str) -> Vec<u8> {
    fs::read(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/ways").join(name)).unwrap()
}

/// Reads one file of this name and content.
fn reading(name: &str, bytes: &[u8]) -> Reading {
    let desk = Desk::new(&[(name, bytes)]);
    read(&[desk.path("news").join(name).display().to_string()], &ReadOptions::default())
}

#[track_caller]
fn one(name: &str, bytes: &[u8]) -> Document {
    let reading = reading(name, bytes);
    assert!(reading.problems.is_empty(), "{:?}", reading.problems);
    reading.documents.into_iter().next().unwrap()
}

#[track_caller]
fn refused(name: &str, bytes: &[u8]) -> String {
    let reading = reading(name, bytes);
    assert!(reading.documents.is_empty(), "{:?}", reading.documents);
    assert_eq!(reading.problems.len(), 1);
    reading.problems[0].to_string()
}

#[test]
fn a_page_gives_its_article_and_what_its_head_tells() {
    let page = one("talks.html", &fixture("talks.html"));
    assert_eq!(page.title.as_deref(), Some("Envoys part without an accord"));
    assert_eq!(page.outlet.as_deref(), Some("The Harbour Courier"));
    assert_eq!(page.author.as_deref(), Some("Ida Roe, Max Poe"));
    assert_eq!(page.url.as_deref(), Some("https://courier.example/talks"));
    assert_eq!(page.published.map(|(day, origin)| (day.to_string(), origin)).unwrap().1, DateOrigin::Metadata);
    let paragraphs: Vec<&str> = page.text.trim().split("\n\n").collect();
    assert_eq!(paragraphs.len(), 7, "{paragraphs:#?}");
    assert!(paragraphs[3].starts_with("Ukraine will not accept") && paragraphs[3].contains("outside NATO, Foreign"));
    assert!(paragraphs[5].contains("spokesman Dmitry Peskov said, adding that Moscow was ready for talks & saw"));
    for left_out in ["China", "Poland", "France", "Germany", "picture", "Copyright", "scripts", "Sign in"] {
        assert!(!page.text.contains(left_out), "{left_out}");
    }
}

#[test]
fn a_page_without_marks_is_read_by_where_its_text_stands() {
    let long = "The envoys of both sides met in the harbour and would not say what had been left open at the end.";
    let html = format!(
        "<div class=x><a href=a>One</a><a href=b>Two</a></div><div id=story>{long}<br><br>{long} Again.<ul><li>First, \
         the town.</ul></div><div><p><a href=c>{long}</a></p></div>"
    );
    let page = one("a.html", format!("<title>Envoys</title>{html}").as_bytes());
    assert_eq!(page.text, format!("{long}\n\n{long} Again.\n\nFirst, the town.\n"));
    assert_eq!(page.title.as_deref(), Some("Envoys"));
}

/// Three sentences of running text.
const RUNNING: &str = "<p>The envoys of both sides met in the harbour town on Monday and parted late in the evening.</p>\
    <p>Neither side would say what had been left open when the doors of the old customs house were shut.</p>\
    <p>They are to meet again before the month is out, the host said to those who had waited for them.</p>";

#[test]
fn the_day_of_a_page_is_that_of_its_article() {
    let old = "<time datetime=2019-01-01>Then</time>";
    let own = "<time datetime=2025-02-12>12 Feb</time>";
    let day = |html: String| {
        one("a.html", format!("<html><body>{html}</body></html>").as_bytes()).published.map(|(day, _)| day.to_string())
    };
    let told = Some("2025-02-12".to_string());
    for page in [
        format!("<header>{old}</header><article><h1>Envoys</h1>{own}{RUNNING}</article>"),
        format!("<aside><a href=q>Older</a>{old}</aside><article>{RUNNING}{own}</article>"),
        format!("<nav>{old}</nav><main>{own}{RUNNING}</main>"),
        format!("<ul><li><a href=q>Older</a>{old}</ul><div><p>{own}</p>{RUNNING}</div>"),
        format!("<article><a href=q>Older</a>{old}</article><article>{own}{RUNNING}</article>"),
        format!("<p>{old}</p><article><p>{own}</p><div itemprop=articleBody>{RUNNING}</div></article>"),
        format!("<header><h1>Envoys</h1>{own}</header><div>{RUNNING}</div><footer>{old}</footer>"),
        format!("<article>{RUNNING}<footer>{own}</footer></article>"),
    ] {
        assert_eq!(day(page.clone()), told, "{page}");
    }
    for other in ["header", "nav", "aside", "footer"] {
        assert_eq!(day(format!("<{other}>{old}</{other}><article>{RUNNING}</article>")), None, "{other}");
    }
}

#[test]
fn a_page_in_a_form_is_read_and_what_a_form_asks_is_not() {
    let asks =
        "<form><p>Write your address here, and the harbour letter comes to you each morning but Sunday.</p></form>";
    for page in [
        format!("<form id=all><input type=hidden><div><article>{RUNNING}</article></div></form>"),
        format!("<form id=all><div>{RUNNING}</div>{asks}</form>"),
        format!("<article>{RUNNING}{asks}</article>"),
        format!("{asks}<div>{RUNNING}</div>"),
    ] {
        let text = one("a.html", format!("<html><body>{page}</body></html>").as_bytes()).text;
        assert_eq!(text.matches("\n\n").count(), 2, "{page}: {text}");
        assert!(text.contains("customs house") && !text.contains("address"), "{page}: {text}");
    }
    assert!(refused("a.html", format!("<html><body>{asks}</body></html>").as_bytes()).contains("article"));
}

#[test]
fn of_several_linked_articles_the_one_that_the_page_is_tells_of_it() {
    let other = r#"{"@type": "NewsArticle", "headline": "Older", "datePublished": "2019-01-01", "publisher": {"name": "Other"}}"#;
    let own = r#"{"@type": "NewsArticle", "headline": "Envoys meet", "url": "https://courier.example/e", "datePublished": "2025-02-12"}"#;
    for head in [
        "<title>Envoys meet | Courier</title>",
        "<title>x</title><link rel=canonical href=https://courier.example/e>",
        "<h1>Envoys meet</h1>",
    ] {
        let html = format!(
            "<html><script type='application/ld+json'>[{other}, {own}]</script>{head}<article>{RUNNING}</article>"
        );
        let page = one("a.html", html.as_bytes());
        assert_eq!(page.published.map(|(day, _)| day.to_string()).as_deref(), Some("2025-02-12"), "{head}");
        assert_eq!((page.title.as_deref(), page.outlet), (Some("Envoys meet"), None), "{head}");
    }
}

#[test]
fn a_text_that_only_stands_in_for_the_page_of_a_mail_is_not_read() {
    let mail = |plain: &str| {
        let fields = "From: Courier <news@courier.example>\nSubject: Envoys meet\nMIME-Version: 1.0\n\
                      Content-Type: multipart/alternative; boundary=Y\n\n--Y\nContent-Type: text/plain\n\n";
        let page =
            format!("--Y\nContent-Type: text/html\n\n<html><body><article>{RUNNING}</article></body></html>\n--Y--\n");
        one("a.eml", format!("{fields}{plain}\n{page}").as_bytes())
    };
    let stub = mail("This message needs a reader of pages. View in browser.");
    assert!(stub.text.contains("customs house") && !stub.text.contains("browser"), "{}", stub.text);
    assert_eq!((stub.title.as_deref(), stub.outlet.as_deref()), (Some("Envoys meet"), Some("Courier")));
    let plain = "The envoys of both sides met in the harbour town. ".repeat(4).trim().to_string();
    assert_eq!(mail(&plain).text.trim(), plain);
}

#[test]
fn lines_that_a_page_shows_as_they_are_stay() {
    let page = one("talks.html", &fixture("chromium.html"));
    assert_eq!(page.text.trim_end(), String::from_utf8(fixture("talks.txt")).unwrap().trim_end());
    let code = one("a.html", b"<p>The  envoys\nmet.</p><pre>\n\nOn  the\n  <b>quay</b>.\n</pre>The\nend.");
    assert_eq!(code.text, "The envoys met.\n\nOn  the\n  quay.\n\nThe end.\n");
}

#[test]
fn what_word_marks_in_a_page_cuts_no_sentence() {
    let html =
        "<p>The envoys met in <st1:City w:st=\"on\">Kyiv</st1:City> again<o:p></o:p>, and parted.<o:p>&nbsp;</o:p></p>";
    assert_eq!(one("a.html", html.as_bytes()).text.trim_end(), "The envoys met in Kyiv again, and parted.");
}

#[test]
fn content_counts_before_the_ending() {
    let page = one("talks.txt", &fixture("talks.html"));
    assert!(page.text.starts_with("Envoys part") && !page.text.contains('<'));
    assert!(one("talks.html", &fixture("talks.docx")).text.contains("Sybiha told reporters"));
    assert_eq!(one("talks.md", &fixture("talks.eml")).outlet.as_deref(), Some("The Harbour Courier"));
    // Text that is called a page stays text.
    assert_eq!(one("a.html", PLAIN.as_bytes()).text, PLAIN);
    let markdown = "# Talks\n\nThe <b>envoys</b> met.\n";
    assert_eq!(one("a.md", markdown.as_bytes()).text, markdown);
}

#[test]
fn a_page_is_decoded_as_it_says() {
    let html = "<!doctype html><meta charset=\"windows-1251\"><h1>\u{41f}\u{435}\u{440}\u{435}\u{433}\u{43e}\u{432}\u{43e}\u{440}\u{44b}</h1><p>The envoys met.</p>";
    let bytes: Vec<u8> = html
        .chars()
        .map(|c| match c as u32 {
            code @ 0x410..=0x44f => (code - 0x410 + 0xc0) as u8,
            code => code as u8,
        })
        .collect();
    assert!(one("a.html", &bytes).text.starts_with("\u{41f}\u{435}\u{440}\u{435}\u{433}"));
}

#[test]
fn a_mail_without_plain_text_is_read_as_a_page() {
    let mail = "From: desk@courier.example\r\nDate: Thu, 13 Feb 2025 18:20:00 +0100\r\nSubject: =?utf-8?q?Envoys_=E2=80=93_again?=\r\n\
                MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>The envoys met &amp; parted.</p><style>p{}</style>\r\n";
    let mail = one("a.eml", mail.as_bytes());
    assert_eq!(mail.text, "The envoys met & parted.\n");
    assert_eq!(mail.title.as_deref(), Some("Envoys – again"));
    assert_eq!(mail.outlet.as_deref(), Some("courier.example"));
    assert_eq!(mail.published.map(|(day, _)| day.to_string()).as_deref(), Some("2025-02-13"));
}

#[test]
fn lines_that_a_mail_program_cut_are_joined() {
    let mail = |kind: &str| {
        let head = "From: desk@courier.example\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; format=flowed";
        let text = "The envoys \r\nmet.\r\n\r\nThey\r\nparted.\r\n> Not \r\n> so.\r\n From here.\r\n-- \r\nDesk\r\n";
        one("a.eml", format!("{head}{kind}\r\n\r\n{text}").as_bytes()).text
    };
    assert_eq!(mail(""), "The envoys met.\n\nThey\nparted.\n> Not \n> so.\nFrom here.\n-- \nDesk\n");
    assert!(mail("; delsp=yes").starts_with("The envoysmet.\n"));
}

#[test]
fn a_word_file_shows_what_its_reader_sees() {
    let word = one("talks.docx", &fixture("talks.docx"));
    assert!(!word.text.contains("elections") && !word.text.contains("HYPERLINK"), "{}", word.text);
    assert_eq!(word.author.as_deref(), Some("Ida Roe"));
    // The day the file was made counts for less than the date line.
    assert_eq!(
        word.published.map(|(day, origin)| (day.to_string(), origin)),
        Some(("2025-02-13".into(), DateOrigin::DateLine))
    );
}

#[test]
fn a_day_that_nobody_set_is_no_day() {
    assert_eq!(
        one("a.docx", &worded("2025-02-12T08:00:00Z")).published.map(|(_, origin)| origin),
        Some(DateOrigin::Made)
    );
    for blank in ["1970-01-01T00:00:00Z", "1601-01-01T00:00:00Z", "2013-12-23T23:15:00Z", ""] {
        assert_eq!(one("a.docx", &worded(blank)).published, None, "{blank}");
    }
}

/// A Word file that says when it was made.
fn worded(created: &str) -> Vec<u8> {
    let mut out = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, part) in [
        (
            "word/document.xml",
            format!("<w:document><w:body><w:p><w:r><w:t>{PLAIN}</w:t></w:r></w:p></w:body></w:document>"),
        ),
        (
            "docProps/core.xml",
            format!("<cp:coreProperties><dcterms:created>{created}</dcterms:created></cp:coreProperties>"),
        ),
    ] {
        out.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut out, part.as_bytes()).unwrap();
    }
    out.finish().unwrap().into_inner()
}

#[test]
fn what_cannot_be_read_is_told_and_the_rest_done() {
    let zip = fixture("talks.docx");
    let deep = format!("<html>{}text", "<div>".repeat(600));
    // A tag that overflows the stack where its attributes are taken by recursion.
    let crowded = format!("<html><div {}><p>text", "a=\"b\" ".repeat(200_000));
    let parts = format!("From: a@b.example\r\n{}\r\ntext", "Content-Type: message/rfc822\r\n\r\n".repeat(100_000));
    let lines = format!("<html>{}", "a<br>".repeat(600_000));
    for (name, bytes, why) in [
        ("a.docx", &zip[..zip.len() / 2], "no readable Word file"),
        ("b.html", b"<html><body><script>x()</script></body></html>".as_slice(), "no article is on the page"),
        ("c.html", deep.as_bytes(), "nested more than 512 deep"),
        ("g.html", crowded.as_bytes(), "more than 256 attributes in a tag"),
        ("h.html", lines.as_bytes(), "more than 500000 paragraphs"),
        ("i.eml", parts.as_bytes(), "more than 1000 parts"),
        ("d.txt", b"%PDF-1.4\n".as_slice(), "it is no readable PDF"),
        ("e.eml", b"From: a@b.example\r\nSubject: x\r\n\r\n".as_slice(), "it holds no text"),
        ("f.html", b"".as_slice(), "it holds no text"),
    ] {
        let told = refused(name, bytes);
        assert!(told.contains(name) && told.contains(why), "{told}");
    }
    let desk = Desk::new(&[("bad.docx", &zip[..100]), ("good.txt", PLAIN.as_bytes())]);
    desk.build(&[]).exits(2).tells(&["cannot read the document", "bad.docx", "no readable Word file", "hint:"]);
    assert!(desk.rows("statements.csv").iter().any(|row| row["doc"] == "good.txt"));
}

#[test]
fn a_word_file_that_unpacks_beyond_the_limit_is_refused() {
    let mut out = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    out.start_file("word/document.xml", zip::write::SimpleFileOptions::default()).unwrap();
    let piece = vec![b' '; 1 << 20];
    for _ in 0..65 {
        std::io::Write::write_all(&mut out, &piece).unwrap();
    }
    let told = refused("bomb.docx", &out.finish().unwrap().into_inner());
    assert!(told.contains("larger than 64 MiB"), "{told}");
}

/// Numbers from a fixed seed.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end.max(1) as u64) as usize
    }
}

/// A file with up to eight changes: bytes changed, lost, put in, doubled, or cut off.
fn damaged(whole: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = whole.to_vec();
    for _ in 0..=dice.below(8) {
        if bytes.is_empty() {
            break;
        }
        let at = dice.below(bytes.len());
        match dice.below(5) {
            0 => bytes[at] = dice.below(256) as u8,
            1 => drop(bytes.remove(at)),
            2 => bytes.insert(at, b"<>&\"/ \0\n"[dice.below(8)]),
            3 => bytes.truncate(at.max(1)),
            _ => {
                let piece = bytes[at..bytes.len().min(at + 64)].to_vec();
                let to = dice.below(bytes.len());
                bytes.splice(to..to, piece);
            }
        }
    }
    bytes
}

/// The fixture of this name, damaged in two hundred ways.
pub(crate) fn two_hundred(name: &str, dice: &mut Dice) -> Vec<(String, Vec<u8>)> {
    let whole = fixture(name);
    (0..200).map(|n| (format!("{n:03}-{name}"), damaged(&whole, dice))).collect()
}

/// The same as a desk takes them.
pub(crate) fn lent(files: &[(String, Vec<u8>)]) -> Vec<(&str, &[u8])> {
    files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect()
}

/// One file of each form.
const FORMS: [&str; 9] = [
    "talks.html",
    "talks.docx",
    "talks.eml",
    "talks.rss",
    "talks.atom",
    "talks.csv",
    "talks.xlsx",
    "talks.jsonl",
    "talks.zip",
];

#[test]
fn damaged_files_become_a_document_or_a_problem() {
    let mut dice = Dice(11);
    for name in FORMS {
        let damaged = two_hundred(name, &mut dice);
        let desk = Desk::new(&lent(&damaged));
        let files: Vec<String> =
            damaged.iter().map(|(name, _)| desk.path("news").join(name).display().to_string()).collect();
        let begun = std::time::Instant::now();
        let reading = read(&files, &ReadOptions::default());
        assert!(begun.elapsed().as_secs() < 120, "{name} takes {:?} for 200 files", begun.elapsed());
        // Each file is told of; those of many documents more than once.
        let told: Vec<String> = reading.problems.iter().filter_map(|p| p.path.as_deref().map(String::from)).collect();
        for (n, file) in files.iter().enumerate() {
            let own = format!("{n:03}-{name}");
            let is_there = |given: &str| given.starts_with(&own) || name == "talks.jsonl";
            assert!(
                reading.documents.iter().any(|d| is_there(&d.name))
                    || told.iter().any(|t| t.starts_with(&own) || t.contains(&format!("/{own}"))),
                "nothing is told of {file}"
            );
        }
        for problem in &reading.problems {
            assert!(!problem.why.is_empty(), "{problem:?}");
        }
    }
}
