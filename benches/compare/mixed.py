"""Makes a large corpus out of a smaller one in a minute: articles put together from halves of two, as JSON Lines or files.

No two are alike by half, so that they are no copies of each other.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path, help="a folder by corpus.py")
    parser.add_argument("documents", type=int)
    parser.add_argument("out", type=Path, help="a file that ends in .jsonl, or a folder for files")
    options = parser.parse_args()
    halves: list[tuple[str, str]] = []
    for path in sorted(options.corpus.glob("*/*.txt")):
        paragraphs = path.read_text(encoding="utf-8").split("\n\n")
        middle = len(paragraphs) // 2
        halves.append(("\n\n".join(paragraphs[:middle]), "\n\n".join(paragraphs[middle:])))
    texts = mixed(halves, options.documents)
    if options.out.suffix == ".jsonl":
        with options.out.open("w", encoding="utf-8") as out:
            for number, text in texts:
                out.write(json.dumps({"id": f"m{number:07}", "text": text}, ensure_ascii=False) + "\n")
        return
    for number, text in texts:
        folder = options.out / f"{number // 1000:04}"
        if number % 1000 == 0:
            folder.mkdir(parents=True)
        (folder / f"m{number:07}.txt").write_text(text, encoding="utf-8")


def mixed(halves: list[tuple[str, str]], documents: int) -> Iterator[tuple[int, str]]:
    for number in range(documents):
        turn, first = divmod(number, len(halves))
        second = (first + turn * 7919) % len(halves)
        yield number, halves[first][0] + "\n\n" + halves[second][1]


if __name__ == "__main__":
    main()
