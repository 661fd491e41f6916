"""Reads the files of demarche with other people's programs, and compares every cell with what was written.

Usage: python tests/readers.py DEMARCHE OUTPUT [WORK]

DEMARCHE is the program, OUTPUT a folder that `demarche build` wrote (the documents lie beside it in seeds/), WORK a folder to keep the exports
in. Two sets of statements are tried: those of OUTPUT, and some written here to be hard on readers (quotation marks, separators and line
ends in quotations, code points beyond 16 bits, markup, formulas). One line a check; the exit code is 1 where a reader refuses a
file or reads something else than what stands in it.

Needs Python 3.11 and

    pip install pandas==3.1.1 duckdb==2.0.0 networkx==3.6.1 igraph==1.0.0 lxml==6.1.3 pyrefiqda==0.3.1 qdapy==0.1.0 \
        csvw==4.1.1

and, where they are at hand, tries

    pyqdpx==0.1.8               needs Python 3.12
    qualitative-coding==1.7.8   370 MB with what it needs
    qualcoder                   on no registry: pip install PyQt6==6.11.0 git+https://github.com/ccbogel/QualCoder
"""

import builtins
import csv
import datetime
import importlib
import json
import math
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import types
import warnings
import zipfile
from collections import Counter
from contextlib import contextmanager, redirect_stdout
from io import BytesIO, StringIO
from pathlib import Path

TESTS = Path(__file__).resolve().parent
CODEBOOK = "{urn:QDA-XML:codebook:1.0}"
PROJECT = "{urn:QDA-XML:project:1.0}"

# The columns of the event list of Discourse Network Analyzer 3, of its standard statement type, and ours after them.
DNA = ["statement ID", "time", "document ID", "document title", "author", "source", "section", "type", "text"]
DNA_VARIABLES = ["person", "organization", "concept", "agreement"]
DNA_MORE = ["stance", "condition", "id"]

# What the columns hold; all others hold text.
WHOLE = {"start", "end", "stance", "statements", "statement ID", "document ID", "agreement"}
FRACTION = {"confidence"}
TRUE_FALSE = {"joint", "secondhand"}
YES_NO = {"contradictory", "low_confidence"}
DAY = {"stated_on", "published", "as_of", "first", "last", "date", "time"}

OPTIONAL = {"pyqdpx", "qualitative_coding", "qualcoder", "PyQt6"}

faults = []
checks = skipped = 0


class Skip(Exception):
    """A check that cannot be made here, with the reason."""


@contextmanager
def reading(what):
    """Makes one check: prints a line for it, with the figures that were handed over, and collects what was wrong."""
    global checks, skipped
    before, figures = len(faults), []
    try:
        yield figures.append
    except Skip as reason:
        skipped += 1
        print(f"skipped  {what}: {reason}", flush=True)
        return
    except Exception as error:  # a reader that refuses a file is what we look for
        faults.append(f"{type(error).__name__}: {error}")
    checks += 1
    found = len(faults) - before
    faults[before:] = [f"{what}: {fault}" for fault in faults[before:]]
    print(f"{'FAULT' if found else 'ok':8} {what}{': ' if figures else ''}{', '.join(figures)}", flush=True)
    for fault in faults[before : before + 4]:
        print("         ", fault.removeprefix(f"{what}: ")[:400], flush=True)
    if found > 4:
        print(f"          and {found - 4} more", flush=True)


@contextmanager
def whole(what):
    """Goes on where several checks cannot be made at all."""
    try:
        yield
    except Exception as error:
        with reading(what):
            raise error


def check(fine, fault):
    if not fine:
        faults.append(fault)


def needed(name):
    """Imports a module; without one of those that need not be there a check is left out."""
    try:
        return importlib.import_module(name)
    except (ImportError, SyntaxError) as error:
        if name.split(".")[0] not in OPTIONAL:
            raise
        missing = isinstance(error, ModuleNotFoundError) and error.name == name
        raise Skip("not installed" if missing else f"{name} cannot be loaded: {type(error).__name__}: {error}") from error


def demarche(*arguments):
    """Runs the program; what it writes to standard error where it fails is the fault."""
    done = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, encoding="utf-8")
    if done.returncode:
        raise RuntimeError(f"demarche {' '.join(map(str, arguments))} ended with {done.returncode}: {done.stderr.strip()}")
    return done.stdout


def rows_of(path, delimiter=","):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter, strict=True))


def same(value, text):
    """Tells whether a reader's value is what a field of a CSV file says."""
    if value is None or type(value).__name__ in ("NAType", "NaTType") or isinstance(value, float) and math.isnan(value):
        return text == ""
    if hasattr(value, "tolist"):  # numbers and lists of numpy
        value = value.tolist()
    if isinstance(value, bool):
        return text in (("true", "yes") if value else ("false", "no"))
    if isinstance(value, (int, float)):
        return bool(re.fullmatch(r"-?\d+(\.\d+)?", text)) and float(text) == value
    if isinstance(value, datetime.datetime):
        return str(value) in (text, f"{text} 00:00:00")
    if isinstance(value, datetime.date):
        return value.isoformat() == text
    if isinstance(value, list):
        return " ".join(value) == text
    return str(value) == text


