# How the collector behaves when things go wrong, with a docker that does what the test wants.

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

# A folder with nothing but busybox's tools and the fakes; for toybox with what it lacks from busybox.
tools_busybox() {
  mkdir -p "$1"
  for a in $(busybox --list); do ln -sf "$(command -v busybox)" "$1/$a"; done
  rm -f "$1/ssl_client" "$1/wget"
}
tools_toybox() {
  mkdir -p "$1"
  for a in sh awk tar gzip stty tr; do ln -sf "$(command -v busybox)" "$1/$a"; done
  for a in $(toybox); do case $a in sh | awk | tar | gzip | stty | tr | docker) ;; *) ln -sf "$(command -v toybox)" "$1/$a" ;; esac; done
}

behave() { # behave NAME PATH SHELL-WORDS...
  b=$1; b_path=$2; shift 2
  w=$T/b/$b; mkdir -p "$w/tmp" "$w/out" "$w/bin"
  ln -sf "$HERE/doubles/fake-docker" "$w/bin/docker"
  FAKE_LOG=$w/log; export FAKE_LOG; : >"$w/log"
  go() { # go FAKE OPTIONS... : runs a node collection
    g_fake=$1; shift
    rm -rf "$w/out"; mkdir -p "$w/out"; : >"$w/log"; rm -f "$w/log.hung"
    out=$(PATH=$w/bin:$b_path TMPDIR=$w/tmp FAKE=$g_fake "$@" 2>&1 </dev/null); rc=$?
    arc=$(archive_in "$w/out")
    [ -n "$arc" ] && unpack "$arc" "$w/un"
  }
  # plain
  go '' "$@" "$COLLECT" node -o "$w/out" --timeout 20 --node-name node-1 --socket /dev/null
  equal "$b: collects a node" "$(item "$TOP" docker/containers.json status redacted) $(footer "$TOP")" 'collected 1 footer True'
  case $rc in 0 | 3) pass "$b: exit code 0 or 3" ;; *) fail "$b: exit code 0 or 3" "$rc" "$out" ;; esac
  check "$b: the snapshot is whole and has no canary" python3 "$HERE/doubles/check.py" "$TOP"
  equal "$b: only the container's id was used" "$(grep -E '^(inspect|top)' "$w/log" | sort -u)" 'inspect --type container 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
top 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef -eo pid,ppid,user,args'
  equal "$b: no working folder is left" "$(left "$w/tmp")" 0
  equal "$b: nobody else may read the archive" "$(ls -l "$arc" | cut -c1-10)" '-rw-------'
  case $out in *"sha256 $(sha256sum <"$arc" | cut -c1-64)"*) pass "$b: the summary has the archive's digest" ;; *) fail "$b: the summary has the archive's digest" "$out" ;; esac
  # hostile names
  go '' "$@" "$COLLECT" node -o "$w/out" --timeout 20 --node-name '../../x $(touch /tmp/owned)
"q" -z' --name '../..;$(id)' --socket /dev/null
  equal "$b: a hostile node name stays inside" "$(cd "$TOP/nodes" && ls)" '_.____x___touch__tmp_owned___q__-z'
  check "$b: and the manifest is right" python3 "$HERE/doubles/check.py" "$TOP"
  equal "$b: nothing of it was run" "$(ls /tmp/owned 2>/dev/null)" ''
  # failures are recorded, the run goes on
  go 'fail:images deny:network cut:ps' "$@" "$COLLECT" node -o "$w/out" --timeout 20 --node-name n --socket /dev/null
  equal "$b: a failure is recorded" "$(item "$TOP" images.json status exit sha256)" 'failed 7 None'
  equal "$b: with its first line, no secret in it" "$(item "$TOP" images.json note)" ' [31mbad "quoted" $(touch /tmp/owned) `id` \ password=(redacted) https://u:(redacted)@h/  '
  equal "$b: a refusal is recorded" "$(item "$TOP" networks.json status exit)" 'forbidden 1'
  equal "$b: gaps give exit code 3" "$rc" 3
  check "$b: and the snapshot is whole" python3 "$HERE/doubles/check.py" "$TOP" CANARY
  go 'cut:inspect' "$@" "$COLLECT" node -o "$w/out" --timeout 20 --node-name n --socket /dev/null
  equal "$b: a cut answer is truncated" "$(item "$TOP" containers.json status)" 'truncated'
  # time
  t0=$(date +%s)
  go 'hang:images' "$@" "$COLLECT" node -o "$w/out" --timeout 2 --node-name n --socket /dev/null
  t1=$(($(date +%s) - t0))
  equal "$b: what hangs is ended and recorded" "$(item "$TOP" images.json status sha256) $(item "$TOP" os-release status)" 'timed_out None collected'
  if [ "$t1" -lt 15 ]; then pass "$b: in time"; else fail "$b: in time" "$t1 seconds"; fi
  sleep 1
  if kill -0 "$(tail -n 1 "$w/log.hung")" 2>/dev/null; then fail "$b: and it is gone"; else pass "$b: and it is gone"; fi
  go 'hostile:ps' "$@" "$COLLECT" node -o "$w/out" --timeout 20 --node-name n --socket /dev/null
  equal "$b: what is no id is not used, and told" "$(item "$TOP" containers.json status) $(grep -c '^inspect.*[^0-9a-z -]' "$w/log")" 'truncated 0'
  # nothing to collect with
  rm -f "$w/bin/docker"
  go '' "$@" "$COLLECT" node -o "$w/out" --node-name n --skip host
  [ -e "$(command -v docker)" ] && [ "$b_path" = "$PATH" ] || equal "$b: nothing collected: exit code 2 and no file" "$rc $(ls "$w/out")" '2 '
  ln -sf "$HERE/doubles/fake-docker" "$w/bin/docker"
  # interrupted
  for sig in TERM INT HUP; do
    rm -rf "$w/out"; mkdir -p "$w/out"; : >"$w/log"; rm -f "$w/log.hung"
    # a shell in the background ignores SIGINT: python3 resets it
    PATH=$w/bin:$b_path TMPDIR=$w/tmp FAKE=hang:images "$PY" -c '
