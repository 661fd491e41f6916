#!/usr/bin/env python3
"""Writes sbom.cdx.json, what the program is made of, as CycloneDX 1.5; with --check tells whether the file is out of date.

It lists what the program is linked with on any of the systems below, and what its macros are made with, which are in no binary
(scope "excluded"). Crates for tests, for build scripts and for the other packages of the workspace are left out. The same lock
file gives the same bytes: no time and no serial number is written.

    cargo fetch --locked && python3 .ci/sbom.py [--check]
"""

import json
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "sbom.cdx.json"
PROGRAM = "demarche"
# Those of deny.toml.
SYSTEMS = [
    "x86_64-unknown-linux-gnu",
    "aarch64-unknown-linux-gnu",
    "x86_64-apple-darwin",
    "aarch64-apple-darwin",
    "x86_64-pc-windows-msvc",
]


def cargo(*words):
    run = subprocess.run(["cargo", *words, "--locked", "--offline"], cwd=ROOT, stdout=subprocess.PIPE, check=False)
    if run.returncode:
        sys.exit(f"cargo {words[0]} failed; run `cargo fetch --locked` first")
    return run.stdout.decode()


def metadata():
    return json.loads(cargo("metadata", "--format-version", "1"))


def built():
    """Name and version of what is built for the program; metadata also has what only other systems ask for."""
    lines = set()
    for system in SYSTEMS:
        form = ["--edges", "normal", "--target", system, "--prefix", "none", "--format", "{p}"]
        lines.update(cargo("tree", "--package", PROGRAM, *form).splitlines())
    return {(name, version.removeprefix("v")) for name, version, *_ in (line.split(" ") for line in lines)}


def checksums():
    """The SHA-256 of each crate's file, by name and version."""
    lock = (ROOT / "Cargo.lock").read_text(encoding="utf-8")
    entry = re.compile(r'^name = "([^"]+)"\nversion = "([^"]+)"\nsource = "[^"]+"\nchecksum = "([0-9a-f]{64})"$', re.M)
    return {(name, version): checksum for name, version, checksum in entry.findall(lock)}


def reached(start, edges):
    found, left = set(), [start]
    while left:
        at = left.pop()
        if at not in found:
            found.add(at)
            left.extend(edges[at])
    return found


def bundled(package):
    """The library in C that a crate carries and links, which advisories know by its own name."""
    if package["name"] == "libsqlite3-sys":
        header = Path(package["manifest_path"]).parent / "sqlite3" / "sqlite3.h"
        version = re.search(r'^#define SQLITE_VERSION\s+"([^"]+)"', header.read_text(encoding="utf-8"), re.M)
        if not version:
            sys.exit(f"{header} tells no version")
        return library("sqlite", version.group(1), "blessing", "sqlite:sqlite")
    if package["name"] == "zstd-sys":
        version = re.search(r"\+zstd\.([0-9.]+)$", package["version"])
        if not version:
            sys.exit(f"zstd-sys {package['version']} tells no version of zstd")
        return library("zstd", version.group(1), "BSD-3-Clause OR GPL-2.0-only", "facebook:zstandard")
    return None


def library(name, version, licence, cpe):
    return {
        "type": "library",
        "bom-ref": f"pkg:generic/{name}@{version}",
        "name": name,
        "version": version,
        "licenses": [{"expression": licence}],
        "cpe": f"cpe:2.3:a:{cpe}:{version}:*:*:*:*:*:*:*",
        "purl": f"pkg:generic/{name}@{version}",
    }


def purl(package):
    return f"pkg:cargo/{package['name']}@{quote(package['version'], safe='')}"


def component(package, kind, scope, checksum):
    # Cargo once parted licences by a slash.
    licence = re.sub(r"\s*/\s*", " OR ", package["license"] or "")
    if not licence:
        sys.exit(f"{package['name']} names no licence")
    made = {"type": kind, "bom-ref": purl(package), "name": package["name"], "version": package["version"]}
    if package["description"]:
        made["description"] = " ".join(package["description"].split())
    if scope:
        made["scope"] = scope
    if checksum:
        made["hashes"] = [{"alg": "SHA-256", "content": checksum}]
    made["licenses"] = [{"expression": licence}]
    made["purl"] = purl(package)
    carried = bundled(package)
    if carried:
        made["components"] = [carried]
    return made


def document():
    told = metadata()
    packages = {package["id"]: package for package in told["packages"]}
    [program] = [id for id in told["workspace_members"] if packages[id]["name"] == PROGRAM]
    macros = {id for id, p in packages.items() if any("proc-macro" in target["kind"] for target in p["targets"])}
    tree = built()
    wanted = {id for id, p in packages.items() if (p["name"], p["version"]) in tree}
    edges, linked = {}, {}
    for node in told["resolve"]["nodes"]:
        normal = [d["pkg"] for d in node["deps"] if any(kind["kind"] is None for kind in d["dep_kinds"])]
        normal = [id for id in normal if id in wanted]
        edges[node["id"]] = normal
        linked[node["id"]] = [] if node["id"] in macros else [id for id in normal if id not in macros]
    everything, in_binary = reached(program, edges), reached(program, linked)
    known = checksums()
    order = sorted(everything, key=lambda id: (packages[id]["name"], packages[id]["version"]))
    components = []
    for id in order:
        package = packages[id]
        checksum = known.get((package["name"], package["version"]))
        if id == program:
            continue
        if not checksum:
            sys.exit(f"Cargo.lock has no checksum of {package['name']} {package['version']}")
        components.append(component(package, "library", "required" if id in in_binary else "excluded", checksum))
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.5.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": component(packages[program], "application", None, None)},
        "components": components,
        "dependencies": [
            {"ref": purl(packages[id]), "dependsOn": sorted({purl(packages[to]) for to in edges[id]})} for id in order
        ],
    }


def main():
    text = json.dumps(document(), indent=2, ensure_ascii=False) + "\n"
    if sys.argv[1:] == ["--check"]:
        if not FILE.exists() or FILE.read_text(encoding="utf-8") != text:
            sys.exit(f"{FILE.name} is out of date; run python3 .ci/sbom.py")
    elif sys.argv[1:]:
        sys.exit(__doc__)
    else:
        FILE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
