#!/usr/bin/env bash
# Runs the conformance suite of Open Job Description itself, where its runner and its cases are: in the folder
# $UPSTREAM_SUITE, or beside the checkout. Fails if other cases fail than tests/upstream-known-failures.txt names.
set -euo pipefail
cd "$(dirname "$0")/.."
suite=${UPSTREAM_SUITE:-../shared/upstream-suite}
if ! [[ -e $suite/run.py ]]; then
    echo "upstream suite: skipped, there is none in $suite"
    exit 0
fi
cargo build --quiet
# The runner needs PyYAML; the jobs of the suite call `python`. `.ci/run` installs both.
PATH=$PWD/target/tools/python/bin:$PATH
results=$(python "$suite/run.py" --cli "$PWD/target/debug/openjd-monitor" || true)
tail -n 1 <<<"$results"
failed=$(sed -n 's/^fail \([^:]*\).*/\1/p' <<<"$results" | sort)
known=$(sed -n 's/^\([^#:][^:]*\): .*/\1/p' tests/upstream-known-failures.txt | sort)
# A sample need not have every case that is known to fail.
present=$(sed -n 's/^[a-z]* \(20[^:]*\).*/\1/p' <<<"$results" | sort)
known=$(comm -12 <(echo "$known") <(echo "$present"))
if [[ -z $present ]]; then
    echo "error: the runner ran no case"
    exit 1
fi
if [[ $failed != "$known" ]]; then
    echo "error: not the known failures (<: known, but passes; >: fails)"
    diff <(echo "$known") <(echo "$failed") || true
    exit 1
fi