def compare(found, wanted, name):
    """Compares tables, given as lists of dictionaries, cell by cell."""
    check(len(found) == len(wanted), f"{name} has {len(found)} rows, not {len(wanted)}")
    if found and wanted:
        check(list(found[0]) == list(wanted[0]), f"{name} has the columns {list(found[0])}, not {list(wanted[0])}")
    cells = 0
    for at, (row, truth) in enumerate(zip(found, wanted), 1):
        for column, text in truth.items():
            cells += 1
            value = row.get(column)
            check(same(value, text), f"{name}, row {at}, {column}: {value!r}, not {text!r}")
    return f"{len(found)} rows, {cells} cells"


def kinds(types_of, rows, name):
    """Compares what a reader takes the columns for with what they are; columns without a value say nothing."""
    for column in rows[0] if rows else []:
        if not any(row[column] for row in rows):
            continue
        decimals = any("." in row[column] for row in rows)
        if column in WHOLE and not decimals:
            wanted = ["whole"]
        elif column in FRACTION | WHOLE:
            wanted = ["fraction"]
        elif column in TRUE_FALSE:
            wanted = ["flag"]
        elif column in YES_NO:
            wanted = ["flag", "text"]
        elif column in DAY:
            wanted = ["day", "text"]
        else:
            wanted = ["text"]
        check(types_of(column) in wanted, f"{name}: {column} is taken for {types_of(column)}, not {' or '.join(wanted)}")


class Corpus:
    """Statements, the documents they were made from, and the tables that demarche made of them."""

    def __init__(self, name, folder, documents, work):
        self.name, self.folder, self.documents, self.work = name, folder, documents, work
        work.mkdir(parents=True, exist_ok=True)
        self.lines = folder / "statements.jsonl"
        self.statements = rows_of(folder / "statements.csv")
        self.positions = rows_of(folder / "positions.csv")
        self.matrix = rows_of(folder / "matrix.csv")
        behind = {id for position in self.positions for id in position["statement_ids"].split()}
        order = lambda s: (s["doc"], int(s["start"]), int(s["end"]), s["topic"], s["party"], s["id"])
        self.behind = sorted((s for s in self.statements if s["id"] in behind), key=order)
        self.labels = {float(p["stance"]): p["label"] for p in self.positions if p["stance"]}

    def export(self, format, name, *more):
        path = self.work / name
        demarche("export", format, self.lines, "-o", path, *more)
        return path

    def files(self):
        """The CSV files and the rows that they hold."""
        yield self.folder / "statements.csv", self.statements, ","
        yield self.folder / "positions.csv", self.positions, ","
        yield self.folder / "matrix.csv", self.matrix, ","


# ---- the tables ----


def plain(corpus):
    with reading(f"{corpus.name}: statements.csv says what statements.jsonl says (csv and json of Python)") as figures:
        with open(corpus.lines, encoding="utf-8") as file:
            told = [json.loads(line) for line in file]
        figures(compare([{c: v if v != [] else "" for c, v in s.items()} for s in told], corpus.statements, "statements.jsonl"))
    with reading(f"{corpus.name}: matrix.csv says what positions.csv says") as figures:
        at = {(p["party"], p["topic"]): p for p in corpus.positions}
        for row in corpus.matrix:
            for topic, cell in row.items():
                position = at.pop((row["party"], topic), None)
                if position is None:
                    check(topic == "party" or cell == "nothing found", f"{row['party']} on {topic}: {cell!r} where nothing was found")
                    continue
                number = f" ({position['stance']})" if position["stance"] else ""
                wanted = position["label"] + number + (" ?" if position["low_confidence"] == "yes" else "")
                check(cell == wanted, f"{row['party']} on {topic}: {cell!r}, not {wanted!r}")
        check(not at, f"positions that have no cell: {list(at)}")
        figures(f"{len(corpus.positions)} positions in {len(corpus.matrix)} rows")


def dna(corpus):
    """Exports the event list and holds it against statements.csv. Returns its file and its rows."""
    path, events = corpus.export("dna", "events.csv"), []
    with reading(f"{corpus.name}: DNA's columns, and every statement that counts (csv of Python)") as figures:
        head = path.read_bytes().split(b"\r\n")[0].decode()
        wanted = DNA + DNA_VARIABLES + DNA_MORE
        check(head == ";".join(f'"{column}"' for column in wanted), f"the head is {head}")
        events = rows_of(path, ";")
        check(len(events) == len(corpus.behind), f"{len(events)} events of {len(corpus.behind)} statements")
        documents = list(dict.fromkeys(s["doc"] for s in corpus.behind))
        organizations, concepts = {}, {}
        for number, (event, s) in enumerate(zip(events, corpus.behind), 1):
            day = s["stated_on"] or s["published"]
            sign = (int(s["stance"]) > 0) - (int(s["stance"]) < 0)
            for column, value in {
                "statement ID": str(number),
                "time": f"{day} 00:00:00" if day else "",
                "document ID": str(documents.index(s["doc"]) + 1),
                "document title": s["title"] or s["doc"],
                "author": "",
                "source": s["outlet"],
                "section": "",
                "type": "",
                "text": s["quote"],
                "person": s["speaker"] or s["source_text"],
                "agreement": str(sign),
                "stance": s["stance"],
                "condition": s["condition"],
                "id": s["id"],
            }.items():
                check(event[column] == value, f"event {number}, {column}: {event[column]!r}, not {value!r}")
            check(organizations.setdefault(s["party"], event["organization"]) == event["organization"], f"event {number}: two names of a party")
            check(concepts.setdefault(s["topic"], event["concept"]) == event["concept"], f"event {number}: two names of a topic")
        for names in organizations, concepts:
            check(len({*names.values()}) == len(names) and all(names.values()), f"names that are no names, or stand for two: {names}")
        figures(f"{len(events)} events, {len(documents)} documents, {len(organizations)} organizations, {len(concepts)} concepts")
    return path, events


