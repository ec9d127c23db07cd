#!/usr/bin/env bash
# Tries what other people install: the packages, the wheel, the hooks of pre-commit, the action of GitHub.
# Needs git, python3, cargo and the package registries; everything it makes is in target/packaging.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
work=$root/target/packaging
export CARGO_TARGET_DIR=$work/cargo
export PIP_DISABLE_PIP_VERSION_CHECK=1 PRE_COMMIT_HOME=$work/pre-commit
export PRE_COMMIT_COLOR=never GIT_CONFIG_GLOBAL=/dev/null

say() { printf '\n== %s\n' "$*"; }

# Shows a command, runs it, and stops if its exit status is not $1.
expect() {
    local wanted=$1 status=0
    shift
    printf '$ %s\n' "${*//$work/…}"
    "$@" >"$work/output" 2>&1 || status=$?
    cat "$work/output"
    if [[ $status != "$wanted" ]]; then
        printf 'error: exit status %s, not %s\n' "$status" "$wanted" >&2
        ((status < 128)) || explain_crash "$@" >&2
        exit 1
    fi
}

# Says how often a command that a signal has ended crashes, and where.
explain_crash() {
    # What cannot be told is left out.
    set +e
    local crashes=0
    for _ in {1..20}; do
        "$@" >/dev/null 2>&1 || ((++crashes))
    done
    printf 'of 20 more times it fails %s\n' "$crashes"
    sha256sum "$(command -v "$1")"
    uname -a
    grep --max-count=1 'model name' /proc/cpuinfo
    dmesg 2>/dev/null | tail -n 5
    gdb --batch --ex run --ex backtrace --ex 'info registers' --ex 'x/8i $pc' --args "$@" 2>&1 | tail -n 60
}

# Stops unless the last command printed $1 (`shows`), or if it did (`hides`).
shows() { grep -qF -- "$1" "$work/output" || { echo "error: it does not print: $1" >&2; exit 1; }; }
hides() { ! grep -qF -- "$1" "$work/output" || { echo "error: it prints: $1" >&2; exit 1; }; }

commit() {
    git -C "$1" add --all
    git -C "$1" -c user.name=packaging -c user.email=packaging@localhost commit --quiet --message "$2"
}

rm -rf "$work"/{tools,installed-git,installed-path,fresh,wheels,pre-commit,hooks,scratch,pipx,outputs,findings.sarif}
mkdir -p "$work"
python3 -m venv "$work/tools"
"$work/tools/bin/pip" install --quiet --requirement tests/packaging-tools.txt
export PATH=$work/tools/bin:$PATH

say 'The packages, and the licences and sources of what they depend on'
cargo_deny=$root/target/tools/bin/cargo-deny
[[ -x $cargo_deny ]] || cargo install --quiet --debug --locked --root "$root/target/tools" cargo-deny@0.20.2
expect 0 "$cargo_deny" --log-level error check bans licenses sources
# The root package depends on one that no registry has yet: only together can they be packed.
expect 0 cargo publish --workspace --dry-run --no-verify --allow-dirty
# It is not built, but has to have what its build script packs.
expect 0 cargo package --package openjd-monitor --list --allow-dirty
shows build.rs
shows docs/specification.md
shows fixtures/conformance/README.md
expect 0 cargo package --package openjd-monitor-core --list --allow-dirty
shows build.rs
shows schema/monitor.schema.json
shows rules/syntax.md

say 'The wheel, in a fresh virtual environment'
# That of a release.
target=$(rustc --print host-tuple)
expect 0 maturin build --quiet --profile dist --config .cargo/static.toml --target "$target" \
    --compatibility manylinux2014 --out "$work/wheels"
