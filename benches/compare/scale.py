"""Times the whole program, from files on disk to the workbook, on growing corpora, in fresh processes."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from measure import Run, machine, median, megabytes, run, table, version

HERE = Path(__file__).resolve().parent
SIZES = (10, 100, 1_000, 10_000, 100_000)
PER_FOLDER = 1_000
# Up to here a run is short enough to be done again.
SHORT = 1_000


@dataclass(frozen=True)
class Step:
    documents: int
    size: int
    statements: int
    seconds: float
    processor: float
    peak: int
    workbook: int


def make(documents: int, out: Path, options: argparse.Namespace) -> None:
    command: list[str | Path] = [sys.executable, HERE / "corpus.py", str(documents), out]
    command += ["--seed", str(options.seed), "--share", str(options.share)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def corpus(options: argparse.Namespace, documents: int) -> Path:
    """Writes the articles, unless they are there."""
    folder = options.work / "corpus"
    if not folder.exists() or sum(1 for _ in folder.glob("*/*.txt")) < documents:
        make(documents, folder, options)
    return folder


def subset(folder: Path, work: Path, documents: int) -> tuple[Path, int]:
    """Links the first articles of a corpus into a folder of their own; returns it and their bytes."""
    part = work / f"first-{documents}"
    size = linked = 0
    # Folders and files are in the order of the articles' numbers, which their names end with.
    for shard in sorted(path for path in folder.iterdir() if path.is_dir()):
        if linked == documents:
            break
        (part / shard.name).mkdir(parents=True, exist_ok=True)
        for path in sorted(shard.iterdir(), key=lambda path: path.stem[-7:])[: documents - linked]:
            target = part / shard.name / path.name
            if not target.exists():
                os.link(path, target)
            size += path.stat().st_size
            linked += 1
    return part, size


def lines_in(path: Path) -> int:
    with path.open("rb") as file:
        return sum(1 for _ in file)


def build(options: argparse.Namespace, folder: Path, documents: int, size: int) -> Step:
    rounds = options.rounds if documents <= SHORT else 1
    runs: list[Run] = []
    with tempfile.TemporaryDirectory(dir=options.work) as out:
        for _ in range(rounds):
            command = [options.demarche, "build", folder, "-o", out, "--quiet"]
            if options.threads:
                command += ["--threads", str(options.threads)]
            runs.append(run(command))
        statements = lines_in(Path(out) / "statements.jsonl")
        workbook = (Path(out) / "positions.xlsx").stat().st_size
    found = median(runs)
    return Step(documents, size, statements, found.seconds, found.processor, found.peak, workbook)


def extract(options: argparse.Namespace, documents: int) -> Step:
    """Articles of a file of JSON Lines into statements that are counted and not kept."""
    path = options.work / f"corpus-{documents}.jsonl"
    if not path.exists():
        make(documents, path, options)
    command = [options.demarche, "extract", "-", "--quiet"]
    if options.threads:
        command += ["--threads", str(options.threads)]
    with tempfile.NamedTemporaryFile(dir=options.work) as sink:
        found = run(command, stdin=path, stdout=Path(sink.name))
        statements = lines_in(Path(sink.name))
    return Step(documents, path.stat().st_size, statements, found.seconds, found.processor, found.peak, 0)


def row(step: Step, base: Step | None) -> list[str]:
    return [
        f"{step.documents:,}",
        megabytes(step.size),
        f"{step.statements:,}",
        f"{step.seconds:.2f} s",
        f"{step.processor:.2f} s",
        f"{step.documents / step.seconds:.1f}",
        f"{step.size / step.seconds / 1e6:.2f}",
        megabytes(step.peak),
        megabytes(step.workbook) if step.workbook else "",
        deviation(step, base),
    ]


def deviation(step: Step, base: Step | None) -> str:
    """Tells how much longer a byte took than in the corpus of a thousand, by the clock and of processors."""
    if base is None or step.documents < base.documents:
        return ""
    clock = step.seconds / step.size / (base.seconds / base.size) - 1
    processor = step.processor / step.size / (base.processor / base.size) - 1
    return f"{clock:+.0%}, {processor:+.0%}"


HEADER = (
    "articles",
    "text",
    "statements",
    "time",
    "processors",
    "articles/s",
    "MB/s",
    "peak memory",
    "workbook",
    "against 1,000, clock and processors",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path, help="folder for the articles; what is there already is used")
    parser.add_argument("--demarche", type=Path, required=True, help="the program, built for release")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--extract", type=int, help="articles for extract alone, from JSON Lines, as 1000000")
    parser.add_argument("--threads", type=int, help="threads (one for each core unless said)")
    parser.add_argument("--rounds", type=int, default=3, help="runs up to 1,000 articles; the middle is told")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--share", type=float, default=0.2, help="share of articles on the negotiation")
    parser.add_argument("--json", type=Path, help="file for all figures")
    options = parser.parse_args()

    options.work.mkdir(parents=True, exist_ok=True)
    before = machine()
    folder = corpus(options, max(options.sizes))
    steps: list[Step] = []
    for documents in sorted(options.sizes):
        part, size = subset(folder, options.work, documents)
        steps.append(build(options, part, documents, size))
    base = next((step for step in steps if step.documents >= 1_000), None)
    print(table(HEADER, [row(step, base) for step in steps]))
    alone = extract(options, options.extract) if options.extract else None
    if alone:
        print("\nextract alone, from JSON Lines:\n")
        print(table(HEADER, [row(alone, None)]))
    print(f"\nLoad of the machine before: {before['load'][0]}, after: {os.getloadavg()[0]:.2f}.")
    if options.json:
        answer = {
            "demarche": version(options.demarche),
            "machine": before,
            "build": [asdict(step) for step in steps],
            "extract": asdict(alone) if alone else None,
        }
        options.json.write_text(json.dumps(answer, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