import os,signal,sys
for s in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM): signal.signal(s, signal.SIG_DFL)
os.execvp(sys.argv[1], sys.argv[1:])' "$@" "$COLLECT" node -o "$w/out" --timeout 60 --node-name n --socket /dev/null >"$w/int" 2>&1 </dev/null &
    pid=$!
    i=0; while [ ! -s "$w/log.hung" ] && [ $i -lt 100 ]; do sleep 0.2; i=$((i + 1)); done
    t0=$(date +%s)
    kill -"$sig" "$pid"; wait "$pid"; rc=$?
    t1=$(($(date +%s) - t0))
    unpack "$(archive_in "$w/out")" "$w/un"
    equal "$b: SIG$sig leaves an archive that says so" "$rc $(footer "$TOP") $(item "$TOP" containers.json status)" '3 footer False collected'
    check "$b: SIG$sig: what is there is right" python3 "$HERE/doubles/check.py" "$TOP"
    if [ "$t1" -lt 10 ] && ! kill -0 "$(tail -n 1 "$w/log.hung")" 2>/dev/null && [ "$(left "$w/tmp")" = 0 ]; then pass "$b: SIG$sig: at once, and nothing is left"
    else fail "$b: SIG$sig: at once, and nothing is left" "$t1 seconds, $(left "$w/tmp") folders"; fi
  done
  # Ctrl-C on a terminal reaches every process of the run at once
  rm -rf "$w/out"; mkdir -p "$w/out"; : >"$w/log"; rm -f "$w/log.hung"
  PATH=$w/bin:$b_path TMPDIR=$w/tmp FAKE=hang:images "$PY" "$HERE/doubles/ctrl_c.py" "$w/log.hung" "$@" "$COLLECT" node -o "$w/out" --timeout 60 --node-name n --socket /dev/null; rc=$?
  unpack "$(archive_in "$w/out")" "$w/un"
  equal "$b: Ctrl-C leaves an archive that says so" "$rc $(footer "$TOP") $(left "$w/tmp")" '3 footer False 0'
  check "$b: Ctrl-C: what is there is right" python3 "$HERE/doubles/check.py" "$TOP"
  # interrupted before anything was there
  rm -rf "$w/out"; mkdir -p "$w/out"; rm -f "$w/log.hung"
  PATH=$w/bin:$b_path TMPDIR=$w/tmp FAKE=hang:version "$@" "$COLLECT" node -o "$w/out" --timeout 60 --node-name n >"$w/int" 2>&1 </dev/null &
  pid=$!
  i=0; while [ ! -s "$w/log.hung" ] && [ $i -lt 100 ]; do sleep 0.2; i=$((i + 1)); done
  kill -TERM "$pid"; wait "$pid"
  equal "$b: interrupted with nothing: exit code 2, no file" "$? $(ls "$w/out") $(left "$w/tmp")" '2  0'
  # full disk: a limit on file sizes, then a small file system
  rm -rf "$w/out"; mkdir -p "$w/out"
  out=$(PATH=$w/bin:$b_path TMPDIR=$w/tmp FAKE=huge:images; export PATH TMPDIR FAKE; ulimit -f 1000; "$@" "$COLLECT" node -o "$w/out" --format tar --timeout 30 --node-name n --socket /dev/null 2>&1 </dev/null); rc=$?
  full "$b: file size limit"
  if [ "$(id -u)" = 0 ] && mkdir -p "$T/tiny" && mount -t tmpfs -o size=1m tmpfs "$T/tiny" 2>/dev/null; then
    mkdir "$T/tiny/tmp"
    rm -rf "$w/out"; mkdir -p "$w/out"
    out=$(PATH=$w/bin:$b_path FAKE=huge:images "$@" "$COLLECT" node -o "$w/out" --tmp "$T/tiny/tmp" --timeout 30 --node-name n --socket /dev/null 2>&1 </dev/null); rc=$?
    full "$b: full working folder"
    equal "$b: full working folder: nothing is left" "$(find "$T/tiny/tmp" | wc -l | tr -d ' ')" 1
    rm -rf "$w/out"; mkdir -p "$w/out" "$T/tiny/out"
    out=$(PATH=$w/bin:$b_path TMPDIR=$w/tmp FAKE=huge:images "$@" "$COLLECT" node -o "$T/tiny/out" --format tar --timeout 30 --node-name n --socket /dev/null 2>&1 </dev/null); rc=$?
    equal "$b: full output folder: exit code 2, no file" "$rc $(ls -A "$T/tiny/out")" '2 '
    case $out in *'no archive written'*) pass "$b: full output folder: says so" ;; *) fail "$b: full output folder: says so" "$out" ;; esac
    # full to the last byte before it begins
    dd if=/dev/zero of="$T/tiny/fill" bs=1024 >/dev/null 2>&1
    out=$(PATH=$w/bin:$b_path FAKE='' "$@" "$COLLECT" node -o "$w/out" --tmp "$T/tiny/tmp" --timeout 30 --node-name n --socket /dev/null 2>&1 </dev/null); rc=$?
    equal "$b: no room at all: exit code 2, no file" "$rc $(ls -A "$w/out")" '2 '
    umount "$T/tiny"
  else skipped "$b: full disk (needs root for a small file system)"; fi
  # credentials
  printf 'CANARY-file-password\n' >"$w/pw"; chmod 644 "$w/pw"
  out=$(PATH=$w/bin:$b_path TMPDIR=$w/tmp "$@" "$COLLECT" cluster -o "$w/out" --mke https://127.0.0.1:1 --user u --password-file "$w/pw" 2>&1 </dev/null); rc=$?
  equal "$b: a password file that others may read is refused" "$rc $(echo "$out" | grep -c 0600) $(echo "$out" | grep -c CANARY)" '2 1 0'
  # node of a script that comes on standard input, as over ssh
  PATH=$w/bin:$b_path TMPDIR=$w/tmp FAKE='' "$@" -s -- node --stream --quiet --timeout 20 --node-name n --socket /dev/null <"$COLLECT" >"$w/stream.tar" 2>"$w/int"
  case $? in 0 | 3) pass "$b: --stream" ;; *) fail "$b: --stream" "$(cat "$w/int")" ;; esac
  unpack "$w/stream.tar" "$w/un"
  check "$b: --stream: the snapshot is whole" python3 "$HERE/doubles/check.py" "$TOP"
  equal "$b: --stream: the manifest is the first member" "$(tar -tf "$w/stream.tar" | head -n 1)" "$(basename "$TOP")/manifest.jsonl"
  # formats
  for f in gz tar; do
    go '' "$@" "$COLLECT" node -o "$w/out" --timeout 20 --node-name n --socket /dev/null --format $f
    check "$b: format $f" python3 "$HERE/doubles/check.py" "$TOP"
  done
}
# what a full disk must look like: an error, and no file or one that says that it is not the whole
full() {
  f_arc=$(archive_in "$w/out")
  case $out in *'is the disk full?'*) ;; *) fail "$1: says so" "$rc" "$out"; return ;; esac
  if [ -z "$f_arc" ]; then equal "$1: error and no file" "$rc $(ls -A "$w/out")" '2 '
  else unpack "$f_arc" "$w/un"; equal "$1: a file that says that it is not the whole" "$rc $(footer "$TOP")" '3 footer False'; check "$1: and is right" python3 "$HERE/doubles/check.py" "$TOP"; fi
}

for s in $SHELLS; do
  have "$s" || continue
  # shellcheck disable=SC2046
  behave "$s" "$PATH" $(shell_of "$s")
done
if have busybox; then
  tools_busybox "$T/busybox"
  behave busybox-tools "$T/busybox" "$T/busybox/sh"
  if have toybox; then tools_toybox "$T/toybox"; behave toybox-tools "$T/toybox" "$(command -v dash || command -v sh)"; else skipped 'toybox is not installed'; fi
fi
