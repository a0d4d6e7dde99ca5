# `all`: the cluster, then every node through a real sshd on loopback. One node
# is whole, one has no docker, one is down, one hangs, two send what they should not.

. "$HERE/engine.sh"
. "$HERE/servers.sh"
. "$HERE/read.sh"

sshd_up() { # sshd_up NAME FORCED-COMMAND: listens on SPORT
  SPORT=$("$PY" -c 'import socket; s=socket.socket(); s.bind(("127.0.0.1",0)); print(s.getsockname()[1])')
  cat >"$H/sshd.$1" <<EOT
Port $SPORT
ListenAddress 127.0.0.1
HostKey $H/hostkey
PidFile $H/sshd.$1.pid
AuthorizedKeysFile $H/authorized
StrictModes no
UsePAM no
PasswordAuthentication no
PermitRootLogin yes
SetEnv PATH=$PATH
ForceCommand $2
EOT
  "$(command -v sshd)" -D -e -f "$H/sshd.$1" 2>"$H/sshd.$1.log" &
  PIDS="$PIDS $!"
  printf 'Host %s\n  HostName 127.0.0.1\n  Port %s\n' "$1" "$SPORT" >>"$H/ssh.conf"
}

all_suite() {
  for tool in sshd ssh ssh-keygen unshare python3 dockerd docker kubectl curl openssl; do
    have "$tool" || { skipped "all: $tool is not installed"; return; }
  done
  [ "$(id -u)" = 0 ] || { skipped 'all: needs root for sshd and dockerd'; return; }
  S=${S:-$T/servers}
  [ -n "${MKE_PORT:-}" ] || doubles_up "$S" || { fail 'the doubles start' "$(cat "$S"/*.err)"; return; }
  if [ -z "${DSOCK:-}" ]; then engine_up "$T/engine" || { fail 'the Docker Engine starts' "$(tail -5 "$T/engine/log")"; return; }; fi
  H=$T/ssh; mkdir -p "$H" /run/sshd
  ssh-keygen -q -t ed25519 -N '' -f "$H/hostkey"
  ssh-keygen -q -t ed25519 -N '' -f "$H/key"
  cp "$H/key.pub" "$H/authorized"
  printf '127.0.0.1 %s\n' "$(cut -d' ' -f1,2 "$H/hostkey.pub")" >"$H/known.plain"
  printf 'Host *\n  User root\n  IdentityFile %s\n  IdentitiesOnly yes\n  StrictHostKeyChecking no\n  UserKnownHostsFile %s\n  LogLevel ERROR\n' "$H/key" "$H/known" >"$H/ssh.conf.tail"
  : >"$H/ssh.conf"
  mkdir -p "$H/nodocker" "$H/tmp"
  for a in sh awk tar gzip sed grep sort tr cut head tail wc od mktemp mkdir mv cp rm rmdir find cat ls date uname id sleep stty sha256sum getent; do
    p=$(command -v "$a") && ln -sf "$p" "$H/nodocker/$a"
  done
  # each in a host name of its own
  cat >"$H/as" <<'EOT'
#!/bin/sh
name=$1; path=$2; shift 2
[ -z "$path" ] || PATH=$path
export PATH
exec unshare -u sh -c 'name=$1; /bin/hostname "$name" 2>/dev/null || echo "$name" >/proc/sys/kernel/hostname; exec sh -c "$SSH_ORIGINAL_COMMAND"' sh "$name"
EOT
  chmod +x "$H/as"
  sshd_up mgr-1 "TMPDIR=$H/tmp $H/as mgr-1 ''"
  sshd_up wrk-1 "TMPDIR=$H/tmp $H/as wrk-1 '$PATH'"
  sshd_up wrk-2 "TMPDIR=$H/tmp PATH=$PATH unshare -u sh -c 'echo wrk-2 >/proc/sys/kernel/hostname; PATH=$H/nodocker; export PATH; exec sh -c \"\$SSH_ORIGINAL_COMMAND\"'"
  sshd_up wrk-slow 'sleep 300'
  # an archive with a way out, one with a link, one that lies about its digest, noise
  "$PY" - "$H" <<'EOT'
import hashlib, io, json, sys, tarfile
h = sys.argv[1]
def make(name, members, link=None):
    with tarfile.open(f"{h}/{name}", "w") as t:
        for path, data in members:
            i = tarfile.TarInfo(path); i.size = len(data); t.addfile(i, io.BytesIO(data))
        if link:
            i = tarfile.TarInfo(link[0]); i.type = tarfile.SYMTYPE; i.linkname = link[1]; t.addfile(i)
def manifest(items):
    rows = [{"record": "header", "format": 1}] + items + [{"record": "footer", "finished": "2026-01-01T00:00:00Z", "items": len(items), "bytes": 0, "complete": True, "note": ""}]
    return "".join(json.dumps(r, separators=(",", ":")) + "\n" for r in rows).encode()
def item(path, data, sha=None):
    return {"record": "item", "path": path, "what": "x", "started": "2026-01-01T00:00:00Z", "ms": 1, "exit": 0, "http": None, "bytes": len(data), "sha256": sha or hashlib.sha256(data).hexdigest(), "status": "collected", "note": "", "redacted": 0, "dropped": 0}
top = "mke-snapshot-x"
make("evil-path.tar", [(top + "/manifest.jsonl", manifest([])), (top + "/nodes/evil/../../../../../../../../tmp/owned", b"x")])
make("evil-link.tar", [(top + "/manifest.jsonl", manifest([]))], (top + "/nodes/evil/docker/info.json", "/etc/shadow"))
lie = b'{"Name":"lie"}\n'
make("lie.tar", [(top + "/manifest.jsonl", manifest([item("nodes/lie/docker/info.json", lie, "0" * 64), item("nodes/lie/docker/version.json", lie), item("nodes/mgr-1/docker/info.json", lie)])),
                 (top + "/nodes/lie/docker/info.json", lie), (top + "/nodes/lie/docker/version.json", lie)])
make("twin.tar", [(top + "/manifest.jsonl", manifest([item("nodes/mgr-1/docker/info.json", lie)])), (top + "/nodes/mgr-1/docker/info.json", lie)])
EOT
  for n in evil-path evil-link lie twin; do sshd_up "$n" "cat $H/$n.tar"; done
  sshd_up noise 'echo welcome to this host'
  cat "$H/ssh.conf.tail" >>"$H/ssh.conf"
  printf '# nodes\nmgr-1\nroot@wrk-1\n\nwrk-2 # no docker\nwrk-down:1\nwrk-slow\nevil-path\nevil-link\nlie\ntwin\nnoise\n' >"$H/hosts"
  printf 'Host wrk-down\n  HostName 127.0.0.1\n' | cat - "$H/ssh.conf" >"$H/c" && mv "$H/c" "$H/ssh.conf"
  sleep 1
  engine_state >"$T/state.before"
  first=1
  for s in $SHELLS; do
    have "$s" || continue
    # shellcheck disable=SC2046
    all_one "$s" $(shell_of "$s")
    first=
  done
  # the snapshot that the analyzer is tried on: the hosts that behave, everything of the cluster
  if [ -n "${SNAPSHOT_OUT:-}" ]; then
    mkdir -p "$T/snapshot"
    printf 'mgr-1\nwrk-1\n' >"$H/hosts.good"
    sh "$COLLECT" all --hosts "$H/hosts.good" --ssh-config "$H/ssh.conf" --bundle "$S/certs/bundle" --docker-host "unix://$DSOCK" --socket "$DSOCK" \
      --msr auto --support-dump --timeout 15 --quiet -o "$T/snapshot" </dev/null
    arc=$(archive_in "$T/snapshot"); unpack "$arc" "$T/snapshot/un"
    check 'all: the snapshot for the analyzer is whole and has no canary' python3 "$HERE/doubles/check.py" "$TOP"
    cp "$arc" "$SNAPSHOT_OUT"
  fi
  engine_state >"$T/state.after"
  equal 'all: nothing in the engine changed' "$(diff "$T/state.before" "$T/state.after")" ''
  equal 'all: nothing is left on the hosts' "$(find "$H/tmp" -mindepth 1 | wc -l | tr -d ' ')" 0
  equal 'all: no way out of an archive' "$(ls /tmp/owned 2>/dev/null)" ''
}

