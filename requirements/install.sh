#!/usr/bin/env bash
# Makes the virtual environment from a lock file, with every hash checked:  requirements/install.sh base|dev
#
# Needs nothing but Python 3.11 to 3.13. Can be interrupted and run again at any time.
#   VENV    where the environment is           [.venv]
#   PYTHON  the Python that it is made with    [the first that fits]
set -euo pipefail
cd "$(dirname "$0")/.."

LOCK=requirements/$1.lock
VENV=${VENV:-.venv}
SYSTEM_PACKAGES="libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig"

say() { printf '%s\n' "$*" >&2; }
fail() { say "setup: $*"; exit 1; }

fits() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null; }

find_python() {
    local candidate
    for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11 python}; do
        if fits "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    fail "no Python 3.11 to 3.13 was found${PYTHON:+ (PYTHON=$PYTHON)}. Install one, or name it: make PYTHON=/path/to/python3.12"
}

# Debian keeps venv and the libraries of WeasyPrint in packages of their own.
apt_install() {
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        say "Installing $*"
        { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; } \
            >"$APT_LOG" 2>&1 || { tail -n 5 "$APT_LOG" >&2; fail "apt-get could not install $*."; }
    else
        fail "system packages are missing. Install them and try again: sudo apt-get install $*"
    fi
}

make_environment() {
    local python
    python=$(find_python)
    "$python" -c 'import ensurepip, venv' 2>/dev/null || apt_install python3-venv
    say "Making $VENV with $("$python" --version)"
    "$python" -m venv "$VENV"
    "$VENV/bin/python" -c 'pass'
}

# One line that counts in place of a page of pip's; its messages are kept for the case that it fails.
counted() {
    awk -v total="$1" -v live="$([ -t 2 ] && echo 1 || echo 0)" '
        /^(Collecting|Processing|Requirement already)/ {
            n++; split($0, word, " "); name = word[1] == "Requirement" ? word[4] : word[2]; sub(/.*\//, "", name); sub(/[=-][=0-9].*/, "", name)
            if (live) printf "\r\033[K  %d of %d  %s", n, total, name > "/dev/stderr"
            else if (n % 50 == 0) printf "  %d of %d\n", n, total > "/dev/stderr"
        }
        /^Installing collected/ { printf "%s  unpacking them, about half a minute%s", live ? "\r\033[K" : "", live ? "" : "\n" > "/dev/stderr" }
        END { if (live) printf "\r\033[K" > "/dev/stderr" }'
}

pip_install() {
    "$VENV/bin/python" -m pip install --disable-pip-version-check --no-input --no-deps "$@" 2>"$VENV/pip.log"
}

install_lock() {
    local total
    total=$(grep -c '^[A-Za-z0-9]' "$1")
    say "Installing $total packages of $1"
    pip_install --require-hashes -r "$1" | counted "$total" || { tail -n 15 "$VENV/pip.log" >&2; fail "pip could not install $1 (see above)."; }
}

# The project is built with the setuptools of bootstrap.lock, as Python 3.12 brings none.
install_project() {
    { pip_install --require-hashes -r requirements/bootstrap.lock && pip_install --no-build-isolation --editable .; } >/dev/null || { tail -n 15 "$VENV/pip.log" >&2; fail "the project could not be installed."; }
}

install_system_libraries() {
    "$VENV/bin/python" -c 'import weasyprint' 2>/dev/null && return
    # shellcheck disable=SC2086
    apt_install $SYSTEM_PACKAGES
    "$VENV/bin/python" -c 'import weasyprint' || fail "WeasyPrint still doesn't find its libraries (Pango, HarfBuzz); see the line above."
}

[ -f "$LOCK" ] || fail "there is no $LOCK. Use base or dev."
APT_LOG=$(mktemp)
trap 'rm -f "$APT_LOG"' EXIT
[ -x "$VENV/bin/pip" ] && fits "$VENV/bin/python" || make_environment
install_lock "$LOCK"
install_project
install_system_libraries
say "The environment is ready: $VENV"
