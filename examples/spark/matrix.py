#!/usr/bin/env python3
"""Makes the matrix of statements that extract.py wrote, with `demarche matrix` on this machine."""

from __future__ import annotations

import argparse
import subprocess
import sys

from pyspark.sql import SparkSession


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("statements", help="folder that extract.py wrote")
    parser.add_argument("-o", "--output", required=True, help="folder for the matrix, on this machine")
    parser.add_argument("--demarche", default="demarche", help="the program")
    parser.add_argument(
        "--matrix", nargs=argparse.REMAINDER, default=[], metavar="OPTION", help="further options of demarche matrix"
    )
    args = parser.parse_args()
    spark = SparkSession.builder.appName("demarche matrix").getOrCreate()
    statements = spark.read.parquet(args.statements)
    lines = statements.orderBy("document_number", "statement_number").select("json")
    command = [args.demarche, "matrix", "-", "-o", args.output, *args.matrix]
    process = subprocess.Popen(command, stdin=subprocess.PIPE)
    assert process.stdin
    try:
        for (line,) in lines.toLocalIterator(prefetchPartitions=True):
            process.stdin.write(line.encode() + b"\n")
        process.stdin.close()
    except BrokenPipeError:
        pass  # It ended early and told why.
    except BaseException:
        # Half of the statements must not become a matrix.
        process.kill()
        raise
    code = process.wait()
    spark.stop()
    return code


if __name__ == "__main__":
    sys.exit(main())