def pandas_reads(corpus, events):
    pandas = needed("pandas")
    for path, rows, delimiter in [*corpus.files(), events]:
        with reading(f"{corpus.name}: {path.name} in pandas {pandas.__version__}") as figures:
            table = pandas.read_csv(path, sep=delimiter)
            figures(compare(table.to_dict("records"), rows, path.name))

            def kind(column):
                of = table[column].dtype
                if pandas.api.types.is_bool_dtype(of):
                    return "flag"
                if pandas.api.types.is_integer_dtype(of):
                    return "whole"
                if pandas.api.types.is_float_dtype(of):  # whole numbers with gaps are fractions to pandas
                    return "whole" if column in WHOLE and (table[column].dropna() % 1 == 0).all() else "fraction"
                return "text"

            if path.name != "matrix.csv":
                kinds(kind, rows, path.name)
            for column in ("quote", "text"):
                if column in table:
                    wrong = [row for row, truth in zip(table[column], rows) if row != truth[column]]
                    check(not wrong, f"{len(wrong)} quotations differ, as {wrong[:1]}")


def duckdb_reads(corpus, events):
    duckdb = needed("duckdb")
    names = {"BIGINT": "whole", "DOUBLE": "fraction", "BOOLEAN": "flag", "DATE": "day", "TIMESTAMP": "day", "VARCHAR": "text"}

    def table(base, call):
        found = base.sql(f"select * from {call}")
        return found, [dict(zip(found.columns, row)) for row in found.fetchall()]

    for path, rows, delimiter in [*corpus.files(), events]:
        with reading(f"{corpus.name}: {path.name} in DuckDB {duckdb.__version__}, strict") as figures:
            base = duckdb.connect()
            found, told = table(base, f"read_csv_auto('{path}', strict_mode = true)")
            figures(compare(told, rows, path.name))
            if path.name != "matrix.csv":
                types_of = dict(zip(found.columns, map(str, found.types)))
                kinds(lambda column: names.get(types_of[column], types_of[column]), rows, path.name)
            _, told = table(base, f"read_csv_auto('{path}', strict_mode = true, all_varchar = true)")
            compare(told, rows, f"{path.name} as text")
            base.sql(f"create table kept as select * from read_csv_auto('{path}', strict_mode = true, store_rejects = true)")
            rejects = base.sql("select count(*) from reject_errors").fetchall()[0][0]
            check(rejects == 0, f"{rejects} rejects")
            if "stance" in rows[0]:
                ((count, total),) = base.sql("select count(*), sum(stance) from kept").fetchall()
                wanted = sum(float(row["stance"] or 0) for row in rows)
                check((count, float(total)) == (len(rows), wanted), f"{count} rows of sum {total}, not {len(rows)} of {wanted}")
                figures(f"sum of stance {total}")
    for name in ("statements", "positions"):
        path = corpus.export("parquet", f"{name}.parquet", "--table", name)
        rows = next(rows for file, rows, _ in corpus.files() if file.name == f"{name}.csv")
        with reading(f"{corpus.name}: {path.name} in DuckDB {duckdb.__version__}") as figures:
            found, told = table(duckdb.connect(), f"read_parquet('{path}')")
            figures(compare(told, rows, path.name))
            types_of = dict(zip(found.columns, map(str, found.types)))
            if name == "statements":  # a position's stance may be a mean, and is a fraction even where it is none
                kinds(lambda column: names.get(types_of[column], types_of[column]), rows, path.name)
        with reading(f"{corpus.name}: {path.name} in pandas") as figures:
            figures(compare(needed("pandas").read_parquet(path).to_dict("records"), rows, path.name))
    with reading(f"{corpus.name}: statements.jsonl in DuckDB {duckdb.__version__}") as figures:
        base = duckdb.connect()
        _, told = table(base, f"read_json_auto('{corpus.lines}')")
        figures(compare([{c: v if v != [] else None for c, v in row.items()} for row in told], corpus.statements, "statements.jsonl"))
        total = base.sql(f"select sum(stance) from read_json_auto('{corpus.lines}')").fetchall()[0][0]
        check(total == sum(int(s["stance"]) for s in corpus.statements), f"the sum of stance is {total}")


# ---- the networks ----


