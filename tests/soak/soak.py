"""Random commands on a growing ledger, some of them killed, each followed by a check of all that has to hold.

Usage: python3 tests/soak/soak.py --seconds 120 --seed 1 --demarche target/release/demarche

README.md beside this file tells what is done and checked. Needs openpyxl.
"""

import argparse
import csv
import hashlib
import io
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn

import openpyxl

from articles import Article, Newsroom, write_folder, write_lines, write_sources, write_table
from model import (
    BESIDE,
    Documents,
    Look,
    Past,
    Review,
    Row,
    added,
    check_documents,
    check_reviews,
    check_statements,
    effects,
    look,
    taken,
)

HANGS = 900.0
LEDGER = "talks.sqlite"
BRIEFS = ["brief", "other brief"]
FILES = ["matrix.csv", "positions.csv", "positions.xlsx", "statements.csv", "statements.jsonl"]
PARTIES = ["ukraine", "russia", "us", "france", "uk", "germany", "poland", "italy", "nato", "eu"]
TOPICS = [
    "ceasefire",
    "nato-membership",
    "security-guarantees",
    "peacekeeping-force",
    "us-troops",
    "negotiations",
    "sanctions",
    "territory-exchange",
    "elections",
    "minerals",
    "military-aid",
    "neutrality",
]
REVIEWERS = ["Anna Berg", "Boris Ö. Lund", "C. D.", None]
BUSY = "cannot write to the ledger"
REFUSED = "writers refused since another one wrote"


class Broken(Exception):
    """Something that has to hold does not."""


@dataclass
class Result:
    argv: list[str]
    exit: int
    out: bytes
    err: str


@dataclass
class Job:
    process: int
    number: int
    argv: list[str]
    began: float
    watch: threading.Timer


@dataclass
class Delivery:
    """Documents as they are handed to `add`, in the order in which it reads them."""

    paths: list[str]
    stdin: str | None
    articles: list[Article]
    faulty: bool = False


@dataclass
class Book:
    """A workbook that `build` wrote, with the statements as it shows them."""

    path: Path
    run: int
    shown: dict[str, Row]


@dataclass
class Filled:
    """A workbook with verdicts in it."""

    path: Path
    args: list[str]
    saw: int
    reviews: list[Review]


@dataclass
class Counts:
    steps: Counter[str] = field(default_factory=Counter)
    commands: Counter[str] = field(default_factory=Counter)
    kills: Counter[str] = field(default_factory=Counter)
    hits: Counter[str] = field(default_factory=Counter)
    done: Counter[str] = field(default_factory=Counter)
    peak: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    checks: int = 0
    notes: Counter[str] = field(default_factory=Counter)


