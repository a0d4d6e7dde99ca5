# A real Docker Engine of the test's own. Sourced by run.sh.
# engine_up DIR: an engine in swarm mode with containers, services, networks
# and secrets; every CANARY- word in it stands for a secret.

engine_up() {
  E=$1
  mkdir -p "$E"
  export DOCKER_CONFIG="$E/config"
  DSOCK=$E/docker.sock
  # in a host name of its own, so that the swarm's node is one of the recorded cluster's
  named=; if unshare -u true 2>/dev/null; then named=1; fi
  set -- dockerd --data-root "$E/data" --exec-root "$E/exec" -H "unix://$DSOCK" --pidfile "$E/pid" \
    --iptables=false --ip6tables=false --bridge=none
  if [ -n "$named" ]; then
    # shellcheck disable=SC2016
    unshare -u sh -c 'echo mgr-1 >/proc/sys/kernel/hostname; exec "$@"' sh "$@" >"$E/log" 2>&1 &
  else
    "$@" >"$E/log" 2>&1 &
  fi
  EPID=$!
  PIDS="$PIDS $EPID"
  i=0
  while [ $i -lt 60 ]; do D version >/dev/null 2>&1 && break; sleep 1; i=$((i + 1)); done
  D version >/dev/null 2>&1 || { tail -5 "$E/log"; return 1; }
  engine_image "$E" || return 1
  # a loopback address of its own, so that two engines do not meet
  A=127.$(($$ % 200 + 20)).$(($$ / 200 % 250 + 1)).1
  D swarm init --advertise-addr "$A" --listen-addr "$A" >/dev/null || return 1
  CLUSTER=$(D info --format '{{.Swarm.Cluster.ID}}')
  for n in ucp-agent ucp-controller ucp-hyperkube ucp-auth; do D tag tool:1 "mirantis/$n:3.7.7"; done
  D tag tool:1 mirantis/ucp-agent:3.7.1
  D tag tool:1 app/web:2
  D network create -d overlay --opt encrypted --attachable sealed >/dev/null || return 1
  D network create -d overlay --attachable plain >/dev/null || return 1
  printf 'CANARY-swarm-secret-value' | D secret create db_password - >/dev/null
  printf 'key = CANARY-swarm-config-value\n' | D config create app.conf - >/dev/null
  for n in ucp-controller ucp-kubelet ucp-proxy; do
    D run -d --network none --name "$n" --label com.docker.ucp.version=3.7.7 --label "com.docker.ucp.InstanceID=$CLUSTER" \
      -e IMAGE_VERSION=3.7.7 mirantis/ucp-agent:3.7.7 sleep 100000 >/dev/null || return 1
  done
  # only made, never started
  D create --name legacy-priv --privileged --network host --pid host --ipc host --userns host --security-opt seccomp=unconfined \
    -v /var/run/docker.sock:/var/run/docker.sock -e 'DB_PASSWORD=CANARY-engine-env' app/web:2 sleep 1 >/dev/null || return 1
  D run -d --name capped --network none --cap-add NET_ADMIN -e "MULTI=CANARY-line-one
CANARY-line-two" -e 'QUOTE=a"CANARY-quoted\"b' app/web:2 sleep 100000 >/dev/null || return 1
  D run -d --name args --network none app/web:2 sh -c 'sleep 100000' --password=CANARY-arg-equals -p CANARY-arg-short \
    --db-token CANARY-arg-next 'https://user:CANARY-arg-url@db.example/x' 'export API_KEY=CANARY-arg-shell; run' >/dev/null || return 1
  D run -d --name with-sshd --network none app/web:2 /usr/sbin/sshd -D >/dev/null || return 1
  D run -d --name child --network none -e LONG=CANARY-process-arg app/web:2 sh -c 'sh -c "sleep 100000; :" "$LONG"' >/dev/null || return 1
  D create --name hostile --network none --label 'evil=$(touch /tmp/owned) "quoted" `back` ../../etc/passwd' --label 'lines=one
two	tab' --label 'note.password=CANARY-label-value' app/web:2 -- '$(id)' ';rm -rf x' ../../../etc "it's" >/dev/null || return 1
  D create --name good --network none --read-only --security-opt no-new-privileges --memory 32m --cpu-shares 512 app/web:2 sleep 5 >/dev/null
  D service create --quiet --detach --name web --secret db_password --config app.conf --network sealed \
    -e API_KEY=CANARY-service-env app/web:2 sh -c 'sleep 100000' --token=CANARY-service-arg >/dev/null 2>&1 || return 1
  i=0
  while [ $i -lt 30 ]; do [ "$(D ps -q --filter label=com.docker.swarm.service.name=web | wc -l)" -ge 1 ] && break; sleep 1; i=$((i + 1)); done
  return 0
}
D() { docker -H "unix://$DSOCK" "$@"; }

# An image of nothing but a static busybox.
engine_image() {
  r=$1/rootfs
  mkdir -p "$r/bin" "$r/usr/sbin" "$r/tmp" "$r/etc"
  cp "$(command -v busybox)" "$r/bin/busybox"
  for a in sh sleep ps cat; do ln -sf busybox "$r/bin/$a"; done
  printf '#!/bin/sh\nsleep 100000\n' >"$r/usr/sbin/sshd"
  chmod 755 "$r/usr/sbin/sshd"
  tar -C "$r" -cf - . | D import -c 'ENV FROM_IMAGE=CANARY-image-env' - tool:1 >/dev/null
}

# What is in the engine, with versions, so that a change would show.
engine_state() {
  D ps -a --no-trunc --format '{{.ID}} {{.Names}} {{.State}}' | sort
  D images --no-trunc --format '{{.ID}} {{.Repository}}:{{.Tag}}' | sort
  D network ls --no-trunc --format '{{.ID}} {{.Name}}' | sort
  D volume ls --format '{{.Name}}' | sort
  for k in secret config service node; do
    for id in $(D $k ls -q | sort); do D $k inspect "$id" --format '{{.ID}} {{.Version.Index}}'; done
  done
  for id in $(D ps -aq --no-trunc | sort); do D inspect "$id" --format '{{.Id}} {{.Created}} {{.State.StartedAt}} {{.RestartCount}} {{.ExecIDs}}'; done
}

engine_down() {
  D service rm web >/dev/null 2>&1
  ids=$(D ps -q 2>/dev/null)
  # shellcheck disable=SC2086
  [ -n "$ids" ] && D kill $ids >/dev/null 2>&1
  D swarm leave --force >/dev/null 2>&1
  kill "$EPID" 2>/dev/null
  wait "$EPID" 2>/dev/null
  for m in "$E"/exec/netns/* "$E"/data/*/*; do umount "$m" 2>/dev/null; done
  :
}
