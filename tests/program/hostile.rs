//! Text that no journalist wrote: nothing panics, every quote is verbatim, time stays in proportion.

use std::fmt::Write as _;

use crate::run::{Desk, PLAIN};

/// Builds one document and checks that it went through with sound quotes.
#[track_caller]
fn survives(name: &str, text: &str) {
    let desk = Desk::new(&[("a.txt", text.as_bytes()), ("good.txt", PLAIN.as_bytes())]);
    desk.build(&[]).exits(0);
    let rows = desk.rows("statements.csv");
    assert!(rows.iter().any(|r| r["doc"] == "good.txt"), "{name}: the good document was not done");
    for row in rows.iter().filter(|r| r["doc"] == "a.txt") {
        let (start, end): (usize, usize) = (row["start"].parse().unwrap(), row["end"].parse().unwrap());
        let slice: String = text.chars().skip(start).take(end - start).collect();
        assert_eq!(row["quote"], slice, "{name}");
    }
}

#[test]
fn quotation_marks_that_never_match() {
    survives("open", &"“Ukraine must join NATO, Zelenskyy said. ".repeat(50));
    survives("closed", &"Ukraine must join NATO,” Zelenskyy said. ".repeat(50));
    survives("nested", &format!("{}Ukraine must join NATO{}, Zelenskyy said.", "“‘".repeat(3000), "’”".repeat(2999)));
    survives("straight", &format!("{}We want talks{} Zelenskyy said", "\"'".repeat(3001), "'\"".repeat(17)));
    survives("mixed", "«“„\"'`´’‘”»‹› Zelenskyy said ''we want NATO`` and \"no 'talks\" with' Russia “ ” ‘ ’ «»");
    survives("apostrophes", &"Ukraine’s' 's ''s allies' ".repeat(2000));
}

#[test]
fn control_and_invisible_characters() {
    let odd =
        "\u{0001}\u{0008}\u{000b}\u{001f}\u{007f}\u{0085}\u{00ad}\u{200b}\u{2028}\u{2029}\u{feff}\u{fffd}\u{fffe}";
    let mut text = String::new();
    for (word, c) in PLAIN.split(' ').zip(odd.chars().cycle()) {
        write!(text, "{word}{c} ").unwrap();
    }
    // Enough plain text that the file counts as text at all.
    survives("control", &(PLAIN.repeat(20) + &text));
}

#[test]
fn right_to_left_and_other_scripts() {
    survives(
        "rtl",
        "قال الرئيس زيلينسكي: \"يجب أن تنضم أوكرانيا إلى الناتو\" Zelenskyy said \u{202e}NATO join must Ukraine\u{202c}. \
         \u{2067}אוקראינה רוצה להצטרף לנאט״ו\u{2069}, said the Kremlin. Україна хоче в НАТО, сказав Зеленський. 乌克兰必须加入北约。ウクライナ",
    );
}

#[test]
fn emoji_and_combining_marks() {
    survives("emoji", "🇺🇦 Ukraine 🤝 must join NATO 👩🏽‍🚀👨‍👩‍👧‍👦, Zelenskyy said 🕊️🕊️. “We 🚫 reject 🇷🇺 talks,” he said 💬.");
    let zalgo: String = PLAIN.chars().flat_map(|c| [c, '\u{0301}', '\u{0336}', '\u{20dd}']).collect();
    survives("combining", &zalgo);
}

#[test]
fn words_and_sentences_without_end() {
    survives("word", &format!("Zelenskyy said {} must join NATO.", "a".repeat(300_000)));
    survives("hyphens", &format!("Ukraine {} NATO, Zelenskyy said.", "pro-".repeat(50_000)));
    survives(
        "sentence",
        &format!("Zelenskyy said Ukraine must join NATO {}", "and must have peace talks ".repeat(1_000)),
    );
    survives("dots", &format!("Zelenskyy said{} Ukraine must join NATO", ".".repeat(100_000)));
    survives("commas", &format!("Ukraine{} must join NATO, Zelenskyy said.", ",".repeat(50_000)));
    survives("lines", &format!("{}{}", "\n".repeat(100_000), PLAIN));
    survives("names", &format!("{} said Ukraine must join NATO.", "Volodymyr Zelenskyy and ".repeat(4_000)));
    survives(
        "brackets",
        &format!("{}Ukraine must join NATO{}, Zelenskyy said.", "([{".repeat(5_000), "}])".repeat(5_000)),
    );
}

#[test]
fn texts_that_look_like_other_files() {
    survives(
        "html in a text",
        "Saved: <html><body><p>\"Ukraine must join NATO,\" Zelenskyy said.</p><script>alert(1)</script></body></html>",
    );
    survives("json", "{\"text\": \"Ukraine must join NATO, Zelenskyy said.\", \"id\": [1, 2, {\"a\": null}]}");
    survives("csv", "=1+1,\"Ukraine must join NATO, Zelenskyy said.\"\r\n@SUM(A1),-2,+3\r\n");
    survives("front matter", "---\ntitle: \"=1+1\"\ndate: not a date\n---\nUkraine must join NATO, Zelenskyy said.\n");
    survives("unclosed front matter", "---\ntitle: Ukraine must join NATO, Zelenskyy said.\n");
}
