"""Writes the cells of a workbook again with other libraries, each in a fresh process.

Tells seconds and memory. `dump` reads the cells of a workbook, `run` writes them with each library.
"""

from __future__ import annotations

import argparse
import datetime
import itertools
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import version as installed
from pathlib import Path

from measure import Failed, Run, machine, megabytes, middle, run, table

Value = str | float | bool
# Sheet, row, column, both from 0, kind and value.
Cell = tuple[str, int, int, str, Value]

EPOCH = datetime.datetime(1899, 12, 30)


def serial(value: datetime.datetime | datetime.date | datetime.time | datetime.timedelta) -> float:
    """Turns a day or time into the number that a sheet holds for it."""
    if isinstance(value, datetime.timedelta):
        return value / datetime.timedelta(days=1)
    if isinstance(value, datetime.time):
        value = datetime.datetime.combine(EPOCH, value)
    elif not isinstance(value, datetime.datetime):
        value = datetime.datetime.combine(value, datetime.time())
    return (value - EPOCH) / datetime.timedelta(days=1)


def cells_of(workbook: Path) -> Iterator[Cell]:
    """Reads the cells that hold something. Formats are left behind, and formulas are what they stand as."""
    import openpyxl

    book = openpyxl.load_workbook(workbook, read_only=True)
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                value = cell.value
                if value is None:
                    continue
                place = (sheet.title, cell.row - 1, cell.column - 1)
                if isinstance(value, bool):
                    yield *place, "boolean", value
                elif isinstance(value, int | float):
                    yield *place, "number", value
                elif isinstance(value, str):
                    yield *place, "formula" if cell.data_type == "f" else "text", value
                else:
                    yield *place, "number", serial(value)


def dump(workbook: Path, out: Path) -> None:
    count = 0
    with out.open("w", encoding="utf-8") as file:
        for sheet, row, column, kind, value in cells_of(workbook):
            cell = {"sheet": sheet, "row": row, "column": column, "kind": kind, "value": value}
            file.write(json.dumps(cell, ensure_ascii=False) + "\n")
            count += 1
    print(f"{count} cells")


def read_cells(path: Path) -> list[Cell]:
    with path.open(encoding="utf-8") as file:
        # One string for each name and kind, however many cells.
        return [
            (sys.intern(c["sheet"]), c["row"], c["column"], sys.intern(c["kind"]), c["value"])
            for c in map(json.loads, file)
        ]


def sheets(cells: list[Cell]) -> Iterator[tuple[str, Iterator[Cell]]]:
    return itertools.groupby(cells, key=lambda cell: cell[0])


def with_xlsxwriter(cells: list[Cell], out: Path, constant_memory: bool) -> None:
    import xlsxwriter

    book = xlsxwriter.Workbook(str(out), {"constant_memory": constant_memory})
    wrapped = book.add_format({"text_wrap": True})
    for title, found in sheets(cells):
        sheet = book.add_worksheet(title)
        # Each kind by its own method, which is quicker than to let write() find out.
        write: dict[str, Callable[..., object]] = {
            "text": sheet.write_string,
            "number": sheet.write_number,
            "boolean": sheet.write_boolean,
            "formula": sheet.write_formula,
        }
        for _, row, column, kind, value in found:
            write[kind](row, column, value, wrapped)
    book.close()


def with_openpyxl(cells: list[Cell], out: Path) -> None:
    import openpyxl
    from openpyxl.styles import Alignment

    wrapped = Alignment(wrap_text=True)
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, found in sheets(cells):
        sheet = book.create_sheet(title)
        for _, row, column, kind, value in found:
            cell = sheet.cell(row + 1, column + 1, value)
            cell.alignment = wrapped
            if kind == "text" and cell.data_type != "s":
                cell.data_type = "s"
    book.save(out)


def with_openpyxl_write_only(cells: list[Cell], out: Path) -> None:
    import openpyxl
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment

    wrapped = Alignment(wrap_text=True)
    book = openpyxl.Workbook(write_only=True)
    for title, found in sheets(cells):
        sheet = book.create_sheet(title)
        expected = 0
        for row, group in itertools.groupby(found, key=lambda cell: cell[1]):
            for _ in range(expected, row):
                sheet.append([])
            expected = row + 1
            values: list[object] = []
            for _, _, column, kind, value in group:
                values.extend([None] * (column - len(values)))
                cell = WriteOnlyCell(sheet, value)
                cell.alignment = wrapped
                if kind == "text" and cell.data_type != "s":
                    cell.data_type = "s"
                values.append(cell)
            sheet.append(values)
    book.save(out)


WRITERS: dict[str, Callable[[list[Cell], Path], None]] = {
    "XlsxWriter": lambda cells, out: with_xlsxwriter(cells, out, constant_memory=False),
    "XlsxWriter, constant_memory": lambda cells, out: with_xlsxwriter(cells, out, constant_memory=True),
    "openpyxl": with_openpyxl,
    "openpyxl, write_only": with_openpyxl_write_only,
}


def worker(writer: str, cells_file: Path, out: Path) -> None:
    cells = read_cells(cells_file)
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    began, worked = time.perf_counter(), time.process_time()
    WRITERS[writer](cells, out)
    spent = {"write_seconds": time.perf_counter() - began, "write_processor": time.process_time() - worked}
    print(json.dumps({**spent, "held_bytes": held}))


@dataclass(frozen=True)
class Written:
    write_seconds: float
    # Of the Python libraries alone; the others tell no more than the time by the clock.
    write_processor: float
    whole_seconds: float
    whole_processor: float
    peak: int
    held: int
    size: int


