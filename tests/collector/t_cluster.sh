# Against a real Docker Engine, a real kubectl with an API server that answers
# out of recordings, and doubles of MKE and MSR.

. "$HERE/engine.sh"
. "$HERE/servers.sh"
. "$HERE/read.sh"

cluster_suite() {
  for tool in dockerd docker kubectl curl openssl python3 busybox; do
    have "$tool" || { skipped "cluster: $tool is not installed"; return; }
  done
  [ "$(id -u)" = 0 ] || { skipped 'cluster: dockerd needs root'; return; }
  S=$T/servers
  doubles_up "$S" || { fail 'the doubles start' "$(cat "$S"/*.err)"; return; }
  if [ -z "${DSOCK:-}" ]; then engine_up "$T/engine" || { fail 'the Docker Engine starts' "$(tail -5 "$T/engine/log")"; return; }; fi
  engine_state >"$T/state.before"
  for s in $SHELLS; do
    have "$s" || continue
    # shellcheck disable=SC2046
    cluster_one "$s" $(shell_of "$s")
  done
  engine_state >"$T/state.after"
  equal 'nothing in the engine changed' "$(diff "$T/state.before" "$T/state.after")" ''
  equal 'the API server was only read' "$(grep -v '^GET ' "$S/kube.log")" ''
  equal 'MKE and MSR were only read, but for login and support dump' "$(grep -vE '^m[ks][er] GET ' "$S/mke.log" | sort -u)" 'mke POST /api/support
mke POST /auth/login'
  equal 'env.sh was not run' "$(ls "$S/env-was-run" /tmp/owned 2>/dev/null)" ''
}

