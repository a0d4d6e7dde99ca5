# Common parts of the tests of the collector. Sourced, never run.
# Every server of a test listens on loopback or on a socket of its own, and is
# ended by the process id that was noted when it was started.

HERE=$(cd "$(dirname "$0")" && pwd)
ROOT=$(cd "$HERE/../.." && pwd)
COLLECT=$ROOT/collector-scripts/mke-collect.sh
PASSED=0; FAILED=0; SKIPPED=0
PIDS=

T=$(mktemp -d "${TMPDIR:-/tmp}/collector-test.XXXXXX") || exit 2
chmod 700 "$T"
finish() {
  [ -n "${EPID:-}" ] && engine_down
  for p in $PIDS; do kill "$p" 2>/dev/null; done
  for p in $PIDS; do wait "$p" 2>/dev/null; done
  [ -n "$KEEP" ] && { echo "# kept: $T"; return; }
  if [ -d "$T/tiny" ]; then umount "$T/tiny" 2>/dev/null; fi
  chmod -R u+rwx "$T" 2>/dev/null
  rm -rf "$T" 2>/dev/null
}
KEEP=${KEEP:-}
trap finish EXIT
trap 'exit 130' INT TERM

pass() { PASSED=$((PASSED + 1)); echo "ok $((PASSED + FAILED)) - $1"; }
fail() { FAILED=$((FAILED + 1)); echo "not ok $((PASSED + FAILED)) - $1"; shift; for l in "$@"; do printf '%s\n' "$l" | sed 's/^/#   /'; done; }
skipped() { SKIPPED=$((SKIPPED + 1)); echo "# skipped: $1"; }
# check NAME COMMAND...: passes if the command does
check() {
  c_name=$1; shift
  if c_out=$("$@" 2>&1); then pass "$c_name"; else fail "$c_name" "$c_out"; fi
}
equal() { if [ "$2" = "$3" ]; then pass "$1"; else fail "$1" "wanted: $3" "got:    $2"; fi; }
have() { command -v "$1" >/dev/null 2>&1; }

# the shells the collector is tried in: one word per line, and how each is called
SHELLS=${SHELLS:-"dash bash busybox"}
shell_of() {
  case $1 in
    dash) echo dash ;;
    bash) echo bash --posix ;;
    busybox) echo busybox sh ;;
    yash) echo yash --posix ;;
    *) echo "$1" ;;
  esac
}

# unpack ARCHIVE DIR: and TOP is its folder
unpack() {
  rm -rf "$2"; mkdir -p "$2"
  case $1 in
    *.zst) zstd -q -d -c "$1" | tar -xf - -C "$2" ;;
    *.gz) gzip -d -c "$1" | tar -xf - -C "$2" ;;
    *) tar -xf "$1" -C "$2" ;;
  esac
  TOP=$(echo "$2"/mke-snapshot-*)
}
archive_in() { for a in "$1"/mke-snapshot-*; do [ -f "$a" ] && echo "$a"; done; }