def measured(found: Run, out: Path) -> Written:
    answer = json.loads(found.output.strip().splitlines()[-1])
    return Written(
        float(answer["write_seconds"]),
        float(answer.get("write_processor", 0)),
        found.seconds,
        found.processor,
        found.peak,
        int(answer.get("held_bytes", 0)),
        out.stat().st_size,
    )


def same(cells_file: Path, workbook: Path) -> bool:
    """Tells whether a workbook holds the cells, numbers up to their last digits."""
    written = cells_of(workbook)
    for wanted in read_cells(cells_file):
        found = next(written, None)
        if found is None or found[:4] != wanted[:4]:
            return False
        if wanted[3] == "number":
            if abs(float(found[4]) - float(wanted[4])) > 1e-9 * max(1.0, abs(float(wanted[4]))):
                return False
        elif found[4] != wanted[4]:
            return False
    return next(written, None) is None


HEADER = (
    "writer",
    "writing",
    "processors",
    "whole process",
    "processors",
    "peak memory",
    "of it before writing",
    "file",
)


def compare(options: argparse.Namespace) -> None:
    before = machine()
    core = sorted(os.sched_getaffinity(0))[:1]
    with options.cells.open("rb") as file:
        count = sum(1 for _ in file)
    commands: dict[str, list[str | Path]] = {}
    if options.own:
        commands["demarche"] = [options.own, options.statements]
    if options.bare:
        commands["rust_xlsxwriter, bare"] = [options.bare, options.cells]
    for name in WRITERS:
        commands[name] = [sys.executable, __file__, "worker", name, options.cells]
    results: dict[str, list[Written]] = {name: [] for name in commands}
    differing: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        for turn in range(options.rounds):
            for place, (name, command) in enumerate(commands.items()):
                out = Path(folder) / f"{place}.xlsx"
                try:
                    results[name].append(measured(run([*command, out], cores=core), out))
                except Failed as failed:
                    sys.exit(str(failed))
                if options.check and turn == 0 and name != "demarche":
                    checked = run([sys.executable, __file__, "same", options.cells, out]).output.strip()
                    differing += [name] * (checked != "True")
                out.unlink()
    figures = {
        name: {
            "write_seconds": middle([one.write_seconds for one in found]),
            "write_processor": middle([one.write_processor for one in found]),
            "whole_seconds": middle([one.whole_seconds for one in found]),
            "whole_processor": middle([one.whole_processor for one in found]),
            "peak_bytes": max(one.peak for one in found),
            "held_before_writing_bytes": max(one.held for one in found),
            "file_bytes": found[0].size,
        }
        for name, found in results.items()
    }
    first = next(iter(figures))
    ratios = {
        f"{name} to {first}": round(found["write_seconds"] / figures[first]["write_seconds"], 2)
        for name, found in figures.items()
        if name != first
    }
    rows = [
        [
            name,
            f"{found['write_seconds']:.2f} s",
            f"{found['write_processor']:.2f} s" if found["write_processor"] else "",
            f"{found['whole_seconds']:.2f} s",
            f"{found['whole_processor']:.2f} s",
            megabytes(found["peak_bytes"]),
            megabytes(found["held_before_writing_bytes"]) if found["held_before_writing_bytes"] else "",
            megabytes(found["file_bytes"]),
        ]
        for name, found in figures.items()
    ]
    print(f"{count:,} cells\n")
    print(table(HEADER, rows))
    print()
    print(table(("seconds of writing", "times"), [[name, f"{value:.2f}"] for name, value in ratios.items()]))
    if options.check:
        print(f"\nThe cells read back differ: {', '.join(differing) or 'none'}.")
    if options.json:
        answer = {
            "cells": count,
            "machine": before,
            "packages": {name: installed(name) for name in ("XlsxWriter", "openpyxl")},
            "rounds": options.rounds,
            "figures": figures,
            "ratios": ratios,
            "runs": {name: [asdict(one) for one in found] for name, found in results.items()},
        }
        options.json.write_text(json.dumps(answer, indent=2) + "\n", encoding="utf-8")


def main() -> None:
    if sys.argv[1:2] == ["worker"]:
        worker(sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4]))
        return
    if sys.argv[1:2] == ["same"]:
        print(same(Path(sys.argv[2]), Path(sys.argv[3])))
        return
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(required=True)
    dumping = commands.add_parser("dump", help="the cells of a workbook, one a line")
    dumping.add_argument("workbook", type=Path)
    dumping.add_argument("cells", type=Path)
    dumping.set_defaults(act=lambda options: dump(options.workbook, options.cells))
    running = commands.add_parser("run", help="write the cells with every library")
    running.add_argument("cells", type=Path)
    running.add_argument("--bare", type=Path, help="program that takes cells.jsonl and out.xlsx")
    running.add_argument("--own", type=Path, help="program that takes statements.jsonl and out.xlsx")
    running.add_argument("--statements", type=Path, help="the statements that the workbook was made from")
    running.add_argument("--rounds", type=int, default=3, help="runs of each; the middle one is told")
    running.add_argument("--check", action="store_true", help="read what was written again and compare")
    running.add_argument("--json", type=Path, help="file for all figures")
    running.set_defaults(act=compare)
    options = parser.parse_args()
    if getattr(options, "own", None) and not options.statements:
        parser.error("--own needs --statements")
    options.act(options)


if __name__ == "__main__":
    main()
