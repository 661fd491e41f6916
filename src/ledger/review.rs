//! Reviews: an analyst's verdicts, written and read.

use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};

use super::apply::{added_id, apply};
use super::row::{day, iso, kind, time, word};
use super::select::{Selection, reviewed_rows};
use super::{Error, Known, Ledger, Writing};

/// What an analyst says of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// It is right.
    Accept,
    /// It is wrong, and counts for nothing.
    Reject,
    /// It is right once the values given are put in.
    Correct,
    /// The machine did not find it.
    Add,
}

impl Verdict {
    /// Returns the verdict's word, as the field `review` of statements carries it.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Accept => "accept",
            Verdict::Reject => "reject",
            Verdict::Correct => "correct",
            Verdict::Add => "add",
        }
    }
}

/// A review as its analyst gives it. What is `None` stays as the machine read it; for [`Verdict::Add`] party, topic and stance are
/// needed.
#[derive(Debug, Clone, PartialEq)]
pub struct NewReview {
    /// Id of the statement the reviewer saw; none for one that is added.
    pub statement: Option<String>,
    /// Name of the document.
    pub doc: String,
    /// Its words.
    pub quote: String,
    /// The verdict.
    pub verdict: Verdict,
    /// Right party.
    pub party: Option<String>,
    /// Right topic.
    pub topic: Option<String>,
    /// Right stance.
    pub stance: Option<i8>,
    /// Right condition; empty for none.
    pub condition: Option<String>,
    /// Right day.
    pub stated_on: Option<Date>,
    /// Speaker of a statement that is added.
    pub speaker: Option<String>,
    /// The analyst's remark.
    pub note: Option<String>,
    /// The analyst.
    pub reviewer: Option<String>,
    /// When the verdict was given; kept to the second.
    pub at: Timestamp,
}

/// A review as the ledger keeps it.
#[derive(Debug, Clone, PartialEq)]
pub struct Review {
    /// Its number, in the order reviews came in.
    pub number: i64,
    /// What was given.
    pub given: NewReview,
    /// Content id of the document.
    pub document: String,
    /// First code point of the words.
    pub start: u32,
    /// One past the last.
    pub end: u32,
    /// Party the reviewer saw.
    pub seen_party: Option<String>,
    /// Topic the reviewer saw.
    pub seen_topic: Option<String>,
    /// Stance the reviewer saw.
    pub seen_stance: Option<i8>,
    /// Number of the run that brought it in.
    pub run: i64,
    /// Publication date of the document.
    pub published: Option<Date>,
    /// Its outlet.
    pub outlet: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// Its address.
    pub url: Option<String>,
}

impl Review {
    /// Returns the party that the statement has in the reviewer's eyes: the right one, else the one seen.
    pub fn party(&self) -> Option<&String> {
        self.given.party.as_ref().or(self.seen_party.as_ref())
    }

    /// Returns the topic likewise.
    pub fn topic(&self) -> Option<&String> {
        self.given.topic.as_ref().or(self.seen_topic.as_ref())
    }

    /// Returns the stance likewise.
    pub fn stance(&self) -> Option<i8> {
        self.given.stance.or(self.seen_stance)
    }

    /// Says what was judged and how: `reject of russia on ceasefire`.
    pub fn words(&self) -> String {
        let claim: Vec<&str> = [&self.seen_party, &self.seen_topic].into_iter().flatten().map(String::as_str).collect();
        format!("{} of {}", self.given.verdict.name(), claim.join(" on "))
    }
}

/// What [`read`] reads.
const ROWS: &str = "SELECT v.key, v.statement_id, v.document_id, d.name, v.start, v.\"end\", v.quote, v.verdict, v.seen_party, \
     v.seen_topic, v.seen_stance, v.party, v.topic, v.stance, v.condition, v.stated_on, v.speaker, v.note, v.reviewer, v.at, \
     d.published, d.outlet, d.title, d.url, v.run \
     FROM review v JOIN document d ON d.id = v.document_id";

