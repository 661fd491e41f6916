//! Tests of the whole analysis on made-up texts.

use super::*;

/// Checks what must hold of every analysis: order, boundaries, nesting.
pub(crate) fn check(text: &str) -> Analysis {
    let analysis = analyse(text, &[]);
    let mut end = 0;
    for token in &analysis.tokens {
        assert!(token.span.start >= end && token.span.end > token.span.start, "{text:?}");
        assert!(text.get(token.span.start as usize..token.span.end as usize).is_some(), "{text:?}");
        end = token.span.end;
    }
    let mut at = 0;
    for (index, sentence) in analysis.sentences.iter().enumerate() {
        assert_eq!(sentence.tokens.start, at, "{text:?}");
        assert!(sentence.tokens.end > at);
        at = sentence.tokens.end;
        assert!(analysis.slice(&sentence.tokens).iter().all(|t| t.sentence as usize == index));
    }
    assert_eq!(at as usize, analysis.tokens.len());
    let mut sentence = 0;
    for paragraph in &analysis.paragraphs {
        assert_eq!(paragraph.sentences.start, sentence);
        sentence = paragraph.sentences.end;
    }
    assert_eq!(sentence as usize, analysis.sentences.len());
    let mut stack: Vec<&Quote> = Vec::new();
    for (index, quote) in analysis.quotes.iter().enumerate() {
        assert!(quote.outer.contains(quote.inner) || quote.inner.is_empty(), "{text:?} {quote:?}");
        assert!(quote.tokens.start <= quote.tokens.end && quote.tokens.end as usize <= analysis.tokens.len());
        assert!(text.get(quote.outer.start as usize..quote.outer.end as usize).is_some());
        assert!(quote.continues == NONE || (quote.continues as usize) < index);
        while stack.last().is_some_and(|q| q.outer.end <= quote.outer.start) {
            stack.pop();
        }
        if let Some(outer) = stack.last() {
            assert!(outer.outer.contains(quote.outer), "{text:?} {outer:?} {quote:?}");
            assert!(quote.depth > outer.depth, "{text:?}");
        } else {
            assert_eq!(quote.depth, 0, "{text:?} {quote:?}");
            for token in analysis.slice(&quote.tokens) {
                assert_eq!(token.quote as usize, index, "{text:?}");
            }
        }
        stack.push(quote);
    }
    analysis
}

/// The inner texts of the outermost quotations.
fn quotes(text: &str) -> Vec<&str> {
    check(text).quotes.iter().filter(|q| q.depth == 0).map(|q| q.inner.of(text)).collect()
}

#[test]
fn reads_plain_quotations() {
    assert_eq!(quotes("\"We go,\" she said. \"Now.\""), ["We go,", "Now."]);
    assert_eq!(quotes("“We go,” she said, “now.”"), ["We go,", "now."]);
    assert_eq!(quotes("''We go,'' she said, and ``we stay'' too."), ["We go,", "we stay"]);
    assert_eq!(quotes("Il dit «oui» et « non »."), ["oui", "non"]);
    assert_eq!(quotes("“We go,\" she said. \"Now.”"), ["We go,", "Now."]);
    assert_eq!(quotes("A \"mess\", a \"farce\" and a \"show\"."), ["mess", "farce", "show"]);
}

#[test]
fn tells_apostrophes_from_marks() {
    assert_eq!(quotes("The farmers' barn didn't burn in the '90s."), [""; 0]);
    assert_eq!(quotes("The farmers’ barn wasn’t Roe’s."), [""; 0]);
    assert_eq!(quotes("'We go,' she said. 'Now.'"), ["We go,", "Now."]);
    assert_eq!(quotes("Mayor: 'No deal' on farmers' land"), ["No deal"]);
    assert_eq!(quotes("‘The farmers’ land is theirs,’ she said."), ["The farmers’ land is theirs,"]);
    assert_eq!(quotes("He is 6'2\" and says \"no\"."), ["no"]);
}

#[test]
fn nests_quotations() {
    let text = "“He told us ‘never’ and left,” she said.";
    let analysis = check(text);
    let found: Vec<_> = analysis.quotes.iter().map(|q| (q.inner.of(text), q.single, q.depth)).collect();
    assert_eq!(found, [("He told us ‘never’ and left,", false, 0), ("never", true, 1)]);
    assert_eq!(quotes("'He told us \"never\" and left,' she said."), ["He told us \"never\" and left,"]);
}

#[test]
fn closes_what_was_left_open() {
    assert_eq!(quotes("“We go, she said.\n\nThe end."), ["We go, she said."]);
    assert_eq!(quotes("“We go, she said. “Now,” she added."), ["We go, she said.", "Now,"]);
}

