#!/usr/bin/env python3
"""Runs `demarche extract` over a corpus on Spark and writes the statements as Parquet.

The statements are those that one machine makes of the same documents in the same order. README.md tells how to run it.
"""

from __future__ import annotations

import argparse
import functools
import itertools
import json
import math
import os
import re
import subprocess
import sys
import tempfile
import threading
from array import array
from collections.abc import Callable, Iterable, Iterator

import pyarrow as pa
from pyspark import AccumulatorParam, SparkFiles, TaskContext
from pyspark.sql import Column, DataFrame, SparkSession, Window
from pyspark.sql import functions as F
from pyspark.sql.types import StructType

DOCUMENT = ("id", "text", "title", "published", "outlet", "url", "author")
STATEMENT = (
    "id string, doc string, start int, end int, quote string, context string, party string, speaker string, "
    "source_text string, role string, rank string, joint boolean, secondhand boolean, topic string, stance int, "
    "condition string, mode string, stated_on date, published date, outlet string, title string, url string, "
    "copy_of string, confidence double, review string, rules array<string>"
)
# A task yields its statements in batches of so many.
BATCH = 1000

# Numbers of a sketch that src/document/copies.rs looks documents up by.
BAND = 2

Documents = Iterable[tuple[int, bytes]]


def corpus(spark: SparkSession, paths: list[str], kind: str) -> tuple[DataFrame, int]:
    """Returns the documents, each a line of JSON with its number, and how many there are.

    Documents are numbered from 0, files in the order of their paths and documents as they stand in them.
    """
    if kind == "parquet":
        table = spark.read.parquet(*paths)
        line = F.to_json(F.struct(*[name for name in DOCUMENT if name in table.columns])).cast("binary")
    else:
        table = spark.read.text(paths, lineSep="\n")
        # As binary, so that broken UTF-8 comes to demarche as it is.
        line = F.col("value").cast("binary")
    split = ["file_path", "file_block_start"]
    rows = table.select(
        line.alias("line"),
        *[F.col(f"_metadata.{name}").alias(name) for name in split],
        F.monotonically_increasing_id().alias("at"),
    )
    counts = rows.groupBy(*split).agg(F.count("*").alias("count"), F.min("at").alias("first")).orderBy(*split)
    splits, total = [], 0
    for path, start, count, first in counts.collect():
        splits.append((path, start, first, count, total))
        total += count
    known = spark.createDataFrame(splits, "file_path string, file_block_start long, first long, count long, before long")
    place = F.col("at") - F.col("first")
    changed = F.raise_error(F.lit("the files of the corpus changed while they were read"))
    number = F.when(place.between(0, F.col("count") - 1), F.col("before") + place).otherwise(changed.cast("long"))
    documents = rows.join(F.broadcast(known), split, "left").select(number.alias("number"), "line")
    return documents, total


def record(line: bytes) -> dict[str, object] | None:
    """Reads a document; none where it is no JSON object, which demarche tells better."""
    try:
        read = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None
    return read if isinstance(read, dict) else None


# Copies: demarche holds a document against those before it in its stream, so all that may be copies of each other must come in one.


def alike(sketches: DataFrame) -> DataFrame:
    """Pairs of documents that have one text, or of which one may be a copy of the other."""
    made = sketches.select(
        F.col("document_number").alias("number"), F.from_json("json", "id string, sketch array<long>").alias("of")
    ).select("number", "of.*")
    # Of one text only the first is held against the others: the same page may stand in an archive a hundred thousand times.
    firsts = made.withColumn("first", F.min("number").over(Window.partitionBy("id"))).persist()
    same = firsts.where("number > first").select("first", "number")

    def band(at: Column) -> Column:
        return F.xxhash64(at, F.slice("sketch", at * BAND + 1, BAND))

    bands = F.transform(F.sequence(F.lit(0), (F.size("sketch") / BAND).cast("int") - 1), band)
    banded = firsts.where("number = first and sketch is not null").select(
        "number", "sketch", F.explode(bands).alias("band")
    )
    equal = F.zip_with("a.sketch", "b.sketch", lambda x, y: (x == y).cast("int"))
    close = F.aggregate(equal, F.lit(0), lambda sum, one: sum + one) * 2 >= F.size("a.sketch")
    near = banded.alias("a").join(banded.alias("b"), F.expr("a.band = b.band and a.number < b.number"))
    return same.union(near.where(close).select("a.number", "b.number").distinct())