expect 0 python3 -m venv "$work/fresh"
expect 0 "$work/fresh/bin/pip" install --no-index "$work"/wheels/*.whl
expect 0 "$work/fresh/bin/openjd-monitor" --version
# At most 12 MiB.
expect 0 test "$(stat --format %s "$work/fresh/bin/openjd-monitor")" -le 12582912
expect 0 "$work/fresh/bin/openjd-monitor" check docs/examples/docker.yaml
expect 1 "$work/fresh/bin/openjd-monitor" check docs/examples/docker-broken.yaml
# Linked statically, it must not ask the system for users: glibc may crash if that takes a library.
if strace true 2>"$work/output"; then
    expect 0 env --unset=HOME strace --follow-forks --trace=open,openat --output="$work/opened" \
        "$work/fresh/bin/openjd-monitor" check --allow-empty schema
    cp "$work/opened" "$work/output"
    hides nsswitch.conf
else
    echo 'skipped: it needs strace' >&2
fi

# Makes the image of a Debian whose glibc is older than that of whoever builds.
image=openjd-monitor-test-wheel
make_image() {
    docker info && command -v debootstrap || return
    docker image inspect "$image" && return
    debootstrap --variant=minbase --include=python3-pip bullseye "$work/debian" http://deb.debian.org/debian &&
        tar --create --directory "$work/debian" . | docker import - "$image" && rm -rf "$work/debian"
}

say 'The wheel, in a container with nothing but Debian 11 and pip'
if make_image >"$work/output" 2>&1; then
    expect 1 docker run --rm --network none --volume "$work/wheels:/wheels:ro" --volume "$root/docs/examples:/examples:ro" \
        "$image" sh -euc 'pip3 install --no-index /wheels/*.whl; cd /examples; openjd-monitor check docker.yaml docker-broken.yaml'
    shows '--> docker-broken.yaml:24:7'

    say 'The program of the wheel, in a container with nothing else'
    tar --create --directory "$work/fresh/bin" openjd-monitor | docker import - "$image-empty" >"$work/output"
    expect 1 docker run --rm --network none --volume "$root/docs/examples:/examples:ro" --workdir /examples \
        "$image-empty" /openjd-monitor check docker.yaml docker-broken.yaml
    shows '--> docker-broken.yaml:24:7'
    expect 0 docker run --rm --network none --volume "$root/docs/examples:/examples:ro" --workdir /examples \
        "$image-empty" /openjd-monitor simulate docker.yaml
else
    tail -n 1 "$work/output" >&2
    echo 'skipped: it needs root, Docker, debootstrap and the packages of Debian' >&2
fi

# The hooks are those of the working tree: pre-commit clones, and so wants it committed.
git init --quiet "$work/hooks"
git ls-files -z --cached --others --exclude-standard | tar --null --files-from=- --create |
    tar --extract --directory "$work/hooks"
commit "$work/hooks" 'The working tree'

# What is tried from here on is that users can build and run it, not how fast it is.
export CARGO_PROFILE_RELEASE_OPT_LEVEL=0

say 'The program, as the README installs it'
# With the commands of the README, but from the working tree.
installs() {
    local line
    line=$(grep -o "cargo install --locked --$1 [^\`#]*" README.md | head -n 1)
    line=${line/https:*\/openjd-monitor\/openjd-monitor/file://$work/hooks}
    read -r -a words <<<"$line"
    expect 0 "${words[@]}" --quiet --root "$work/installed-$1"
    expect 0 "$work/installed-$1/bin/openjd-monitor" --version
}
installs git
(cd "$work/hooks" && installs path)

git init --quiet "$work/scratch"
cd "$work/scratch"
mkdir excluded
cp "$root/docs/examples/docker.yaml" clean.yaml
cp "$root/docs/examples/docker-broken.yaml" excluded/broken.yaml
echo 'services: {}' >compose.yaml
commit . 'Nothing to complain about'

# Prints the first YAML after the heading $1 of docs/usage.md.
example() {
    awk -v heading="^#* $1\$" '
        $0 ~ heading { is_below = 1 }
        is_inside && /^```$/ { exit }
        is_inside { print }
        is_below && /^```yaml$/ { is_inside = 1 }
    ' "$root/docs/usage.md"
}

# Prints that example with the hooks of the working tree.
own_example() {
    local rev
    rev=$(git -C "$work/hooks" rev-parse HEAD)
    example "$1" | sed "s|repo: .*|repo: $work/hooks|; s|rev: .*|rev: $rev|"
}

# Tries the hooks of .pre-commit-config.yaml.
try_hooks() {
    expect 0 cat .pre-commit-config.yaml
    git add --all
    expect 0 pre-commit run --all-files --verbose
    shows ' in 1 template (2 other files skipped)'
    expect 0 pre-commit run --verbose --files compose.yaml
    shows 'no findings in 0 templates'
    cp "$root/docs/examples/docker-broken.yaml" broken.yaml
    git add --all
    expect 1 pre-commit run --all-files
    shows '--> broken.yaml:24:7'
    hides excluded/
    git rm --quiet --force broken.yaml
}

for id in openjd-monitor openjd-monitor-rust; do
    say "The hook $id of pre-commit"
    own_example pre-commit | sed "s|id: .*|id: $id|" >.pre-commit-config.yaml
    try_hooks
done

say 'A hook from the wheel, without a build'
example 'Without a build' >.pre-commit-config.yaml
PIP_FIND_LINKS=$work/wheels try_hooks

say 'The hook that shows warnings'
own_example 'Showing warnings' >.pre-commit-config.yaml
try_hooks

say 'A hook with an installed program'
example 'With an installed program' >.pre-commit-config.yaml
PATH=$work/fresh/bin:$PATH try_hooks

for id in openjd-monitor-polyfill openjd-monitor-polyfill-rust; do
    say "The hook $id of pre-commit"
    own_example 'Compiled templates' | sed "s|id: .*|id: $id|" >.pre-commit-config.yaml
    mkdir -p templates
    cp "$root/docs/examples/worker.yaml" templates/worker.yaml
    "$work/fresh/bin/openjd-monitor" polyfill templates/worker.yaml -o compiled/worker.yaml
    git add --all
    expect 0 pre-commit run --all-files
    sed -i 's/period: 5/period: 6/' templates/worker.yaml
    git add --all
    expect 1 pre-commit run --all-files
    shows 'error: `compiled/worker.yaml` is out of date'
    git rm --quiet --force -r templates compiled
done

say 'The release'
expect 0 actionlint "$root"/.github/workflows/*.yml
expect 0 zizmor --offline "$root/.github/workflows"

say 'The action of GitHub'
cd "$work/hooks"
mkdir -p .github/workflows
example GitHub >.github/workflows/templates.yaml
# The workflow is one of other repositories, which a tag of this one is enough for.
expect 0 zizmor --offline --config <(printf 'rules: {unpinned-uses: {config: {policies: {"openjd-monitor/*": ref-pin}}}}') \
    action.yml .github/workflows/templates.yaml
# It looks at the action as well if that is one of the same repository.
sed -i 's|openjd-monitor/openjd-monitor@.*|./|' .github/workflows/templates.yaml
expect 0 actionlint .github/workflows/templates.yaml

# The step that checks, as a runner runs it.
python3 -c 'import yaml; print(yaml.safe_load(open("action.yml"))["runs"]["steps"][0]["run"])' >"$work/step.sh"
cd "$work/scratch"
export PIPX_HOME=$work/pipx PIP_FIND_LINKS=$work/wheels
run_step() { GITHUB_OUTPUT=$work/outputs SARIF=$work/findings.sarif PATHS=$1 bash -eo pipefail "$work/step.sh"; }
expect 0 run_step $'clean.yaml\n compose.yaml'
expect 1 run_step .
shows 'file=excluded/broken.yaml,line=24,'
expect 0 cat "$work/outputs"
shows "sarif=$work/findings.sarif"
expect 0 python3 -m json.tool "$work/findings.sarif" /dev/null