#[test]
fn chains_quotations_over_paragraphs() {
    let text = "“We go.\n\n“We go now.\n\n“We went,” she said.";
    let analysis = check(text);
    let chain: Vec<_> = analysis.quotes.iter().map(|q| (q.closed, q.continues)).collect();
    assert_eq!(chain, [(false, NONE), (false, 0), (true, 1)]);
    let text = "\"We go.\n\nWe go now,\" she said.";
    let analysis = check(text);
    let chain: Vec<_> = analysis.quotes.iter().map(|q| (q.inner.of(text), q.continues)).collect();
    assert_eq!(chain, [("We go.", NONE), ("We go now,", 0)]);
}

#[test]
fn tells_headings() {
    let analysis = check("Talks to resume in May\n\nThe talks go on. So we hear.");
    assert!(analysis.paragraphs[0].heading && !analysis.paragraphs[1].heading);
}

#[test]
fn finds_by_byte() {
    let text = "One two. Three four.";
    let analysis = check(text);
    assert_eq!(analysis.sentence_at(10), Some(1));
    assert_eq!(analysis.sentence_at(8), None);
    assert_eq!(analysis.tokens_in(Span::new(4, 14)), 1..4);
    assert_eq!(analysis.token_at(5), Some(1));
}

/// A small generator of pseudo-random numbers (SplitMix64).
fn random(state: &mut u64) -> usize {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 16) as usize
}

#[test]
fn bears_any_mixture() {
    const PIECES: [&str; 72] = [
        "\"",
        "'",
        "''",
        "``",
        "`",
        "“",
        "”",
        "‘",
        "’",
        "«",
        "»",
        "„",
        "‹",
        "›",
        "´",
        ".",
        "..",
        "...",
        "…",
        "?",
        "!",
        ",",
        ";",
        ":",
        "-",
        "--",
        "—",
        "–",
        "(",
        ")",
        "[",
        "]",
        "<",
        ">",
        "/",
        "&",
        "@",
        "#",
        "$",
        "%",
        "_",
        "*",
        "•",
        " ",
        " ",
        " ",
        "\n",
        "\n\n",
        "\t",
        "\u{a0}",
        "\u{200b}",
        "\u{301}",
        "\u{ad}",
        "U.S.",
        "Gen.",
        "a.m.",
        "No. 5",
        "n't",
        "'s",
        "said",
        "Roe",
        "the",
        "3,400.5",
        "http://a.example/",
        "www.",
        "<b>",
        "é",
        "日本",
        "Київ",
        "🙂",
        "1.",
        "O'",
    ];
    let mut seed = 11;
    for _ in 0..4000 {
        let text: String = (0..random(&mut seed) % 40).map(|_| PIECES[random(&mut seed) % PIECES.len()]).collect();
        let analysis = check(&text);
        for sentence in 0..analysis.sentences.len() {
            let tokens = analysis.sentence_tokens(sentence);
            let tree = Parser::builtin().parse(&text, tokens);
            assert_eq!(tree.heads.iter().filter(|h| **h == ROOT).count(), 1, "{text:?}");
        }
        // Regions to skip, on whatever bytes they fall.
        let (a, b) = (random(&mut seed) % (text.len() + 1), random(&mut seed) % (text.len() + 1));
        let skip = Span::new(a.min(b), a.max(b));
        for token in &analyse(&text, &[skip]).tokens {
            assert!(skip.is_empty() || !token.span.overlaps(skip), "{text:?} {skip:?}");
            assert!(text.get(token.span.start as usize..token.span.end as usize).is_some());
        }
    }
}

#[test]
fn bears_any_characters() {
    let mut seed = 5;
    for _ in 0..2000 {
        let text: String =
            (0..random(&mut seed) % 30).filter_map(|_| char::from_u32((random(&mut seed) % 0x3_0000) as u32)).collect();
        check(&text);
    }
}

#[test]
fn stays_linear() {
    // Each would take minutes if anything were quadratic; in a debug build all take a few seconds.
    for piece in [
        "word ",
        "\"",
        "“",
        "”",
        "'a ",
        "‘a ",
        "(",
        ".)",
        ".\"",
        "a.",
        "<a",
        "http://,",
        "- \n",
        ". ",
        "'",
        "`",
        "U.",
        "no. ",
        "a\n",
        "“a ‘b ",
    ] {
        let text = piece.repeat(100_000 / piece.len().max(2));
        check(&text);
    }
    check(&"a".repeat(1_000_000));
}
