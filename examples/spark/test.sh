#!/usr/bin/env bash
# Checks the job on a cluster of two executors: examples/spark/test.sh [the program demarche]
# SPARK_VENV names a Python environment with what requirements.txt lists; without it one is made.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
DEMARCHE=$(realpath -e "${1:-$here/../../target/release/demarche}")
export DEMARCHE
export PYTHONDONTWRITEBYTECODE=1

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
venv=${SPARK_VENV:-$work/venv}
if [[ ! -x $venv/bin/python ]]; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt"
fi
cd "$here"
TMPDIR=$work "$venv/bin/python" test_spark.py
