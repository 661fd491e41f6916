"""Checks extract.py and matrix.py against one machine, on a cluster of which a process is killed midway. test.sh runs it."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.dataset
import pyarrow.parquet
import pyspark

import corpus
import extract

HERE = Path(__file__).parent
DEMARCHE = os.environ["DEMARCHE"]
ARTICLES = 240
# Documents of a partition: few, so that there are many processes to kill.
DOCUMENTS = 30
# So many processes have read documents when one is killed.
BEFORE = 3


def one_machine(lines: list[bytes], folder: Path) -> bytes:
    """Makes the matrix in a folder without Spark; returns the statements."""
    run = subprocess.run([DEMARCHE, "extract", "-"], input=b"\n".join(lines), capture_output=True)
    assert run.returncode == 2, run.stderr
    subprocess.run([DEMARCHE, "--quiet", "matrix", "-", "-o", folder], input=run.stdout, check=True)
    return run.stdout


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


class Processes:
    """The processes below one, as /proc has them now."""

    def __init__(self, root: int) -> None:
        self.parents: dict[int, int] = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                # The name in brackets may hold anything; the parent is the second field after it.
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
                self.parents[int(folder.name)] = int(fields[1])
            except (FileNotFoundError, ProcessLookupError):
                continue
        self.root = root

    def line(self, process: int) -> list[int]:
        """The process, its parent and so on up to the root; nothing where it is not below the root."""
        line = [process]
        while line[-1] != self.root:
            if line[-1] not in self.parents:
                return []
            line.append(self.parents[line[-1]])
        return line

    def at_work(self) -> list[int]:
        """Processes of demarche that have read a good part of a partition."""
        return [process for process in self.parents if self.line(process) and is_at_work(process)]


def is_at_work(process: int) -> bool:
    try:
        command = Path(f"/proc/{process}/cmdline").read_bytes().split(b"\0")
        read = Path(f"/proc/{process}/io").read_text().split()[1]
    except (FileNotFoundError, ProcessLookupError, IndexError):
        return False
    return command[1:2] == [b"extract"] and b"--sketches" not in command and int(read) > 20_000


def part(event: dict) -> tuple[int, int]:
    """Which part of the work a task had."""
    return event["Stage ID"], event["Task Info"]["Partition ID"]


def attempt(event: dict) -> tuple[int, int]:
    """How often it had been tried: with its whole stage, and alone."""
    return event["Stage Attempt ID"], event["Task Info"]["Attempt"]


def state(process: int) -> str:
    """The letter that /proc has for it; Z where it has ended and nobody has asked for it yet, nothing where it is gone."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return ""


def is_stopped(process: int) -> bool:
    """Stops a process, so that its task cannot end before the kill; tells whether it was still there."""
    try:
        os.kill(process, signal.SIGSTOP)
    except ProcessLookupError:
        return False
    while (now := state(process)) not in ("T", "Z", ""):
        time.sleep(0.001)
    return now == "T"


def executor(processes: Processes, process: int) -> int:
    """The JVM above a process of demarche."""

    def is_executor(process: int) -> bool:
        return b"CoarseGrainedExecutorBackend" in Path(f"/proc/{process}/cmdline").read_bytes()

    return next(above for above in processes.line(process) if is_executor(above))


def itself(processes: Processes, process: int) -> int:
    return process


