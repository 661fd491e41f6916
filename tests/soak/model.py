"""What the ledger has to hold, kept without asking the program, and a look into a copy of its file."""

import shutil
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from articles import Article

BESIDE = ["-wal", "-shm", "-writer", "-journal"]

# Columns that may change once a row is there; all others never do.
MAY_CHANGE = {
    "run": set(),
    "document_text": set(),
    "sketch": set(),
    "document": {"unplaced", "elsewhere", "coded_run", "dropped_run"},
    "statement": {"dropped_run"},
    "passage": set(),
    "review": {"holds_for"},
}

Row = dict[str, Any]
Check = Callable[[bool, str], None]


@dataclass(frozen=True)
class Stored:
    """A document of the ledger: its name there, the name it came under, and what sources.csv said of it."""

    name: str
    file: str
    given: dict[str, str]


Documents = dict[str, Stored]


def added(documents: Documents, articles: Sequence[Article]) -> tuple[Documents, int, int]:
    """Returns the documents by text after an `add`, how many came in, and of how many more is known."""
    after = dict(documents)
    names = {stored.name for stored in after.values()}
    met: set[str] = set()
    new = changed = 0
    for article in articles:
        if article.text in met:
            continue
        met.add(article.text)
        stored = after.get(article.text)
        if stored is None:
            name, n = article.name, 2
            while name in names:
                name, n = f"{article.name}~{n}", n + 1
            names.add(name)
            after[article.text] = Stored(name, article.name, article.facts)
            new += 1
        elif stored.file == article.name and stored.given | article.facts != stored.given:
            after[article.text] = replace(stored, given=stored.given | article.facts)
            changed += 1
    return after, new, changed


@dataclass
class Review:
    """A verdict of a workbook; `party` and so on are what was corrected, now or by an earlier verdict."""

    statement: str | None
    text: str
    start: int
    end: int
    verdict: str
    party: str | None = None
    topic: str | None = None
    stance: int | None = None
    condition: str | None = None
    stated_on: str | None = None
    speaker: str | None = None
    note: str | None = None
    reviewer: str | None = None
    at: str = ""
    run: int = 0
    seen: tuple[str | None, str | None, int | None] = (None, None, None)

    def said(self) -> tuple[Any, ...]:
        values = (
            self.party,
            self.topic,
            self.stance,
            self.condition,
            self.stated_on,
            self.speaker,
            self.note,
        )
        return (self.statement, self.verdict, self.reviewer, *values)

    def claim(self) -> tuple[Any, ...]:
        """What tells added statements apart."""
        return (self.text, self.start, self.end, self.party, self.topic)

    def place(self) -> tuple[Any, ...]:
        return (
            self.text,
            self.start,
            self.end,
            self.statement,
            *(self.claim()[3:] if self.verdict == "add" else ()),
        )


def taken(before: Sequence[Review], new: Iterable[Review], saw: int, run: int, at: str) -> list[Review]:
    """Returns those verdicts of a workbook made after the run `saw` that an import has to take.

    A verdict is not taken again where it is what its reviewer said last there, unless somebody had said
    otherwise since and the workbook showed it.
    """
    out: list[Review] = []
    for review in new:
        there = [r for r in reversed([*before, *out]) if r.place() == review.place()]
        own = next((n for n, r in enumerate(there) if r.reviewer == review.reviewer), None)
        known = own is not None and there[own].said() == review.said()
        if not known or any(r.run <= saw for r in there[:own]):
            out.append(replace(review, run=run, at=at))
    return out