def homes(pairs: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Returns for each document of a pair the first one that it hangs together with."""
    above: dict[int, int] = {}

    def top(number: int) -> int:
        while (up := above.setdefault(number, number)) != number:
            above[number] = above[up]
            number = up
        return number

    for one, other in pairs:
        low, high = sorted((top(one), top(other)))
        above[high] = low
    return [(number, top(number)) for number in sorted(above)]


# One process a partition.

# The number of a document goes through demarche at the end of its id. The letter keeps a number from being read as a date. Every line that
# demarche writes of a document begins with the id of its text and its name.
TAGGED = re.compile(rb'^(\{"id":"[0-9a-f]+","doc":"(?:[^"\\]|\\.)*)~n([0-9]+)"')
TAGGED_COPY = re.compile(rb'(,"copy_of":"(?:[^"\\]|\\.)*)~n[0-9]+"')


def tagged(number: int, line: bytes) -> bytes:
    """Writes the number of a document into its id.

    Raises ValueError where there is no id, or no text under this name; demarche might know one by another.
    """
    found = record(line)
    if found is None:
        return line
    for key in ("id", "text"):
        if found.get(key) is None:
            raise ValueError(f'it has no "{key}"')
    name = found["id"]
    if isinstance(name, (bool, list, dict)):
        return line
    if not str(name).strip():
        raise ValueError('its "id" is empty')
    found["id"] = f"{name}~n{number}"
    return json.dumps(found, ensure_ascii=False).encode("utf-8", "surrogatepass")


def untagged(line: bytes) -> tuple[int, bytes]:
    """Takes the number out of a statement again; what stays is the line that one machine would have written."""
    found = TAGGED.match(line)
    if not found:
        raise ValueError(f"demarche wrote a line that is no statement of a document sent to it: {line[:200]!r}")
    plain = found[1] + b'"' + line[found.end() :]
    return int(found[2]), TAGGED_COPY.sub(rb'\1"', plain, count=1)


def problems(told: str, sent: array[int]) -> list[str]:
    """Parts what demarche told on standard error into its problems, and names documents by their numbers."""
    told = re.sub(r"standard input, line ([0-9]+)", lambda found: f"document {sent[int(found[1]) - 1]}", told)
    told = re.sub(r"~n([0-9]+)", r" (document \1)", told)
    return [problem.rstrip() for problem in re.split(r"\n(?! )", told) if problem.strip()]


def ended(command: list[str], code: int, told: str) -> RuntimeError:
    """Tells how the process ended."""
    how = f"was killed by signal {-code}" if code < 0 else f"ended with exit code {code}"
    return RuntimeError(f"{' '.join(command)} {how}\n{told[-4000:]}")


def extract(
    documents: Documents, command: list[str], folder: str, tell: Callable[[list[str]], object]
) -> Iterator[tuple[int, bytes]]:
    """Sends documents through one process and yields its statements as they come, each with the number of its document.

    Raises RuntimeError where the process fails. A document that it cannot use is told, and the others go on.
    """
    sent: array[int] = array("q")
    left_out: list[str] = []
    faults: list[BaseException] = []
    cut = False
    # Standard error goes to a file: a third pipe could fill up while nobody reads it.
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, cwd=folder
        )
        assert process.stdin and process.stdout

        def feed() -> None:
            try:
                with process.stdin as out:
                    for number, line in documents:
                        try:
                            line = tagged(number, line)
                        except ValueError as fault:
                            left_out.append(f"error: cannot use the record: document {number}\n  why: {fault}")
                            continue
                        sent.append(number)
                        out.write(line + b"\n")
            except BrokenPipeError:
                pass  # The process ended early; its exit code tells why.
            except BaseException as fault:
                faults.append(fault)
                process.kill()

        # Fed from a thread of its own: demarche stops reading while nobody takes what it writes.
        feeder = threading.Thread(target=feed, daemon=True)
        feeder.start()
        try:
            for line in process.stdout:
                if not line.endswith(b"\n"):
                    cut = True
                    break
                yield untagged(line[:-1])
            feeder.join()
            code = process.wait()
        finally:
            process.kill()
            process.wait()
            process.stdout.close()
        if faults:
            raise faults[0]
        errors.seek(0)
        told = errors.read().decode("utf-8", "replace")
        # Exit code 2 is a document that could not be used, or a command that never could.
        if cut or code not in (0, 2) or (code == 2 and not works(command, folder)):
            raise ended(command, code, told)
        tell(left_out + problems(told, sent))


def natural(text: str) -> list[str | int]:
    """A key to sort texts by, numbers in them by their size."""
    return [int(part) if part.isdigit() else part for part in re.split(r"([0-9]+)", text)]


def works(command: list[str], folder: str) -> bool:
    """Tells whether the command succeeds where there is no document at all."""
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, cwd=folder).returncode == 0


class Union(AccumulatorParam[set]):
    """Problems of all tasks; a task that ran twice tells the same ones again."""

    def zero(self, value: set) -> set:
        return set()

    def addInPlace(self, value1: set, value2: set) -> set:
        value1 |= value2
        return value1


def partition(
    batches: Iterator[pa.RecordBatch],
    program: str,
    options: list[str],
    tell: Callable[[set[str]], object] | None = None,
) -> Iterator[pa.RecordBatch]:
    """Turns the documents of a partition into what `demarche extract` writes of them."""
    context = TaskContext.get()
    folder = os.path.abspath(SparkFiles.getRootDirectory())
    threads = str(context.cpus() if context else 1)
    command = [os.path.join(folder, program), "extract", *options, "--threads", threads, "-"]
    documents = (row for batch in batches for row in zip(batch["number"].to_pylist(), batch["line"].to_pylist()))

    def told(found: list[str]) -> None:
        if tell is None:
            return
        for problem in found:
            print(problem, file=sys.stderr)
        tell({problem for problem in found if not problem.startswith("note:")})

    def rows() -> Iterator[tuple[int, int, str]]:
        last, nth = -1, 0
        for number, line in extract(documents, command, folder, told):
            nth = nth + 1 if number == last else 0
            last = number
            yield number, nth, line.decode()

    schema = pa.schema([("document_number", pa.int64()), ("statement_number", pa.int32()), ("json", pa.string())])
    made = rows()
    while some := list(itertools.islice(made, BATCH)):
        columns = [pa.array(values, field.type) for values, field in zip(zip(*some), schema)]
        yield pa.RecordBatch.from_arrays(columns, schema=schema)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", nargs="+", help="files or folders of documents")
    parser.add_argument("-o", "--output", required=True, help="folder for the statements")
    parser.add_argument("--format", choices=["jsonl", "parquet"], default="jsonl", help="what the documents are in")
    parser.add_argument("--demarche", default="demarche", help="the program, which is sent to the executors")
    parser.add_argument("--documents", type=int, default=2000, help="documents of a partition, more or less")
    parser.add_argument(
        "--extract", nargs=argparse.REMAINDER, default=[], metavar="OPTION", help="further options of demarche extract"
    )
    args = parser.parse_args()
    spark = SparkSession.builder.appName("demarche extract").getOrCreate()
    context = spark.sparkContext
    # Files are cut by the number of cores there are. Documents must keep their numbers when an executor is lost between two jobs.
    spark.conf.set("spark.sql.files.minPartitionNum", context.defaultParallelism)
    # Articles are longer than the rows that Spark makes batches for.
    spark.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", 1000)
    context.addFile(args.demarche)

    documents, total = corpus(spark, args.corpus, args.format)
    program, made = os.path.basename(args.demarche), "document_number long, statement_number int, json string"
    # What cannot be read is told when it is coded.
    sketched = documents.mapInArrow(functools.partial(partition, program=program, options=["--sketches"]), made)
    grouped = spark.createDataFrame(homes(map(tuple, alike(sketched).toLocalIterator())), "number long, home long")
    spark.catalog.clearCache()
    home = F.coalesce("home", "number")
    parts = documents.join(grouped, "number", "left").repartition(max(1, math.ceil(total / args.documents)), home)
    told = context.accumulator(set(), Union())
    run = functools.partial(partition, program=program, options=args.extract, tell=told.add)
    lines = parts.sortWithinPartitions("number").select("number", "line")
    statements = lines.mapInArrow(run, made)
    typed = F.from_json("json", StructType.fromDDL(STATEMENT)).alias("statement")
    statements.select("document_number", "statement_number", typed, "json").select(
        "document_number", "statement_number", "statement.*", "json"
    ).write.parquet(args.output)
    spark.stop()
    for problem in sorted(told.value, key=natural):
        print(problem, file=sys.stderr)
    print(f"{total} documents, {len(told.value)} problems", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
