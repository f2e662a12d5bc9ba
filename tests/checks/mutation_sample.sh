#!/usr/bin/env bash
# A few mistakes in the engine of the rules and in the default rulebook, always the same ones: the tests
# must notice them. tests/mutation/run.sh makes all of them and says how many were caught.
set -euo pipefail
cd "$1"
if ! command -v gcc >/dev/null; then
	echo "skipped: the mutants are built with gcc, which is not installed"
	exit 77
fi
tests/mutation/run.sh --sample 20 --seed 7 engine rulebook
