#!/usr/bin/env bash
# Builds the project and runs its whole suite in a fresh Debian 13 made with debootstrap. Needs root and about 8 GB.
# usage: packaging/check-debian13.sh [FOLDER]   (default: build/debian13; kept, so that a second run is quick)
# SEMASCOPE_MIRROR names another archive. Arguments after FOLDER go to ctest.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
root="$(mkdir -p "${1:-build/debian13}" && cd "${1:-build/debian13}" && pwd)"
shift || true

if [[ "$(id -u)" -ne 0 ]]; then
    echo "check-debian13: a root filesystem can only be made by root; run it with sudo." >&2
    exit 1
fi
if ! command -v debootstrap >/dev/null; then
    echo "check-debian13: please install debootstrap first." >&2
    exit 1
fi

# debootstrap cannot go on where it was interrupted.
if [[ ! -e "$root/etc/.semascope-complete" ]]; then
    if [[ -n "$(ls -A "$root")" ]]; then
        echo "check-debian13: $root holds something else, or an unfinished root; please remove it first." >&2
        exit 1
    fi
    debootstrap --variant=minbase trixie "$root" "${SEMASCOPE_MIRROR:-http://deb.debian.org/debian}"
    touch "$root/etc/.semascope-complete"
fi
if [[ -r /etc/resolv.conf ]]; then
    cp -L /etc/resolv.conf "$root/etc/resolv.conf"
fi

# The working tree as git sees it: no build folder, nothing ignored.
mkdir -p "$root/src"
find "$root/src" -mindepth 1 -maxdepth 1 ! -name build -exec rm -rf {} +
git ls-files -z --cached --others --exclude-standard |
    while IFS= read -r -d '' file; do [[ -e "$file" ]] && printf '%s\0' "$file"; done |
    tar --null --files-from=- -cf - | tar -xf - -C "$root/src"

# Mounts live in a namespace of their own and end with it.
export root
unshare --mount --propagation private bash -euo pipefail -c '
    mount --bind /dev "$root/dev"
    mount -t tmpfs tmpfs "$root/tmp"
    mkdir -p "$root/shared"
    mount -t proc proc "$root/proc"
    if [[ -d ../shared ]]; then mount --bind ../shared "$root/shared"; fi
    exec chroot "$root" /usr/bin/env -i HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
        LANG=C.UTF-8 TERM=dumb CI=true bash /src/packaging/test.sh "$@"
' check-debian13 "$@"
