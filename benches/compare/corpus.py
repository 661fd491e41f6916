"""Writes invented news articles, the same ones for the same seed: text files or JSON Lines.

About one article in five is on the negotiation over Ukraine (--share), the others are on other politics, the
economy, sport, courts, science and the rest. Article number n is the same in a corpus of any size.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import json
import re
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import TypeVar

HERE = Path(__file__).resolve().parent
FIRST_DAY = date(2024, 7, 1)
DAYS = 549
FIELDS = ("politics", "economy", "sport", "courts", "science", "life")
MONTHS = "January February March April May June July August September October November December".split()
SHORT_MONTHS = "Jan. Feb. March April May June July Aug. Sept. Oct. Nov. Dec.".split()
LAND_ENDS = ("onia", "istan", "avia", "eria", "island")
WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
PER_FOLDER = 1000

GAP = re.compile(r"\{(\w+)\}")
# Words that "an" stands before: their first vowel is heard as one.
VOWEL = re.compile(r"[aioAIO](?!ne\b|nce\b)|[eE](?!u)|u(?!ni|se|su|til|rn)")

T = TypeVar("T")
# Text, the gap after it, and whether the text ends with the article "a".
Template = tuple[tuple[str, str, bool], ...]


def sections(path: Path) -> dict[str, list[str]]:
    """Reads lines that stand under names in brackets."""
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("[") and line.endswith("]"):
            lines = found.setdefault(line[1:-1], [])
        elif line and not line.startswith("#"):
            lines.append(line)
    return found


def listed(lines: list[str]) -> list[str]:
    return [word.strip() for line in lines for word in line.split(",")]


def barred(lines: list[str]) -> list[list[str]]:
    return [[part.strip() for part in line.split("|")] for line in lines]


def template(line: str) -> Template:
    """Cuts a sentence into pieces of text, each with the gap that follows it."""
    parts = GAP.split(line)
    parts.append("")
    pieces = zip(parts[::2], parts[1::2], strict=True)
    return tuple((text, gap, text.split(" ")[-2:] in (["a", ""], ["A", ""])) for text, gap in pieces)


@dataclass(frozen=True)
class Party:
    name: str
    adjective: str
    capital: str
    # People of it: name, title, first and last day in office.
    people: list[tuple[str, str, str, str]]


class Material:
    """Sentences and words, read once."""

    def __init__(self) -> None:
        words = {name: listed(lines) for name, lines in sections(HERE / "words.txt").items()}
        talks = sections(HERE / "talks.txt")
        self.words = words
        self.words["nouns plural"] = [plural(noun) for noun in words["nouns"]]
        sentences = sections(HERE / "sentences.txt")
        self.sentences = {name: [template(line) for line in lines] for name, lines in sentences.items()}
        self.venues = listed(talks["venues"])
        self.matters = [(noun, verb) for noun, verb in barred(talks["matters"])]
        people: dict[str, list[tuple[str, str, str, str]]] = {}
        with (HERE / "speakers.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                person = (row["name"], row["title"], row["from"], row["to"])
                people.setdefault(row["party"], []).append(person)
        self.parties: list[Party] = []
        weights: list[int] = []
        for key, name, adjective, capital, weight in barred(talks["parties"]):
            self.parties.append(Party(name, adjective, capital, people[key]))
            weights.append(int(weight))
        self.party_weights = list(itertools.accumulate(weights))


def plural(noun: str) -> str:
    if noun.endswith("y") and noun[-2] not in "aeiou":
        return noun[:-1] + "ies"
    if noun.endswith(("s", "x", "ch", "sh")):
        return noun + "es"
    return noun + "s"


@dataclass
class Speaker:
    name: str
    title: str
    party: Party
    met: bool = False

    @property
    def surname(self) -> str:
        return self.name.rsplit(" ", 1)[-1]


@dataclass(frozen=True)
class Article:
    name: str
    text: str
    published: str
    outlet: str
    talks: bool

    def record(self) -> dict[str, str]:
        return {"id": self.name, "text": self.text, "published": self.published, "outlet": self.outlet}


@dataclass
class Writer:
    """Writes one article."""

    material: Material
    dice: Random
    published: date
    short_dates: bool
    speakers: list[Speaker] = field(default_factory=list)
    speaker: Speaker | None = None
    rival: Party | None = None
    cast: list[str] = field(default_factory=list)
    cast_met: set[str] = field(default_factory=set)
    last_person: str = ""
    last_matter: str = ""
    gaps: dict[str, Callable[[], str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.cast = [self.invented() for _ in range(3 + int(self.dice.random() * 3))]
        words = self.material.words
        pick = self.pick
        number = self.number
        self.gaps = {
            "adj": lambda: pick(words["adjectives"]),
            "adverb": lambda: pick(words["adverbs"]),
            "noun": lambda: pick(words["nouns"]),
            "nouns": lambda: pick(words["nouns plural"]),
            "did": lambda: pick(words["did"]),
            "do": lambda: pick(words["do"]),
            "said": lambda: pick(words["said"]),
            "office": lambda: pick(words["offices"]),
            "job": lambda: pick(words["jobs"]),
            "jobs": lambda: plural(pick(words["jobs"])),
            "units": lambda: pick(words["units"]),
            "body": lambda: pick(words["bodies"]),
            "outlet": lambda: pick(words["outlets"]),
            "land": lambda: pick(words["lands"]) if self.dice.random() < 0.8 else self.invented_land(),
            "town": self.town,
            "firm": lambda: f"{self.surname_like()} {pick(words['firms'])}",
            "person": self.person,
            "cast": self.member,
            "day": self.day,
            "month": lambda: pick(MONTHS),
            "year": lambda: str(number(1921, 2021)),
            "year2": lambda: str(number(2030, 2080)),
            "n": lambda: str(number(2, 99)),
            "few": lambda: str(number(2, 12)),
            "digit": lambda: str(number(2, 9)),
            "thousands": lambda: f"{number(1, 79)},{number(0, 9)}{number(0, 9)}0",
            "who": self.who,
            "sur": lambda: self.speaking().surname,
            "party": lambda: self.named(self.speaking().party),
            "capital": lambda: self.speaking().party.capital,
            "demonym": lambda: self.speaking().party.adjective,
            "rival": lambda: self.named(self.against()),
            "venue": lambda: pick(self.material.venues),
            "matter": self.matter,
            "matter2": self.matter,
            "verb": lambda: pick(self.material.matters)[1],
        }

    def pick(self, items: Sequence[T]) -> T:
        return items[int(self.dice.random() * len(items))]

    def number(self, least: int, most: int) -> int:
        return least + int(self.dice.random() * (most - least + 1))

    def surname_like(self) -> str:
        return self.pick(self.material.words["stems"]) + self.pick(self.material.words["ends"])

    def invented(self) -> str:
        surname = self.surname_like()
        if self.dice.random() < 0.06:
            surname += "-" + self.surname_like()
        return f"{self.pick(self.material.words['firsts'])} {surname}"

    def invented_land(self) -> str:
        return self.pick(self.material.words["stems"]) + self.pick(LAND_ENDS)

    def town(self) -> str:
        words = self.material.words
        if self.dice.random() < 0.4:
            return self.pick(words["cities"])
        stem = self.pick(words["stems"])
        if self.dice.random() < 0.4:
            stem += self.pick(["a", "e", "i", "o", "en", "er", "in", "al"])
        end = self.pick(words["towns"])
        return f"{stem} {end}" if end[0].isupper() else stem + end

    def person(self) -> str:
        # "{Person}, a {job}, ..." is followed by "{person} said": now and then it is the same one.
        if self.last_person and self.dice.random() < 0.3:
            name, self.last_person = self.last_person.rsplit(" ", 1)[-1], ""
            return name
        self.last_person = self.invented()
        return self.last_person

    def member(self) -> str:
        name = self.pick(self.cast)
        if name in self.cast_met:
            return name.rsplit(" ", 1)[-1]
        self.cast_met.add(name)
        return name

    def day(self) -> str:
        back = int(self.dice.random() * 9) - 1
        when = self.published - timedelta(days=back)
        if self.dice.random() < 0.7 and back < 7:
            return WEEKDAYS[when.weekday()]
        if self.short_dates:
            return f"{SHORT_MONTHS[when.month - 1]} {when.day}"
        return f"{when.day} {MONTHS[when.month - 1]}"

    def speaking(self) -> Speaker:
        assert self.speaker is not None
        return self.speaker

    def against(self) -> Party:
        assert self.rival is not None
        return self.rival

    def named(self, party: Party) -> str:
        return party.capital if self.dice.random() < 0.25 else party.name

    def who(self) -> str:
        speaker = self.speaking()
        if speaker.met:
            return speaker.surname if self.dice.random() < 0.7 else speaker.name
        speaker.met = True
        form = self.dice.random()
        if form < 0.45 and len(speaker.title.split()) <= 3:
            return f"{speaker.party.adjective} {speaker.title} {speaker.name}"
        if form < 0.85:
            return f"{speaker.name}, the {speaker.title} of {speaker.party.name},"
        return speaker.name

    def matter(self) -> str:
        found = self.pick(self.material.matters)[0]
        while found == self.last_matter:
            found = self.pick(self.material.matters)[0]
        self.last_matter = found
        return found

    def fill(self, pieces: Template) -> str:
        out: list[str] = []
        for text, gap, article in pieces:
            out.append(text)
            if not gap:
                continue
            if gap[0].isupper():
                word = self.gaps[gap.lower()]()
                word = word[0].upper() + word[1:]
            else:
                word = self.gaps[gap]()
            if article and VOWEL.match(word):
                out[-1] = text[:-1] + "n "
            out.append(word)
        line = "".join(out)
        if ",." in line or ",," in line:
            line = line.replace(",.", ".").replace(",,", ",")
        return line[0].upper() + line[1:]

    def choose_speakers(self) -> None:
        """Draws a handful of people in office that day, those of the parties to the talks more often."""
        day = self.published.isoformat()
        parties = self.dice.choices(
            self.material.parties, cum_weights=self.material.party_weights, k=3 + int(self.dice.random() * 4)
        )
        for party in parties:
            serving = [person for person in party.people if person[2] <= day <= person[3]]
            if serving:
                # The list begins with those who speak most.
                name, title, _, _ = serving[int(self.dice.random() ** 2 * len(serving))]
                self.speakers.append(Speaker(name, title, party))
        if not self.speakers:
            self.choose_speakers()

    def turn(self) -> None:
        """Lets somebody else speak."""
        self.speaker = self.pick(self.speakers)
        own = self.speaker.party
        others = [other.party for other in self.speakers if other.party is not own]
        self.rival = self.pick(others or [party for party in self.material.parties[:3] if party is not own])


class Deck:
    """Gives items in an order of chance, each once before any comes again."""

    def __init__(self, items: list[Template], dice: Random) -> None:
        self.items = items
        self.dice = dice
        self.left: list[int] = []

    def draw(self) -> Template:
        if not self.left:
            self.left = self.dice.sample(range(len(self.items)), len(self.items))
        return self.items[self.left.pop()]


def article(material: Material, seed: int, share: float, number: int) -> Article:
    dice = Random(seed * 1_000_003 + number)
    published = FIRST_DAY + timedelta(days=int(dice.random() * DAYS))
    writer = Writer(material, dice, published, short_dates=dice.random() < 0.6)
    talks = dice.random() < share
    if talks:
        writer.choose_speakers()
        writer.turn()
        positions = Deck(material.sentences["positions"], dice)
        plain = Deck(material.sentences["background"], dice)
        loose = 0.1
        place = writer.pick(material.venues)
        headline = writer.fill(writer.pick(material.sentences["talks headlines"]))
    else:
        kind = writer.pick(list(FIELDS))
        plain = Deck(material.sentences[kind], dice)
        loose = 0.35
        place = writer.town()
        headline = writer.fill(writer.pick(material.sentences[f"{kind} headlines"]))
    general = Deck(material.sentences["general"], dice)
    outlet = writer.pick(material.words["outlets"])

    length = min(9500, max(2200, int(dice.gauss(4900, 1300))))
    body: list[str] = []
    made = 0
    while made < length:
        sentences: list[str] = []
        position = talks and dice.random() < 0.38
        if talks:
            writer.turn()
        for sentence in range(writer.number(1, 3)):
            if position and sentence == 0:
                deck = positions
            else:
                deck = general if dice.random() < loose else plain
            sentences.append(writer.fill(deck.draw()))
        body.append(" ".join(sentences))
        made += len(body[-1]) + 2

    head = [headline]
    form = dice.random()
    if form < 0.3:
        desk = writer.pick(material.words["desks"])
        head.append(f"{SHORT_MONTHS[published.month - 1]} {published.day}, {published.year} | {desk}")
    elif form < 0.6:
        day = f"{SHORT_MONTHS[published.month - 1]} {published.day}, {published.year}"
        body[0] = f"{place.upper()}, {day} ({outlet}) — {body[0]}"
    elif form < 0.8:
        body[0] = f"{place.upper()} — {body[0]}"
    if dice.random() < 0.5:
        head.append(f"By {writer.invented()}")
    text = "\n".join(head) + "\n\n" + "\n\n".join(body) + "\n"
    if dice.random() < 0.3:
        text = text.replace("“", '"').replace("”", '"').replace("‘", "'").replace("’", "'")
    slug = "-".join(re.findall(r"[a-z]+", headline.lower())[:4])
    name = f"{number // PER_FOLDER:04}/{published.isoformat()}-{slug}-{number:07}.txt"
    return Article(name, text, published.isoformat(), outlet, talks)


def articles(seed: int, share: float, first: int, end: int) -> Iterator[Article]:
    material = Material()
    return (article(material, seed, share, number) for number in range(first, end))


def write_folder(folder: Path, seed: int, share: float, first: int, end: int) -> int:
    """Writes articles as files; returns their bytes."""
    (folder / f"{first // PER_FOLDER:04}").mkdir(parents=True, exist_ok=True)
    written = 0
    for made in articles(seed, share, first, end):
        data = made.text.encode()
        (folder / made.name).write_bytes(data)
        written += len(data)
    return written


def json_lines(seed: int, share: float, first: int, end: int) -> tuple[bytes, int]:
    """Returns articles as JSON Lines, and the bytes of their texts."""
    found = list(articles(seed, share, first, end))
    lines = "".join(json.dumps(made.record(), ensure_ascii=False) + "\n" for made in found)
    return lines.encode(), sum(len(made.text.encode()) for made in found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("number", type=int, help="how many articles")
    parser.add_argument("out", type=Path, help="a folder, or a file that ends in .jsonl")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--share", type=float, default=0.2, help="share of articles on the negotiation")
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    options = parser.parse_args()

    began = time.perf_counter()
    firsts = range(0, options.number, PER_FOLDER)
    ends = [min(first + PER_FOLDER, options.number) for first in firsts]
    kind = itertools.repeat(options.seed), itertools.repeat(options.share)
    total = 0
    with ProcessPoolExecutor(options.jobs) as pool:
        if options.out.suffix == ".jsonl":
            options.out.parent.mkdir(parents=True, exist_ok=True)
            with options.out.open("wb") as file:
                for lines, size in pool.map(json_lines, *kind, firsts, ends):
                    file.write(lines)
                    total += size
        else:
            total = sum(pool.map(write_folder, itertools.repeat(options.out), *kind, firsts, ends))
    spent = time.perf_counter() - began
    each = total // max(options.number, 1)
    print(f"{options.number} articles, {total} bytes of text, {each} each, {spent:.1f} s")


if __name__ == "__main__":
    main()