class Process(unittest.TestCase):
    """One process of demarche, without Spark."""

    def setUp(self) -> None:
        self.told: list[str] = []
        signal.alarm(120)

    def tearDown(self) -> None:
        signal.alarm(0)

    def run_over(self, lines: list[bytes], command: list[str]) -> list[tuple[int, bytes]]:
        return list(extract.extract(enumerate(lines, 100), command, ".", self.told.extend))

    def fails(self, command: list[str]) -> str:
        with self.assertRaises(RuntimeError) as caught:
            self.run_over(corpus.corpus(30), command)
        return str(caught.exception)

    def test_back_pressure(self) -> None:
        """Far more comes out than the pipes hold before all has gone in."""
        line = '{"id":"0","doc":"%s","quote":"%s"}'
        script = f"import sys, json\nfor l in sys.stdin:\n  for _ in range(200): print('{line}' % (json.loads(l)['id'], 'x' * 999))"
        lines = [json.dumps({"id": f"a{n}~n5", "text": "y" * 9999}).encode() for n in range(200)]
        made = self.run_over(lines, [sys.executable, "-c", script])
        self.assertEqual([number for number, _ in made], [100 + n // 200 for n in range(40_000)])
        self.assertTrue(made[399][1].startswith(b'{"id":"0","doc":"a1~n5","quote":"xxx'))

    def test_bad_documents_are_told(self) -> None:
        named = {"id": "b", "text": "Sybiha said that Ukraine rejects a ceasefire.", "published": "2025-02-03"}
        nameless = {**named, "id": None}
        made = self.run_over(
            [*corpus.BROKEN, json.dumps(nameless).encode(), json.dumps(named).encode()], [DEMARCHE, "extract", "-"]
        )
        self.assertEqual([number for number, _ in made], [106])
        self.assertEqual(json.loads(made[0][1])["doc"], "b")
        self.assertEqual(
            [problem.split("\n")[0].split(", byte")[0] for problem in self.told],
            [
                "error: cannot use the record: document 105",
                *[f"error: cannot read the record: document {number}" for number in (100, 101, 102, 103)],
            ],
        )

    def test_failures_are_raised(self) -> None:
        self.assertIn("no codebook of this name", self.fails([DEMARCHE, "extract", "-", "--codebook", "nowhere"]))
        self.assertIn("exit code 7\nout of paper", self.fails(["sh", "-c", "echo out of paper >&2; exit 7"]))
        self.assertIn("killed by signal 9", self.fails(["sh", "-c", "head -c 9; kill -9 $$"]))

    def test_a_fault_of_the_input_is_raised(self) -> None:
        def broken() -> extract.Documents:
            yield 0, corpus.corpus(30)[0]
            raise EOFError("the executor is gone")

        with self.assertRaisesRegex(EOFError, "the executor is gone"):
            list(extract.extract(broken(), [DEMARCHE, "extract", "-"], ".", self.told.extend))


class Cluster(unittest.TestCase):
    """The whole job, on two executors."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.work = Path(tempfile.mkdtemp(prefix="demarche-spark-"))
        cls.addClassCleanup(shutil.rmtree, cls.work)
        # Workers write below SPARK_HOME, which is not theirs.
        home = cls.work / "spark"
        home.mkdir()
        for part in Path(pyspark.__file__).parent.iterdir():
            if part.name != "work":
                (home / part.name).symlink_to(part)
        cls.environment = {
            **os.environ,
            "SPARK_HOME": str(home),
            "SPARK_LOCAL_DIRS": str(cls.work / "local"),
            "SPARK_LOCAL_IP": "127.0.0.1",
            "PYSPARK_PYTHON": sys.executable,
        }
        lines = corpus.corpus(ARTICLES)
        cls.tables = cls.work / "tables"
        cls.tables.mkdir()
        cls.texts = cls.work / "texts"
        cls.texts.mkdir()
        for part in range(5):
            some = lines[part * len(lines) // 5 : (part + 1) * len(lines) // 5]
            records = [json.loads(line) for line in some]
            # A column has one type.
            rows = [{**row, "id": str(row["id"])} for row in records if isinstance(row["text"], str)]
            names = ["id", "text", "title", "published", "outlet", "url"]
            table = pa.table({name: [row.get(name) for row in rows] for name in names})
            pyarrow.parquet.write_table(table, cls.tables / f"{part}.parquet")
            some[part * 9 : part * 9] = corpus.BROKEN
            (cls.texts / f"{part}.jsonl").write_bytes(b"\n".join(some) + b"\n")
        cls.lines = [line for path in sorted(cls.texts.iterdir()) for line in path.read_bytes().split(b"\n")[:-1]]
        cls.expected = one_machine(cls.lines, cls.work / "one")

    def submit(
        self, master: str, *arguments: object, watch: Callable[[int], None] = lambda pid: None
    ) -> tuple[list[dict], str]:
        """Runs a script on a cluster; returns the events that Spark logged, and what stood on the terminal."""
        # Short runs are over before the better compiler pays.
        java = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
        events = Path(tempfile.mkdtemp(dir=self.work))
        settings = {
            "spark.executor.extraJavaOptions": java,
            "spark.eventLog.enabled": "true",
            "spark.eventLog.dir": events.as_uri(),
            "spark.eventLog.compress": "false",
            # A busy machine is no lost executor.
            "spark.network.timeout": "600s",
            "spark.sql.shuffle.partitions": "4",
            "spark.ui.enabled": "false",
        }
        command = [f"{self.environment['SPARK_HOME']}/bin/spark-submit", "--master", master, "--driver-java-options", java]
        for name, value in settings.items():
            command += ["--conf", f"{name}={value}"]
        command += map(str, arguments)
        output = self.work / "output"
        with output.open("wb") as out:
            job = subprocess.Popen(command, env=self.environment, cwd=self.work, stdout=out, stderr=out)
            watcher = threading.Thread(target=watch, args=(job.pid,))
            watcher.start()
            code = job.wait()
            watcher.join()
        told = output.read_text()
        self.assertEqual(code, 0, "\n".join(line for line in told.splitlines() if " INFO " not in line))
        logs = [path for path in events.rglob("*") if path.is_file() and not path.name.startswith((".", "appstatus"))]
        return [json.loads(line) for path in logs for line in path.read_text().splitlines()], told

    def check(
        self, texts: Path, kind: str, whom: Callable[[Processes, int], int], reason: str
    ) -> tuple[list[dict], str]:
        """Runs both scripts, kills a process on the way, and compares; returns the statements and what was told."""
        killed: list[int] = []

        def kill(job: int) -> None:
            met: set[int] = set()
            while not killed and state(job) not in ("Z", ""):
                processes = Processes(job)
                for process in processes.at_work():
                    met.add(process)
                    if len(met) > BEFORE and is_stopped(process):
                        victim = whom(processes, process)
                        os.kill(victim, signal.SIGKILL)
                        killed.append(victim)
                        # It may be the one that was killed, and gone by now.
                        with contextlib.suppress(ProcessLookupError):
                            os.kill(process, signal.SIGCONT)
                        break
                time.sleep(0.05)

        out = self.work / f"{kind}-statements"
        script = [HERE / "extract.py", texts, "-o", out, "--format", kind, "--demarche", DEMARCHE, "--documents", DOCUMENTS]
        started = time.monotonic()
        events, told = self.submit("local-cluster[2,1,1024]", *script, watch=kill)
        took = time.monotonic() - started
        ends = [event for event in events if event["Event"] == "SparkListenerTaskEnd"]
        failed = [event for event in ends if reason in json.dumps(event["Task End Reason"])]
        self.assertEqual(len(killed), 1, "no process was killed")
        self.assertTrue(failed, "no task failed of it")
        done = [event for event in ends if event["Task End Reason"]["Reason"] == "Success"]
        again = [event for event in done if attempt(event) > (0, 0)]
        for event in failed:
            later = [other for other in again if part(other) == part(event) and attempt(other) > attempt(event)]
            self.assertTrue(later, "a task that failed was not done again")

        rows = pyarrow.dataset.dataset(out).to_table().to_pylist()
        rows.sort(key=lambda row: (row["document_number"], row["statement_number"]))
        self.assertEqual("".join(row["json"] + "\n" for row in rows).encode(), self.expected)
        for row in rows:
            typed = {name: value for name, value in row.items() if name not in ("document_number", "statement_number", "json")}
            for name in ("stated_on", "published"):
                typed[name] = typed[name] and str(typed[name])
            self.assertEqual(typed, json.loads(row["json"]))

        matrix = self.work / f"{kind}-matrix"
        self.submit("local[1]", HERE / "matrix.py", out, "-o", matrix, "--demarche", DEMARCHE)
        self.assertEqual(files(matrix), files(self.work / "one"))
        print(
            f"{kind}: killed process {killed[0]}; {len(failed)} tasks failed of it and {len(again)} were done again, "
            f"{len(rows)} statements in {took:.0f} s",
            file=sys.stderr,
        )
        return rows, told

    def test_the_corpus_needs_it(self) -> None:
        """Copies and repeated texts lie in different files, so that files alone give other statements."""
        alone = b""
        for path in sorted(self.texts.iterdir()):
            alone += subprocess.run([DEMARCHE, "-q", "extract", path], capture_output=True).stdout
        copies = [line for line in self.expected.splitlines() if b'"copy_of":null' not in line]
        self.assertGreater(len(copies), 100)
        self.assertLess(len([line for line in alone.splitlines() if b'"copy_of":null' not in line]), len(copies))
        self.assertGreater(len(alone.splitlines()), len(self.expected.splitlines()))

    def test_an_executor_is_killed(self) -> None:
        rows, told = self.check(self.texts, "jsonl", executor, "ExecutorLostFailure")
        for row in rows:
            self.assertEqual(row["doc"], str(json.loads(self.lines[row["document_number"]])["id"]))
        # Every fault is told once, with the number of its document.
        broken = [number for number, line in enumerate(self.lines) if line and line in corpus.BROKEN]
        faults = [line.split(",")[0] for line in told.splitlines() if line.startswith("error: cannot read the record")]
        for number in broken:
            self.assertEqual(faults.count(f"error: cannot read the record: document {number}"), 1)

    def test_demarche_is_killed(self) -> None:
        self.check(self.tables, "parquet", itself, "was killed by signal 9")


if __name__ == "__main__":
    unittest.main(verbosity=2)
