# Runs with a docker that does what the test wants, and what they leave. Sourced by the suites.

. "$HERE/read.sh"
PY=$(python3 -c 'import sys; print(sys.executable)')
item() { # item TOP PATH-END FIELD...
  python3 -c '
import json,sys
for line in open(sys.argv[1]+"/manifest.jsonl"):
    d=json.loads(line)
    if d.get("path","").endswith(sys.argv[2]): print(" ".join(str(d[k]) for k in sys.argv[3:])); break
else: print("no item")' "$@"
}
footer() { python3 -c 'import json,sys; d=json.loads(open(sys.argv[1]+"/manifest.jsonl").readlines()[-1]); print(d["record"], d["complete"])' "$1"; }
left() { find "$1" -name 'mke-collect.*' | wc -l | tr -d ' '; }
# strays: the programs of a run that live on, two seconds after it (each one has its TMPDIR)
strays() {
  sleep 2
  for p in /proc/[0-9]*; do
    if tr '\000' '\n' <"$p/environ" | grep -qx "TMPDIR=$w/tmp"; then tr '\000' ' ' <"$p/cmdline"; echo; fi
  done 2>/dev/null
}
# hung: waits until something hangs
hung() { i=0; while [ ! -s "$w/log.hung" ] && [ $i -lt 100 ]; do sleep 0.2; i=$((i + 1)); done; }
# begin_run OPTIONS...: starts a run in the background as a terminal does, with its signals as they are; pid is its id
begin_run() {
  rm -rf "$w/out" "$w"/log.*; mkdir -p "$w/out"; : >"$w/log"
  # a shell in the background ignores SIGINT: python3 resets it
  PATH=$w/bin:$b_path TMPDIR=$w/tmp "$PY" -c '
import os,signal,sys
for s in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM): signal.signal(s, signal.SIG_DFL)
os.execvp(sys.argv[1], sys.argv[1:])' "$@" >"$w/int" 2>&1 </dev/null &
  pid=$!
}
# fakes DIR PATH: the doubles, and where they find the real tools
fakes() {
  mkdir -p "$1/tmp" "$1/out" "$1/bin"
  ln -sf "$HERE/doubles/fake-docker" "$1/bin/docker"
  ln -sf "$HERE/doubles/fake-kubectl" "$1/bin/kubectl"
  for tool in awk tar curl printf; do ln -sf "$HERE/doubles/fake-tool" "$1/bin/$tool"; done
  FAKE_LOG=$1/log FAKE_REAL=$2; export FAKE_LOG FAKE_REAL; : >"$1/log"
}
