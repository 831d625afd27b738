#!/usr/bin/env bash
# Installs what is missing, builds, and starts Semascope: on the built-in sample, or with the arguments given.
# Without a display it writes the sample's files and figures to ./semascope-demo.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=packaging/setup.sh
source packaging/setup.sh
setup_packages packaging/packages-build.txt

log="build/release/run.log"
mkdir -p build/release
build() {
    cmake --preset release && cmake --build --preset release --parallel "$(nproc)"
}
if [[ -t 2 ]]; then
    build >&2
elif ! build >"$log" 2>&1; then
    tail -n 60 "$log" >&2
    echo "run: the build failed; all of it is in $log" >&2
    exit 1
fi

program="build/release/bin/semascope"
if [[ $# -gt 0 ]]; then
    exec "$program" "$@"
fi
if [[ -n "${DISPLAY:-}" || -n "${WAYLAND_DISPLAY:-}" ]]; then
    exec "$program" demo
fi
"$program" demo --headless --out ./semascope-demo
echo "There is no display, so no window was opened. The sample's figures and tables are in $PWD/semascope-demo"
