#!/usr/bin/env bash
# Installs what is missing, builds with warnings as errors, and runs every test. Ends with ctest's summary; the exit status
# is ctest's. Arguments go to ctest, such as -L core or -R document.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=packaging/setup.sh
source packaging/setup.sh
setup_packages packaging/packages-build.txt packaging/packages-test.txt

cmake --preset ci
cmake --build --preset ci --parallel "$(nproc)"
exec ctest --preset ci "$@"