def networks(corpus):
    networkx = needed("networkx")
    parties = [row["party"] for row in corpus.matrix]
    topics = [column for column in (corpus.matrix[0] if corpus.matrix else {}) if column != "party"]
    of = {}
    for position in corpus.positions:
        of.setdefault(position["party"], {})[position["topic"]] = position
    number = lambda position: float(position["stance"]) if position["stance"] else None
    counted = Counter()
    for position in corpus.positions:
        counted[f"party:{position['party']}"] += int(position["statements"])
        counted[f"topic:{position['topic']}"] += int(position["statements"])
    names = {}
    for network in "two-mode", "congruence", "conflict":
        path = corpus.export("graphml", f"{network}.graphml", "--network", network)
        wanted = {}
        if network == "two-mode":
            for p in corpus.positions:
                stance = number(p) or 0.0
                wanted[f"party:{p['party']}", f"topic:{p['topic']}"] = {
                    "weight": abs(stance),
                    "sign": (stance > 0) - (stance < 0),
                    "position": number(p),
                    "stance": p["label"],
                    "count": int(p["statements"]),
                    "confidence": float(p["confidence"]),
                }
        else:
            for at, one in enumerate(parties):
                for other in parties[at + 1 :]:
                    shared = [(number(p), number(of[other][t])) for t, p in of.get(one, {}).items() if t in of.get(other, {})]
                    both = [(a, b) for a, b in shared if a is not None and b is not None]
                    weight = sum(a * b > 0 if network == "congruence" else a * b < 0 for a, b in both)
                    if weight:
                        congruence = sum(1 - abs(a - b) / 4 for a, b in both) / len(both)
                        wanted[f"party:{one}", f"party:{other}"] = {"weight": weight, "topics": len(both), "congruence": congruence}
        nodes = {f"party:{party}": "party" for party in parties}
        if network == "two-mode":
            nodes |= {f"topic:{topic}": "topic" for topic in topics}

        def hold(reader, found_nodes, found_edges):
            """Compares nodes and edges, given as dictionaries of attributes."""
            check(found_nodes.keys() == nodes.keys(), f"{reader} has other nodes: {found_nodes.keys() ^ nodes.keys()}")
            for id, kind in nodes.items():
                node = found_nodes.get(id, {})
                check(node.get("kind") == kind, f"{reader}, {id} is a {node.get('kind')}")
                check(node.get("statements") == counted[id], f"{reader}, {id} has {node.get('statements')} statements, not {counted[id]}")
                check(names.setdefault(id, node.get("label")) == node.get("label") and node.get("label"), f"{reader}, {id} is called {node.get('label')!r}")
                check(kind == "party" or node.get("question"), f"{reader}, {id} has no question")
            check(len(found_edges) == len(wanted), f"{reader} has {len(found_edges)} edges, not {len(wanted)}")
            for ends, truth in wanted.items():
                edge = found_edges.get(frozenset(ends))
                if edge is None:
                    check(False, f"{reader} has no edge {ends}")
                    continue
                for key, value in truth.items():
                    got = edge.get(key)
                    if value is None:
                        fine = got is None or isinstance(got, float) and math.isnan(got)
                    elif isinstance(value, str):
                        fine = got == value
                    else:
                        fine = got is not None and abs(got - value) < 0.00006
                    check(fine, f"{reader}, edge {ends}, {key}: {got!r}, not {value!r}")

        with reading(f"{corpus.name}: {path.name} in networkx {networkx.__version__}") as figures:
            graph = networkx.read_graphml(path)
            check(not graph.is_directed() and not graph.is_multigraph(), f"is a {type(graph).__name__}")
            check(graph.graph.get("network") == network, f"graph says {graph.graph}")
            hold("networkx", dict(graph.nodes(data=True)), {frozenset((a, b)): d for a, b, d in graph.edges(data=True)})
            total = graph.size(weight="weight")
            check(total == sum(e["weight"] for e in wanted.values()), f"the weights amount to {total}")
            figures(f"{len(graph)} nodes, {graph.number_of_edges()} edges of weight {total:g}")
            if network == "two-mode":
                check(networkx.is_bipartite(graph), "is not bipartite")
        with reading(f"{corpus.name}: {path.name} in igraph") as figures:
            igraph = needed("igraph")
            graph = igraph.Graph.Read_GraphML(str(path))
            check(not graph.is_directed(), "is directed")
            vertices = [v.attributes() for v in graph.vs]
            edges = {frozenset((vertices[e.source]["id"], vertices[e.target]["id"])): e.attributes() for e in graph.es}
            hold("igraph", {v["id"]: v for v in vertices}, edges)
            figures(f"igraph {igraph.__version__}, {graph.vcount()} nodes, {graph.ecount()} edges of weight {sum(graph.es['weight']):g}")
    return names


# ---- REFI-QDA ----


def schema(name):
    etree = needed("lxml.etree")
    return etree.XMLSchema(etree.parse(str(TESTS / "refi" / name)))


def validate(xsd, tree):
    xsd.validate(tree)
    for error in xsd.error_log:
        check(False, f"line {error.line}: {error.message}")


def codes_of(tree, space):
    """Maps ids of codes to names, name of the group, and description, in the order of the file."""
    codes = {}
    for code in tree.iter(f"{space}Code"):
        above = code.getparent().get("name")
        codes[code.get("guid")] = (code.get("name"), above, code.findtext(f"{space}Description") or "")
    return codes


