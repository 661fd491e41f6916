#!/usr/bin/env bash
# Makes the README's pictures from output/: matrix.png and evidence.png of the workbook, page.png of the page (with the release build).
# Needs LibreOffice (libreoffice-calc), poppler-utils, chromium, and python3 with venv, into which Pillow is installed for the while.
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check pillow
soffice --headless "-env:UserInstallation=file://$work/profile" --convert-to pdf --outdir "$work" output/positions.xlsx >/dev/null 2>&1

# Prints the number of the first page that says something: how many pages a sheet takes may change.
page_with() {
    local pages page
    pages=$(pdfinfo "$work/positions.pdf" | awk '/^Pages:/ {print $2}')
    for ((page = 1; page <= pages; page++)); do
        if pdftotext -f "$page" -l "$page" "$work/positions.pdf" - | tr '\n' ' ' | grep -q "$1"; then
            echo "$page"
            return
        fi
    done
    echo "no page says \"$1\"" >&2
    return 1
}

# Draws a page without its running head and foot and without white margins: name, words on it, dots an inch.
draw() {
    local page
    page=$(page_with "$2")
    pdftoppm -png -r "$3" -f "$page" -l "$page" -singlefile "$work/positions.pdf" "$work/$1"
    "$work/venv/bin/python" - "$work/$1.png" "docs/images/$1.png" <<'PYTHON'
import sys
from PIL import Image, ImageChops

picture = Image.open(sys.argv[1]).convert("RGB")
edge = picture.height // 26
picture = picture.crop((0, edge, picture.width, picture.height - edge))
left, top, right, bottom = ImageChops.difference(picture, Image.new("RGB", picture.size, "white")).getbbox()
picture = picture.crop((max(left - 8, 0), max(top - 8, 0), right + 8, bottom + 8))
picture.quantize(64, dither=Image.Dither.NONE).save(sys.argv[2], optimize=True)
PYTHON
}

draw matrix 'Who stands where. As of' 110
draw evidence 'Position *Quote' 90

# The page, opened at a cell, as the browser shows it.
demarche="${CARGO_TARGET_DIR:-target}/release/demarche"
"$demarche" report output/statements.jsonl -o "$work/page.html"
chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --disable-background-networking "--user-data-dir=$work/browser" \
    --window-size=1280,1640 --virtual-time-budget=3000 "--screenshot=$work/page.png" \
    "file://$work/page.html#cell=us/nato-membership" >/dev/null 2>&1
"$work/venv/bin/python" - "$work/page.png" docs/images/page.png <<'PYTHON'
import sys
from PIL import Image

Image.open(sys.argv[1]).convert("RGB").quantize(64, dither=Image.Dither.NONE).save(sys.argv[2], optimize=True)
PYTHON
