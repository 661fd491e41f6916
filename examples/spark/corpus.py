"""Makes articles for the test: invented reports on the negotiation, the same ones every time, with copies and faults among them."""

from __future__ import annotations

import datetime
import json
import random

# Who speaks: name, surname, office, party, seat.
CAST = [
    ("Volodymyr Zelenskyy", "Zelenskyy", "Ukrainian President", "Ukraine", "Kyiv"),
    ("Andrii Sybiha", "Sybiha", "Ukrainian Foreign Minister", "Ukraine", "Kyiv"),
    ("Andriy Yermak", "Yermak", "head of the Ukrainian presidential office", "Ukraine", "Kyiv"),
    ("Vladimir Putin", "Putin", "Russian President", "Russia", "Moscow"),
    ("Sergei Lavrov", "Lavrov", "Russian Foreign Minister", "Russia", "Moscow"),
    ("Dmitry Peskov", "Peskov", "Kremlin spokesman", "Russia", "Moscow"),
    ("Donald Trump", "Trump", "U.S. President", "the United States", "Washington"),
    ("Marco Rubio", "Rubio", "U.S. Secretary of State", "the United States", "Washington"),
    ("Kaja Kallas", "Kallas", "EU foreign policy chief", "the European Union", "Brussels"),
    ("Ursula von der Leyen", "von der Leyen", "European Commission President", "the European Union", "Brussels"),
    ("Mark Rutte", "Rutte", "NATO Secretary General", "NATO", "Brussels"),
    ("Emmanuel Macron", "Macron", "French President", "France", "Paris"),
    ("Keir Starmer", "Starmer", "British Prime Minister", "Britain", "London"),
    ("Donald Tusk", "Tusk", "Polish Prime Minister", "Poland", "Warsaw"),
    ("Hakan Fidan", "Fidan", "Turkish Foreign Minister", "Turkey", "Ankara"),
    ("Wang Yi", "Wang", "Chinese Foreign Minister", "China", "Beijing"),
]
MATTERS = [
    "a ceasefire along the whole front line",
    "NATO membership for Ukraine",
    "a European seat at the negotiating table",
    "binding security guarantees for Ukraine",
    "the deployment of peacekeepers to Ukraine",
    "direct talks between Kyiv and Moscow",
    "a swap of occupied land",
    "recognition of the annexed regions",
    "tougher sanctions on Russia",
    "further deliveries of air defence",
    "a deal on Ukraine’s minerals",
    "an exchange of all prisoners",
    "the use of frozen Russian assets",
    "elections in Ukraine before a truce",
    "Ukraine’s neutrality",
    "a tribunal for war crimes",
]
# {s}, {o}: a speaker and another one in full; {sn}: the surname; {p}, {q}: their parties; {m}, {n}: matters; {d}: a day; {t}: a place;
# {x}: a small number; {w}, {v}: words that mean little, so that two reports seldom share a run of words by chance.
POSITIONS = [
    "{s} said on {d} that {p} wants {m}, and named the {w} {v} as the reason.",
    "“We need {m}, and we need it before the {w} {v} is over,” {s} told reporters in {t}.",
    "{s} rejected {m} on {d}, calling it “unrealistic” while the {w} {v} goes on.",
    "{p} would never accept {m}, {s} said after {x} hours with the {w} {v}.",
    "Speaking beside a {w} {v} in {t}, {s} demanded {m}.",
    "{s} welcomed {m} as a step towards the {w} {v}, while {o} opposed it.",
    "“Without {m} there is nothing to sign,” {sn} said, {x} minutes late for the {w} {v}.",
    "{s} ruled out {n}, but said that {p} supports {m} if the {w} {v} holds.",
    "In {t}, {s} accused {q} of blocking {m} for the sake of a {w} {v}.",
    "{sn} refused to rule out {m}; the {w} {v}, he said, had changed his mind.",
    "{p} is ready for {m} only after a {w} {v}, according to {s}.",
    "{s} urged {q} to agree to {m} before the {w} {v} in {t}.",
    "“{p} insists on {m},” {s} wrote on {d}, under a picture of a {w} {v}.",
    "Neither {m} nor {n} is acceptable to {p}, {s} told a {w} {v} of {x} students.",
    "{o} called {m} premature, and {s} answered that a {w} {v} could not wait.",
    "Asked about {m} by a {w} {v}, {sn} said: “That is our condition, and it stays.”",
]
BACKGROUND = [
    "The delegation reached {t} by a {w} {v} on {d}, {x} hours behind its plan.",
    "A {w} {v} stood across the road from the palace, guarded by {x} policemen.",
    "Prices of a {w} {v} in {t} rose by {x} percent over the winter.",
    "On {d} drones hit a {w} {v} near {t}, and {x} families were led to a school.",
    "Nobody at the {w} {v} would say whether {sn} had read the {x} pages.",
    "The {w} {v} of {t} has held such meetings {x} times since it was built.",
    "Between sessions {sn} was shown a {w} {v}, a gift from {q}.",
    "It rained on the {w} {v}, and the {x} photographers in {t} went home early.",
    "Trains to {t} stopped for {x} hours because of a {w} {v} on the line.",
    "The {w} {v} will be repaired by {d}, an engineer in {t} said.",
    "About {x} people with a {w} {v} waited outside until {d}.",
    "An interpreter for {p} carried the {w} {v} and {x} pencils.",
]
FIRST = (
    "amber broken careful distant empty faded grey heavy idle jagged knotted lonely muddy narrow open painted quiet rusty "
    "silent tall uneven velvet wooden yellow borrowed crooked dusty elegant frozen gilded"
).split()
SECOND = (
    "anchor bakery bridge cabinet carriage choir clock committee corridor ferry foundry gallery harbour hotel ladder library "
    "market mill orchard parade piano quarry registry saddle stairway statue tavern tower vineyard workshop"
).split()
PLACES = "Kyiv Brussels Washington Geneva Istanbul Riyadh Paris Berlin Warsaw London Munich Vienna Helsinki Rome Oslo".split()
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
OUTLETS = ["Example Daily", "Northern Wire", "The Harbour Post", "Evening Courier", "Channel Six", "Lakeside Herald"]
FIRST_DAY = datetime.date(2025, 2, 1)


