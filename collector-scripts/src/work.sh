# The working folder, and signals.

WORK=; STAGE=; JOB=; DOG=; OUTPART=; STOPPED=; FINISHING=; TTY_STATE=

cleanup() {
  [ -n "$OUTPART" ] && rm -f -- "$OUTPART"
  [ -n "$WORK" ] && rm -rf -- "$WORK"
  WORK=; OUTPART=
}
restore_tty() { [ -n "$TTY_STATE" ] && stty "$TTY_STATE" </dev/tty 2>/dev/null; TTY_STATE=; }
on_exit() { restore_tty; stop_children; cleanup; }
stop_children() {
  for f in "$WORK"/*.pid; do
    [ -n "$WORK" ] && [ -s "$f" ] && kill -TERM "$(cat "$f")" 2>/dev/null
  done
  [ -n "$DOG" ] && kill "$DOG" 2>/dev/null
  DOG=
}
# The first signal ends the collecting: what is there is packed, and the footer
# says that it is not the whole. The second one gives up.
on_signal() {
  restore_tty
  if [ -n "$FINISHING" ] || [ -z "$WORK" ]; then
    say "$PROGRAM: stopped by SIG$1, no archive written"
    trap - EXIT; on_exit; exit 2
  fi
  STOPPED="interrupted by SIG$1"
  FINISHING=signal
  stop_children
}

start_work() {
  umask 077
  w_base=${TMP_DIR:-${TMPDIR:-/tmp}}
  WORK=$(mktemp -d "$w_base/mke-collect.XXXXXX") || die "cannot make a working folder in $w_base"
  case $WORK in /*) ;; *) WORK=$PWD/$WORK ;; esac
  trap on_exit EXIT
  trap 'on_signal INT' INT
  trap 'on_signal TERM' TERM
  trap 'on_signal HUP' HUP
  trap '' PIPE
  # a limit on file sizes then gives an error to the writer instead of killing it
  # shellcheck disable=SC3048
  if (trap '' XFSZ) 2>/dev/null; then trap '' XFSZ; fi
  STAGE=$WORK/stage
  mkdir "$STAGE" "$WORK/docker" "$WORK/kube" || die "cannot write to $WORK"
  : >"$WORK/items" || die "cannot write to $WORK"
  STARTED=$(utc)
  STAMP=$(date -u +%Y%m%dT%H%M%SZ)
}
