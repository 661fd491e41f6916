"""Runs a command in a process of its own and tells what it took."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Command = Sequence[str | Path]

# Libraries of linear algebra take all cores unless they are told otherwise.
ONE_THREAD = {
    name: "1"
    for name in (
        "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        "MKL_NUM_THREADS",
        "BLIS_NUM_THREADS",
        "VECLIB_MAXIMUM_THREADS",
        "NUMEXPR_NUM_THREADS",
    )
}


@dataclass(frozen=True)
class Run:
    """What a process took: seconds by the clock and of processors, the most memory; and what it printed."""

    seconds: float
    processor: float
    peak: int
    output: str
    errors: str


class Failed(Exception):
    """The command ended with another code than 0."""


def run(
    command: Command,
    *,
    cores: Sequence[int] | None = None,
    stdin: Path | None = None,
    stdout: Path | None = None,
    extra: dict[str, str] | None = None,
) -> Run:
    """Runs a command, on the given cores only.

    On Linux the peak of a child is never told below that of the process it came from, so callers keep
    themselves small. For a command with children of its own it is that of the largest process.
    """
    # Pipes could fill up before the process has ended; files cannot.
    with (
        open(stdin or os.devnull, "rb") as source,
        open(stdout, "wb") if stdout else os.fdopen(os.memfd_create("out"), "w+b") as sink,
        os.fdopen(os.memfd_create("errors"), "w+b") as errors,
    ):
        # A relative path alone would be looked for on the PATH.
        program = Path(command[0])
        program = program.absolute() if program.exists() else program
        pin: Callable[[], None] | None = (lambda: os.sched_setaffinity(0, cores)) if cores else None
        began = time.perf_counter()
        child = subprocess.Popen(
            [str(program), *map(str, command[1:])],
            stdin=source,
            stdout=sink,
            stderr=errors,
            env={**os.environ, **ONE_THREAD, **(extra or {})},
            preexec_fn=pin,
        )
        _, status, used = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - began
        child.returncode = os.waitstatus_to_exitcode(status)
        errors.seek(0)
        told = errors.read().decode(errors="replace")
        if child.returncode != 0:
            raise Failed(f"{' '.join(map(str, command))[:300]}: code {child.returncode}\n{told[-2000:]}")
        output = ""
        if not stdout:
            sink.seek(0)
            output = sink.read().decode(errors="replace")
        # Kilobytes on Linux.
        return Run(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024, output, told)


def median(runs: Sequence[Run]) -> Run:
    """Returns the run of middle length, the shorter one of two."""
    ordered = sorted(runs, key=lambda found: found.seconds)
    return ordered[(len(ordered) - 1) // 2]


def middle(values: Sequence[float]) -> float:
    return statistics.median(values)


def machine() -> dict[str, Any]:
    """Tells what was measured on, and how busy it was before."""
    model = platform.processor()
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.split(":", 1)[1].strip()
            break
    return {
        "processor": model,
        "cores": os.cpu_count(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "load": [round(load, 2) for load in os.getloadavg()],
    }


def version(demarche: Path) -> str:
    return run([demarche, "--version"]).output.strip()


def megabytes(size: float) -> str:
    return f"{size / 1e6:,.0f} MB"


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Lays out a Markdown table."""
    lines = [f"| {' | '.join(header)} |", f"| --- |{' ---: |' * (len(header) - 1)}"]
    lines += [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join(lines)