@dataclass
class Look:
    """All rows of a ledger."""

    tables: dict[str, list[Row]]
    texts: dict[str, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def now(self, table: str) -> list[Row]:
        return [row for row in self.tables[table] if row["dropped_run"] is None]


def look(ledger: Path, folder: Path) -> Look:
    """Reads a copy, so that what a kill left beside the ledger is left for the program to clear away."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    copy = folder / "copy.sqlite"
    shutil.copy(ledger, copy)
    for ending in ["-wal", "-journal"]:
        if (beside := Path(f"{ledger}{ending}")).exists():
            shutil.copy(beside, f"{copy}{ending}")
    connection = sqlite3.connect(copy)
    connection.row_factory = sqlite3.Row
    try:
        faults = [row[0] for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok"]
        faults += [f"foreign key: {tuple(row)}" for row in connection.execute("PRAGMA foreign_key_check")]
        tables = {
            name: [dict(row) for row in connection.execute(f"SELECT * FROM {name} ORDER BY rowid")]
            for name in MAY_CHANGE
        }
        try:
            connection.execute("INSERT INTO quote_search (quote_search, rank) VALUES ('integrity-check', 1)")
        except sqlite3.DatabaseError as error:
            faults.append(f"full-text index: {error}")
    finally:
        connection.close()
    return Look(tables, {row["id"]: row["text"] for row in tables["document_text"]}, faults)


class Past:
    """Every row ever seen, to notice one that changed or went away."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[Any, int]] = {table: {} for table in MAY_CHANGE}
        self.dropped: dict[tuple[str, Any], int] = {}

    def check(self, seen: Look, check: Check) -> dict[str, list[Row]]:
        """Returns the rows that were not there before."""
        new: dict[str, list[Row]] = {}
        for table, may_change in MAY_CHANGE.items():
            known, now = self.rows[table], {}
            new[table] = []
            for row in seen.tables[table]:
                key = next(iter(row.values()))
                now[key] = hash(tuple(value for name, value in row.items() if name not in may_change))
                if key not in known:
                    new[table].append(row)
                elif known[key] != now[key]:
                    check(False, f"row {key} of {table} was changed: {row}")
                was = self.dropped.get((table, key))
                if was is not None:
                    check(
                        row["dropped_run"] == was,
                        f"row {key} of {table} was dropped by run {was}, and is not any more",
                    )
                elif row.get("dropped_run") is not None:
                    self.dropped[table, key] = row["dropped_run"]
                    check(
                        row["dropped_run"] > row["added_run"],
                        f"row {key} of {table} was dropped before it came",
                    )
            check(
                known.keys() <= now.keys(),
                f"rows of {table} are gone: {sorted(map(str, known.keys() - now.keys()))}",
            )
            self.rows[table] = now
        return new


def check_documents(seen: Look, documents: Documents, check: Check) -> None:
    rows = seen.now("document")
    found = {seen.texts[row["id"]]: row for row in rows}
    missing = [stored.name for text, stored in documents.items() if text not in found]
    check(not missing, f"documents are not in the ledger with their text: {missing[:5]}")
    more = [row["name"] for text, row in found.items() if text not in documents]
    check(not more, f"documents in the ledger that no finished command added: {more[:5]}")
    check(len(rows) == len(documents), f"{len(rows)} documents hold, and {len(documents)} should")
    for text, stored in documents.items():
        row = found[text]
        names = (row["name"], row["file"])
        check(names == (stored.name, stored.file), f"a document is called {names}, and should be {stored}")
        for name, value in stored.given.items():
            check(row[name] == value, f"{stored.name} was given the {name} {value!r}, and has {row[name]!r}")


def check_statements(seen: Look, new: Sequence[Row], check: Check) -> None:
    documents = {row["key"]: row for row in seen.tables["document"]}
    passages = {row["statement"] for row in seen.tables["passage"]}
    for row in seen.tables["statement"]:
        if row["key"] not in passages:
            check(False, f"statement {row['key']} has no passage")
        if row["dropped_run"] is None and documents[row["document"]]["dropped_run"] is not None:
            check(False, f"statement {row['key']} holds, and its document does not")
    for row in new:
        text = seen.texts[documents[row["document"]]["id"]]
        words = text[row["start"] : row["end"]]
        check(
            words == row["quote"],
            f"statement {row['id']} quotes {row['quote']!r}, and its document has {words!r}",
        )


def check_reviews(seen: Look, reviews: Sequence[Review], documents: Documents, check: Check) -> None:
    rows = seen.tables["review"]
    check(len(rows) == len(reviews), f"{len(rows)} reviews are in the ledger, and {len(reviews)} were taken")
    versions: dict[str, set[tuple[str | None, str | None, int | None]]] = {}
    for row in seen.tables["statement"]:
        versions.setdefault(row["id"], set()).add((row["party"], row["topic"], row["stance"]))
    for row, review in zip(rows, reviews, strict=True):
        if review.verdict == "add":
            versions.setdefault(row["holds_for"], set()).add((review.party, review.topic, review.stance))
        same = {
            "statement_id": review.statement,
            "start": review.start,
            "end": review.end,
            "quote": review.text[review.start : review.end],
            "verdict": review.verdict,
            "party": review.party,
            "topic": review.topic,
            "stance": review.stance,
            "condition": review.condition,
            "stated_on": review.stated_on,
            "speaker": review.speaker,
            "note": review.note,
            "reviewer": review.reviewer,
            "at": review.at,
            "run": review.run,
        }
        other = {name: (row[name], value) for name, value in same.items() if row[name] != value}
        check(not other, f"review {row['key']} differs from what was written (ledger, workbook): {other}")
        check(seen.texts[row["document_id"]] == review.text, f"review {row['key']} is of another document")
        if review.verdict != "add":
            claim = (row["seen_party"], row["seen_topic"], row["seen_stance"])
            check(
                claim in versions[review.statement or ""],
                f"review {row['key']} saw {claim}, which nobody said",
            )
            review.seen = claim


def effects(
    seen: Look, reviews: Sequence[Review], documents: Documents
) -> tuple[dict[str, Row], list[str | None]]:
    """Returns all statements as they have to come out, reviews applied, and what each review is about."""
    out: dict[str, Row] = {}
    by_key = {row["key"]: row for row in seen.tables["document"]}
    for row in seen.now("statement"):
        document = by_key[row["document"]]
        names = [
            "id",
            "party",
            "topic",
            "stance",
            "condition",
            "stated_on",
            "confidence",
            "start",
            "end",
            "quote",
        ]
        facts = {name: document[name] for name in ["published", "outlet", "title", "url"]}
        out[row["id"]] = (
            {name: row[name] for name in [*names, "speaker"]}
            | facts
            | {"doc": document["name"], "review": None}
        )
    by_text = {seen.texts[row["id"]]: row for row in seen.now("document")}
    claims: dict[tuple[Any, ...], str] = {}
    for row, review in zip(seen.tables["review"], reviews, strict=True):
        if review.verdict == "add":
            claims[review.claim()] = row["holds_for"]
            document = by_text[review.text]
            facts = {name: document[name] for name in ["published", "outlet", "title", "url"]}
            values = {
                "party": review.party,
                "topic": review.topic,
                "stance": review.stance,
                "stated_on": review.stated_on,
            }
            words = {
                "start": review.start,
                "end": review.end,
                "quote": review.text[review.start : review.end],
            }
            more = {"id": row["holds_for"], "condition": review.condition or None, "speaker": review.speaker}
            out[row["holds_for"]] = (
                values | words | more | facts | {"doc": document["name"], "confidence": 1.0, "review": "add"}
            )
    links: list[str | None] = []
    last: dict[str, Review] = {}
    for row, review in zip(seen.tables["review"], reviews, strict=True):
        if review.verdict == "add":
            link = claims[review.claim()]
            last.pop(link, None)
        else:
            # Where the statement went away, the program says which one the verdict is about now, or none.
            link = review.statement if review.statement in out else row["holds_for"]
            if link is not None:
                last[link] = review
        links.append(link)
    for link, review in last.items():
        row = out[link]
        row["review"] = review.verdict
        if review.verdict == "reject":
            continue
        party, topic, stance = review.seen
        row |= {"party": review.party or party, "topic": review.topic or topic, "confidence": 1.0}
        row["stance"] = stance if review.stance is None else review.stance
        row["stated_on"] = review.stated_on or row["stated_on"]
        if review.condition is not None:
            row["condition"] = review.condition or None
    return out, links
