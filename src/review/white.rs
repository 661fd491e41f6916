//! What the program wrote into a row, held against what stands there now: a correction in the wrong place, or rows sorted apart,
//! would be lost without a word.

use super::check::Shown;
use super::form::{Line, Refusal};
use super::value;
use crate::base::space::flat;
use crate::ledger::{Verdict, word};
use crate::matrix::{LeftOut, Stance};
use crate::statement::{Role, Statement};

/// A column of the program's: its name, what it tells, whether it tells that still, and what to do where not.
type Cell = (&'static str, &'static str, bool, String);

/// Checks that what the program wrote into a row is as it was.
pub(super) fn untouched(line: &Line, s: &Statement, shown: &Shown<'_>) -> Result<(), Refusal> {
    source(line, s)?;
    let cells = claim(line, s, shown).into_iter().chain(facts(line, s, shown));
    match cells.into_iter().find(|(name, _, kept, _)| line.has(name) && !kept) {
        Some((name, what, _, hint)) => Err(line.refuse(name, format!("the program's {what} was changed"), hint)),
        None => Ok(()),
    }
}

/// Checks that the row is the one of its id.
fn source(line: &Line, s: &Statement) -> Result<(), Refusal> {
    if line.has("Document") && text(line, "Document") != flat(&s.doc) {
        let hint = "Sort whole rows, never single columns; undo it, or take a fresh workbook";
        return Err(line.refuse("Document", format!("the id of this row is of a statement in {}", s.doc), hint));
    }
    if !says(line, "Quote", &s.quote) {
        let hint =
            "A quotation stays as the document has it: undo the change, and if single columns were sorted, that too";
        return Err(line.refuse("Quote", "the quotation is not the one of this row's id", hint));
    }
    Ok(())
}

/// What has a yellow column.
fn claim(line: &Line, s: &Statement, shown: &Shown<'_>) -> [Cell; 7] {
    let party = value::party(&text(line, "Party"), shown.codebook);
    let topic = value::topic(&text(line, "Topic"), shown.codebook);
    // A name that a later codebook does not have any more was not typed by the reviewer.
    let named = |read: Option<String>, is: &str, name: &str| match read {
        Some(read) => read == is,
        None => text(line, name) == is || !shown.same_codebook,
    };
    let stance = line.value("Stance").and_then(|v| value::stance(v, shown.codebook));
    let condition = s.condition.as_deref().unwrap_or_default();
    let hint = |name: &str| format!("Undo it; write what is right into {name} and choose the verdict correct");
    [
        ("Party", "party", named(party, &s.party, "Party"), hint("Corrected party")),
        ("Topic", "topic", named(topic, &s.topic, "Topic"), hint("Corrected topic")),
        ("Stance", "stance", stance == Some(s.stance), hint("Corrected stance")),
        ("Position", "position", position(line, s, shown), hint("Corrected stance")),
        ("Condition", "condition", says(line, "Condition", condition), hint("Corrected condition")),
        ("Day", "day", value::is_day(line.value("Day"), s.day()), hint("Corrected date")),
        (
            "Stated on",
            "day under Stated on",
            value::is_day(line.value("Stated on"), s.stated_on),
            hint("Corrected date"),
        ),
    ]
}

/// What has none.
fn facts(line: &Line, s: &Statement, shown: &Shown<'_>) -> [Cell; 9] {
    let speaker = s.speaker.as_deref().or(s.source_text.as_deref()).unwrap_or_default();
    // A workbook of no ledger may have been made with other particulars of the document.
    let outlet = !shown.tied || says(line, "Outlet", s.outlet.as_deref().unwrap_or_default());
    let is = |name: &str, word: String| text(line, name).to_lowercase() == word;
    let flag = |name: &str, flag: bool| is(name, if flag { "yes" } else { "no" }.to_string());
    let note = |what: &str| format!("Undo it; write {what} into Note");
    let reject = || {
        "Undo it; choose the verdict reject where the statement should not count, and write why into Note".to_string()
    };
    [
        ("Speaker", "speaker", says(line, "Speaker", speaker), note("who spoke")),
        ("Published", "day of publication", value::is_day(line.value("Published"), s.published), note("the right day")),
        ("Outlet", "outlet", outlet, note("the right one")),
        ("Role", "role", is("Role", word(s.role)), reject()),
        ("Rank", "rank", is("Rank", word(s.rank)), note("the right one")),
        ("Mode", "mode", is("Mode", word(s.mode)), note("the right one")),
        ("Secondhand", "word under Secondhand", flag("Secondhand", s.secondhand), reject()),
        ("Joint", "word under Joint", flag("Joint", s.joint), note("what is right")),
        ("Counts", "word under Counts", counts(line, s, shown), reject()),
    ]
}

/// Tells whether Position has the word for the stance, or one that only another codebook has.
fn position(line: &Line, s: &Statement, shown: &Shown<'_>) -> bool {
    let is = Stance::Value(s.stance).label(&shown.codebook.labels);
    let read = line.value("Position").and_then(|v| value::stance(v, shown.codebook));
    match read {
        Some(read) => read == s.stance || text(line, "Position") == flat(is),
        None => line.value("Position").is_some() && !shown.same_codebook || text(line, "Position") == flat(is),
    }
}

/// Tells whether Counts can be what the program wrote: what hangs on the matrix of that day alone is not known here.
fn counts(line: &Line, s: &Statement, shown: &Shown<'_>) -> bool {
    let told = text(line, "Counts").to_lowercase();
    let known = told == "yes" || LeftOut::ALL.iter().any(|reason| reason.name() == told);
    let party = matches!(s.role, Role::Government | Role::Legislator) && !s.party.is_empty() && s.party != "none";
    let own = if s.review.as_deref() == Some(Verdict::Reject.name()) {
        Some(LeftOut::Rejected)
    } else if s.secondhand {
        Some(LeftOut::Secondhand)
    } else {
        (!party).then_some(LeftOut::Role)
    };
    let of_statement = [LeftOut::Rejected, LeftOut::Secondhand, LeftOut::Role].into_iter().find(|r| r.name() == told);
    known && (!shown.tied || own == of_statement)
}

fn text(line: &Line, name: &str) -> String {
    line.text(name).unwrap_or_default()
}

/// Tells whether a cell has a text, or its beginning where it is too long for a cell.
fn says(line: &Line, name: &str, whole: &str) -> bool {
    let (typed, whole) = (text(line, name), flat(whole));
    let kept = typed.strip_suffix("… [clipped]").map(str::trim_end);
    typed == whole || kept.is_some_and(|kept| whole.starts_with(kept))
}
