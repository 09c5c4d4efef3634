# Makes .venv from a lock file. Sourced, with the project's root as the working directory:
#
#     make_environment requirements.lock
#
# Nothing is done when .venv was made from the same lock, the same pyproject.toml and in the same
# place; an interrupted set-up is completed by the next run. Every package, the build backend
# included, is installed by version and hash.

supported_python() {
    local candidate
    for candidate in python3 python3.14 python3.13 python3.12 python3.11 python; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    echo "hemeroteca: no Python 3.11 or newer was found on the PATH; install one and run this again." >&2
    return 2
}

make_environment() {
    local lock=$1 stamp=.venv/made-from-$1 origin python
    origin=$(pwd && cksum "$lock" pyproject.toml)
    if [ "$(cat "$stamp" 2>/dev/null)" = "$origin" ] && .venv/bin/python -c '' 2>/dev/null; then
        return
    fi
    python=$(supported_python) || return
    echo "Setting up .venv from $lock (once; a minute or two) ..." >&2
    if ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
        if ! "$python" -m venv --clear .venv; then
            echo "hemeroteca: $python could not make .venv; on Debian and Ubuntu install python3-venv." >&2
            return 2
        fi
    fi
    # pip answers on standard output, where only a program's own answer belongs.
    if ! { .venv/bin/python -m pip install -qq --require-hashes -r "$lock" &&
        .venv/bin/python -m pip install -qq --no-deps --no-build-isolation --editable .; } >&2; then
        echo "hemeroteca: the packages of $lock could not be installed; see above, then run this again." >&2
        return 2
    fi
    echo "$origin" >"$stamp"
}
