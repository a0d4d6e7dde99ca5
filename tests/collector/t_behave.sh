# How the collector behaves when things go wrong, with a docker that does what the test wants.

. "$HERE/runs.sh"

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
  w=$T/b/$b; fakes "$w" "$b_path"
  # a shell that prefers tools of its own to those on the PATH cannot be given a fake one
  case $b in *-tools | busybox) fakes= ;; *) fakes=1 ;; esac
  go() { # go FAKE OPTIONS... : runs a node collection
    g_fake=$1; shift
    rm -rf "$w/out" "$w"/log.*; mkdir -p "$w/out"; : >"$w/log"
    out=$(PATH=$w/bin:$b_path TMPDIR=$w/tmp FAKE=$g_fake "$@" 2>&1 </dev/null); rc=$?
    arc=$(archive_in "$w/out")
    case $arc in '' | *"
"*) ;; *) unpack "$arc" "$w/un" ;; esac
  }
  # plain
  go '' "$@" "$COLLECT" node -o "$w/out" --timeout 20 --node-name node-1 --socket /dev/null
  equal "$b: collects a node" "$(item "$TOP" docker/containers.json status dropped) $(footer "$TOP")" 'collected 1 footer True'
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
  equal "$b: with its exit code, and no word of its message" "$(item "$TOP" images.json note)" 'exit code 7 (message not kept)'
  case $out in *CANARY*) fail "$b: and none on the terminal" "$out" ;; *'failed nodes/n/docker/images.json: '*) pass "$b: and none on the terminal" ;; *) fail "$b: and none on the terminal" "$out" ;; esac
  equal "$b: a refusal is recorded" "$(item "$TOP" networks.json status exit)" 'forbidden 1'
  equal "$b: gaps give exit code 3" "$rc" 3
  check "$b: and the snapshot is whole" python3 "$HERE/doubles/check.py" "$TOP" CANARY
  go 'cut:inspect' "$@" "$COLLECT" node -o "$w/out" --timeout 20 --node-name n --socket /dev/null
  equal "$b: a cut answer is truncated" "$(item "$TOP" containers.json status)" 'truncated'
  # time
  t0=$(date +%s)
  go 'hang:images' "$@" "$COLLECT" node -o "$w/out" --timeout 10 --node-name n --socket /dev/null
  t1=$(($(date +%s) - t0))
  equal "$b: what hangs is ended and recorded" "$(item "$TOP" images.json status sha256) $(item "$TOP" os-release status)" 'timed_out None collected'
  if [ "$t1" -lt 150 ]; then pass "$b: in time"; else fail "$b: in time" "$t1 seconds"; fi
  sleep 1
  if kill -0 "$(tail -n 1 "$w/log.hung")" 2>/dev/null; then fail "$b: and it is gone"; else pass "$b: and it is gone"; fi
  if [ -n "$fakes" ]; then
    t0=$(date +%s)
    go 'third:awk' "$@" "$COLLECT" node -o "$w/out" --timeout 10 --node-name n --socket /dev/null
    t1=$(($(date +%s) - t0))
    equal "$b: a filter that hangs is ended and recorded" "$(statuses "$TOP" | grep -c timed_out) $(item "$TOP" os-release status) $(strays)" '1 collected '
    if [ "$t1" -lt 150 ]; then pass "$b: a filter: in time"; else fail "$b: a filter: in time" "$t1 seconds"; fi
  fi
  go '' "$@" "$COLLECT" node -o "$w/out" --timeout 20 --node-name n --socket /dev/null --skip images,os-release
  equal "$b: --skip leaves out single members" "$(grep -c '^images' "$w/log") $(item "$TOP" images.json status note) $(item "$TOP" os-release status)" '0 skipped left out by --skip images skipped'
  go 'hostile:ps' "$@" "$COLLECT" node -o "$w/out" --timeout 20 --node-name n --socket /dev/null
  equal "$b: what is no id is not used, and told" "$(item "$TOP" containers.json status) $(grep -c '^inspect.*[^0-9a-z -]' "$w/log")" 'truncated 0'
  # nothing to collect with
  rm -f "$w/bin/docker"
  go '' "$@" "$COLLECT" node -o "$w/out" --node-name n --skip host
  [ -e "$(command -v docker)" ] && [ "$b_path" = "$PATH" ] || equal "$b: nothing collected: exit code 2 and no file" "$rc $(ls "$w/out")" '2 '
  ln -sf "$HERE/doubles/fake-docker" "$w/bin/docker"
  # interrupted
  for sig in TERM INT HUP; do
    FAKE=hang:images; export FAKE
    begin_run "$@" "$COLLECT" node -o "$w/out" --timeout 60 --node-name n --socket /dev/null; hung
    t0=$(date +%s)
    kill -"$sig" "$pid"; wait "$pid"; rc=$?
    t1=$(($(date +%s) - t0))
    unpack "$(archive_in "$w/out")" "$w/un"
    equal "$b: SIG$sig leaves an archive that says so" "$rc $(footer "$TOP") $(item "$TOP" containers.json status)" '3 footer False collected'
    check "$b: SIG$sig: what is there is right" python3 "$HERE/doubles/check.py" "$TOP"
    if [ "$t1" -lt 55 ] && ! kill -0 "$(tail -n 1 "$w/log.hung")" 2>/dev/null && [ "$(left "$w/tmp")" = 0 ]; then pass "$b: SIG$sig: at once, and nothing is left"
    else fail "$b: SIG$sig: at once, and nothing is left" "$t1 seconds, $(left "$w/tmp") folders"; fi
  done
  if [ -n "$fakes" ]; then
    # the filter hangs, not the command
    FAKE=third:awk; export FAKE
    begin_run "$@" "$COLLECT" node -o "$w/out" --timeout 60 --node-name n --socket /dev/null; hung
    t0=$(date +%s); kill -TERM "$pid"; wait "$pid"; rc=$?; t1=$(($(date +%s) - t0))
    unpack "$(archive_in "$w/out")" "$w/un"
    equal "$b: SIGTERM ends a filter that hangs" "$rc $(footer "$TOP") $(strays)" '3 footer False '
    if [ "$t1" -lt 55 ]; then pass "$b: SIGTERM: at once"; else fail "$b: SIGTERM: at once" "$t1 seconds"; fi
  fi
  # killed: nobody is left, and nothing
  for fake in hang:images ${fakes:+third:awk slow:tar}; do
    FAKE=$fake; export FAKE
    begin_run "$@" "$COLLECT" node -o "$w/out" --timeout 60 --node-name n --socket /dev/null; hung
    kill -KILL "$pid"; wait "$pid" 2>/dev/null
    sleep 2
    equal "$b: SIGKILL ($fake) leaves no process, no folder and no file" "$(strays) $(left "$w/tmp") $(ls -A "$w/out")" ' 0 '
  done
  unset FAKE
  # Ctrl-C on a terminal reaches every process of the run at once
  rm -rf "$w/out"; mkdir -p "$w/out"; : >"$w/log"; rm -f "$w/log.hung"
  PATH=$w/bin:$b_path TMPDIR=$w/tmp FAKE=hang:images "$PY" "$HERE/doubles/ctrl_c.py" "$w/log.hung" 1 "$@" "$COLLECT" node -o "$w/out" --timeout 60 --node-name n --socket /dev/null; rc=$?
  unpack "$(archive_in "$w/out")" "$w/un"
  equal "$b: Ctrl-C leaves an archive that says so" "$rc $(footer "$TOP") $(left "$w/tmp")" '3 footer False 0'
  check "$b: Ctrl-C: what is there is right" python3 "$HERE/doubles/check.py" "$TOP"
  equal "$b: Ctrl-C: nobody is left" "$(strays)" ''
  if [ -n "$fakes" ]; then
    rm -rf "$w/out" "$w"/log.*; mkdir -p "$w/out"
    PATH=$w/bin:$b_path TMPDIR=$w/tmp FAKE=slow:tar "$PY" "$HERE/doubles/ctrl_c.py" "$w/log.hung" 1 "$@" "$COLLECT" node -o "$w/out" --timeout 60 --node-name n --socket /dev/null; rc=$?
    unpack "$(archive_in "$w/out")" "$w/un"
    equal "$b: Ctrl-C while packing leaves the whole archive" "$rc $(footer "$TOP") $(left "$w/tmp")" '3 footer True 0'
    check "$b: Ctrl-C while packing: it is right" python3 "$HERE/doubles/check.py" "$TOP"
    rm -rf "$w/out" "$w"/log.*; mkdir -p "$w/out"
    PATH=$w/bin:$b_path TMPDIR=$w/tmp FAKE=slow:tar "$PY" "$HERE/doubles/ctrl_c.py" "$w/log.hung" 2 "$@" "$COLLECT" node -o "$w/out" --timeout 60 --node-name n --socket /dev/null; rc=$?
    equal "$b: Ctrl-C twice while packing leaves nothing" "$rc $(ls -A "$w/out") $(left "$w/tmp") $(strays)" '2  0 '
  fi
  # interrupted before anything was there
  FAKE=hang:version; export FAKE
  begin_run "$@" "$COLLECT" node -o "$w/out" --timeout 60 --node-name n; hung
  kill -TERM "$pid"; wait "$pid"
  equal "$b: interrupted with nothing: exit code 2, no file" "$? $(ls "$w/out") $(left "$w/tmp")" '2  0'
  unset FAKE
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
  # a password is in no argument and no environment, though its variable was exported and printf may be a program
  if have curl; then
    printf '%s\n' 'CANARY-p "q" \n \\ -n' >"$w/pw"; chmod 600 "$w/pw"
    (
      PASSWORD=CANARY-exported TOKEN=CANARY-exported; export PASSWORD TOKEN
      go 'log:curl log:printf' "$@" "$COLLECT" cluster -o "$w/out" --skip docker,kubectl --mke https://127.0.0.1:1 --msr https://127.0.0.1:1 --user u --password-file "$w/pw"
    )
    equal "$b: no credential in an argument or an environment" "$(cat "$w/log.curl" "$w/log.printf" 2>/dev/null | grep -c -e '--url https://127.0.0.1:1/roles') $(cat "$w/log.curl" "$w/log.printf" 2>/dev/null | grep -c CANARY)" '1 0'
    equal "$b: curl is given the password as it is" "$(grep -E '^(data|user) = ' "$w/log.curl.in" | sort -u)" \
