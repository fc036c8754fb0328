#!/usr/bin/env bash
# Build .venv: every pinned package by its hash, then our own packages, editable.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/packages.sh
source scripts/packages.sh

python=${PYTHON:-python3}

if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    if ! can_install; then
        echo "make setup needs Python's venv module. Install it by: $(install_command python3-venv)" >&2
        exit 1
    fi
    install_packages python3-venv
fi
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "make setup needs Python 3.11 or newer, but $python is $("$python" -V). Name another by: make setup PYTHON=python3.13" >&2
    exit 1
fi

# An environment that is there is brought up to date; one of another Python, or half of one, is built anew.
if [ "$(.venv/bin/python -V 2>/dev/null)" = "$("$python" -V)" ] && .venv/bin/python -m pip -V >/dev/null 2>&1; then
    echo "Bringing .venv up to date ..." >&2
else
    echo "Building .venv with $("$python" -V) ..." >&2
    "$python" -m venv --clear .venv
fi
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
# No index is asked here: hatchling, which builds them, is in dev.txt.
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-index --no-deps --no-build-isolation \
    -e libs/common -e libs/local -e services/meter -e services/pvsim -e services/exporter -e services/dataset
touch .venv/.complete
