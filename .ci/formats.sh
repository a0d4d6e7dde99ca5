#!/usr/bin/env bash
# Imports what mke-stig writes with the programs that users import it with.
# Usage: .ci/formats.sh [MKE-STIG]; a program that MKE_STIG_REQUIRE (a comma list) names must be there.
# To add a format: write it in `reports` below, and give it a step that calls `follows` or `imports`.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=$(realpath "${1:-target/release/mke-stig}")
# Schemas of others stand beside the checkout or nowhere; tests/suite/checklists.rs restates what matters.
schemas=../shared/formats/schemas
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

step() { printf '\n-- %s\n' "$*"; }

# has PROGRAM: whether it is there; the end of the run where it is required and is not.
has() {
    command -v "$1" >/dev/null 2>&1 && return 0
    case ",${MKE_STIG_REQUIRE:-}," in
        *",$1,"*) echo "$1 is required by MKE_STIG_REQUIRE and not installed" >&2; exit 1 ;;
    esac
    echo "SKIP: $1 is not installed"
    return 1
}

# quietly COMMAND...: its output only where it fails.
quietly() { "$@" >"$work/log" 2>&1 || { cat "$work/log" >&2; echo "failed: $*" >&2; exit 1; }; }

# follows SCHEMA FILE...: by JSON Schema, where the schema is there.
follows() {
    if [ ! -f "$schemas/$1" ] || [ -z "$readers" ]; then echo "SKIP: no $1, or nothing to read it"; return 0; fi
    node "$readers/schema.mjs" "$(realpath "$schemas/$1")" "${@:2}"
}

# imports ASSESSMENT FILE...: by STIG Manager's parsers.
imports() {
    if [ -z "$readers" ]; then echo "SKIP: no readers"; return 0; fi
    node "$readers/stigman.mjs" "$@"
}

step "reports"
formats=ckl,cklb,xccdf,json
"$bin" analyze testdata/sample --ssp testdata/ssp.yaml --answers testdata/answers.yaml -o "$work/sample" -f "$formats" \
    --per-node --asset-name mke-sample --host-fqdn mke.example.test --host-mac 02:42:0a:14:00:0b --marking CUI --quiet
"$bin" demo -o "$work/demo" -f "$formats" --per-node >/dev/null
"$bin" report "$work/demo/assessment.json" -o "$work/again" -f "$formats" --per-node --quiet
diff -r "$work/demo" "$work/again"
readers=""
all=("$work/sample" "$work/demo")
if has node && has npm; then
    cp tests/formats/*.mjs tests/formats/package.json "$work/"
    quietly npm install --prefix "$work" --no-audit --no-fund --no-package-lock
    readers=$work
    node "$work/hostile.mjs" "$work/sample/assessment.json" "$work/hostile.json"
    "$bin" report "$work/hostile.json" -o "$work/hostile" -f "$formats" --per-node --quiet
    "$bin" report "$work/hostile.json" -o "$work/safe" -f "$formats" --per-node --safe-text --strict-cklb --quiet
    all+=("$work/hostile" "$work/safe")
fi

step "CKL and XCCDF are XML"
if has xmllint; then
    for dir in "${all[@]}"; do
        quietly xmllint --noout "$dir"/*.ckl "$dir"/*.xml "$dir"/nodes/*.ckl "$dir"/nodes/*.xml
        if [ -f "$schemas/U_Checklist_Schema_V2.xsd" ]; then
            quietly xmllint --noout --schema "$schemas/U_Checklist_Schema_V2.xsd" "$dir"/*.ckl "$dir"/nodes/*.ckl
            echo "$(basename "$dir"): $(grep -c validates "$work/log") checklists follow the schema of STIG Viewer 2"
        fi
    done
fi

step "CKLB follows its schema"
for dir in "${all[@]}"; do
    # The practical schema demands the version that --strict-cklb leaves out.
    [ "$dir" = "$work/safe" ] || follows cklb-1.0.schema.json "$dir"/*.cklb "$dir"/nodes/*.cklb
done

step "STIG Manager imports every rule"
for dir in "${all[@]}"; do
    if [ "$dir" = "$work/safe" ]; then continue; fi
    imports "$dir/assessment.json" "$dir"/*.ckl "$dir"/*.cklb "$dir"/*.xml "$dir"/nodes/*.ckl "$dir"/nodes/*.cklb "$dir"/nodes/*.xml
done

step "OpenSCAP takes XCCDF"
if has oscap; then
    for dir in "${all[@]}"; do
        for file in "$dir"/*.xccdf.xml "$dir"/nodes/*.xml; do
            quietly oscap xccdf validate "$file"
            quietly oscap xccdf generate report --output "$work/report.html" "$file"
            if grep -q 'unknown element' "$work/log"; then cat "$work/log" >&2; exit 1; fi
            [ "$(grep -c 'rule-detail-' "$work/report.html")" -ge 44 ] || { echo "$file: not every rule is in the report" >&2; exit 1; }
        done
        echo "$(basename "$dir"): valid, and the report shows every rule"
    done
fi