all_one() {
  c=$1; shift
  w=$T/a/$c; mkdir -p "$w/out" "$w/tmp"
  # the first shell collects the whole cluster, the others only the nodes
  if [ -n "$first" ]; then skip=none; else skip=kubectl,mke,msr; fi
  out=$(TMPDIR=$w/tmp "$@" "$COLLECT" all --hosts "$H/hosts" --ssh-config "$H/ssh.conf" --bundle "$S/certs/bundle" --docker-host "unix://$DSOCK" --socket "$DSOCK" \
    --msr auto --skip "$skip" --timeout 15 --node-timeout 75 --jobs 12 -o "$w/out" 2>&1 </dev/null); rc=$?
  arc=$(archive_in "$w/out"); unpack "$arc" "$w/un"
  check "$c: all: the snapshot is whole and has no canary" python3 "$HERE/doubles/check.py" "$TOP"
  equal "$c: all: gaps give exit code 3" "$rc" 3
  equal "$c: all: the nodes" "$(cd "$TOP/nodes" && echo *)" 'lie mgr-1 wrk-1 wrk-2'
  check "$c: all: a whole node" engine_facts "$TOP/nodes/mgr-1/docker"
  equal "$c: all: a node without docker has its host's facts" "$(statuses "$TOP" | grep -E '^nodes/wrk-2/(docker/info.json|host/os-release) ')" 'nodes/wrk-2/docker/info.json skipped None docker is not installed here
nodes/wrk-2/host/os-release collected None '
  equal "$c: all: hosts that gave nothing" "$(statuses "$TOP" | grep -E '^nodes/(wrk-(down|slow)|evil|noise|twin)' | sed -e 's/\(wrk-down.* failed None\).*/\1 …/' | sort)" \
'nodes/evil-link/docker/info.json failed None what came back holds names or kinds of files that do not belong there
nodes/evil-path/docker/info.json failed None what came back holds names or kinds of files that do not belong there
nodes/noise/docker/info.json failed None what came back is no whole archive
nodes/twin/docker/info.json failed None another host already gave itself the name mgr-1
nodes/wrk-down/docker/info.json failed None …
nodes/wrk-slow/docker/info.json timed_out None '
  equal "$c: all: a file that is not what its digest says is not kept" "$(statuses "$TOP" | grep '^nodes/lie/' | sort)" 'nodes/lie/docker/info.json failed None the file that came back differs from its digest
nodes/lie/docker/version.json collected None '
  equal "$c: all: no working folder is left" "$(find "$w/tmp" -mindepth 1 | wc -l | tr -d ' ')" 0
}
all_suite
