#!/usr/bin/env bash
# Checks with the schemas and programs of others what `mke-stig report` writes: OSCAL, HDF and SARIF
# against their JSON schemas, JUnit against its XSD, CSV with Python's reader, digests with sha256sum.
#
#     tests/formats/interchange.sh MKE_STIG SCHEMAS [ASSESSMENT...]
#
# Each ASSESSMENT is an assessment.json; without any, that of the sample. Where SCHEMAS is no folder,
# the checks that need it are left out, and it says so.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
bin=$1 schemas=$2
shift 2

missing=""
need() { command -v "$1" >/dev/null 2>&1 || missing="$missing $2"; }
need xmllint libxml2-utils
need node nodejs
need npm npm
need python3 python3
need sha256sum coreutils
if [ -n "$missing" ]; then
    if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
        apt-get update -qq
        # shellcheck disable=SC2086
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
    else
        echo "install first:$missing" >&2
        exit 1
    fi
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ -d "$schemas" ]; then
    cp "$here/package.json" "$here/schema.mjs" "$work/"
    (cd "$work" && npm install --no-audit --no-fund --silent)
    schema() { node "$work/schema.mjs" "$schemas/$1" "$2"; }
    xsd() { xmllint --noout --schema "$schemas/$1" "$2"; }
else
    echo "no schemas at $schemas: only that the files can be parsed is checked"
    schema() { python3 -c 'import json, sys; json.load(open(sys.argv[1]))' "$2"; }
    xsd() { xmllint --noout "$2"; }
fi

if [ $# = 0 ]; then
    "$bin" demo -f json -o "$work/sample" >/dev/null
    set -- "$work/sample/assessment.json"
fi
number=0
for assessment in "$@"; do
    number=$((number + 1))
    out="$work/$number"
    "$bin" report "$assessment" --quiet -f oscal,hdf,sarif,junit,csv,poam,evidence -o "$out"
    "$bin" report "$assessment" --quiet -f oscal,hdf,sarif,junit,csv,poam,evidence -o "$out-again"
    diff -r "$out" "$out-again"
    schema oscal_complete_schema-1-1-2.json "$out/assessment.oscal.json"
    schema hdf-exec-json.json "$out/assessment.hdf.json"
    schema sarif-2.1.0-rtm.5.json "$out/assessment.sarif"
    xsd junit-10.xsd "$out/assessment.junit.xml"
    (cd "$out/evidence" && sha256sum --check --strict --quiet SHA256SUMS)
    python3 "$here/count.py" "$assessment" "$out"
done
