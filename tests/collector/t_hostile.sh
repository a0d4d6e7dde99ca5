# What others lay in the way: names and folders that are not the collector's own, and commands that say what they
# should not, or nothing where they should.

. "$HERE/runs.sh"

# fake TOOL: the standard input becomes that tool
fake() { rm -f "$w/bin/$1"; { echo '#!/bin/sh'; cat; } >"$w/bin/$1"; chmod 755 "$w/bin/$1"; }
# answers [CASES]: a docker that has one container, and what the lines of a case of its words say besides
answers() {
  fake docker <<EOT
case "\$1 \$2" in
$1
esac
exec "$HERE/doubles/fake-docker" "\$@"
EOT
}
# run_node OPTIONS...: a short collection of a node; out, rc, TOP
run_node() {
  rm -rf "$w/out" "$w/un"; mkdir "$w/out"; TOP=$w/un/none
  out=$(PATH=$w/bin:$PATH TMPDIR=$w/tmp $sh_words "$COLLECT" node -o "$w/out" --node-name n --socket /dev/null \
    --timeout 20 "$@" 2>&1 </dev/null); rc=$?
  arc=$(archive_in "$w/out"); [ ! -f "$arc" ] || unpack "$arc" "$w/un"
}
few='--skip host,networks,images,processes,daemon'

places() {
  # an output folder whose name has two lines, and a file that is called as the first of them
  mkdir "$w/a
b"; echo precious >"$w/a"
  out=$(PATH=$w/bin:$PATH TMPDIR=$w/tmp $sh_words "$COLLECT" node $few -o "$w/a
b" --node-name n 2>&1 </dev/null); rc=$?
  equal "$s: an output folder of two lines is refused, and nothing is removed" "$rc $(cat "$w/a") $(ls -A "$w/a
b")" '2 precious '
  for place in tmp out; do
    chmod 777 "$w/$place"
    out=$(PATH=$w/bin:$PATH TMPDIR=$w/tmp $sh_words "$COLLECT" node $few -o "$w/out" --node-name n 2>&1 </dev/null); rc=$?
    equal "$s: a folder $place that everybody may write is refused" "$rc $(ls -A "$w/tmp" "$w/out" | grep -c mke) $(echo "$out" | grep -c sticky)" '2 0 1'
    chmod 1777 "$w/$place"
    out=$(PATH=$w/bin:$PATH TMPDIR=$w/tmp $sh_words "$COLLECT" node $few -o "$w/out" --node-name n 2>&1 </dev/null); rc=$?
    equal "$s: a sticky one is not" "$rc" 0
    chmod 700 "$w/$place"; rm -f "$w/out"/*
  done
  # no name in the output folder is known before: it is written in a folder of the run's own
  ln -sf "$HERE/doubles/fake-tool" "$w/bin/tar"
  FAKE=slow:tar; export FAKE
  begin_run $sh_words "$COLLECT" node $few -o "$w/out" --node-name n; hung
  equal "$s: what is not finished lies in a private folder of a random name" "$(ls -lA "$w/out" | sed -n 's/^\(d.........\) .* \.mke-snapshot\..*/\1/p')$(ls -A "$w/out" | wc -l | tr -d ' ')" 'drwx------1'
  kill -KILL "$pid"; wait "$pid" 2>/dev/null
  i=0; while [ -n "$(ls -A "$w/out")" ] && [ $i -lt 10 ]; do sleep 1; i=$((i + 1)); done
  equal "$s: and goes with the run" "$(ls -A "$w/out")" ''
  unset FAKE; rm -f "$w/bin/tar"
}
parts() {
  for size in 2G 4G; do
    run_node $few --split $size
    equal "$s: --split $size loses no member" "$rc $(find "$TOP" -name '*.json' | wc -l | tr -d ' ')" '0 3'
  done
  for bad in 9999999 9223372036854775807; do
    run_node $few --timeout $bad
    equal "$s: --timeout $bad is refused" "$rc" 2
  done
  # a signal in each of two renames, and the end of the run in one
  fake mv <<EOT
case "\$*" in *part[23]of*) echo \$PPID >>"$w/mv.n"; sleep 2 ;; esac
exec $(command -v mv) "\$@"
EOT
  answers '"images "*) for i in 1 2 3 4 5 6 7 8 9; do printf "{\"Repository\":\"a%0200d\"}\n" $i; done; exit 0 ;;'
  for sig in TERM KILL; do
    : >"$w/mv.n"
    begin_run $sh_words "$COLLECT" node --skip host,networks,processes,daemon -o "$w/out" --node-name n --split 1K
    for n in 1 2; do
      i=0; while [ "$(wc -l <"$w/mv.n")" -lt $n ] && [ $i -lt 100 ]; do sleep 0.2; i=$((i + 1)); done
      kill -$sig "$pid" 2>/dev/null
    done
    wait "$pid" 2>/dev/null; rc=$?
    i=0; while ls -A "$w/out" | grep '^\.' >/dev/null && [ $i -lt 15 ]; do sleep 1; i=$((i + 1)); done
    [ $sig = KILL ] || equal "$s: signals while parts get their names change nothing" "$rc" 0
    equal "$s: SIG$sig: every part has its name" "$(ls -A "$w/out" | sed 's/.*\.part/part/' | tr '\n' ' ')" \
      "$(ls -A "$w/out" | awk 'END { for (i = 1; i <= NR; i++) printf "part%dof%d.tar.zst ", i, NR }')"
  done
  rm -f "$w/bin/mv"; answers
}

