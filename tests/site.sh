#!/usr/bin/env bash
# Builds the site of the documentation in target/site, and checks its links. Needs python3, and PyPI the first time.
set -euo pipefail
cd "$(dirname "$0")/.."
tools=target/tools/site
if ! cmp -s tests/site-tools.txt "$tools/ready"; then
    python3 -m venv --clear "$tools"
    "$tools/bin/pip" install --quiet --disable-pip-version-check --requirement tests/site-tools.txt
    cp tests/site-tools.txt "$tools/ready"
fi
# Not --quiet, which hides warnings from --strict as well. The theme's news is for people who choose a theme.
NO_MKDOCS_2_WARNING=1 "$tools/bin/mkdocs" build --strict
"$tools/bin/python" tests/site.py target/site
