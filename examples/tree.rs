//! tree
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]
fn main() {
    for line in std::io::stdin().lines() {
        let t = line.unwrap();
        let a = demarche::text::analyse(&t, &[]);
        for s in &a.sentences {
            let r = s.tokens.start as usize..s.tokens.end as usize;
            let toks = &a.tokens[r];
            let tree = demarche::text::Parser::builtin().parse(&t, toks);
            for (i, k) in toks.iter().enumerate() {
                let h = tree.heads[i] as usize;
                let hw = toks.get(h).map_or("ROOT", |x| x.text(&t));
                print!("{}/{:?}<-{:?}-{} ", k.text(&t), k.tag, tree.rels[i], hw);
            }
            println!("\n");
        }
    }
}