# the statuses of members, in the order in which they were asked for
states() { python3 -c '
import json,sys
for line in open(sys.argv[1]+"/manifest.jsonl"):
    d=json.loads(line); name=d.get("path","").split("/")[-1]
    if name in sys.argv[2:]: print(name, d["status"])' "$TOP" "$@"; }

failures() {
  answers '"network ls") echo "dial: proxy http://u:CANARYerr@p" >&2; echo "CANARYlist hunter2"; echo net1; sleep 1; exit 0 ;;
"ps -aq") echo c1; echo c2; exit 0 ;;
"ps -q") echo c1; exit 0 ;;
"inspect --type") echo "[]"; echo "error: dial unix /x.sock: connect: no such file or directory" >&2; exit 1 ;;
top*) echo "CANARYtop" >&2; exit 0 ;;'
  fake ausearch <<'EOT'
echo 'type=EXECVE msg=audit(1700000000.1:5): argc=4 a0="docker" a1="exec" a2="--privileged" a3="c1"'
echo "Error: bad log; <no matches> in file 2" >&2; exit 1
EOT
  echo '[ $1 = -l ] && echo "-w /x -p x -k docker" && exit; echo "You must be root" >&2; exit 4' | fake auditctl
  echo 'exit 0' | fake sestatus
  echo '[ $1 = group ] && echo docker:x:9:a && exit; echo "sssd down" >&2; exit 2' | fake getent
  : >"$w/seen"
  (while [ -e "$w/seen" ]; do grep -rao 'CANARY[a-z]*' "$w/tmp" 2>/dev/null; done >"$w/found") & watch=$!
  run_node --skip images,daemon
  rm "$w/seen"; wait "$watch"
  equal "$s: of listings and messages no word is on the disk, even for a moment" "$(sort -u "$w/found")" ''
  equal "$s: what failed is told" "$(states networks.json containers.json processes.txt docker-group.txt audit-docker.txt audit-rules.txt selinux.txt)" \
'networks.json truncated
containers.json failed
processes.txt truncated
docker-group.txt failed
audit-docker.txt failed
audit-rules.txt failed
selinux.txt failed'
  answers '"ps -aq") echo c1; echo c2; exit 0 ;;
"ps -q") echo c1; echo "not an id"; exit 0 ;;
"inspect --type") echo "[]"; exit 0 ;;'
  printf '%s\n' 'echo "Error opening audit.log (Permission denied)" >&2; echo "<no matches>" >&2; exit 1' | fake ausearch
  echo 'exit 2' | fake getent
  run_node --skip networks,images,daemon,audit-rules,selinux
  equal "$s: answers without what was asked for are none" "$(states containers.json processes.txt docker-group.txt audit-docker.txt)" \
'containers.json failed
processes.txt truncated
docker-group.txt skipped
audit-docker.txt forbidden'
  answers '"ps -aq") echo c1; echo c2; exit 0 ;;
"inspect --type") echo "[{\"Id\":\"c1\"}]"; echo "Error: No such object: c2" >&2; exit 1 ;;'
  run_node $few
  equal "$s: what went away is no failure" "$(item "$TOP" containers.json status note)" 'collected 1 of 2 went away while being read'
  for tool in ausearch auditctl sestatus getent; do rm "$w/bin/$tool"; done
  answers
}
# an MKE that answers 200 and BODY to everything, with a cookie
mke_says() {
  printf '%s' "$1" >"$w/body"
  fake curl <<EOT
while [ \$# -gt 0 ]; do case \$1 in -D) hdr=\$2; shift ;; esac; shift; done
cat >/dev/null
printf 'HTTP/1.1 200 OK\r\nSet-Cookie: CANARYcookie\r\n\r\n' >"\$hdr"
cat "$w/body"
EOT
  rm -rf "$w/out"; mkdir "$w/out"
  out=$(PATH=$w/bin:$PATH TMPDIR=$w/tmp $sh_words "$COLLECT" cluster --mke https://m --skip docker,kubectl,msr,tls-chain \
    -o "$w/out" 2>&1 </dev/null)
  arc=$(archive_in "$w/out"); unpack "$arc" "$w/un"
}
lists() {
  : >"$w/seen"
  (while [ -e "$w/seen" ]; do grep -rao 'CANARY[a-z]*' "$w/tmp" 2>/dev/null; done >"$w/found") & watch=$!
  for body in '{"message":"backend not ready"}' null '{"accounts":null,"grants":{"a":1}}'; do
    mke_says "$body"
    equal "$s: an answer without its list is a failure: $body" "$(states accounts.json roles.json collections.json grants.json | grep -v skipped | sort | tr '\n' ' ')" \
      'accounts.json failed collections.json failed grants.json failed roles.json failed '
  done
  rm "$w/seen"; wait "$watch"
  equal "$s: of headers no word is on the disk" "$(sort -u "$w/found")" ''
  rm "$w/bin/curl"
}
# the environment of bash switches on that every command is printed
traces() {
  if [ "$s" != dash ] || ! have bash; then return; fi
  printf 'CANARYpass\n' >"$w/pw"; chmod 600 "$w/pw"; echo 'cat >/dev/null; exit 7' | fake curl
  out=$(PATH=$w/bin:$PATH TMPDIR=$w/tmp SHELLOPTS=xtrace bash --posix "$COLLECT" cluster --mke https://m --user u --password-file "$w/pw" \
    --skip docker,kubectl,msr -o "$w/out" 2>&1 </dev/null)
  equal "bash: SHELLOPTS shows no password" "$(printf '%s' "$out" | grep -c CANARYpass)" 0
  rm "$w/bin/curl"
}
for s in $SHELLS; do
  have "$s" || continue
  b_path=$PATH; sh_words=$(shell_of "$s"); w=$T/h/$s; fakes "$w" "$PATH"
  for tool in awk tar curl printf; do rm -f "$w/bin/$tool"; done
  answers
  places; parts; failures; lists; traces
done
