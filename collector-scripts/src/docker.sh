# Docker, through the client bundle or on a node.

DOCKER_MEMBERS='version.json info.json nodes.json services.json secrets.json networks.json containers.json images.json
processes.txt'

# docker_off PATH WHAT: true, with an item, if there is no docker to ask
docker_off() {
  if wants docker; then
    [ -n "$DRY" ] && return 1
    have docker && return 1
    skip "$1" "$2" 'docker is not installed here'
  else
    skip "$1" "$2" 'left out by --skip docker' nogap
  fi
  return 0
}

# docker_one PATH WHAT FILTER COMMAND...
docker_one() { docker_off "$1" "$2" || take "$@"; }

docker_info() {
  # an engine that cannot be reached still gives an object, and exit code 0
  i_what='docker info --format {{json .}}'
  docker_off "$1" "$i_what" && return
  begin "$1" "$i_what" || return
  run "$TIMEOUT" f_json "$WORK/out" bounded docker info --format '{{json .}}'
  if [ "$RC" = 0 ] && flat "$WORK/out" 2>/dev/null | grep '^ServerErrors\[0\]' >"$WORK/flat"; then
    sed -e 's/^[^	]*	//' "$WORK/flat" | awk "$AWK_SAID" >"$WORK/err"
    RC=1; ERR=$(first_error "$WORK/err")
  fi
  judge
  settle "$1" "$i_what"
}

# docker_list PATH WHAT LIST-COMMAND... -- INSPECT-COMMAND...
# Lists ids, then inspects them in batches of a hundred; the answers become one list.
docker_list() {
  l_path=$1; l_what=$2; shift 2
  docker_off "$l_path" "$l_what" && return
  begin "$l_path" "$l_what" || return
  l_t0=$(now_ms)
  # the words before -- are the listing, the ones after it the inspection; both are fixed words
  l_list=; l_insp=; l_behind=
  for w in "$@"; do
    if [ "$w" = -- ]; then l_behind=1
    elif [ -n "$l_behind" ]; then l_insp="$l_insp $w"
    else l_list="$l_list $w"; fi
  done
  # shellcheck disable=SC2086
  run "$TIMEOUT" f_ids "$WORK/ids" bounded docker $l_list
  judge
  if [ "$STATUS" != collected ]; then settle "$l_path" "$l_what"; return; fi
  l_odd=$NDROP
  l_ids=$(wc -l <"$WORK/ids" | tr -d ' ')
  awk '{ printf "%s%s", (NR % 100 == 1 ? (NR > 1 ? "\n" : "") : " "), $0 } END { if (NR) print "" }' \
    "$WORK/ids" >"$WORK/batches"
  # shellcheck disable=SC2086
  run "$((TIMEOUT * (1 + l_ids / 1000)))" f_join "$WORK/out" inspect_batches $l_insp
  MS=$(($(now_ms) - l_t0))
  # what went away between the listing and the inspection is no failure
  l_gone=0
  if [ "$RC" = 1 ] && [ -s "$WORK/err" ] && ! grep -v '^no such object$' "$WORK/err" >/dev/null; then
    l_gone=$(wc -l <"$WORK/err" | tr -d ' ')
    RC=0; EXTRA="$l_gone of $l_ids went away while being read"
  fi
  judge
  if [ "$STATUS" = collected ] && [ "$l_odd" -gt 0 ]; then
    STATUS=truncated; NOTE="$l_odd lines of the listing are no ids"
  fi
  if [ "$STATUS" = collected ] && [ "$((NROWS + l_gone))" -lt "$l_ids" ]; then
    STATUS=truncated; NOTE="$NROWS of $l_ids were inspected"
    [ "$NROWS" -gt 0 ] || STATUS=failed
  fi
  settle "$l_path" "$l_what"
}

# inspect_batches INSPECT-COMMAND...
inspect_batches() {
  l_bad=0
  while read -r l_batch; do
    going && ! late "cmd.$RUN" || return 1
    # shellcheck disable=SC2086
    bounded docker "$@" $l_batch </dev/null || l_bad=1
  done <"$WORK/batches"
  return "$l_bad"
}

# Process lists of the running containers of this node.
docker_processes() {
  p_what='docker ps -q --no-trunc | docker top <id> -eo pid,ppid,user,args (or docker top <id>)'
  docker_off "$1" "$p_what" && return
  begin "$1" "$p_what" || return
  p_t0=$(now_ms)
  run "$TIMEOUT" f_ids "$WORK/ids" bounded docker ps -q --no-trunc
  judge
  if [ "$STATUS" != collected ]; then settle "$1" "$p_what"; return; fi
  p_odd=$NDROP
  p_ids=$(wc -l <"$WORK/ids" | tr -d ' ')
  PROCESS_IDS=$WORK/ids
  run "$((TIMEOUT * (1 + p_ids / 200)))" f_top "$WORK/out" list_processes
  PROCESS_IDS=
  MS=$(($(now_ms) - p_t0))
  judge
  if [ "$STATUS" = failed ] && [ "$RC" = 1 ] && grep -E '^(PID|UID|USER)' "$WORK/out" >/dev/null 2>&1; then
    STATUS=truncated; NOTE="some containers gave no process list: $ERR"
  fi
  if [ "$STATUS" = collected ] && [ "$p_odd" -gt 0 ]; then
    STATUS=truncated; NOTE="$p_odd lines of the listing are no ids"
  fi
  settle "$1" "$p_what"
}
# Every container has its own limit, so that one that hangs does not hide the others.
list_processes() {
  p_bad=0; p_n=0
  p_each=20; [ "$TIMEOUT" -ge 20 ] || p_each=$TIMEOUT
  while read -r p_id; do
    going || return 1
    if [ "$(date +%s)" -ge "$RUN_END" ]; then : >"$WORK/late.cmd.$RUN"; return 1; fi
    echo "== $p_id"
    process_list "$p_id" -eo pid,ppid,user,args || process_list "$p_id" ||
      { p_bad=1; echo '-- none'; first_error "$WORK/top.err" >&2; }
  done <"$WORK/ids"
  return "$p_bad"
}
# process_list ID [WORDS]: also true for a container that ended meanwhile
process_list() {
  p_n=$((p_n + 1))
  told "$WORK/top.err" tracked "top.$RUN.$p_n" "$(deadline "$p_each")" docker top "$@" </dev/null && return
  grep -E 'is not running|no such (container|object)' "$WORK/top.err" >/dev/null && echo '-- none'
}

# docker_ids PATH NOUN: lists and inspects the objects that the noun names
docker_ids() { docker_list "$1" "docker $2 ls -q | docker $2 inspect <ids>" "$2" ls -q -- "$2" inspect; }

docker_common() {
  docker_one "$1/version.json" 'docker version --format {{json .}}' f_json docker version --format '{{json .}}'
  docker_info "$1/info.json"
}
docker_objects() {
  docker_list "$1/networks.json" 'docker network ls -q --no-trunc | docker network inspect <ids>' \
    network ls -q --no-trunc -- network inspect
  docker_list "$1/containers.json" 'docker ps -aq --no-trunc | docker inspect --type container <ids>' \
    ps -aq --no-trunc -- inspect --type container
  docker_one "$1/images.json" 'docker images --no-trunc --format {{json .}}' f_json \
    docker images --no-trunc --format '{{json .}}'
}

collect_docker_cluster() {
  docker_common cluster/docker
  docker_ids cluster/docker/nodes.json node
  docker_ids cluster/docker/services.json service
  docker_ids cluster/docker/secrets.json secret
  docker_objects cluster/docker
}
