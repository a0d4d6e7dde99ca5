#!/usr/bin/env bash
# fuzz.sh SECONDS [TARGET…]: builds all fuzz targets with the stable compiler and runs each for that long. No cargo-fuzz and no
# nightly: the counters that libFuzzer steers by are a pass of the compiler's own LLVM. Seeds are files of this repository; what
# was found stays in fuzz/corpus and fuzz/artifacts. A long run is worth a slower build: MKE_STIG_FUZZ_OPT=2.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-5}
shift || true
host=$(rustc -vV | sed -n 's/^host: //p')

# With --target, flags reach the program and not build scripts.
RUSTFLAGS="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
-Cllvm-args=-sanitizer-coverage-trace-compares --cfg fuzzing" \
    CARGO_PROFILE_DEV_OPT_LEVEL=${MKE_STIG_FUZZ_OPT:-0} cargo build --quiet --locked --manifest-path fuzz/Cargo.toml --target "$host" --bins
built=fuzz/target/$host/debug

# seed TARGET NUMBER FILE…: small files, behind a byte that chooses where a target wants one.
seed() {
    into=fuzz/corpus/$1 byte=$2
    shift 2
    mkdir -p "$into"
    for file in "$@"; do
        [ -f "$file" ] || continue
        { [ "$byte" = none ] || printf '%b' "\\0$byte"; head -c 16384 "$file"; } >"$into/seed-$(printf %s "$file$byte" | sha256sum | cut -c1-16)"
    done
}
sample=testdata/sample
seed members 000 $sample/cluster/mke/config.toml
seed members 001 $sample/cluster/mke/ca.pem
seed members 002 $sample/cluster/mke/tls-chain.pem
seed members 006 $sample/cluster/kubectl/api-resources.txt
seed members 011 $sample/nodes/wrk-1/docker/containers.json
seed members 012 $sample/nodes/wrk-1/docker/info.json
seed members 013 $sample/nodes/wrk-1/docker/daemon.json
seed members 014 $sample/nodes/wrk-1/docker/processes.txt
seed members 015 $sample/nodes/wrk-1/host/audit-docker.txt
seed members 016 $sample/nodes/wrk-1/host/audit-rules.txt
seed members 017 $sample/nodes/wrk-1/host/docker-group.txt
seed members 020 $sample/nodes/wrk-1/host/docker-socket.txt
seed members 021 $sample/nodes/wrk-1/host/os-release
seed members 022 $sample/nodes/wrk-1/host/selinux.txt
seed members 023 $sample/nodes/wrk-1/host/sysctl.txt
seed people none testdata/answers.yaml
seed rules none testdata/ssp.yaml rules/mke-stig-v2r1/V-2609[34]0.yaml
seed manifest none $sample/manifest.jsonl
seed splitter 000 $sample/nodes/wrk-1/docker/containers.json
seed splitter 001 $sample/cluster/kubectl/pods.json

status=0
if [ $# -eq 0 ]; then
    mapfile -t all < <(sed -n 's/^path = "fuzz_targets\/\(.*\)\.rs"/\1/p' fuzz/Cargo.toml)
    set -- "${all[@]}"
fi
for target in "$@"; do
    mkdir -p "fuzz/corpus/$target" "fuzz/artifacts/$target"
    if "$built/$target" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=1024 -malloc_limit_mb=512 -max_len=65536 -len_control=20 \
        -print_final_stats=1 -artifact_prefix="fuzz/artifacts/$target/" "fuzz/corpus/$target" >"fuzz/artifacts/$target.log" 2>&1; then
        printf '%-10s %s runs, %s edges\n' "$target" "$(sed -n 's/^stat::number_of_executed_units: *//p' "fuzz/artifacts/$target.log")" \
            "$(sed -n 's/.* cov: \([0-9]*\).*/\1/p' "fuzz/artifacts/$target.log" | tail -n 1)"
    else
        status=1
        echo "$target:" >&2
        tail -n 20 "fuzz/artifacts/$target.log" >&2
    fi
done
exit $status
