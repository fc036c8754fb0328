#!/usr/bin/env bash
# Compile requirements/*.in to hash-pinned *.txt. Arguments go to uv: make requirements ARGS=--upgrade
set -euo pipefail
cd "$(dirname "$0")/.."

# One version of a package for every Python, so that a run is the same on each (fork-strategy). Our own packages are
# read for what they ask for and left out. No header and no index, so that no machine's address gets in.
compile() {
    .venv/bin/uv pip compile "requirements/$1.in" --output-file "requirements/$1.txt" --quiet \
        --universal --python-version 3.11 --fork-strategy fewest --generate-hashes \
        --no-header --no-emit-index-url --no-emit-find-links \
        --no-emit-package pvsim-common --no-emit-package pvsim-local --no-emit-package pvsim-meter \
        --no-emit-package pvsim-pvsim --no-emit-package pvsim-exporter --no-emit-package pvsim-dataset "${@:2}"
}

compile dev "$@" # first: it is the constraint of the others
for file in build meter pvsim exporter dataset; do
    compile "$file" "$@"
done
