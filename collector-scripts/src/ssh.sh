# All nodes over ssh: this script goes to `sh -s` on the host, a tar comes back.

read_hosts() {
  [ -r "$HOSTS" ] || die "$HOSTS: cannot be read"
  awk '{ sub(/\r$/, ""); sub(/#.*/, ""); gsub(/[ \t]/, "") } $0 == "" { next }
    /^-/ || /[^A-Za-z0-9._@:%\[\]-]/ { print "bad " NR; exit }
    { print }' "$HOSTS" >"$WORK/hosts"
  case $(head -n 1 "$WORK/hosts") in '') die "$HOSTS: no host in it" ;; esac
  if grep '^bad ' "$WORK/hosts" >/dev/null; then
    die "$HOSTS: line $(sed -n 's/^bad //p' "$WORK/hosts"): not [user@]host[:port]"
  fi
}

collect_hosts() {
  v_remote="sh -s -- node --stream --quiet --timeout $TIMEOUT --skip ${SKIP:-none}"
  [ -n "$SOCKET_GIVEN" ] && v_remote="$v_remote --socket '$SOCKET'"
  [ -z "$SINCE" ] || v_remote="$v_remote --since $SINCE"
  for v_word in $KEEP; do v_remote="$v_remote --keep '$v_word'"; done
  [ -n "$SUDO" ] && v_remote="sudo -n $v_remote"
  if [ -n "$DRY" ]; then
    plan "ssh <host> $v_remote" 'nodes/<node>/'
    collect_node
    return
  fi
  have ssh || die 'ssh is not installed here'
  v_n=0
  while read -r v_line; do
    [ -n "$STOPPED" ] && break
    v_n=$((v_n + 1))
    printf '%s\n' "$v_line" >"$WORK/host.$v_n"
    one_host "$v_n" "$v_line" &
    printf '%s\n' "$!" >"$WORK/host.$v_n.pid"
    if [ $((v_n % JOBS)) -eq 0 ]; then wait_hosts; fi
  done <"$WORK/hosts"
  wait_hosts
  v_i=0
  while [ "$v_i" -lt "$v_n" ]; do
    v_i=$((v_i + 1))
    merge_host "$v_i" "$(cat "$WORK/host.$v_i")"
    stop_if_fatal
  done
}
wait_hosts() {
  progress "hosts: $v_n asked"
  for f in "$WORK"/host.*.pid; do
    [ -s "$f" ] && wait_job "$(cat "$f")"
    rm -f "$f"
  done
}
# one_host NUMBER LINE, in the background: host.N.tar, host.N.err, host.N.rc
one_host() {
  j_n=$1; j_host=$2; j_port=
  case $j_host in
    \[*\]:* | *@\[*\]:*) j_port=${j_host##*:}; j_host=${j_host%:*} ;;
    *:*:*) ;;
    *:*) j_port=${j_host##*:}; j_host=${j_host%:*} ;;
  esac
  j_host=$(printf '%s' "$j_host" | tr -d '[]')
  set -- ssh -C -o BatchMode=yes -o ConnectTimeout=15 -o ServerAliveInterval=15 -o ServerAliveCountMax=4
  [ -n "$SSH_CONFIG" ] && set -- "$@" -F "$SSH_CONFIG"
  [ -n "$j_port" ] && set -- "$@" -p "$j_port"
  utc >"$WORK/host.$j_n.start"
  told "$WORK/host.$j_n.err" tracked "host.$j_n" "$(deadline "$NODE_TIMEOUT")" "$@" -- "$j_host" "$v_remote" \
    <"$SCRIPT" >"$WORK/host.$j_n.tar"
  echo $? >"$WORK/host.$j_n.rc"
}
