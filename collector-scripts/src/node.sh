# One node: its engine and its host.

HOST_MEMBERS='os-release docker-socket.txt docker-group.txt audit-docker.txt audit-rules.txt sysctl.txt selinux.txt
apparmor.txt kubelet.txt log-forwarding.json'
SYSCTLS='kernel.keys.root_maxbytes kernel.keys.root_maxkeys kernel.panic kernel.panic_on_oops vm.overcommit_memory'
SYSCTLS="$SYSCTLS vm.panic_on_oom crypto.fips_enabled kernel.randomize_va_space kernel.unprivileged_bpf_disabled"
SYSCTLS="$SYSCTLS net.ipv4.ip_forward user.max_user_namespaces"

collect_node() {
  if [ -n "$DRY" ]; then NODE='<node>'
  else
    NODE=$(safe_name "${NODE_NAME:-$(uname -n)}")
    [ -n "$NODE" ] || NODE=node
  fi
  docker_common "nodes/$NODE/docker"
  docker_objects "nodes/$NODE/docker"
  docker_processes "nodes/$NODE/docker/processes.txt"
  if wants docker; then file_item "nodes/$NODE/docker/daemon.json" /etc/docker/daemon.json f_json; fi
  collect_host "nodes/$NODE/host"
}
# What docker asks is the engine of this node, unless an address was given.
docker_local() {
  if [ -z "$DOCKER_URL" ] && { [ -n "$SOCKET_GIVEN" ] || [ -z "${DOCKER_HOST:-}" ]; }; then
    unset DOCKER_CONTEXT DOCKER_TLS DOCKER_TLS_VERIFY DOCKER_CERT_PATH
    DOCKER_HOST=unix://$SOCKET; DOCKER_CONFIG=$WORK/docker; export DOCKER_HOST DOCKER_CONFIG
  fi
}

# file_item PATH FILE FILTER
file_item() {
  if [ -z "$DRY" ] && [ ! -e "$2" ]; then skip "$1" "cat $2" 'no such file' nogap; return; fi
  take "$1" "cat $2" "$3" cat "$2"
}
# lacks PATH WHAT TOOL [nogap]: true, with an item, if the tool is not here
lacks() {
  [ -z "$DRY" ] || return 1
  have "$3" && return 1
  skip "$1" "$2" "$3 is not installed here" "${4:-gap}"
}