'data = "{\"username\":\"u\",\"password\":\"CANARY-p \\\"q\\\" \\\\n \\\\\\\\ -n\"}"
user = "u:CANARY-p \"q\" \\n \\\\ -n"'
  else skipped "$b: credentials (curl is not installed)"; fi
  # an API server that is down
  out=$(PATH=$w/bin:$b_path TMPDIR=$w/tmp FAKE='' "$@" "$COLLECT" cluster -o "$w/out" --skip mke,msr 2>&1 </dev/null)
  equal "$b: an API server that is down is told once" "$(printf '%s\n' "$out" | grep -c 'was refused') $(printf '%s\n' "$out" | grep -c 'skipped 26 more for the same reason') $(printf '%s\n' "$out" | grep -c CANARY)" '4 1 0'
  equal "$b: no variable of the environment switches it off" "$(MKE_COLLECT_SOURCED=1 "$@" "$COLLECT" --version)" 'mke-collect 0.1.0'
  # formats
  for f in gz tar; do
    go '' "$@" "$COLLECT" node -o "$w/out" --timeout 20 --node-name n --socket /dev/null --format $f
    check "$b: format $f" python3 "$HERE/doubles/check.py" "$TOP"
  done
  # parts
  go '' "$@" "$COLLECT" node -o "$w/out" --timeout 20 --node-name n --socket /dev/null --split 1K --format gz
  arcs=$(archive_in "$w/out"); rm -rf "$w/all" "$w/un.1"; mkdir "$w/all"; sums=; n=0
  for a in $arcs; do
    n=$((n + 1)); unpack "$a" "$w/un.1"; cp -r "$w/un.1/." "$w/all"; sums="$sums $(sha256sum <"$TOP/manifest.jsonl")"
    case $a in *.part"$n"of*.tar.gz) ;; *) fail "$b: parts: names" "$arcs" ;; esac
    case $out in *"$a
  archive $(wc -c <"$a" | tr -d ' ') bytes, sha256 $(sha256sum <"$a" | cut -c1-64)"*) ;; *) fail "$b: parts: digests" "$out" ;; esac
    [ "$(find "$TOP" -type f ! -name manifest.jsonl | wc -l)" -eq "$(grep -c "\"part\":$n}" "$TOP/manifest.jsonl")" ] || fail "$b: parts: members of $n"
  done
  TOP=$(echo "$w"/all/mke-snapshot-*)
  equal "$b: parts have one manifest" "$(for s in $sums; do echo "$s"; done | grep -v '^-$' | sort -u | wc -l | tr -d ' ') $(grep -c "\"parts\":$n}" "$TOP/manifest.jsonl") $((n > 1))" '1 1 1'
  check "$b: parts are the whole snapshot" python3 "$HERE/doubles/check.py" "$TOP"
  # audit records of some time prove nothing of the time before
  printf '#!/bin/sh\necho "$*" >"%s"\necho "<no matches>" >&2; exit 1\n' "$w/since" >"$w/bin/ausearch"; chmod +x "$w/bin/ausearch"
  go '' "$@" "$COLLECT" node -o "$w/out" --timeout 20 --node-name n --socket /dev/null --since today
  [ -z "$fakes" ] || equal "$b: --since" "$(cat "$w/since") $(item "$TOP" audit-docker.txt status note)" '--input-logs -k docker -ts today truncated only records since today (--since)'
  go '' "$@" "$COLLECT" node -o "$w/out" --timeout 20 --node-name n --socket /dev/null
  [ -z "$fakes" ] || equal "$b: all audit records" "$(cat "$w/since") $(item "$TOP" audit-docker.txt status)" '--input-logs -k docker collected'
  rm "$w/bin/ausearch"
  # node of a script that comes on standard input, as over ssh
  if [ "$b" = posh ]; then skipped 'posh: --stream (posh has no -s)'; return; fi
  PATH=$w/bin:$b_path TMPDIR=$w/tmp FAKE='' "$@" -s -- node --stream --quiet --timeout 20 --node-name n --socket /dev/null <"$COLLECT" >"$w/stream.tar" 2>"$w/int"
  case $? in 0 | 3) pass "$b: --stream" ;; *) fail "$b: --stream" "$(cat "$w/int")" ;; esac
  unpack "$w/stream.tar" "$w/un"
  check "$b: --stream: the snapshot is whole" python3 "$HERE/doubles/check.py" "$TOP"
  equal "$b: --stream: the manifest is the first member" "$(tar -tf "$w/stream.tar" | head -n 1)" "$(basename "$TOP")/manifest.jsonl"
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
