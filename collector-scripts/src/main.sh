# Start. Everything above is read before anything runs: the script may come on
# standard input.

main() {
  clean_environment
  choose_put
  STATUS=; NOTE=
  default_options
  read_options "$@"
  check_options
  # shellcheck disable=SC2031
  [ "$MODE" = node ] && PATH=$PATH:/usr/sbin:/sbin && export PATH
  if [ -n "$EXPLAIN" ]; then explain; exit 0; fi
  if [ -n "$DRY" ]; then collect; exit 0; fi

  have sha256sum || have shasum || have openssl || die 'none of sha256sum, shasum, openssl is installed'
  have tar || die 'tar is not installed'
  [ -d "$OUT" ] || die "$OUT: no such folder"
  if [ -z "$STREAM" ] && [ "$MODE" != select ]; then
    safe_place "$OUT" --output
    [ -w "$OUT" ] || die "$OUT: cannot be written to"
  fi
  OUT=$(cd "$OUT" && pwd) || die "cannot enter the output folder"
  SCRIPT=$0
  start_work
  if [ "$MODE" = select ]; then select_input; fi
  credentials
  if [ "$MODE" = all ]; then
    [ -r "$SCRIPT" ] || die 'all needs the script as a file (not on standard input)'
    read_hosts
  fi
  [ "$MODE" = node ] && docker_local
  collect
  end_complaint
  if [ "$N_DONE" -eq 0 ] && [ "$N_CUT" -eq 0 ]; then
    [ -n "$STOPPED" ] && die "$STOPPED: nothing collected, no archive written"
    die 'nothing could be collected, no archive written'
  fi
  pack
  summary
  z_exit=0; [ "$GAPS" -ne 0 ] && z_exit=3; [ -n "$STOPPED" ] && z_exit=3
  trap - EXIT; cleanup
  exit "$z_exit"
}

explain() { printf '%s\n' "$LISTS" | awk -v mode="$MODE" -v keep="$KEEP" "$AWK_EXPLAIN"; }
# What the filter of a member keeps of the standard input.
select_input() {
  keeping "$MEMBER"
  [ -s "$KEEP_LIST" ] ||
    case $MEMBER in *.json | *.toml) die "$MEMBER: no such member (--explain names them)" ;; esac
  RUN_END=0
  "$(filter_of "$MEMBER")"
  z_exit=$?
  [ ! -s "$WORK/side" ] || read -r NRED _ COMPLETE NDROP _ <"$WORK/side"
  [ "${COMPLETE:-1}" = 1 ] || { say "$PROGRAM: the input ends early or is not what it should be"; z_exit=3; }
  say "$NDROP values left out, $NRED more replaced"
  trap - EXIT; cleanup
  exit "$z_exit"
}
collect() {
  case $MODE in
    cluster) collect_cluster ;;
    node) collect_node ;;
    all) collect_cluster; collect_hosts ;;
  esac
}
collect_cluster() {
  collect_docker_cluster
  collect_kubectl
  collect_mke
  collect_msr
  collect_support
}

main "$@"
