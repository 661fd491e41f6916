"""Articles for the soak: invented reports on the talks, copies of them, and the files they come in."""

import csv
import json
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

SPEAKERS = [
    ("Volodymyr Zelenskyy", "Zelenskyy", "Ukraine"),
    ("Andrii Sybiha", "Sybiha", "Ukraine"),
    ("Vladimir Putin", "Putin", "Russia"),
    ("Sergei Lavrov", "Lavrov", "Russia"),
    ("Dmitry Peskov", "Peskov", "Russia"),
    ("Donald Trump", "Trump", "the United States"),
    ("Marco Rubio", "Rubio", "the United States"),
    ("Emmanuel Macron", "Macron", "France"),
    ("Keir Starmer", "Starmer", "the United Kingdom"),
    ("Friedrich Merz", "Merz", "Germany"),
    ("Donald Tusk", "Tusk", "Poland"),
    ("Giorgia Meloni", "Meloni", "Italy"),
    ("Mark Rutte", "Rutte", "NATO"),
    ("Ursula von der Leyen", "von der Leyen", "the European Union"),
]

MATTERS = [
    "a ceasefire",
    "NATO membership for Ukraine",
    "security guarantees for Ukraine",
    "a European peacekeeping force",
    "U.S. troops in Ukraine",
    "direct talks with Moscow",
    "new sanctions on Russia",
    "a swap of territory",
    "elections in Ukraine",
    "a deal on rare earth minerals",
    "the exchange of all prisoners",
    "the use of frozen Russian assets",
    "more military aid for Ukraine",
    "a tribunal for war crimes",
    "neutrality for Ukraine",
    "a seat for Europe at the negotiating table",
]

# {S} a speaker in full, {N} the surname, {P} the speaker's party, {Q} another party, {M} a matter, {D} a day.
POSITIONS = [
    "{S} demanded {M} on {D}.",
    "{S} rejected {M} and called it a trap.",
    "“We want {M},” {S} said on {D}. “We have said so before.”",
    "{P} is ready for {M} if {Q} signs first, {N} said.",
    "{S} told reporters that {P} would never accept {M}.",
    "{P} supports {M}, said {S}, but not before spring.",
    "“{M} is out of the question,” {N} told a radio station.",
    "{S} did not rule out {M}, but said that it was too early to speak of it.",
    "{N} said {Q} had long been against {M}.",
    "{P} and {Q} called for {M} in a joint statement.",
    "{S} doubted on {D} that {M} would help anybody.",
    "“There will be no peace without {M} — none,” wrote {S}.",
    "{P} insists on {M}, its foreign ministry said.",
    "{S} welcomed {M} as “a first step 🕊️ and not the last”.",
    "Asked about {M}, {N} answered: “Yes, of course, at once.”",
    "{S} warned {Q} not to count on {M}.",
]

BACKGROUND = [
    "The delegations of {P} and {Q} met for {K} hours and left by different doors.",
    "Snow had closed the road to the airport since {D}, and {K} cars stood in a line.",
    "It was meeting number {K} since the winter, and the coffee ran out before noon.",
    "Neither {P} nor {Q} gave the exact time of the next round.",
    "The façade of the old Hôtel Ångström was lit in blue; {K} people watched.",
    "An interpreter dropped {K} sheets of paper, and both sides helped to pick them up.",
    "Trade between {P} and {Q} has fallen by {K} percent in two years.",
    "A night train brought {K} journalists from the border.",
    "Nobody would say who had paid for the {K} flags in the hall.",
    "The river stood {K} centimetres above its mark, and the cellar was closed.",
]

ELSEWHERE = [
    "The bakery on Mill Street sold {K} loaves before eight and closed early.",
    "Judges gave the prize for the largest pumpkin to a teacher, with {K} kilograms.",
    "“I had counted on {K} visitors,” said Bo Lindqvist, who keeps the museum of buttons.",
    "The swimming hall will open again after {K} weeks, the town said.",
    "Rain ended the match after {K} minutes, and supporters sang until midnight.",
]

PLACES = ["Geneva", "Istanbul", "Vienna", "Riyadh", "Paris", "Warsaw", "Helsinki", "Rome"]
OUTLETS = ["North Wire", "Morning Ledger", "Harbour Post", "The Östersund Echo", "Evening Bell"]
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]


@dataclass(frozen=True)
class Article:
    """A document as it is handed to the program: the name it is given, and the text that has to be stored."""

    name: str
    text: str
    facts: dict[str, str] = field(default_factory=dict)


