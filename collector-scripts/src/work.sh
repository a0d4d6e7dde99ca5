# The working folder, and signals.

WORK=; STAGE=; JOB=; STOPPED=; FINISHING=; INTERRUPTED=; TTY_STATE=

start_work() {
  umask 077
  w_base=${TMP_DIR:-${TMPDIR:-/tmp}}
  safe_place "$w_base" --tmp
  trap on_exit EXIT
  trap 'on_signal INT' INT
  trap 'on_signal TERM' TERM
  trap 'on_signal HUP' HUP
  trap '' PIPE
  ignore_file_limit
  make_work
  STAGE=$WORK/stage
  mkdir "$STAGE" "$WORK/docker" "$WORK/kube" "$WORK/run" || die "cannot write to $WORK"
  : >"$WORK/items" || die "cannot write to $WORK"
  STARTED=$(utc)
  STAMP=$(date -u +%Y%m%dT%H%M%SZ)
}
# safe_place FOLDER OPTION: where somebody else may swap what is written for something of their own, nothing is written
safe_place() {
  [ "$(printf '%s' "$1" | tr -d '\001-\037\177')" = "$1" ] || die "$2: a name with control characters in it"
  p_at=$(cd "$1" 2>/dev/null && pwd -P) || die "$1: no such folder, or it cannot be entered"
  p_first=1
  while :; do
    # shellcheck disable=SC2046
    set -- $(ls -ldn -- "$p_at" 2>/dev/null)
    case $1 in
      d????????[tT]*) ;;
      d???????w*) die "$p_at: everybody may write there, and the folder is not sticky: choose another one" ;;
      d????w*) [ -z "$p_first" ] || [ "$4" = "$(id -g)" ] ||
        die "$p_at: a group may write there, and the folder is not sticky: choose another one" ;;
    esac
    p_first=
    [ "$p_at" != / ] || return 0
    p_at=${p_at%/*}; p_at=${p_at:-/}
  done
}
# make_work: the guard is there before the folder, so that `kill -9` at any moment leaves none
make_work() {
  for _ in 1 2 3; do
    WORK=$(mktemp -u "$w_base/mke-collect.XXXXXX") || break
    case $WORK in /*) ;; *) WORK=$PWD/$WORK ;; esac
    start_guard
    mkdir "$WORK" 2>/dev/null && return
    end_guard
  done
  WORK=
  die "cannot make a working folder in $w_base"
}
cleanup() {
  end_guard
  [ -z "$WORK" ] || ! own_work || remove_work
  WORK=
}
# remove_work: with the archive under the name that it has while it is written
remove_work() {
  remove_unfinished
  # a shell of the pipeline that packed may write its last file into the folder while it goes
  for _ in 1 2 3 4; do
    rm -rf -- "$WORK" 2>/dev/null && return
    sleep 1
  done
  rm -rf -- "$WORK"
}
restore_tty() { [ -n "$TTY_STATE" ] && stty "$TTY_STATE" </dev/tty 2>/dev/null; TTY_STATE=; }
on_exit() {
  restore_tty
  end_tracked KILL
  # what still writes into the working folder would keep it from being removed
  if [ -n "$JOB" ]; then kill -KILL "$JOB"; wait "$JOB"; fi 2>/dev/null
  cleanup
}

# The first signal ends the collecting: what is there is packed, and the footer
# says that it is not the whole. While the archive is being written the first
# signal changes nothing. The second one gives up.
on_signal() {
  INTERRUPTED=1
  restore_tty
  case $FINISHING in
    named) ;;
    pack)
      FINISHING=signal
      trouble "$PROGRAM: the archive is being written; once more gives up" ;;
    signal)
      say "$PROGRAM: stopped by SIG$1, no archive written"
      trap - EXIT; on_exit; exit 2 ;;
    *)
      STOPPED="interrupted by SIG$1"
      FINISHING=signal
      stop_tracked ;;
  esac
}
# wait_job PID: waits to its end, whatever signals come meanwhile; JOB_RC is its exit code.
# Shells differ in what `wait` returns after a signal.
wait_job() {
  JOB=$1; INTERRUPTED=
  wait "$JOB"; JOB_RC=$?
  while [ -n "$INTERRUPTED" ] && kill -0 "$JOB" 2>/dev/null; do INTERRUPTED=; wait "$JOB"; JOB_RC=$?; done
  JOB=
}