fn read(row: &Row<'_>) -> rusqlite::Result<Review> {
    Ok(Review {
        number: row.get(0)?,
        given: NewReview {
            statement: row.get(1)?,
            doc: row.get(3)?,
            quote: row.get(6)?,
            verdict: kind(row, 7)?,
            party: row.get(11)?,
            topic: row.get(12)?,
            stance: row.get(13)?,
            condition: row.get(14)?,
            stated_on: day(row, 15)?,
            speaker: row.get(16)?,
            note: row.get(17)?,
            reviewer: row.get(18)?,
            at: time(row, 19)?,
        },
        document: row.get(2)?,
        start: row.get(4)?,
        end: row.get(5)?,
        seen_party: row.get(8)?,
        seen_topic: row.get(9)?,
        seen_stance: row.get(10)?,
        published: day(row, 20)?,
        outlet: row.get(21)?,
        title: row.get(22)?,
        url: row.get(23)?,
        run: row.get(24)?,
    })
}

/// Reads the reviews in the order they came in.
pub(super) fn reviews(connection: &Connection, known: Known) -> Result<Vec<Review>, Error> {
    let until = match known {
        Known::Now => i64::MAX,
        Known::Run(run) => run,
    };
    let query = format!("{ROWS} WHERE v.run <= ?1 AND {} ORDER BY v.key", known.holds("d"));
    let mut query = connection.prepare(&query)?;
    let rows = query.query_map([until], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

impl Ledger {
    /// Returns all reviews in the order they came in, each with the id of the statement it holds for, where that is there.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn judged(&self, known: Known) -> Result<Vec<(Review, Option<String>)>, Error> {
        judged(&self.connection, known)
    }
}

fn judged(connection: &Connection, known: Known) -> Result<Vec<(Review, Option<String>)>, Error> {
    let reviews = reviews(connection, known)?;
    if reviews.is_empty() {
        return Ok(Vec::new());
    }
    let statements = reviewed_rows(connection, &Selection { known, ..Selection::default() })?;
    let links = apply(statements, &reviews).links;
    Ok(reviews.into_iter().zip(links).collect())
}

/// Where the words of a review stand, and what the machine said of them.
struct Seen {
    document: String,
    span: (u32, u32),
    claim: Option<(String, String, i8)>,
}

impl Writing<'_> {
    /// Writes a review; returns false where the same one is the last on its statement, so that a workbook can be read twice.
    ///
    /// # Errors
    /// Where the document is not in the ledger or does not hold the words.
    pub fn review(&mut self, new: &NewReview) -> Result<bool, Error> {
        self.review_after(new, i64::MAX)
    }

    /// The same for a reviewer who saw the ledger as it was after the run `saw`. Where somebody else has judged the statement
    /// since, the same words of the same reviewer are still the same: a file read again does not outvote what came after it.
    ///
    /// # Errors
    /// As [`Writing::review`].
    pub fn review_after(&mut self, new: &NewReview, saw: i64) -> Result<bool, Error> {
        let seen = self.seen(new, saw)?;
        let (party, topic, stance) = match &seen.claim {
            Some((party, topic, stance)) => (Some(party), Some(topic), Some(stance)),
            None => (None, None, None),
        };
        if self.is_known(new, &seen, saw)? {
            return Ok(false);
        }
        let query = "INSERT INTO review (statement_id, document_id, start, \"end\", quote, verdict, seen_party, seen_topic, \
             seen_stance, party, topic, stance, condition, stated_on, speaker, note, reviewer, at, run) VALUES \
             (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)";
        self.transaction.prepare_cached(query)?.execute(params![
            new.statement,
            seen.document,
            seen.span.0,
            seen.span.1,
            new.quote,
            word(new.verdict),
            party,
            topic,
            stance,
            new.party,
            new.topic,
            new.stance,
            new.condition,
            iso(new.stated_on),
            new.speaker,
            new.note,
            new.reviewer,
            Timestamp::from_second(new.at.as_second()).unwrap_or(new.at).to_string(),
            self.run,
        ])?;
        self.tally.reviews += 1;
        Ok(true)
    }

    /// Tells whether a review is there: it says what its reviewer said last, and nobody has judged the statement since in a way that
    /// the reviewer could see.
    fn is_known(&self, new: &NewReview, seen: &Seen, saw: i64) -> Result<bool, Error> {
        let query = format!(
            "{ROWS} AND d.dropped_run IS NULL \
             WHERE v.document_id = ?1 AND v.start = ?2 AND v.\"end\" = ?3 AND v.statement_id IS ?4 ORDER BY v.key DESC"
        );
        let place = params![seen.document, seen.span.0, seen.span.1, new.statement];
        let mut query = self.transaction.prepare_cached(&query)?;
        let mut earlier = query.query_map(place, read)?.collect::<Result<Vec<_>, _>>()?;
        if new.statement.is_none() {
            // Words alone may hold several statements.
            earlier.retain(|r| r.given.party == new.party && r.given.topic == new.topic);
        }
        let own = earlier.iter().position(|r| r.given.reviewer == new.reviewer);
        let Some((at, own)) = own.and_then(|at| Some((at, &earlier.get(at)?.given))) else { return Ok(false) };
        // The place is the same; by what name, in which words and when it was given does not matter.
        let same = *new == NewReview { doc: new.doc.clone(), quote: new.quote.clone(), at: new.at, ..own.clone() };
        let outvoted = earlier.iter().take(at).any(|later| later.run <= saw);
        Ok(same && !outvoted)
    }

    /// Finds what a review is about: the statement of its id as it was after the run `saw`, else its words in its document.
    fn seen(&self, new: &NewReview, saw: i64) -> Result<Seen, Error> {
        if let Some(id) = &new.statement {
            let query = "SELECT d.id, s.start, s.\"end\", s.party, s.topic, s.stance FROM statement s \
                 JOIN document d ON d.key = s.document WHERE s.id = ?1 ORDER BY s.added_run > ?2, s.key DESC LIMIT 1";
            let found = self.transaction.prepare_cached(query)?.query_row(params![id, saw], |r| {
                let claim = Some((r.get(3)?, r.get(4)?, r.get(5)?));
                Ok(Seen { document: r.get(0)?, span: (r.get(1)?, r.get(2)?), claim })
            });
            if let Some(seen) = found.optional()? {
                return Ok(seen);
            }
            let mut added = reviews(&self.transaction, Known::Now)?;
            added.retain(|r| r.given.verdict == Verdict::Add && added_id(r) == *id);
            if let Some(Review { document, start, end, given, .. }) = added.pop() {
                let claim = given.party.zip(given.topic).zip(given.stance);
                let claim = claim.map(|((party, topic), stance)| (party, topic, stance));
                return Ok(Seen { document, span: (start, end), claim });
            }
        }
        let query = "SELECT d.id, t.text FROM document d JOIN document_text t ON t.id = d.id \
             WHERE d.name = ?1 ORDER BY d.dropped_run IS NOT NULL, d.key DESC LIMIT 1";
        let mut query = self.transaction.prepare_cached(query)?;
        let found: Option<(String, String)> = query.query_row([&new.doc], |r| Ok((r.get(0)?, r.get(1)?))).optional()?;
        let (document, text) = found.ok_or_else(|| Error::NoDocument(new.doc.clone()))?;
        let at = text.find(&new.quote).filter(|_| !new.quote.trim().is_empty());
        let at = at.ok_or_else(|| Error::NoQuote { doc: new.doc.clone(), quote: new.quote.clone() })?;
        let points = |bytes: &str| u32::try_from(bytes.chars().count()).unwrap_or(u32::MAX);
        let start = points(text.get(..at).unwrap_or_default());
        Ok(Seen { document, span: (start, start + points(&new.quote)), claim: None })
    }

    /// Finds the statement that each review holds for now; returns those reviews that have none.
    ///
    /// # Errors
    /// Where the ledger cannot be read or written.
    pub fn link(&mut self) -> Result<Vec<Review>, Error> {
        let judged = judged(&self.transaction, Known::Now)?;
        let change = "UPDATE review SET holds_for = ?2 WHERE key = ?1 AND holds_for IS NOT ?2";
        let mut change = self.transaction.prepare(change)?;
        for (review, link) in &judged {
            change.execute(params![review.number, link])?;
        }
        Ok(judged.into_iter().filter(|(_, link)| link.is_none()).map(|(review, _)| review).collect())
    }
}