def qdc(corpus):
    etree = needed("lxml.etree")
    book = corpus.work / "codebook.qdc"
    demarche("export", "qdc", "-o", book)
    wanted = codes_of(etree.parse(str(book)), CODEBOOK)
    with reading(f"{corpus.name}: {book.name} is valid by Codebook.xsd (lxml)") as figures:
        validate(schema("Codebook.xsd"), etree.parse(str(book)))
        figures(f"{len(wanted)} codes")
    with reading(f"{corpus.name}: {book.name} in pyrefiqda") as figures:
        pyrefiqda = needed("pyrefiqda")
        told = {}

        def walk(codes, above):
            for code in codes:
                told[code.guid] = (code.name, above, code.description or "")
                walk(code.code, code.name)

        walk(pyrefiqda.RefiCodebook.load(book).codes.code, None)
        check(told == wanted, f"other codes: {list(dict(told.items() ^ wanted.items()))[:3]}")
        check(len({name for name, *_ in told.values()}) == len(told), "two codes have the same name")
        figures(f"{len(told)} codes")
    with reading(f"{corpus.name}: {book.name} imported into QualCoder") as figures:
        base = qualcoder(book, corpus.work / "qualcoder-codes")
        told = set(base.execute("select code_name.name, code_cat.name, code_name.memo from code_name left join code_cat using (catid)"))
        groups = {name for (name,) in base.execute("select name from code_cat")}
        above = {group for _, group, _ in wanted.values()}
        check(groups == above - {None}, f"other groups: {groups ^ above}")
        codes = {(name, group, words) for name, group, words in wanted.values() if name not in groups}
        check(told == codes, f"other codes: {[*(told ^ codes)][:3]}")
        figures(f"{len(told)} codes in {len(groups)} groups")


class Project:
    """A project as lxml reads it, and what every reader has to find in it."""

    def __init__(self, corpus, names):
        self.path = corpus.export("qdpx", "talks.qdpx", "--documents", corpus.documents)
        self.title = f"{corpus.name}: {self.path.name}"
        self.archive = zipfile.ZipFile(self.path)
        self.tree = needed("lxml.etree").parse(BytesIO(self.archive.read("project.qde")))
        self.codes = codes_of(self.tree, PROJECT)
        # Texts by the name of the source, where they stand in the archive, and the source of each document.
        self.texts, self.members, self.sources = {}, {}, {}
        for source in self.tree.iter(f"{PROJECT}TextSource"):
            name = source.get("plainTextPath").removeprefix("internal://")
            members = [member for member in self.archive.namelist() if member.lower() == f"sources/{name}"]
            self.members[name] = members
            self.texts[source.get("name")] = self.archive.read(members[0]).decode("utf-8") if members else ""
        for doc in {s["doc"] for s in corpus.behind}:
            text = (corpus.documents / doc).read_bytes().decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
            self.sources[doc] = next((name for name, told in self.texts.items() if told == text), None)
        # For each statement its source, place, text, and two codes.
        self.wanted = []
        for s in corpus.behind:
            start, end, level = int(s["start"]), int(s["end"]), int(s["stance"])
            topic, party = names.get(f"topic:{s['topic']}"), names.get(f"party:{s['party']}")
            told = f"({level:+d})" if level else "(0)"
            used = [guid for guid, (_, above, words) in self.codes.items() if above == topic and words.endswith(told)]
            used += [guid for guid, (name, *_) in self.codes.items() if name == f"Party: {party}"]
            self.wanted += [(self.sources[s["doc"]], start, end, s["quote"], code) for code in used]
            called, label = [self.codes[code][0] for code in used], corpus.labels.get(level)
            if len(used) != 2 or label and called[0] != f"{topic}: {label}":
                raise RuntimeError(f"{s['id']}, {level} of {party} on {topic}, has the codes {called}")

    def hold(self, found, wanted=None):
        """Compares codings: source, start, end, text, id of the code."""
        found, wanted = Counter(found), Counter(self.wanted if wanted is None else wanted)
        for passage in sorted((found - wanted).keys(), key=str):
            check(False, f"reads {passage}, which is not there")
        for passage in sorted((wanted - found).keys(), key=str):
            check(False, f"misses {passage}")
        return f"{found.total()} codings"


def qdpx(corpus, names):
    project = Project(corpus, names)
    for read in valid, alone, in_pyrefiqda, in_qdapy, in_pyqdpx, in_qc, in_qualcoder:
        read(corpus, project)


def valid(_, project):
    with reading(f"{project.title} is valid by Project.xsd (lxml)") as figures:
        check(project.archive.testzip() is None, "the archive is damaged")
        validate(schema("Project.xsd"), project.tree)
        figures(f"{len(list(project.tree.iter()))} elements")


