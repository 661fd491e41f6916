"""Loads positions.xlsx with openpyxl and pandas, and compares every cell of Matrix and Stance with positions.csv.

Usage: python tests/workbook.py output
"""

import csv
import sys
from pathlib import Path

import openpyxl
import pandas

folder = Path(sys.argv[1] if len(sys.argv) > 1 else "output")
book = openpyxl.load_workbook(folder / "positions.xlsx")
faults = []


def check(fine, what):
    if not fine:
        faults.append(what)


def names(sheet):
    """Maps the names on Parties or Topics to ids: the first two columns below the header."""
    rows = list(sheet.iter_rows(values_only=True))
    header = next(i for i, row in enumerate(rows) if row[1] == "Id")
    return {row[0]: row[1] for row in rows[header + 1 :] if row[0]}


with open(folder / "positions.csv", encoding="utf-8", newline="") as file:
    positions = {(row["party"], row["topic"]): row for row in csv.DictReader(file)}
with open(folder / "statements.csv", encoding="utf-8", newline="") as file:
    statements = {row["id"]: row for row in csv.DictReader(file)}

parties, topics = names(book["Parties"]), names(book["Topics"])


def table(sheet):
    """Yields party id, topic id and value of every cell of a sheet with parties in rows and topics in columns."""
    rows = list(sheet.iter_rows(values_only=True))
    header = next(i for i, row in enumerate(rows) if row[0] == "Party")
    # A topic's question stands below its name in the same cell.
    heads = [topics.get(str(name).split("\n")[0]) for name in rows[header][1:] if name]
    check(None not in heads, f"{sheet.title}: a column is no topic of Topics: {rows[header]}")
    seen = set()
    for row in rows[header + 1 :]:
        # Below the numbers Stance names the parties once more, beside their sparklines, which are no values.
        if row[0] in parties and row[0] not in seen:
            seen.add(row[0])
            for topic, value in zip(heads, row[1:]):
                yield parties[row[0]], topic, value


cells = found = 0
for party, topic, text in table(book["Matrix"]):
    cells += 1
    position = positions.get((party, topic))
    if position is None:
        check(text and not text[-1] == ")", f"Matrix, {party} on {topic}: {text!r} has no line in positions.csv")
        continue
    found += 1
    label = position["label"]
    check(text.lower().startswith(label.lower()), f"Matrix, {party} on {topic}: {text!r} is not {label!r}")
    check(text.startswith(position["summary"]), f"Matrix, {party} on {topic}: {text!r} is not {position['summary']!r}")
check(found == len(positions), f"Matrix shows {found} positions, positions.csv holds {len(positions)}")

for party, topic, value in table(book["Stance"]):
    position = positions.get((party, topic))
    if position is None:
        check(value == "n/a", f"Stance, {party} on {topic}: {value!r} where nothing was found")
    elif position["stance"]:
        check(value == float(position["stance"]), f"Stance, {party} on {topic}: {value!r}, not {position['stance']}")
    else:
        check(value == position["label"], f"Stance, {party} on {topic}: {value!r}, not {position['label']!r}")

for sheet in book:
    for row in sheet.iter_rows():
        for cell in row:
            check(cell.data_type != "f", f"{sheet.title}!{cell.coordinate} is a formula")

sheets = pandas.read_excel(folder / "positions.xlsx", sheet_name=None, header=None)
evidence = sheets["Evidence"]
top = next(i for i in range(len(evidence)) if "Quote" in list(evidence.iloc[i]))
evidence = pandas.read_excel(folder / "positions.xlsx", sheet_name="Evidence", header=top).dropna(subset=["Id"])
check(set(evidence["Id"]) == set(statements), "Evidence and statements.csv hold different statements")
for _, row in evidence.iterrows():
    told = statements.get(row["Id"])
    if told is not None:
        check(row["Quote"] == told["quote"], f"Evidence, {row['Id']}: another quote than in statements.csv")
        check(int(row["Stance"]) == int(told["stance"]), f"Evidence, {row['Id']}: another stance than in statements.csv")

for fault in faults:
    print("error:", fault, file=sys.stderr)
print(f"{cells} cells of Matrix, {found} positions, {len(evidence)} statements, {len(faults)} faults")
sys.exit(1 if faults else 0)