class Newsroom:
    """Writes articles; the same seed gives the same ones."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.number = 0

    def sentence(self, template: str, cast: Sequence[tuple[str, str, str]]) -> str:
        rng = self.rng
        full, surname, party = rng.choice(cast)
        gaps = {"S": rng.choice([full, full, surname]), "N": surname, "P": party, "Q": rng.choice(cast)[2]}
        gaps |= {"M": rng.choice(MATTERS), "D": rng.choice(DAYS), "K": str(rng.randint(2, 99))}
        filled = re.sub(r"\{(\w)\}", lambda gap: gaps[gap[1]], template)
        start = len(filled) - len(filled.lstrip("“"))
        return filled[:start] + filled[start : start + 1].upper() + filled[start + 1 :]

    def facts(self, day: date) -> dict[str, str]:
        facts = {"published": day.isoformat(), "outlet": self.rng.choice(OUTLETS)}
        if self.rng.random() < 0.5:
            facts["url"] = f"https://example.org/{self.number}?a=1&b=%20"
        if self.rng.random() < 0.5:
            facts["title"] = f"A headline, number {self.number}"
        return facts

    def article(self, today: date, paragraphs: int = 0, every: int = 2) -> Article:
        """Writes one, now and then on something else; one in `every` paragraphs holds a position."""
        rng = self.rng
        self.number += 1
        day = today - timedelta(days=rng.choice([0, 0, 0, 1, 2, 5, 30]))
        place = rng.choice(PLACES)
        cast = rng.sample(SPEAKERS, rng.randint(2, 4))
        elsewhere = rng.random() < 0.08
        head = f"Report {self.number}: {'a quiet week' if elsewhere else 'talks'} in {place}"
        paras = [head]
        if not elsewhere:
            paras.append(
                "Ukraine and Russia sent envoys to the talks, and Ukraine said that Russia came late."
            )
        for n in range(paragraphs or rng.randint(3, 9)):
            kinds = ELSEWHERE if elsewhere else POSITIONS if n % every == 0 else BACKGROUND
            more = ELSEWHERE if elsewhere else BACKGROUND
            sentences = [self.sentence(rng.choice(kinds), cast)]
            sentences += [self.sentence(rng.choice(more), cast) for _ in range(rng.randint(0, 2))]
            paras.append(" ".join(sentences))
        if rng.random() < 0.2:
            paras.insert(1, "e\u0301tude\u00a0— 𝔘𝔫𝔦𝔠𝔬𝔡𝔢 and 👩‍🚀, before anybody spoke.")
        text = "\n\n".join(paras) + rng.choice(["\n", "", "\n\n"])
        stem = f"{day.isoformat()}-" if rng.random() < 0.5 else ""
        name = f"{stem}{place.lower()}-{self.number}.{rng.choice(['txt', 'txt', 'md'])}"
        facts = self.facts(day) if rng.random() < 0.75 else {}
        return Article(rng.choice(["", "", "wire/"]) + name, text, facts)

    def copy(self, of: Article) -> Article:
        """Writes the same story as another outlet prints it: another headline, a paragraph more or less."""
        rng = self.rng
        self.number += 1
        paras = of.text.strip().split("\n\n")
        paras[0] = f"Elsewhere {self.number}: envoys meet"
        cast = rng.sample(SPEAKERS, 3)
        if len(paras) > 4 and rng.random() < 0.5:
            del paras[rng.randrange(3, len(paras))]
        if rng.random() < 0.5:
            paras.append(self.sentence(rng.choice(POSITIONS), cast))
        day = date.fromisoformat(of.facts["published"]) if "published" in of.facts else date(2025, 3, 1)
        return Article(
            f"copy-{self.number}.txt", "\n\n".join(paras), self.facts(day + timedelta(days=rng.randint(0, 6)))
        )

    def rewrite(self, of: Article) -> Article:
        """Writes another text under the same name."""
        self.number += 1
        return replace(of, text=of.text.rstrip() + f"\n\nThis report, number {self.number}, was corrected.\n")

    def rename(self, of: Article) -> Article:
        """Gives the same text another name."""
        self.number += 1
        return replace(of, name=f"again-{self.number}.txt")


def write_folder(folder: Path, articles: Sequence[Article], rng: random.Random) -> list[Article]:
    """Writes a file each, and a sources.csv; returns them in the order in which the program reads them."""
    rows = []
    for article in articles:
        path = folder / article.name
        path.parent.mkdir(parents=True, exist_ok=True)
        text = article.text.replace("\n", "\r\n") if rng.random() < 0.15 else article.text
        path.write_bytes((b"\xef\xbb\xbf" if rng.random() < 0.1 else b"") + text.encode())
        if article.facts:
            rows.append({"file": article.name, **article.facts})
    write_sources(folder, rows)
    return sorted(articles, key=lambda article: article.name.encode())


def write_sources(folder: Path, rows: Sequence[dict[str, str]]) -> None:
    columns = ["file", "published", "outlet", "url", "title"]
    with open(folder / "sources.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)


def write_lines(path: Path, articles: Sequence[Article]) -> None:
    with open(path, "w", encoding="utf-8") as file:
        for article in articles:
            file.write(json.dumps({"id": article.name, "text": article.text, **article.facts}) + "\n")


def write_table(path: Path, articles: Sequence[Article]) -> None:
    columns = ["id", "text", "published", "outlet", "url", "title"]
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        for article in articles:
            writer.writerow({"id": article.name, "text": article.text, **article.facts})