def alone(corpus, project):
    with reading(f"{project.title} by itself: texts, places, ids, what importers ask for (lxml)") as figures:
        tree, texts, found = project.tree, project.texts, []
        for source in tree.iter(f"{PROJECT}TextSource"):
            name = source.get("name")
            for passage in source.iter(f"{PROJECT}PlainTextSelection"):
                start, end = int(passage.get("startPosition")), int(passage.get("endPosition"))
                for code in passage.iter(f"{PROJECT}CodeRef"):
                    found.append((name, start, end, texts[name][start:end], code.get("targetGUID")))
        figures(project.hold(found))
        for doc, name in project.sources.items():
            check(name, f"the text of {doc} is not there as it stands in {corpus.documents}")
        for name, members in project.members.items():
            check(len(members) == 1, f"{name} is in the archive {len(members)} times")
        guids = [element.get("guid") for element in tree.iter() if element.get("guid")]
        check(len({*guids}) == len(guids), "two elements have the same guid")
        users = {user.get("guid") for user in tree.iter(f"{PROJECT}User")}
        for element in tree.iter(f"{PROJECT}TextSource", f"{PROJECT}PlainTextSelection", f"{PROJECT}Coding"):
            check(element.get("creatingUser") in users, f"{element.get('guid')} is by nobody")
        # QualCoder until 2025 stops at a passage without: 'NoneType' object has no attribute 'replace' (its issue 1027).
        bare = sum(not passage.get("creationDateTime") for passage in tree.iter(f"{PROJECT}PlainTextSelection"))
        check(not bare, f"{bare} PlainTextSelection without creationDateTime")
        # NVivo for Mac writes sources/; pyrefiqda, qc and qdpxlib know no other.
        folders = {member.split("/")[0] for member in project.archive.namelist() if "/" in member}
        check(folders == {"sources"}, f"the texts are in {folders}, not in sources/")
        # qc and QualCoder make files of these names.
        for name in texts:
            check(not re.search(r"[/\\]", name), f"a source is called {name!r}, which is no name of a file")
        figures(f"{len(texts)} texts, {len(guids)} ids")


def in_pyrefiqda(corpus, project):
    with reading(f"{project.title} in pyrefiqda") as figures:
        pyrefiqda = needed("pyrefiqda")
        folder, found = corpus.work / "pyrefiqda", []
        shutil.rmtree(folder, ignore_errors=True)
        told = pyrefiqda.RefiProject.load(project.path, extract_dir=folder)
        for source in told.sources.text_source:
            text = pyrefiqda.RefiProject.resolve_source_path(source.plain_text_path, folder).read_bytes().decode("utf-8")
            for passage in source.plain_text_selection:
                for coding in passage.coding:
                    place = passage.start_position, passage.end_position
                    found.append((source.name, *place, text[slice(*place)], coding.code_ref.target_guid))
        figures(project.hold(found))


def in_qdapy(_, project):
    with reading(f"{project.title} in qdapy") as figures:
        qdapy = needed("qdapy.qdpx")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            told = qdapy.read_qdpx(project.path)
        columns = [told.fragments[column] for column in ("title", "positionStart", "positionEnd", "text", "codeId")]
        figures(project.hold((title, int(start), int(end), text, code) for title, start, end, text, code in zip(*columns)))
        check([*told.codebook["codeId"]] == [*project.codes], "other codes")
        figures(f"{len(told.codebook)} codes, {len(told.sources)} sources")


def in_pyqdpx(_, project):
    with reading(f"{project.title} in pyqdpx") as figures:
        pyqdpx = needed("pyqdpx")
        with redirect_stdout(StringIO()) as said:
            sources = pyqdpx.QDPX(str(project.path)).get_project().sources.values()
        # It counts in units of 16 bits, as NVivo does, and the standard in code points: texts that need more are no matter of ours.
        fit = {name for name, text in project.texts.items() if max(text, default="") < "\U00010000"}
        found = {
            (source.name, passage.start_position, passage.end_position, passage.text)
            for source in sources if source.name in fit for passage in source.coded_selections.values()
        }
        check(found == {passage[:4] for passage in project.wanted if passage[0] in fit}, f"other passages; it says {said.getvalue()[:200]!r}")
        figures(f"{len(found)} distinct passages in {len(fit)} texts")


def in_qc(corpus, project):
    with reading(f"{project.title} imported into qc (qualitative-coding)") as figures:
        needed("qualitative_coding")
        folder = corpus.work / "qc"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        # Its reader holds a breakpoint, and works in the folder that it is in.
        script = "import sys; from qualitative_coding.refi_qda.reader import REFIQDAReader as R; R(sys.argv[1]).unpack_project(sys.argv[2])"
        done = subprocess.run(
            [sys.executable, "-c", script, project.path.resolve(), folder.resolve()],
            cwd=folder, env={**os.environ, "PYTHONBREAKPOINT": "0"}, capture_output=True, text=True,
        )
        if done.returncode:
            raise RuntimeError(done.stderr.strip().splitlines()[-1])
        base = sqlite3.connect(folder / "qualitative_coding.sqlite3")
        known = {name for (name,) in base.execute("select name from code")}
        check(known == {name for name, *_ in project.codes.values()}, "other codes")
        # It keeps lines instead of places, and takes all for the first: the codes are all there is to compare.
        used = {name for (name,) in base.execute("select distinct code_id from coded_line")}
        check(used == {project.codes[passage[4]][0] for passage in project.wanted}, "other codes on its lines")
        figures(f"{len(known)} codes, {len(used)} of them on lines")


def in_qualcoder(corpus, project):
    with reading(f"{project.title} imported into QualCoder") as figures:
        base = qualcoder(project.path, corpus.work / "qualcoder")
        texts = dict(base.execute("select name, fulltext from source"))
        check(texts == project.texts, "other texts")
        found = base.execute(
            "select source.name, pos0, pos1, seltext, code_name.name from code_text join source on source.id = fid left join code_name using (cid)"
        ).fetchall()
        for name, start, end, text, code in found:
            check(texts[name][start:end] == text and code, f"{text!r} at {start} to {end} of {name}, with the code {code!r}")
        # QualCoder keeps one coding of a code at a place.
        ids = {name: guid for guid, (name, *_) in project.codes.items()}
        figures(project.hold({(*passage, ids.get(code)) for *passage, code in found}, {*project.wanted}))
        groups, attributes = (base.execute(f"select count(*) from {table}").fetchone()[0] for table in ("code_cat", "attribute"))
        figures(f"{len(texts)} texts, {groups} groups of codes, {attributes} attributes")