collect_host() {
  o=$1
  if ! wants host; then skip_all "$o" "$HOST_MEMBERS" host 'left out by --skip host' nogap; return; fi
  if [ -z "$DRY" ] && [ ! -e /etc/os-release ] && [ -e /usr/lib/os-release ]; then
    file_item "$o/os-release" /usr/lib/os-release f_lines
  else file_item "$o/os-release" /etc/os-release f_lines; fi
  take_socket "$o/docker-socket.txt"
  take_group "$o/docker-group.txt"
  take_audit "$o/audit-docker.txt"
  take_rules "$o/audit-rules.txt"
  take_sysctl "$o/sysctl.txt"
  lacks "$o/selinux.txt" sestatus sestatus nogap || take "$o/selinux.txt" sestatus f_lines sestatus
  take_apparmor "$o/apparmor.txt"
  take_kubelet "$o/kubelet.txt"
  take_forwarding "$o/log-forwarding.json"
}
# Without getfacl, or where it fails, the mark of ls stays and says that there is such a list.
socket_rights() {
  bounded ls -ldL "$SOCKET" || return
  ! have getfacl || bounded getfacl -cE "$SOCKET" || : >"$WORK/noacl"
}
take_socket() {
  if [ -z "$DRY" ] && [ ! -e "$SOCKET" ]; then skip "$1" "ls -ldL $SOCKET" 'no such file'; return; fi
  q_what="ls -ldL $SOCKET; getfacl -cE $SOCKET"
  begin "$1" "$q_what" || return
  rm -f "$WORK/noacl"
  run "$TIMEOUT" f_socket "$WORK/out" socket_rights
  [ ! -e "$WORK/noacl" ] || EXTRA='getfacl failed'
  judge; settle "$1" "$q_what"
}
# The group first: of the accounts only those stay whose primary group it is. NO_GROUP: there is none of that name.
NO_GROUP=102
group_and_accounts() {
  if have getent; then
    bounded getent group docker || { n_rc=$?; [ "$n_rc" -ne 2 ] || n_rc=$NO_GROUP; return "$n_rc"; }
    bounded getent passwd
  else
    bounded grep '^docker:' /etc/group || { n_rc=$?; [ "$n_rc" -ne 1 ] || n_rc=$NO_GROUP; return "$n_rc"; }
    bounded cat /etc/passwd
  fi
}
take_group() {
  q_what='getent group docker; getent passwd'
  [ -n "$DRY" ] || have getent || q_what='grep ^docker: /etc/group; cat /etc/passwd'
  begin "$1" "$q_what" || return
  run "$TIMEOUT" f_lines "$WORK/out" group_and_accounts
  # without the group there is nobody in it
  if [ "$RC" = "$NO_GROUP" ] && [ ! -s "$WORK/err" ] && [ ! -s "$WORK/out" ] && [ -z "$TIMED$STOPPED" ]; then
    skip "$1" "$q_what" 'no group of that name' nogap; return
  fi
  judge; settle "$1" "$q_what"
}
take_audit() {
  q_what="ausearch --input-logs -k docker${SINCE:+ -ts $SINCE}"
  lacks "$1" "$q_what" ausearch && return
  begin "$1" "$q_what" || return
  run "$TIMEOUT" f_audit "$WORK/out" bounded ausearch --input-logs -k docker ${SINCE:+-ts "$SINCE"}
  # no record at all is an answer, though the exit code is 1
  # where nothing else was said
  if [ "$RC" = 1 ] && [ "$(cat "$WORK/err" "$WORK/out")" = '<no matches>' ]; then
    echo '<no matches>' >"$WORK/out"; RC=0; COMPLETE=1; ERR=
  fi
  judge
  # what was asked for in part proves nothing of the rest
  if [ -n "$SINCE" ] && [ "$STATUS" = collected ]; then STATUS=truncated; NOTE="only records since $SINCE (--since)"; fi
  settle "$1" "$q_what"
}
take_rules() {
  q_what='auditctl -s; auditctl -l'
  lacks "$1" "$q_what" auditctl nogap && return
  begin "$1" "$q_what" || return
  run "$TIMEOUT" f_rules "$WORK/out" rules_and_status
  judge; settle "$1" "$q_what"
}
rules_and_status() {
  bounded auditctl -s; n_rc=$?
  bounded auditctl -l && return "$n_rc"
}
take_sysctl() {
  # shellcheck disable=SC2016,SC2086
  take "$1" "cat /proc/sys/<name>: $SYSCTLS" f_lines sh -c '
    for k in "$@"; do f=/proc/sys/$(echo "$k" | tr . /); [ -r "$f" ] && echo "$k = $(cat "$f")"; done
    :' sh $SYSCTLS
}
take_apparmor() {
  q_what='cat /sys/module/apparmor/parameters/enabled /sys/kernel/security/apparmor/profiles'
  if [ -z "$DRY" ] && [ ! -r /sys/module/apparmor/parameters/enabled ]; then
    skip "$1" "$q_what" 'the kernel has no AppArmor' nogap; return
  fi
  # shellcheck disable=SC2016
  take "$1" "$q_what" f_lines sh -c '
    printf "enabled = %s\n" "$(cat /sys/module/apparmor/parameters/enabled)"
    [ -r /sys/kernel/security/apparmor/profiles ] && cat /sys/kernel/security/apparmor/profiles
    :'
}
# Where rsyslog and journald send entries; nothing else of their files stays.
take_forwarding() {
  q_what='cat /etc/rsyslog.conf /etc/rsyslog.d/*.conf'
  for q_name in journald journal-upload; do
    q_what="$q_what /etc/systemd/$q_name.conf /etc/systemd/$q_name.conf.d/*.conf"
  done
  begin "$1" "$q_what" || return
  # shellcheck disable=SC2016
  run "$TIMEOUT" f_forward "$WORK/out" bounded sh -c '
    rc=0
    for f in ${1#cat }; do
      [ -e "$f" ] || continue
      echo "# file $f"; cat "$f" || rc=1; echo
    done
    exit $rc' sh "$q_what"
  judge; settle "$1" "$q_what"
}
# The arguments of the kubelet, wherever it runs, and its file of settings.
take_kubelet() {
  q_what='cat /proc/<pid of kubelet>/cmdline /etc/sysconfig/kubelet /etc/default/kubelet'
  begin "$1" "$q_what" || return
  # shellcheck disable=SC2016
  run "$TIMEOUT" f_lines "$WORK/out" bounded sh -c '
    for d in /proc/[0-9]*; do
      read -r name <"$d/comm" || continue
      [ "$name" = kubelet ] || continue
      echo "# arguments of the running kubelet"
      tr "\000" "\n" <"$d/cmdline"
    done 2>/dev/null
    for f in /etc/sysconfig/kubelet /etc/default/kubelet; do
      [ -r "$f" ] && { echo "# $f"; cat "$f"; }
    done
    :'
  if [ "$RC" = 0 ] && [ -z "$TIMED" ] && [ ! -s "$WORK/out" ]; then
    skip "$1" "$q_what" 'no kubelet runs here and it has no file of settings' nogap; return
  fi
  judge; settle "$1" "$q_what"
}
