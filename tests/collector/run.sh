#!/bin/sh
# Tests of the collector. Each prints one line; the last line counts them.
#
#   sh tests/collector/run.sh [suite...]     suites: static select behave hostile kills cluster all
#   SHELLS="dash bash busybox"               the shells to try (ksh93 mksh yash posh too)
#   KEEP=1                                   keep the working folder
#   SNAPSHOT_OUT=FILE                        keep the snapshot of `all` (mgr-1 and wrk-1 of the recorded cluster)
#
# Needs: shellcheck, dash, bash, busybox, awk, python3, curl, openssl, zstd; for
# `cluster` also dockerd, docker and kubectl, for `all` sshd and ssh. What is
# missing is told as skipped. All servers listen on loopback or on sockets of
# the test's own folder.

# shellcheck source=tests/collector/lib.sh
. "$(dirname "$0")/lib.sh"
[ $# -gt 0 ] || set -- static select behave hostile kills cluster all
for suite in "$@"; do
  echo "# $suite"
  # shellcheck disable=SC1090
  . "$HERE/t_$suite.sh"
done
[ "$SKIPPED" -eq 0 ] || echo "# $SKIPPED skipped"
echo "$PASSED passed, $FAILED failed"
[ "$FAILED" -eq 0 ]