QUALCODER = """
create table project (databaseversion text, date text, memo text, about text);
insert into project values ('v11', '', '', '');
create table source (id integer primary key, name text, fulltext text, mediapath text, memo text, owner text, date text, av_text_id integer,
    risid integer, unique(name));
create table code_cat (catid integer primary key, name text, owner text, date text, memo text, supercatid integer, unique(name));
create table code_name (cid integer primary key, name text, memo text, catid integer, owner text, date text, color text, unique(name));
create table code_text (ctid integer primary key, cid integer, fid integer, seltext text, pos0 integer, pos1 integer, owner text, date text,
    memo text, avid integer, important integer, unique(cid, fid, pos0, pos1, owner));
create table attribute_type (name text primary key, date text, owner text, memo text, caseOrFile text, valuetype text);
create table attribute (attrid integer primary key, name text, attr_type text, value text, id integer, date text, owner text,
    unique(name, attr_type, id));
create table annotation (anid integer primary key, fid integer, pos0 integer, pos1 integer, memo text, owner text, date text,
    unique(fid, pos0, pos1, owner));
create table cases (caseid integer primary key, name text, memo text, owner text, date text, unique(name));
create table case_text (id integer primary key, caseid integer, fid integer, pos0 integer, pos1 integer, owner text, date text, memo text);
create table journal (jid integer primary key, name text, jentry text, date text, owner text, unique(name));
"""