cluster_one() {
  c=$1; shift
  w=$T/c/$c; mkdir -p "$w/out" "$w/tmp"
  B=$S/certs/bundle
  # with the client bundle; somebody watches the processes, their environment and the working folder
  : >"$w/watch"
  (
    while [ ! -e "$w/stop" ]; do
      for p in /proc/[0-9]*; do
        tr '\000' '\n' <"$p/cmdline"; [ "$(cat "$p/comm")" = curl ] && tr '\000' '\n' <"$p/environ"
      done 2>/dev/null | grep 'CANARY-\(pass\|session\|file-token\)' >>"$w/watch"
      grep -r 'CANARY-\(pass\|session\|file-token\)' "$w/tmp" >>"$w/watch" 2>/dev/null
      sleep 0.2
    done
  ) &
  watcher=$!
  out=$(TMPDIR=$w/tmp "$@" "$COLLECT" cluster --bundle "$B" --docker-host "unix://$DSOCK" --msr auto -o "$w/out" --timeout 15 --support-dump 2>&1 </dev/null); rc=$?
  arc=$(archive_in "$w/out"); unpack "$arc" "$w/un"
  check "$c: cluster: the snapshot is whole and has no canary" python3 "$HERE/doubles/check.py" "$TOP"
  equal "$c: cluster: gaps give exit code 3" "$rc" 3
  equal "$c: cluster: what was refused, what hung, what is not there" "$(statuses "$TOP" | grep -v ' collected ' | sort)" \
'cluster/kubectl/limitranges.json timed_out None 
cluster/kubectl/priorityclasses.json skipped None the server has no such resource type
cluster/kubectl/resourcequotas.json forbidden 403 (Forbidden)
cluster/mke/ldap.json forbidden 403 HTTP 403: NOT_AUTHORIZED
cluster/msr/imagescan-status.json timed_out None '
  check "$c: cluster: every page of every list" python3 -c '
import json,sys
t=sys.argv[1]+"/cluster/"
j=lambda p: json.load(open(t+p))
a=j("mke/accounts.json"); assert len(a["accounts"])==35 and len({x["id"] for x in a["accounts"]})==35 and a["nextPageStart"]=="", a
assert len(j("mke/collections.json"))==23
g=j("mke/grants.json"); assert len(g["grants"])==20 and len(g["subjects"])==20
assert len({x["id"] for x in j("mke/teams.json")["teams"]})==15
assert len(j("msr/repositories.json")["repositories"])==25
assert [x["team"] for x in j("msr/team-access.json")["teams"]]==["dev ops","qa"]
m=j("msr/members.json")["memberships"]
assert [(x["organization"],x.get("team"),len(x["members"])) for x in m]==[("org04",None,12),("org04","dev ops",1),("org04","qa",1)], m
assert m[0]["members"][0]=={"member":{"name":"user00","fullName":"(present)"},"isAdmin":True}, m' "$TOP"
  equal "$c: cluster: the TLS chains are whole" "$(grep -c 'BEGIN CERT' "$TOP/cluster/mke/tls-chain.pem") $(grep -c 'BEGIN CERT' "$TOP/cluster/msr/tls-chain.pem") $(openssl x509 -in "$TOP/cluster/mke/ca.pem" -noout -subject | tr -d ' ')" '2 2 subject=CN=TestRootCA'
  equal "$c: cluster: the settings keep what rules read" "$(grep -cE 'lifetime_minutes = 10|level = "request"|pre_logon_message = .*password = what you typed' "$TOP/cluster/mke/config.toml")" 3
  check "$c: cluster: the support dump is untouched" python3 -c '
import sys,zipfile
assert zipfile.ZipFile(sys.argv[1]+"/cluster/support/support-dump.zip").read("ucp-nodes.txt")==b"[]"' "$TOP"
  check "$c: cluster: the objects of the engine" engine_facts "$TOP/cluster/docker"
  check "$c: cluster: kubectl's lists are what was recorded but for secrets" kube_facts "$TOP/cluster/kubectl" "$ROOT/testdata/kube-replay"
  equal "$c: cluster: each command is one of the dry run" "$(whats "$TOP" | sed -e "s#127\.0\.0\.1:$MKE_PORT#<mke>#g" -e "s#127\.0\.0\.1:$MSR_PORT#<msr>#g" -e 's#connect <mke> #connect <mke>:443 #; s#connect <msr> #connect <msr>:443 #' | while IFS= read -r l; do "$@" "$COLLECT" cluster --msr auto --support-dump --dry-run | sed -e 's/  ->  .*//' -e 's/&start=<next page>//; s/&pageStart=<next page>//' | grep -Fx -- "$l" >/dev/null || echo "$l"; done)" ''
  # with a password, and with a token, and no certificate of a bundle
  printf 'CANARY-pass "word" \\ of it\n' >"$w/pw"; chmod 600 "$w/pw"
  printf 'CANARY-file-token-0123456789abcdef\n' >"$w/token"; chmod 400 "$w/token"
  for how in password token; do
    rm -rf "$w/out"; mkdir -p "$w/out"
    case $how in password) set -- "$@" "$COLLECT" cluster --user assessor --password-file "$w/pw" ;; token) set -- "$@" "$COLLECT" cluster --token-file "$w/token" ;; esac
    out=$(TMPDIR=$w/tmp "$@" --skip docker,kubectl --mke "https://127.0.0.1:$MKE_PORT" --msr "https://127.0.0.1:$MSR_PORT" --ca "$B/ca.pem" -o "$w/out" --timeout 15 2>&1 </dev/null)
    unpack "$(archive_in "$w/out")" "$w/un"
    check "$c: with a $how: the snapshot is whole" python3 "$HERE/doubles/check.py" "$TOP"
    equal "$c: with a $how: MKE and MSR answer" "$(statuses "$TOP" | grep -E '^cluster/m(ke/(config.toml|accounts.json)|sr/(settings|accounts).json)' | cut -d' ' -f2,3 | sort -u)" 'collected 200'
    while [ "$1" != "$COLLECT" ]; do set -- "$@" "$1"; shift; done
    # what stands before the script is the shell again
    # shellcheck disable=SC2046
    set -- $(shell_of "$c")
  done
  rm -rf "$w/out"; mkdir -p "$w/out"
  printf 'CANARY-pass wrong\n' >"$w/pw"
  out=$(TMPDIR=$w/tmp "$@" "$COLLECT" cluster --user assessor --password-file "$w/pw" --skip docker,kubectl,msr --mke "https://127.0.0.1:$MKE_PORT" --ca "$B/ca.pem" -o "$w/out" --timeout 15 2>&1 </dev/null)
  unpack "$(archive_in "$w/out")" "$w/un"
  equal "$c: with a wrong password: refusals are recorded" "$(statuses "$TOP" | grep -c 'forbidden 401') $(printf '%s' "$out" | grep -c CANARY)" '9 0'
  # a password typed at a prompt
  printf 'CANARY-pass "word" \\ of it\n' >"$w/typed"
  rm -rf "$w/out"; mkdir -p "$w/out"
  "$PY" "$HERE/doubles/prompt.py" "$w/typed" "$w/tty" "$@" "$COLLECT" cluster --user assessor --skip docker,kubectl,msr --mke "https://127.0.0.1:$MKE_PORT" --ca "$B/ca.pem" -o "$w/out" --timeout 15 --tmp "$w/tmp"
  unpack "$(archive_in "$w/out")" "$w/un"
  equal "$c: a typed password works and is not shown" "$(statuses "$TOP" | grep config.toml | cut -d' ' -f2) $(grep -c CANARY "$w/tty")" 'collected 0'
  # TLS: a CA that did not sign, then no verification
  rm -rf "$w/out"; mkdir -p "$w/out"
  out=$(TMPDIR=$w/tmp "$@" "$COLLECT" cluster --bundle "$S/certs/other" --skip docker,kubectl,msr -o "$w/out" --timeout 15 2>&1 </dev/null); rc=$?
  arc=$(archive_in "$w/out"); [ -z "$arc" ] || unpack "$arc" "$w/un"
  equal "$c: a server that the CA did not sign gives nothing but its chain" "$rc $(statuses "$TOP" | grep -c ' failed .*\(ertificate\|SSL\)') $(statuses "$TOP" | grep -c ' collected ')" '3 11 1'
  rm -rf "$w/out"; mkdir -p "$w/out"
  out=$(TMPDIR=$w/tmp "$@" "$COLLECT" cluster --bundle "$S/certs/other" --insecure --skip docker,kubectl,msr -o "$w/out" --timeout 15 2>&1 </dev/null)
  unpack "$(archive_in "$w/out")" "$w/un"
  equal "$c: --insecure reads and says so" "$(statuses "$TOP" | grep config.toml | cut -d' ' -f2) $(head -n 1 "$TOP/manifest.jsonl" | grep -c '"tls_verified":false')" 'collected 1'
  : >"$w/stop"; wait "$watcher"
  equal "$c: no credential in an argument, an environment or a file" "$(sort -u "$w/watch")" ''
  equal "$c: no working folder is left" "$(find "$w/tmp" -mindepth 1 | wc -l | tr -d ' ')" 0
  # as on a node
  rm -rf "$w/out"; mkdir -p "$w/out"
  out=$(TMPDIR=$w/tmp "$@" "$COLLECT" node --socket "$DSOCK" -o "$w/out" --timeout 30 --node-name mgr-1 2>&1 </dev/null)
  unpack "$(archive_in "$w/out")" "$w/un"
  check "$c: node: the snapshot is whole and has no canary" python3 "$HERE/doubles/check.py" "$TOP"
  check "$c: node: the objects of the engine" engine_facts "$TOP/nodes/mgr-1/docker"
  equal "$c: node: cluster id, socket, sshd" "$(head -n 1 "$TOP/manifest.jsonl" | grep -c "\"cluster_id\":\"$CLUSTER\"") $(sed -n -e '1s# /.*##p' "$TOP/nodes/mgr-1/host/docker-socket.txt") $(grep -c sshd "$TOP/nodes/mgr-1/docker/processes.txt")" "1 $(stat -c '%U:%G %a' "$DSOCK") 1"
}
cluster_suite
