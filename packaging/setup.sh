#!/usr/bin/env bash
# Installs what is missing of the package lists given as arguments (default: packages-build.txt). Sourced by run.sh and
# test.sh, or run by itself. Says nothing and asks for nothing when everything is there.

semascope_packaging="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"

# One line "a|b" a package, without comments.
listed_packages() {
    sed -e 's/#.*//' -e 's/[[:space:]]//g' -e '/^$/d' "$@"
}

has_candidate() {
    local candidate
    candidate="$(LC_ALL=C apt-cache policy "$1" 2>/dev/null | sed -n 's/^  Candidate: //p')"
    [[ -n "$candidate" && "$candidate" != "(none)" ]]
}

# The first alternative that apt knows; fails when it knows none.
choose_package() {
    local alternative
    for alternative in ${1//|/ }; do
        if has_candidate "$alternative"; then
            echo "$alternative"
            return 0
        fi
    done
    return 1
}

# Entries of the lists none of whose alternatives is installed.
missing_packages() {
    local -A installed=()
    local name entry alternative
    while read -r name; do
        installed["$name"]=1
    done < <(dpkg-query -W -f='${db:Status-Status} ${Package}\n' | sed -n 's/^installed //p')
    while read -r entry; do
        for alternative in ${entry//|/ }; do
            if [[ -n "${installed[$alternative]:-}" ]]; then
                continue 2
            fi
        done
        echo "$entry"
    done < <(listed_packages "$@")
}

as_root() {
    if [[ "$(id -u)" -eq 0 ]]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        echo "setup: '$*' needs root, and there is no sudo; run it as root and start again." >&2
        return 1
    fi
}

update_lists() {
    echo "setup: refreshing the package lists" >&2
    as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
}

install_packages() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" </dev/null
}

# Fills the array "chosen" from the entries given; fails when apt knows no alternative of one of them.
choose_packages() {
    local entry name
    chosen=()
    for entry in "$@"; do
        if ! name="$(choose_package "$entry")"; then
            unknown="$entry"
            return 1
        fi
        chosen+=("$name")
    done
}

require_known_system() {
    local id="" version=""
    if [[ -r /etc/os-release ]]; then
        id="$(. /etc/os-release && echo "${ID:-}")"
        version="$(. /etc/os-release && echo "${VERSION_ID:-}")"
    fi
    if [[ "$id" != debian || ( "$version" != 12 && "$version" != 13 ) ]]; then
        echo "setup: made for Debian 12 and 13, and this is ${id:-unknown} ${version:-}; trying all the same." >&2
    fi
}

setup_packages() {
    local -a lists=("$@") missing=() chosen=()
    local list unknown=""
    for list in "${lists[@]}"; do
        if [[ ! -r "$list" ]]; then
            echo "setup: there is no package list $list" >&2
            return 1
        fi
    done
    if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
        echo "setup: no apt here; please install what $(basename "${lists[0]}") names, by your system's names." >&2
        return 0
    fi
    mapfile -t missing < <(missing_packages "${lists[@]}")
    if [[ ${#missing[@]} -eq 0 ]]; then
        return 0
    fi
    require_known_system
    echo "setup: installing ${missing[*]}" >&2
    if ! choose_packages "${missing[@]}"; then
        update_lists
        if ! choose_packages "${missing[@]}"; then
            echo "setup: apt knows no package $unknown; is Debian's main archive among its sources?" >&2
            return 1
        fi
        install_packages "${chosen[@]}"
    elif ! install_packages "${chosen[@]}"; then
        # Lists older than the archive name files that are gone.
        update_lists
        install_packages "${chosen[@]}"
    fi
}

if [[ "${BASH_SOURCE[0]}" == "$0" ]]; then
    set -euo pipefail
    if [[ $# -eq 0 ]]; then
        set -- "$semascope_packaging/packages-build.txt"
    fi
    setup_packages "$@"
fi