def qualcoder(path, folder):
    """Imports a project by QualCoder's own class into a fresh project of QualCoder, and returns the database of that.

    The dialogs that ask for a file and tell that it is done are answered here; all else is QualCoder's.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    needed("qualcoder")
    widgets = needed("PyQt6.QtWidgets")
    builtins._ = str  # QualCoder's messages go through gettext
    importer = needed("qualcoder.refi")
    application = widgets.QApplication.instance() or widgets.QApplication(["readers"])
    shutil.rmtree(folder, ignore_errors=True)
    for name in "documents", "images", "audio", "video":
        (folder / "talks.qda" / name).mkdir(parents=True)
    copy = folder / path.name
    shutil.copyfile(path, copy)
    said = []
    widgets.QFileDialog.getOpenFileName = staticmethod(lambda *_, **__: (str(copy), True))
    importer.Message = lambda *words: types.SimpleNamespace(exec=lambda: said.append(" ".join(map(str, words[1:3]))))
    base = sqlite3.connect(folder / "talks.qda" / "data.qda")
    base.executescript(QUALCODER)
    settings = {"directory": str(folder), "codername": "default", "ai_enable": "False", "font": "", "fontsize": 10}
    app = types.SimpleNamespace(
        conn=base, settings=settings, project_path=str(folder / "talks.qda"), project_name="talks.qda",
        ai_models=[], write_config_ini=lambda *_: None,
    )
    with redirect_stdout(StringIO()):
        importer.RefiImport(app, types.SimpleNamespace(append=said.append), path.suffix[1:])
    del application
    refused = [words for words in said if words.startswith(("Cannot", "Error")) or "NOT imported" in words]
    check(not refused, f"QualCoder says {refused[:2]}")
    return base


# ---- what the program may not have yet ----


def tables(corpus, format, pattern):
    """Exports a format of several files, whatever the program wants to be told: a folder, or a file for each table."""
    if format not in FORMATS:
        raise Skip(f"demarche export has no {format}")
    folder = corpus.work / format
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    told = demarche("export", format, "--help")
    if "--table" in told:
        for name in "statements", "positions":
            demarche("export", format, corpus.lines, "--table", name, "-o", folder / pattern.format(name))
    else:
        demarche("export", format, corpus.lines, "-o", folder)
    return folder


def csvw(corpus):
    with reading(f"{corpus.name}: metadata of the CSV files (csvw)") as figures:
        found = sorted(corpus.folder.glob("*-metadata.json"))
        if not found:
            folder = tables(corpus, "csvw", "{}.csv-metadata.json")
            for path, *_ in corpus.files():
                shutil.copyfile(path, folder / path.name)
            found = sorted(folder.rglob("*-metadata.json"))
        check(found, "no metadata was written")
        csvw = needed("csvw")
        for path in found:
            with warnings.catch_warnings(record=True) as told:
                warnings.simplefilter("always")
                read = csvw.CSVW(str(path), validate=True)
                check(read.is_valid, f"{path.name} is not valid: {[str(w.message) for w in told][:3]}")
            for table in read.tables:
                name = Path(str(table.url)).name
                rows = {"statements.csv": corpus.statements, "positions.csv": corpus.positions, "matrix.csv": corpus.matrix}[name]
                told = [{c: None if v == [] else v for c, v in row.items()} for row in table]
                figures(f"{name} {compare(told, rows, name)}")


# ---- statements that are hard on readers ----


def hard(work):
    """Writes documents and statements that hold what files of text and markup trip over, and has demarche make its tables of them."""
    documents = work / "documents"
    (documents / "sub ä").mkdir(parents=True)
    pieces = [
        '“He said ""no"" ; \'no\'”, and again: "no"',
        "first line\nsecond line; third, fourth\n\nfifth",
        "😀 beyond 16 bits 𝔘𝔨𝔯𝔞𝔦𝔫𝔢 👩‍👩‍👧",
        "e\u0301 combining, n\u0303, and right to left \u202eشروط\u202c",
        "<b>&amp; ]]> <!-- --> <![CDATA[ x ]]></b> &#13;",
        "=SUM(A1:A2)",
        "-2 is no number here",
        "@mention, +7, 0012",
        "\ttab, no-break\u00a0space, thin\u2009space, line\u2028separator, next\u0085line, \u200bzero width",
        "trailing space and comma, ",
        "2025-02-13",
        "12",
        "back\\slash, \\n, \\\", %s, ${x}, `tick`, |pipe|",
    ]
    names = ['a, "b"; c.txt', "sub ä/d & <e>.txt", "=f.txt"]
    texts, statements = {}, []
    for at, name in enumerate(names):
        text = f"{'😀' if at < 2 else '*'} Paragraph {at}.\n\n"
        for number, piece in enumerate(pieces):
            if at == 2:
                piece = re.sub("[\U00010000-\U0010ffff]", "*", piece)
            text += "Said: "
            start = len(text)
            text += piece
            end = len(text)
            text += " End.\n"
            known = at != 2
            party = ("ukraine", "russia", "us", "eu")[(number + at) % 4]
            topic = ("ceasefire", "territory", "negotiations")[number % 3]
            stance = (2, -2, 1, -1, 0)[(number + at) % 5]
            if number >= len(pieces) - 4:  # both sides on the same days: a mixed position
                party, topic, stance = "eu", "elections", 2 if number % 4 < 2 else -2
            statements.append({
                "id": f"{at:02x}{number:02x}{'e' if number % 2 else '7'}00000000000", "doc": name, "start": start, "end": end, "quote": piece,
                "context": text[max(0, start - 6) : end], "party": party, "speaker": 'A "B" ; C' if number % 2 else None,
                "source_text": "the <i>source</i> & co", "role": "government", "rank": "leader", "joint": number == 3, "secondhand": number == 4,
                "topic": topic, "stance": stance, "condition": 'if "A"; then B\nor C' if number % 4 == 1 else None,
                "mode": "direct", "stated_on": f"2025-02-{10 + at}" if known and number % 2 else None,
                "published": f"2025-02-{12 + at}" if known else None, "outlet": 'O; "P" & <Q>' if known else None,
                "title": f'T; "U" &\n<V> 😀 {at}' if at == 1 else None, "url": "https://example.org/?a=1&b=;\"" if at else None,
                "confidence": round(0.4 + number / 30, 2), "review": None, "rules": ["a:b", "c"] if number % 3 else [],
            })
        texts[name] = text
    for at, name in enumerate(names):
        # One with line ends of Windows, one with a byte-order mark.
        told = texts[name].replace("\n", "\r\n") if at == 0 else ("\ufeff" if at == 1 else "") + texts[name]
        (documents / name).write_bytes(told.encode("utf-8"))
    lines = work / "hard.jsonl"
    lines.write_text("".join(json.dumps(s, ensure_ascii=False) + "\n" for s in statements), encoding="utf-8")
    demarche("matrix", lines, "-o", work / "tables")
    with reading("hard: demarche keeps statements as they are written") as figures:
        kept = [json.loads(line) for line in (work / "tables" / "statements.jsonl").read_text(encoding="utf-8").split("\n") if line]
        found = {s["id"]: {key: value for key, value in s.items() if key in statements[0] or value is not None} for s in kept}
        check(found == {s["id"]: s for s in statements}, "statements.jsonl differs from what was read")
        figures(f"{len(kept)} statements, {len(names)} documents")
    return Corpus("hard", work / "tables", documents, work)


def main():
    global PROGRAM, FORMATS
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    PROGRAM, output = str(Path(sys.argv[1]).resolve()), Path(sys.argv[2]).resolve()
    FORMATS = re.findall(r"^ +- ([a-z-]+):", demarche("export", "--help").split("\n  [FILE]")[0], re.MULTILINE)
    with tempfile.TemporaryDirectory() as kept:
        work = Path(sys.argv[3] if len(sys.argv) == 4 else kept).resolve()
        shutil.rmtree(work / "hard", ignore_errors=True)
        corpora = [Corpus("output", output, output.parent / "seeds", work / "output"), hard(work / "hard")]
        for corpus in corpora:
            plain(corpus)
            events = (*dna(corpus), ";")
            with whole(f"{corpus.name}: pandas"):
                pandas_reads(corpus, events)
            with whole(f"{corpus.name}: DuckDB"):
                duckdb_reads(corpus, events)
            names = {}
            with whole(f"{corpus.name}: networks"):
                names = networks(corpus)
            with whole(f"{corpus.name}: codebook"):
                if corpus is corpora[0]:  # the same for both
                    qdc(corpus)
            with whole(f"{corpus.name}: project"):
                qdpx(corpus, names)
            csvw(corpus)
    print(f"{checks} checks, {skipped} skipped, {len(faults)} faults")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