class Soak:
    def __init__(self, options: argparse.Namespace, folder: Path) -> None:
        self.options = options
        self.folder = folder
        self.rng = random.Random(options.seed)
        self.news = Newsroom(random.Random(options.seed + 1))
        self.counts = Counts()
        self.step = 0
        self.kind = ""
        self.last: list[str] = []
        self.started = 0
        self.log = open(folder / "commands.log", "w", encoding="utf-8")
        spawn = [sys.executable, str(Path(__file__).with_name("spawn.py"))]
        self.spawn = subprocess.Popen(
            spawn, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.took: dict[str, float] = {}

        self.ledger = folder / LEDGER
        self.clock = datetime(2025, 3, 1, 8, tzinfo=UTC)
        self.documents: Documents = {}
        self.reviews: list[Review] = []
        self.times: list[str] = []
        self.past = Past()
        self.look = Look({})
        self.exported: dict[str, Row] = {}
        self.deliveries: list[Delivery] = []
        self.books: list[Book] = []
        self.filled: list[Filled] = []
        self.answers: dict[date, dict[tuple[str, ...], str]] = {}
        self.variant = ""

    # Checks and commands

    def fail(self, what: str) -> NoReturn:
        raise Broken(what)

    def check(self, holds: bool, what: str) -> None:
        self.counts.checks += 1
        if not holds:
            self.fail(what)

    def order(self, order: dict[str, Any]) -> Any:
        assert self.spawn.stdin and self.spawn.stdout
        self.spawn.stdin.write(json.dumps(order) + "\n")
        self.spawn.stdin.flush()
        return json.loads(self.spawn.stdout.readline())

    def start(self, args: Sequence[str], stdin: str | None = None, clock: datetime | None = None) -> Job:
        self.started += 1
        argv = [str(self.options.demarche), *args]
        at = str(int((clock or self.clock).timestamp()))
        redirect = f" < {stdin}" if stdin else ""
        self.log.write(
            f"{self.step} {self.kind}: SOURCE_DATE_EPOCH={at} demarche {' '.join(args)}{redirect}\n"
        )
        self.log.flush()
        self.last = [*self.last[-5:], f"SOURCE_DATE_EPOCH={at} demarche {' '.join(args)}{redirect}"]
        out = f"pipes/{self.started}"
        files = {"stdin": stdin or "/dev/null", "stdout": f"{out}.out", "stderr": f"{out}.err"}
        began = time.monotonic()
        process = self.order({"start": argv, "env": {"SOURCE_DATE_EPOCH": at, "NO_COLOR": "1"}, **files})
        watch = threading.Timer(HANGS, os.kill, [process, signal.SIGKILL])
        watch.daemon = True
        watch.start()
        return Job(process, self.started, argv, began, watch)

    def finish(self, job: Job, kill: bool = False) -> Result:
        ended = self.order({"wait": job.process})
        job.watch.cancel()
        out, err = (self.folder / f"pipes/{job.number}.{name}" for name in ["out", "err"])
        result = Result(job.argv[1:], ended["exit"], out.read_bytes(), err.read_text("utf-8", "replace"))
        out.unlink()
        err.unlink()
        command = self.command(result.argv)
        self.counts.commands[command] += 1
        self.counts.peak[command] = max(self.counts.peak[command], ended["peak"])
        self.log.write(f"    exit {result.exit}\n")
        if result.exit >= 0:
            took = time.monotonic() - job.began
            self.took[command] = 0.7 * self.took.get(command, took) + 0.3 * took
        right = [0, 2, *([1] if command == "diff" else []), *([-signal.SIGKILL] if kill else [])]
        self.check(result.exit in right, f"exit code {result.exit}\n{result.err}")
        self.check("panicked" not in result.err, f"it panicked\n{result.err}")
        limit = self.options.memory * 1024
        self.check(ended["peak"] <= limit, f"{command} took {ended['peak'] // 1024} MiB")
        return result

    @staticmethod
    def command(argv: Sequence[str]) -> str:
        return " ".join(argv[:2]) if argv[0] in ["review", "export", "codebook"] else argv[0]

    def run(self, args: Sequence[str], exits: Sequence[int] = (0,), **more: Any) -> Result:
        result = self.finish(self.start(args, **more))
        self.check(result.exit in exits, f"exit code {result.exit}, and not {exits}\n{result.err}")
        return result

    def twice(self, args: Sequence[str], exits: Sequence[int] = (0,)) -> Result:
        first, second = self.run(args, exits), self.run(args, exits)
        self.check(
            first == second,
            f"the same command gave something else the second time: {first.exit}, {second.exit}",
        )
        return first

    def killed(self, args: Sequence[str], kind: str, stdin: str | None = None) -> bool:
        """Starts a command and kills it at a random moment; tells whether it ran then."""
        job = self.start(args, stdin)
        self.kill(job)
        result = self.finish(job, kill=True)
        return self.hit(kind, result)

    def kill(self, job: Job) -> None:
        """Kills at any moment, or while something is written, which chance alone would seldom meet."""
        if self.rng.random() < 0.5:
            while not self.writes() and self.alive(job):
                time.sleep(0.0003)
            time.sleep(self.rng.random() ** 2 * 0.02)
            self.counts.notes["kills while something was being written"] += self.alive(job)
        else:
            time.sleep(self.rng.random() * 1.1 * self.took.get(self.command(job.argv[1:]), 0.5))
        os.kill(job.process, signal.SIGKILL)

    def writes(self) -> bool:
        """Tells whether a write-ahead log has grown or a file of an output folder is on its way."""
        for log in [Path(f"{self.ledger}-wal"), self.folder / "fresh" / "new.sqlite-wal"]:
            with suppress(FileNotFoundError):
                if log.stat().st_size:
                    return True
        return any(True for name in BRIEFS for _ in (self.folder / name).glob(".demarche-*"))

    @staticmethod
    def alive(job: Job) -> bool:
        return Path(f"/proc/{job.process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"

    def hit(self, kind: str, result: Result) -> bool:
        hit = result.exit == -signal.SIGKILL
        self.counts.kills[kind] += 1
        self.counts.hits[kind] += hit
        return hit

    def on(self, *args: str) -> list[str]:
        return [*args, "--ledger", LEDGER]

    # What holds after every step

    def verify(self) -> None:
        """Compares the ledger, and what the program says of it, with what it has to hold."""
        self.look = seen = look(self.ledger, self.folder / "look")
        self.check(not seen.faults, f"the ledger is damaged: {seen.faults[:5]}")
        new = self.past.check(seen, self.check)
        check_documents(seen, self.documents, self.check)
        check_statements(seen, new["statement"], self.check)
        check_reviews(seen, self.reviews, self.documents, self.check)
        times = [row["at"] for row in seen.tables["run"]]
        self.check(times == self.times, f"the runs were at {times[-3:]}, and should be at {self.times[-3:]}")
        self.exported = self.export()

    def export(self) -> dict[str, Row]:
        """Reads all statements through the program, and compares each with what it has to be."""
        lines = [json.loads(line) for line in self.run(self.on("find", "--format", "jsonl")).out.splitlines()]
        wanted, _ = effects(self.look, self.reviews, self.documents)
        found = {line["id"]: line for line in lines}
        self.check(len(found) == len(lines), "a statement comes out twice")
        gone, more = wanted.keys() - found.keys(), found.keys() - wanted.keys()
        self.check(not gone and not more, f"statements that do not come out: {gone}; that should not: {more}")
        for id, row in wanted.items():
            other = {
                name: (found[id][name], value) for name, value in row.items() if found[id][name] != value
            }
            self.check(not other, f"statement {id} comes out with other values (export, wanted): {other}")
        return found

    def tidy(self) -> None:
        left = [ending for ending in BESIDE if Path(f"{self.ledger}{ending}").exists()]
        self.check(not left, f"a command that wrote left files beside the ledger: {left}")

    # Time

    def now(self) -> str:
        return self.clock.strftime("%Y-%m-%dT%H:%M:%SZ")

    def ran(self, clock: datetime | None = None) -> None:
        """Notes a run, which is never before the one before it."""
        at = (clock or self.clock).strftime("%Y-%m-%dT%H:%M:%SZ")
        self.times.append(max([at, *self.times[-1:]]))

    def tick(self) -> None:
        later = self.clock + timedelta(seconds=self.rng.randint(60, 5400))
        if later.date() > self.clock.date() and self.times:
            self.close_day()
        self.clock = later

    def close_day(self) -> None:
        """Asks what is known at the end of a day; the same question has to get the same answer ever after."""
        day = self.clock.date()
        now = self.run(self.on("matrix", "--format", "positions"))
        then = self.run(self.on("matrix", "--format", "positions", "--known-on", day.isoformat()))
        self.check(now.out == then.out, "what was known today is not what is known")
        chosen = self.rng.sample(self.questions(), 4) + [("matrix", "--format", "positions")]
        self.answers[day] = {question: self.ask(question, day) for question in chosen}

    def questions(self) -> list[tuple[str, ...]]:
        rng = self.rng
        party, topic = rng.choice(PARTIES[:3]), rng.choice(TOPICS)
        day = (self.clock.date() - timedelta(days=rng.randint(0, 10))).isoformat()
        return [
            ("matrix", "--format", "matrix", "--as-of", day, "--window", "30d"),
            ("matrix", "--rows", "parties", "--rule", "majority"),
            ("find", "--format", "jsonl"),
            ("find", "guarantees", "--format", "csv"),
            ("timeline", party, topic, "--format", "csv"),
            ("diff", "--from", day, "--format", "json"),
            ("report", "-o", "-"),
            ("gaps", "--format", "json"),
            ("contradictions", "--format", "csv"),
            ("export", "markdown"),
            ("matrix", "-o", "then"),
        ]

    def ask(self, question: tuple[str, ...], day: date) -> str:
        result = self.run(
            self.on(*question, "--known-on", day.isoformat()), (0, 1) if question[0] == "diff" else (0,)
        )
        digest = hashlib.sha256(result.out + bytes([result.exit]))
        if question[-1] == "then":
            for name in FILES:
                digest.update((self.folder / "then" / name).read_bytes())
        return digest.hexdigest()

    def ask_again(self, day: date, question: tuple[str, ...]) -> None:
        same = self.ask(question, day) == self.answers[day][question]
        self.check(same, f"the past has changed: {' '.join(question)} --known-on {day}")

    # Documents

    def some(self) -> list[Article]:
        """New articles, and at times old ones: copied, under another name, or rewritten under the same."""
        rng = self.rng
        count = rng.choice([1, 1, 2, 2, 3, 4]) if rng.random() < 0.9 else rng.randint(8, 25)
        pool = [
            article
            for delivery in self.deliveries[-60:]
            for article in delivery.articles
            if "#" not in article.name
        ]
        pool = [article for article in pool if "\r" not in article.text]
        out: dict[str, Article] = {}
        for _ in range(count):
            ways: list[Callable[[Article], Article]] = [
                self.news.copy,
                self.news.rewrite,
                self.news.rename,
                lambda a: a,
            ]
            old = pool and rng.random() < 0.3
            article = rng.choice(ways)(rng.choice(pool)) if old else self.news.article(self.clock.date())
            out[article.name] = article
        return list(out.values())

    def deliver(self, articles: list[Article], kind: str = "") -> Delivery:
        """Writes articles into files."""
        rng = self.rng
        number = f"{self.step:05}-{len(self.deliveries)}"
        kind = kind or rng.choice(["folder", "folder", "folder", "lines", "stdin", "table"])
        faulty = False
        if kind == "folder":
            articles = write_folder(self.folder / "in" / number, articles, rng)
            paths, stdin = [f"in/{number}"], None
            if rng.random() < 0.08:
                faulty = True
                (self.folder / "in" / number / "broken.txt").write_bytes(
                    rng.choice([b"", b"\x00\x01\x02", b"\n \n"])
                )
        elif kind == "table":
            write_table(self.folder / f"in/{number}.csv", articles)
            articles = [replace(article, name=f"{number}.csv#{article.name}") for article in articles]
            paths, stdin = [f"in/{number}.csv"], None
        else:
            if rng.random() < 0.2:
                articles = [
                    replace(a, name=f"crlf-{number}-{a.name}", text=a.text.replace("\n", "\r\n"))
                    for a in articles
                ]
            write_lines(self.folder / f"in/{number}.jsonl", articles)
            paths, stdin = (
                ([f"in/{number}.jsonl"], None) if kind == "lines" else (["-"], f"in/{number}.jsonl")
            )
        delivery = Delivery(paths, stdin, articles, faulty)
        self.deliveries.append(delivery)
        return delivery

    def heavy(self) -> Delivery:
        """Something to read for seconds, so that others meet a writer at work."""
        articles = [self.news.article(self.clock.date(), self.rng.randint(500, 3000), 40) for _ in range(2)]
        return self.deliver([replace(a, name=f"long-{a.name}") for a in articles], "lines")

    def told(self, result: Result, new: int, changed: int, again: int) -> None:
        """Compares what the program says it did with the ledger."""
        found = re.search(
            r"(\d+) documents added, (\d+) changed, (\d+) coded again; (\d+) statements added, (\d+) dropped",
            result.err,
        )
        if found is None:
            self.fail(f"no summary\n{result.err}")
        documents = [int(found[n]) for n in (1, 2, 3)]
        self.check(
            documents == [new, changed, again],
            f"it tells of {documents} documents, not {[new, changed, again]}",
        )
        run = len(self.times)
        came = sum(row["added_run"] == run for row in self.look.tables["statement"]) if any(documents) else 0
        went = (
            sum(row["dropped_run"] == run for row in self.look.tables["statement"]) if any(documents) else 0
        )
        self.check(
            (int(found[4]), int(found[5])) == (came, went),
            f"it tells of other statements than {came}, {went}",
        )
        if not again and not changed:
            self.check(went == 0, f"{went} statements were dropped without a reason")

    def take_in(
        self, delivery: Delivery, clock: datetime | None = None, command: Sequence[str] = ("add",)
    ) -> None:
        """Adds documents and checks that they are there."""
        oracle = self.extract(delivery) if self.rng.random() < 0.25 else {}
        after, new, changed = added(self.documents, delivery.articles)
        exits = (2,) if delivery.faulty else (0,)
        args = self.on(command[0], *delivery.paths, *command[1:])
        result = self.run(args, exits, stdin=delivery.stdin, clock=clock)
        fresh = after.keys() - self.documents.keys()
        self.documents = after
        if new or changed:
            self.ran(clock)
        self.verify()
        self.tidy()
        self.told(result, new, changed, 0)
        self.compare(oracle, fresh)

    def extract(self, delivery: Delivery) -> dict[str, list[tuple[Any, ...]]]:
        """Reads the documents without the ledger."""
        exits = (2,) if delivery.faulty else (0,)
        lines = self.run(["extract", *delivery.paths], exits, stdin=delivery.stdin).out.splitlines()
        found: dict[str, list[tuple[Any, ...]]] = {article.text: [] for article in delivery.articles}
        texts = {article.name: article.text for article in delivery.articles}
        for row in map(json.loads, lines):
            found[texts[row["doc"]]].append(self.reading(row))
        return found

    @staticmethod
    def reading(row: Row) -> tuple[Any, ...]:
        names = [
            "start",
            "end",
            "quote",
            "party",
            "topic",
            "stance",
            "speaker",
            "mode",
            "confidence",
            "stated_on",
        ]
        return tuple(row[name] for name in names)

    def compare(self, oracle: dict[str, list[tuple[Any, ...]]], fresh: set[str]) -> None:
        """A new document has to have the statements that are found in it without a ledger."""
        if not oracle:
            return
        keys = {row["key"]: self.look.texts[row["id"]] for row in self.look.now("document")}
        stored: dict[str, list[tuple[Any, ...]]] = {text: [] for text in fresh}
        for row in self.look.now("statement"):
            if keys[row["document"]] in stored:
                stored[keys[row["document"]]].append(self.reading(row))
        for text in fresh:
            same = sorted(stored[text], key=repr) == sorted(oracle[text], key=repr)
            self.check(same, f"{self.documents[text].name} has other statements than without the ledger")

    # Steps that write

    def add(self) -> None:
        back = None
        today = self.clock.strftime("%Y-%m-%d")
        if self.times and self.times[-1].startswith(today) and self.rng.random() < 0.1:
            back = self.clock - timedelta(days=self.rng.randint(1, 5))
        self.take_in(self.deliver(self.some()), back)

    def add_again(self) -> None:
        if self.deliveries:
            self.take_in(self.rng.choice(self.deliveries))

    def add_facts(self) -> None:
        """sources.csv tells something else now."""
        folders = [d for d in self.deliveries if d.stdin is None and (self.folder / d.paths[0]).is_dir()]
        if not folders:
            return
        delivery = self.rng.choice(folders)
        chosen = set(self.rng.sample(range(len(delivery.articles)), 1 + len(delivery.articles) // 2))
        for n in chosen:
            article = delivery.articles[n]
            delivery.articles[n] = replace(article, facts=article.facts | self.news.facts(self.clock.date()))
        rows = [{"file": a.name, **a.facts} for a in delivery.articles if a.facts]
        write_sources(self.folder / delivery.paths[0], rows)
        self.take_in(delivery)

    def build(self) -> None:
        """Builds a workbook, at times from new documents, and keeps it to be filled in."""
        folder = self.rng.choice(BRIEFS)
        if self.rng.random() < 0.3:
            self.take_in(self.deliver(self.some()), command=("build", "-o", folder))
        self.run(self.on("build", "-o", folder))
        made = self.files(folder)
        self.run(self.on("build", "-o", folder, "--threads", "1"))
        self.check(made == self.files(folder), "the same build gave other files the second time")
        rows = [
            json.loads(line)
            for line in (self.folder / folder / "statements.jsonl").read_text("utf-8").splitlines()
        ]
        shown = {row["id"]: row for row in rows}
        self.check(shown == self.exported, "build and find tell of other statements")
        built = (self.folder / folder / "positions.csv").read_bytes()
        out = self.run(self.on("matrix", "--format", "positions")).out
        self.check(out == built, "matrix and build differ in positions.csv")
        out = self.run(self.on("matrix", "--format", "matrix")).out
        same = out == (self.folder / folder / "matrix.csv").read_bytes()
        self.check(same, "matrix and build differ in matrix.csv")
        from_lines = self.run(["matrix", f"{folder}/statements.jsonl", "--format", "positions"]).out
        self.check(from_lines == built, "positions of statements.jsonl are not those of the ledger")
        self.left_behind(folder)
        path = self.folder / "books" / f"{self.step}.xlsx"
        shutil.copy(self.folder / folder / "positions.xlsx", path)
        self.books.append(Book(path, len(self.times), shown))
        for old in self.books[:-5]:
            old.path.unlink()
        self.books = self.books[-5:]
        self.tidy()

    def files(self, folder: str) -> dict[str, str]:
        paths = [self.folder / folder / name for name in FILES]
        return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in paths if p.exists()}

    def left_behind(self, folder: str) -> None:
        """What a killed build left in its folder does no harm, and is deleted as the manual says."""
        for path in (self.folder / folder).iterdir():
            if path.name in FILES:
                continue
            self.check(
                bool(re.fullmatch(r"\.demarche-\w+\.tmp", path.name)),
                f"an unknown file in {folder}: {path.name}",
            )
            self.counts.notes["hidden files of killed builds still there after a later build"] += 1
            path.unlink()

    def recode(self) -> None:
        """Codes everything again: the same program has to read the same."""
        if not self.documents or len(self.documents) > 1500:
            return
        before = {(row["id"], self.reading(row)) for row in self.look.now("statement")}
        if self.rng.random() < 0.4:
            other = ["--codebook", self.other_codebook()]
            self.recoded(["add", *other])
        self.recoded(["add"] if self.variant else ["add", "--recode"])
        after = {(row["id"], self.reading(row)) for row in self.look.now("statement")}
        self.check(before == after, f"coded again, the statements are others: {list(before ^ after)[:3]}")

    def recoded(self, command: list[str]) -> None:
        args = self.on(*command)
        if self.rng.random() < 0.3:
            self.killed(args, "recode")
            seen = look(self.ledger, self.folder / "look")
            if len(seen.tables["run"]) > len(self.times):
                self.ran()
                self.variant = "" if "--codebook" not in command else "other"
                self.verify()
                return
            self.verify()
        result = self.run(args)
        self.variant = "" if "--codebook" not in command else "other"
        self.ran()
        self.verify()
        self.told(result, 0, 0, len(self.documents))
        self.tidy()

    def other_codebook(self) -> str:
        """The same codebook without some people."""
        folder = self.folder / "variant"
        if not folder.exists():
            self.run(["codebook", "new", "ukraine-talks", "--from", "ukraine-talks", "--dir", "variant"])
            for name in ["people.csv", "roles.csv"]:
                path = folder / "ukraine-talks" / name
                lines = path.read_text("utf-8").splitlines(keepends=True)
                path.write_text(
                    "".join(line for line in lines if not line.startswith(("Sergei Lavrov", "Marco Rubio"))),
                    "utf-8",
                )
        return "variant/ukraine-talks"

    # Reviews

    def fill(self, bad: bool = False) -> Filled | None:
        """Writes verdicts into a workbook, of now or of earlier."""
        if not self.books:
            self.build()
        rng = self.rng
        book = rng.choice([*self.books, self.books[-1], self.books[-1]])
        reviewer = rng.choice(REVIEWERS)
        workbook = openpyxl.load_workbook(book.path)
        sheet = workbook["Evidence"]
        head = [str(cell.value).split(":")[0] for cell in sheet[1]]
        column = {name: n for n, name in enumerate(head, 1)}
        rows = [n for n in range(2, sheet.max_row + 1) if sheet.cell(n, column["Id"]).value in book.shown]
        count = rng.choice([1, 2, 3, 5, 8]) if rng.random() < 0.9 else 60
        reviews: list[Review] = []

        def put(row: int, name: str, value: Any) -> None:
            if value is not None:
                sheet.cell(row, column[name], value)

        for row in sorted(rng.sample(rows, min(count, len(rows)))):
            shown = book.shown[sheet.cell(row, column["Id"]).value]
            review, cells = self.verdict(shown, reviewer)
            for name, value in cells.items():
                put(row, name, value)
            reviews.append(review)
        claims = set()
        for _ in range(rng.choice([0, 0, 1, 1, 2])):
            made = self.own(book, reviewer)
            if made is None or made[0].claim() in claims:
                continue
            claims.add(made[0].claim())
            row = sheet.max_row + 1
            for name, value in made[1].items():
                put(row, name, value)
            reviews.append(made[0])
        if bad:
            free = [row for row in rows if sheet.cell(row, column["Verdict"]).value is None]
            if not free:
                return None
            for name, value in self.nonsense().items():
                put(rng.choice(free) if "Id" not in name else free[0], name, value)
        path = self.folder / "books" / f"filled-{self.step}-{self.started}.xlsx"
        workbook.save(path)
        args = ["review", "import", str(path.relative_to(self.folder))]
        return Filled(
            path, self.on(*args, *(["--reviewer", reviewer] if reviewer else [])), book.run, reviews
        )

    def nonsense(self) -> dict[str, Any]:
        """One cell that has to be refused."""
        return self.rng.choice(
            [
                {"Verdict": "perhaps"},
                {"Verdict": "correct"},
                {"Verdict": "add"},
                {"Corrected stance": 2},
                {"Corrected party": "Atlantis"},
                {"Quote": "Nobody ever said this."},
                {"Party": "Norway and Sweden"},
                {"Id": "0123456789abcdef"},
            ]
        )

    def verdict(self, shown: Row, reviewer: str | None) -> tuple[Review, dict[str, Any]]:
        """Makes up a verdict on a row; returns it as the ledger has to keep it, and its cells."""
        rng = self.rng
        text = next(text for text, stored in self.documents.items() if stored.name == shown["doc"])
        verdict = rng.choice(["accept", "accept", "reject", "correct", "correct"])
        review = Review(shown["id"], text, shown["start"], shown["end"], verdict)
        cells: dict[str, Any] = {"Verdict": rng.choice([verdict, verdict.capitalize()])}
        if verdict == "correct":
            for name in rng.sample(["party", "topic", "stance", "condition", "date"], rng.randint(1, 3)):
                value: Any
                if name == "party":
                    value = review.party = rng.choice([*PARTIES, "none"])
                elif name == "topic":
                    value = review.topic = rng.choice(TOPICS)
                elif name == "stance":
                    review.stance = rng.randint(-2, 2)
                    value = rng.choice([review.stance, str(review.stance)])
                elif name == "condition":
                    review.condition = rng.choice(["", "if Ümit agrees", "once the 2nd round is over"])
                    value = review.condition or "none"
                else:
                    day = self.clock.date() - timedelta(days=rng.randint(0, 20))
                    review.stated_on = day.isoformat()
                    value = rng.choice([review.stated_on, datetime(day.year, day.month, day.day)])
                cells[f"Corrected {name}"] = value
        if verdict != "reject" and shown["review"] not in (None, "reject"):
            # What an earlier verdict put there was seen by this one, and stays.
            review.party = review.party or shown["party"]
            review.topic = review.topic or shown["topic"]
            review.stance = shown["stance"] if review.stance is None else review.stance
            review.condition = (shown["condition"] or "") if review.condition is None else review.condition
            review.stated_on = review.stated_on or shown["stated_on"]
        self.sign(review, cells, reviewer)
        return review, cells

    def sign(self, review: Review, cells: dict[str, Any], reviewer: str | None) -> None:
        rng = self.rng
        if rng.random() < 0.4:
            review.note = cells["Note"] = rng.choice(["sure?", "read again: “yes” means no", "1+1=2", "-"])
        review.reviewer = reviewer
        if rng.random() < 0.2:
            review.reviewer = cells["Reviewer"] = "D. in the row"

    def own(self, book: Book, reviewer: str | None) -> tuple[Review, dict[str, Any]] | None:
        """Makes up a statement that the program did not find."""
        rng = self.rng
        known = {row["doc"] for row in book.shown.values()}
        texts = [(text, stored.name) for text, stored in self.documents.items() if stored.name in known]
        if not texts:
            return None
        text, name = rng.choice(texts)
        paragraph = rng.choice([p for p in re.split(r"\r?\n", text) if len(p.split()) > 6])
        words = list(re.finditer(r"\S+", paragraph))
        first = rng.randrange(len(words) - 5)
        quote = paragraph[words[first].start() : words[rng.randint(first + 3, len(words) - 1)].end()]
        if text.count(quote) != 1:
            return None
        start = text.index(quote)
        typed = (
            re.sub("[“”]", '"', quote).replace(" ", rng.choice([" ", "  "])) if rng.random() < 0.3 else quote
        )
        review = Review(None, text, start, start + len(quote), "add", stance=rng.randint(-2, 2))
        review.party, review.topic = rng.choice(PARTIES), rng.choice(TOPICS)
        cells = {
            "Party": review.party,
            "Topic": review.topic,
            "Stance": review.stance,
            "Quote": typed,
            "Document": name,
        }
        if rng.random() < 0.5:
            review.speaker = cells["Speaker"] = "Vladimír Neznámý"
        if rng.random() < 0.3:
            review.condition = cells["Condition"] = "if it rains"
        if rng.random() < 0.3:
            review.stated_on = cells["Stated on"] = (self.clock.date() - timedelta(days=3)).isoformat()
        if rng.random() < 0.5:
            cells["Verdict"] = "add"
        self.sign(review, cells, reviewer)
        return review, cells

    def take_reviews(self, filled: Filled) -> None:
        new = taken(self.reviews, filled.reviews, filled.saw, len(self.times) + 1, self.now())
        result = self.run(filled.args)
        self.took_reviews(new)
        self.verify()
        self.tidy()
        self.said_taken(result, len(new), len(filled.reviews) - len(new))

    def took_reviews(self, new: list[Review]) -> None:
        self.reviews = self.reviews + new
        if new:
            self.ran()

    def said_taken(self, result: Result, new: int, again: int) -> None:
        found = re.search(r"(\d+) verdicts taken.*?, (\d+) were there already", result.err)
        said = (int(found[1]), int(found[2])) if found else None
        self.check(said == (new, again), f"it tells of {said} verdicts taken and known, not {(new, again)}")

    def review(self) -> None:
        if not self.documents:
            return
        filled = self.fill()
        if filled is None:
            return
        self.take_reviews(filled)
        self.filled.append(filled)
        if self.rng.random() < 0.5:
            result = self.run(filled.args)
            self.said_taken(result, 0, len(filled.reviews))
            self.verify()
            self.tidy()

    def review_again(self) -> None:
        """Reads an earlier workbook again."""
        if self.filled:
            self.take_reviews(self.rng.choice(self.filled))

    def review_refused(self) -> None:
        """One row is wrong: nothing is taken, or with --partial all others."""
        filled = self.fill(bad=True) if self.documents else None
        if filled is None:
            return
        result = self.run(filled.args, (2,))
        self.check("nothing was taken" in result.err, f"it does not say that nothing was taken\n{result.err}")
        self.verify()
        if self.rng.random() < 0.6:
            new = taken(self.reviews, filled.reviews, filled.saw, len(self.times) + 1, self.now())
            result = self.run([*filled.args, "--partial"], (2,))
            self.took_reviews(new)
            self.verify()
            self.said_taken(result, len(new), len(filled.reviews) - len(new))
        self.tidy()

    # Kills

    def committed(self) -> bool:
        """Looks whether a command that was killed had done its work: its run is there then."""
        runs = len(look(self.ledger, self.folder / "look").tables["run"])
        self.check(runs in (len(self.times), len(self.times) + 1), f"{runs} runs, after {len(self.times)}")
        return runs > len(self.times)

    def kill_add(self) -> None:
        delivery = self.heavy() if self.rng.random() < 0.15 else self.deliver(self.some())
        oracle = self.extract(delivery)
        before = self.documents
        after, new, changed = added(before, delivery.articles)
        self.killed(self.on("add", *delivery.paths), "add", delivery.stdin)
        if self.ledger.exists() and (new or changed) and self.committed():
            self.counts.done["add"] += 1
            self.documents = after
            self.ran()
        if self.times:
            self.verify()
        if self.rng.random() < 0.6:
            self.take_in(delivery)
        self.compare(oracle, self.documents.keys() - before.keys())

    def kill_review(self) -> None:
        filled = self.fill() if self.documents else None
        if filled is None:
            return
        new = taken(self.reviews, filled.reviews, filled.saw, len(self.times) + 1, self.now())
        self.killed(filled.args, "review import")
        if new and self.committed():
            self.counts.done["review import"] += 1
            self.took_reviews(new)
        self.verify()
        if self.rng.random() < 0.6:
            self.take_reviews(filled)
            self.filled.append(filled)

    def kill_build(self) -> None:
        folder = self.rng.choice(BRIEFS)
        delivery = self.deliver(self.some())
        after, new, changed = added(self.documents, delivery.articles)
        args = self.on("build", *delivery.paths, "-o", folder)
        before = self.files(folder)
        self.killed(args, "build", delivery.stdin)
        if self.ledger.exists() and (new or changed) and self.committed():
            self.counts.done["build"] += 1
            self.documents = after
            self.ran()
        between = self.files(folder)
        if (self.folder / folder).exists():
            left = [p.name for p in (self.folder / folder).iterdir() if p.name not in FILES]
            self.counts.notes["hidden files left by killed builds"] += len(left)
        if self.times:
            self.verify()
        self.run(args, (2,) if delivery.faulty else (0,), stdin=delivery.stdin)
        if len(self.documents) < len(after) or self.documents != after:
            self.documents = after
            self.ran()
        self.verify()
        self.tidy()
        made = self.files(folder)
        for name, digest in between.items():
            whole = digest in (before.get(name), made[name])
            self.check(whole, f"{folder}/{name} is neither the earlier nor the later one after a kill")
        self.counts.notes["files of a killed build that were new"] += sum(
            between.get(n) != before.get(n) for n in FILES
        )
        self.left_behind(folder)

    def kill_reader(self) -> None:
        if self.times:
            self.killed(self.on(*self.rng.choice(self.questions())), "reader")
            self.verify()

    def kill_new(self) -> None:
        """Kills the command that makes a ledger, and makes it then."""
        shutil.rmtree(self.folder / "fresh", ignore_errors=True)
        (self.folder / "fresh").mkdir()
        articles = [self.news.article(self.clock.date()) for _ in range(3)]
        write_lines(self.folder / "fresh" / "three.jsonl", articles)
        args = ["add", "fresh/three.jsonl", "--ledger", "fresh/new.sqlite"]
        self.killed(args, "add to a new ledger")
        self.run(args)
        seen = look(self.folder / "fresh" / "new.sqlite", self.folder / "look")
        self.check(not seen.faults, f"the new ledger is damaged: {seen.faults}")
        check_documents(seen, added({}, articles)[0], self.check)
        check_statements(seen, seen.tables["statement"], self.check)
        left = sorted(p.name for p in (self.folder / "fresh").iterdir())
        self.check(left == ["new.sqlite", "three.jsonl"], f"files were left: {left}")

    # Two at once

    def two_writers(self, kill: bool = False) -> None:
        """Two commands write at once: each does all of its work, or none and says who writes."""
        rng = self.rng
        first = self.heavy() if rng.random() < 0.3 else self.deliver(self.some())
        second = self.deliver([self.news.article(self.clock.date()) for _ in range(rng.randint(1, 3))])
        jobs = []
        for delivery in [first, second]:
            jobs.append(self.start(self.on("add", *delivery.paths), delivery.stdin))
            time.sleep(rng.random() * 0.3)
        if kill:
            self.kill(jobs[0])
        results = [self.finish(jobs[0], kill=kill), self.finish(jobs[1])]
        if kill:
            self.hit("one of two writers", results[0])
        seen = look(self.ledger, self.folder / "look")
        runs = seen.tables["run"][len(self.times) :]
        order = [
            n for run in runs for n, d in enumerate([first, second]) if run["options"] == " ".join(d.paths)
        ]
        if first.stdin and second.stdin:
            # Both are called "-" there.
            texts = {seen.texts[row["id"]]: row["added_run"] for row in seen.now("document")}
            mine = [
                next((texts[a.text] for a in d.articles if texts.get(a.text, 0) > len(self.times)), 0)
                for d in (first, second)
            ]
            order = sorted((n for n in (0, 1) if mine[n]), key=lambda n: mine[n])
        done = []
        for n, (delivery, result) in enumerate(zip([first, second], results, strict=True)):
            refused = BUSY in result.err
            if refused:
                self.counts.notes[REFUSED] += 1
                self.check(result.exit == 2, f"refused with exit code {result.exit}")
                self.check(n not in order, "refused, and its documents are there")
            elif result.exit >= 0:
                wanted = 2 if delivery.faulty else 0
                self.check(result.exit == wanted, f"exit code {result.exit}, and not {wanted}\n{result.err}")
                done.append(n)
            elif n in order:
                self.counts.done["one of two writers"] += 1
        for n in [*order, *(n for n in done if n not in order)]:
            after, new, changed = added(self.documents, [first, second][n].articles)
            self.check(
                bool(new or changed) == (n in order),
                f"writer {n} went through, and the ledger does not show it",
            )
            self.documents = after
            if new or changed:
                self.ran()
        self.verify()
        if not kill:
            self.tidy()
        for n in (0, 1):
            if n not in done and rng.random() < 0.7:
                self.take_in([first, second][n])

    def review_beside_add(self) -> None:
        """A workbook is imported while documents are added."""
        filled = self.fill() if self.documents else None
        if filled is None:
            return
        delivery = self.heavy() if self.rng.random() < 0.3 else self.deliver(self.some())
        jobs = [self.start(self.on("add", *delivery.paths), delivery.stdin)]
        time.sleep(self.rng.random() * 0.3)
        jobs.append(self.start(filled.args))
        results = [self.finish(job) for job in jobs]
        refused = [BUSY in result.err for result in results]
        self.counts.notes[REFUSED] += sum(refused)
        for result, busy, faulty in zip(results, refused, [delivery.faulty, False], strict=True):
            self.check(result.exit == (2 if busy or faulty else 0), f"exit code {result.exit}\n{result.err}")
        order = [
            row["command"] for row in look(self.ledger, self.folder / "look").tables["run"][len(self.times) :]
        ]
        # One that had nothing to write leaves no run, and it does not matter when it came.
        for command in [*order, *({"add", "review import"} - set(order))]:
            if refused[command != "add"]:
                self.check(command not in order, f"{command} was refused, and has written")
            elif command == "add":
                after, new, changed = added(self.documents, delivery.articles)
                self.documents = after
                if new or changed:
                    self.ran()
            else:
                run = len(self.times) + 1
                self.took_reviews(taken(self.reviews, filled.reviews, filled.saw, run, self.now()))
        self.verify()
        self.tidy()

    def kill_one_of_two(self) -> None:
        self.two_writers(kill=True)

    def reader_beside_writer(self) -> None:
        """Readers go on while somebody writes, and see what was before or what is after."""
        if not self.times:
            return
        rng = self.rng
        question = self.on(*rng.choice([q for q in self.questions() if q[-1] != "then"]))
        exits = (0, 1)
        delivery = self.heavy() if rng.random() < 0.4 else self.deliver(self.some())
        after, new, changed = added(self.documents, delivery.articles)
        before = self.run(question, exits).out
        job = self.start(self.on("add", *delivery.paths), delivery.stdin)
        answers = []
        for _ in range(rng.randint(2, 5)):
            time.sleep(rng.random() * 0.1)
            answers.append(self.run(question, exits).out)
        result = self.finish(job)
        self.check(result.exit == (2 if delivery.faulty else 0), f"exit code {result.exit}\n{result.err}")
        later = self.run(question, exits).out
        seen = [answer == later and answer != before for answer in answers]
        whole = all(answer in (before, later) for answer in answers)
        self.check(whole, f"a reader saw something between before and after: {' '.join(question)}")
        self.check(seen == sorted(seen), "a reader saw the earlier state after the later one")
        self.counts.notes["readers beside a writer that saw the earlier state"] += sum(
            a == before != later for a in answers
        )
        self.counts.notes["readers beside a writer that saw the later state"] += sum(seen)
        self.documents = after
        if new or changed:
            self.ran()
        self.verify()
        self.tidy()
        self.told(result, new, changed, 0)

    # Steps that read

    def matrix(self) -> None:
        rng = self.rng
        day = (self.clock.date() - timedelta(days=rng.randint(0, 40))).isoformat()
        flags = [
            ["--as-of", day],
            ["--window", "14d"],
            ["--rule", rng.choice(["mean", "majority", "strongest"])],
        ]
        flags += [
            ["--party", rng.choice(PARTIES)],
            ["--min-confidence", "0.6"],
            ["--rows", "parties"],
            ["--all-topics"],
        ]
        chosen = [flag for pair in rng.sample(flags, rng.randint(0, 4)) for flag in pair]
        self.twice(self.on("matrix", *chosen))
        out = self.twice(self.on("matrix", "--format", "positions")).out.decode()
        for row in csv.DictReader(io.StringIO(out)):
            for id in row["statement_ids"].split():
                statement = self.exported.get(id)
                if statement is None:
                    self.fail(
                        f"position {row['party']}, {row['topic']} rests on {id}, which is not in the ledger"
                    )
                same = (statement["party"], statement["topic"]) == (row["party"], row["topic"])
                self.check(
                    same, f"position {row['party']}, {row['topic']} rests on {id}, which is of another"
                )
                self.check(statement["review"] != "reject", f"a position rests on {id}, which was rejected")

    def diff(self) -> None:
        rng = self.rng
        days = sorted((self.clock.date() - timedelta(days=rng.randint(0, 45))).isoformat() for _ in range(2))
        same = self.twice(self.on("diff", "--from", days[0], "--to", days[0], "--format", "json"), (0,))
        self.check(json.loads(same.out)["changes"] == [], "from a day to the same day something changed")
        result = self.twice(self.on("diff", "--from", days[0], "--to", days[1], "--format", "json"), (0, 1))
        quiet = ("reaffirmed", "unchanged")
        changes = {
            (c["party"], c["topic"]) for c in json.loads(result.out)["changes"] if c["change"] not in quiet
        }
        self.check(result.exit == bool(changes), f"exit code {result.exit} with {len(changes)} changes")
        sides = []
        for day in days:
            out = self.run(self.on("matrix", "--as-of", day, "--format", "positions")).out.decode()
            sides.append(
                {
                    (r["party"], r["topic"]): (r["label"], r["condition"])
                    for r in csv.DictReader(io.StringIO(out))
                }
            )
        old, new = sides
        other = {
            cell for cell in old.keys() | new.keys() if (old.get(cell) or "")[:1] != (new.get(cell) or "")[:1]
        }
        self.check(other <= changes, f"diff does not tell of {other - changes}")
        same_cells = {cell for cell in changes if old.get(cell) == new.get(cell)}
        self.check(not same_cells, f"diff tells of changes where the matrices are the same: {same_cells}")

    def find(self) -> None:
        rng = self.rng
        rows = list(self.exported.values())
        if not rows:
            return
        flags: list[str] = []
        keep: list[Callable[[Row], bool]] = []
        if rng.random() < 0.5:
            party = rng.choice(rows)["party"]
            flags += ["--party", party]
            keep.append(lambda row: row["party"] == party)
        if rng.random() < 0.4:
            topic = rng.choice(rows)["topic"]
            flags += ["--topic", topic]
            keep.append(lambda row: row["topic"] == topic)
        if rng.random() < 0.4:
            since = (self.clock.date() - timedelta(days=rng.randint(0, 20))).isoformat()
            flags += ["--since", since]
            keep.append(lambda row: (row["stated_on"] or row["published"] or "") >= since)
        if rng.random() < 0.3:
            until = (self.clock.date() - timedelta(days=rng.randint(0, 20))).isoformat()
            flags += ["--until", until]
            keep.append(lambda row: (row["stated_on"] or row["published"] or "") <= until)
        if rng.random() < 0.3:
            flags += ["--min-confidence", "0.5"]
            keep.append(lambda row: row["confidence"] >= 0.5)
        if not flags:
            flags, keep = ["--party", "ukraine"], [lambda row: row["party"] == "ukraine"]
        out = self.twice(self.on("find", *flags, "--format", "jsonl")).out
        found = {row["id"]: row for row in map(json.loads, out.splitlines())}
        wanted = {row["id"]: row for row in rows if all(k(row) for k in keep)}
        other = found.keys() ^ wanted.keys()
        self.check(
            found == wanted, f"find {flags} and a filter of all statements differ: {sorted(other)[:5]}"
        )
        words = re.findall(r"\b[a-z]{5,}\b", rng.choice(rows)["quote"])
        if words:
            word = rng.choice(words)
            out = self.twice(self.on("find", word, "--format", "jsonl")).out
            ids = {json.loads(line)["id"] for line in out.splitlines()}
            missing = [
                r["id"]
                for r in rows
                if re.search(rf"(?<!\w){word}(?!\w)", r["quote"], re.I) and r["id"] not in ids
            ]
            self.check(not missing, f"find {word} does not find {missing[:5]}")

    def timeline(self) -> None:
        if not self.exported:
            return
        row = self.rng.choice(list(self.exported.values()))
        out = self.twice(self.on("timeline", row["party"], row["topic"], "--format", "jsonl")).out
        ids = Counter(json.loads(line)["id"] for line in out.splitlines())
        cell = (row["party"], row["topic"])
        wanted = Counter(r["id"] for r in self.exported.values() if (r["party"], r["topic"]) == cell)
        self.check(ids == wanted, f"the timeline of {cell} has other statements than the ledger")

    def report(self) -> None:
        if self.times:
            out = self.twice(self.on("report", "-o", "-")).out
            self.check(out.rstrip().endswith(b"</html>"), "the page has no end")

    def status(self) -> None:
        if not self.times:
            return
        out = self.twice(self.on("review", "status")).out.decode()
        found = re.match(r"(\d+) statements: (\d+) reviewed, (\d+) not", out)
        reviewed = sum(row["review"] is not None for row in self.exported.values())
        wanted = (len(self.exported), reviewed, len(self.exported) - reviewed)
        said = tuple(map(int, found.groups())) if found else None
        self.check(said == wanted, f"review status tells {said}, and not {wanted}")
        rows = [
            json.loads(line)
            for line in self.twice(self.on("review", "export", "--format", "jsonl")).out.splitlines()
        ]
        self.check(
            len(rows) == len(self.reviews),
            f"{len(rows)} reviews come out, and {len(self.reviews)} were taken",
        )
        _, links = effects(self.look, self.reviews, self.documents)
        last = {link: n for n, link in enumerate(links)}
        for n, (row, review, link) in enumerate(zip(rows, self.reviews, links, strict=True)):
            state = "lost" if link is None else "holds" if last[link] == n else "superseded"
            values = (
                review.party,
                review.topic,
                review.stance,
                review.stated_on,
                review.speaker,
                review.note,
            )
            wanted_row = (review.verdict, state, review.reviewer, review.start, review.end, *values)
            names = (
                "verdict",
                "state",
                "reviewer",
                "start",
                "end",
                "party",
                "topic",
                "stance",
                "stated_on",
                "speaker",
                "note",
            )
            found_row = tuple(row[name] for name in names)
            self.check(
                found_row == wanted_row, f"review {n + 1} comes out as {found_row}, and is {wanted_row}"
            )
        self.twice(self.on("review", "agreement"))

    def doctor(self) -> None:
        if self.times:
            out = self.run(self.on("doctor")).out.decode()
            counts = (
                len(self.documents),
                len(self.look.now("statement")),
                len(self.reviews),
                len(self.times),
            )
            wanted = "{} documents, {} statements, {} reviews, {} runs".format(*counts)
            self.check(wanted in out, f"doctor does not tell of {wanted}\n{out}")

    def ask_past(self) -> None:
        for day in self.rng.sample(sorted(self.answers), min(2, len(self.answers))):
            self.ask_again(day, self.rng.choice(sorted(self.answers[day])))

    # The whole

    def plan(self) -> dict[Callable[[], None], int]:
        return {
            self.add: 16,
            self.add_again: 5,
            self.add_facts: 4,
            self.build: 4,
            self.recode: 1,
            self.review: 10,
            self.review_again: 4,
            self.review_refused: 3,
            self.kill_add: 9,
            self.kill_review: 7,
            self.kill_build: 5,
            self.kill_reader: 2,
            self.kill_new: 2,
            self.kill_one_of_two: 3,
            self.two_writers: 5,
            self.review_beside_add: 3,
            self.reader_beside_writer: 5,
            self.matrix: 4,
            self.diff: 5,
            self.find: 5,
            self.timeline: 3,
            self.report: 2,
            self.status: 4,
            self.doctor: 1,
            self.ask_past: 8,
        }

    def go(self) -> None:
        for name in ["pipes", "in", "books", *BRIEFS]:
            (self.folder / name).mkdir()
        plan = self.plan()
        end = time.monotonic() + self.options.seconds
        while time.monotonic() < end:
            self.step += 1
            self.tick()
            step = self.add if self.step == 1 else self.rng.choices(list(plan), list(plan.values()))[0]
            self.kind = step.__name__
            step()
            self.counts.steps[self.kind] += 1
        self.kind = "end"
        for day in sorted(self.rng.sample(sorted(self.answers), min(20, len(self.answers)))):
            for question in self.answers[day]:
                self.ask_again(day, question)
        self.take_in(self.deliver(self.some()))

    def summary(self) -> dict[str, Any]:
        counts = self.counts
        return {
            "seed": self.options.seed,
            "seconds": self.options.seconds,
            "steps": dict(counts.steps.most_common()),
            "commands": dict(counts.commands.most_common()),
            "kills": dict(counts.kills.most_common()),
            "kills that hit a running process": dict(counts.hits.most_common()),
            "kills after which the work was done": dict(counts.done.most_common()),
            "days": len(self.answers),
            "runs": len(self.times),
            "documents": len(self.documents),
            "statements": len(self.look.now("statement")),
            "statement rows": len(self.look.tables["statement"]),
            "reviews": len(self.reviews),
            "checks": counts.checks,
            "ledger MiB": round(self.ledger.stat().st_size / 2**20, 1),
            "max RSS MiB": round(max(counts.peak.values()) / 1024),
            "max RSS MiB by command": {
                name: round(peak / 1024) for name, peak in sorted(counts.peak.items())
            },
            "notes": dict(counts.notes),
        }


def main() -> int:
    parser = argparse.ArgumentParser(
        description="Random commands on a growing ledger, some killed, all checked."
    )
    parser.add_argument(
        "--seconds", type=float, default=120, help="how long; the step that runs then is finished"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--demarche", type=Path, default=Path("target/release/demarche"), help="the program")
    parser.add_argument("--memory", type=int, default=512, help="MiB that no command may exceed")
    options = parser.parse_args()
    options.demarche = options.demarche.resolve(strict=True)
    folder = Path(tempfile.mkdtemp(prefix="demarche-soak-"))
    soak = Soak(options, folder)
    try:
        soak.go()
        print(json.dumps(soak.summary(), ensure_ascii=False))
    except Exception as error:
        print(f"seed {options.seed}, step {soak.step} ({soak.kind}), in {folder}", file=sys.stderr)
        if not isinstance(error, Broken):
            traceback.print_exc()
        print(f"what broke: {error}\nlast commands:", file=sys.stderr)
        print("\n".join(soak.last), file=sys.stderr)
        return 1
    finally:
        soak.spawn.kill()
        soak.log.close()
    shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