class Writer:
    """Writes articles; the same seed gives the same ones."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)

    def sentence(self, kinds: list[str]) -> str:
        pick = self.dice.choice
        speaker, other = self.dice.sample(CAST, 2)
        matter, second = self.dice.sample(MATTERS, 2)

        def full(person: tuple[str, ...]) -> str:
            return pick([f"{person[2]} {person[0]}", person[0], person[1]])

        text = pick(kinds).format(
            s=full(speaker),
            o=full(other),
            sn=speaker[1],
            p=speaker[3],
            q=other[3],
            m=matter,
            n=second,
            d=pick(DAYS),
            t=pick(PLACES),
            x=self.dice.randint(2, 97),
            w=pick(FIRST),
            v=pick(SECOND),
        )
        return text[0].upper() + text[1:]

    def paragraph(self) -> str:
        kinds = [POSITIONS if self.dice.random() < 0.25 else BACKGROUND for _ in range(self.dice.randint(1, 4))]
        return " ".join(map(self.sentence, kinds))

    def text(self) -> str:
        place = self.dice.choice(PLACES)
        title = f"{self.dice.choice(FIRST).title()} {self.dice.choice(SECOND)} awaits envoys in {place}"
        paragraphs = [self.paragraph() for _ in range(self.dice.randint(7, 15))]
        return "\n\n".join([title, f"{place.upper()} — {paragraphs[0]}", *paragraphs[1:]])

    def reprint(self, text: str) -> str:
        """The same story under another headline, a paragraph more and one less."""
        paragraphs = text.split("\n\n")
        del paragraphs[self.dice.randrange(2, len(paragraphs))]
        paragraphs.insert(self.dice.randrange(2, len(paragraphs)), self.paragraph())
        return "\n\n".join([f"{self.dice.choice(SECOND).title()} in {self.dice.choice(PLACES)} hears of it", *paragraphs[1:]])


def day(number: int, days: int = 0) -> str:
    return str(FIRST_DAY + datetime.timedelta(days=number // 12 + days))


def corpus(articles: int, seed: int = 1) -> list[bytes]:
    """Returns lines of JSON, one a document: articles, and one in four of them again later on in one of many ways."""
    writer = Writer(seed)
    dice = writer.dice
    lines: list[tuple[float, bytes]] = []

    def add(place: float, **record: object) -> None:
        line = json.dumps(record, ensure_ascii=dice.random() < 0.5)
        lines.append((place, line.encode()))

    for number in range(articles):
        text = writer.text()
        article = {
            "id": f"{number:04}.txt",
            "text": text,
            "title": text.split("\n")[0],
            "published": day(number),
            "outlet": dice.choice(OUTLETS),
            "url": f"https://example.org/{number}",
        }
        if number % 9 == 0:
            # Some know less of themselves; a name may tell a day, and hold what JSON has to escape.
            article["id"] = dice.choice([day(number).replace("-", ""), f"{day(number)}.txt", f'"№{number}" \\ {day(number)}'])
            for key in dice.sample(["title", "outlet", "url", "published"], 2):
                del article[key]
        add(number, **article)
        # In the corpus a copy stands a good way behind its story.
        again = number + dice.randint(5, articles // 3)
        copy = {**article, "id": f"{article['id']}-again", "outlet": "Reprint Gazette"}
        match number % 24:
            case 3 | 7 | 11 | 15 | 19:
                add(again, **{**copy, "text": writer.reprint(text)})
            case 5:
                # A copy of a copy.
                second = writer.reprint(text)
                add(again, **{**copy, "text": second})
                add(again + 9, **{**copy, "id": f"{article['id']}-third", "text": writer.reprint(second)})
            case 9:
                # Too late to be one.
                add(again, **{**copy, "text": writer.reprint(text), "published": day(number, 8)})
            case 13:
                # The same text, word for word.
                add(again, **copy)
            case 17:
                # The same, but the first one cannot be used.
                add(number - 0.5, **{**copy, "id": f"{article['id']}-undated", "published": "some day in spring"})
            case 21:
                # Two documents of one name.
                add(again, **{**copy, "id": article["id"], "text": writer.text()})

    short = "Sybiha said on Monday that Ukraine rejects a ceasefire. Lavrov said that Russia demands one."
    for place in (30, 150, 151):
        add(place, id=f"short-{place}", text=short, published=day(place))
    add(77, id=77, text=writer.text(), published=day(77))
    add(
        88.5,
        id="german",
        published=day(88),
        text="Die Ukraine lehnt jede Lösung ab, die das Land außerhalb der NATO lässt, sagte der Außenminister am Donnerstag "
        "nach dem Treffen mit seinen Kollegen in der Hafenstadt.",
    )
    add(90.5, id="empty", text=" ", published=day(90))
    add(91.5, id="list", text=["no", "text"], published=day(91))
    return [line for _, line in sorted(lines, key=lambda placed: placed[0])]


# What a file of lines may hold, and a table may not.
BROKEN = [
    b'{"id": "cut", "text": "Kyiv wants a cease',
    b"not JSON at all",
    b'{"id": "latin", "text": "The minister in K\xf6ln said on Monday that Ukraine wants a ceasefire."}',
    b"[1, 2]",
    b"",
]
