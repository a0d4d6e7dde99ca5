# One command and its member: begin, run, judge, settle.
#
# A command has a time limit; its standard output goes through a filter into a
# file, never into a shell variable.

EXTRA=; fatal=; SETTLE_GAP=; RUN_INPUT=no_input; RUN_HDR=; RUN=0; RUN_END=0; MEMBER=; KEEP_AS=; KEEP_LIST=; NDROP=0
no_input() { :; }

# begin PATH WHAT [PLAN]: whether the member is to be collected now. A dry run
# prints it (PLAN where that says more), and after a signal nothing more begins.
begin() {
  b_name=${1##*/}; b_name=${b_name%%.*}
  if ! wants "$b_name"; then skip "$1" "$2" "left out by --skip $b_name" nogap; return 1; fi
  if [ -n "$DRY" ]; then plan "${3:-$2}" "$1"; return 1; fi
  [ -z "$STOPPED" ] || return 1
  progress "$1"
  MEMBER=$1; NDROP=0
  mkdir -p "$STAGE/${1%/*}"
  t_started=$(utc); t_http=
}

# run LIMIT FILTER FILE COMMAND...
# COMMAND is `bounded` and a program, or a function that calls it. Leaves RC and ERR of the
# command, FRC of the filter, TIMED, MS, and what the filter says: NRED values found by the
# patterns, NDROP values dropped, COMPLETE.
run() {
  run_limit=$1; run_filter=$2; run_file=$3; shift 3
  rm -f "$WORK/rc" "$WORK/frc" "$WORK/side" "$WORK/hdr"
  watch_guard
  RUN=$((RUN + 1)); RUN_END=$(deadline "$run_limit")
  keeping "${KEEP_AS:-$MEMBER}"
  run_t0=$(now_ms)
  {
    {
      { "$RUN_INPUT" | "$@" 2>&3; echo $? >"$WORK/rc"; } | "$run_filter" >"$run_file" 3>&-
      echo $? >"$WORK/frc"
    } 3>&1 2>"$WORK/ferr" | f_said >"$WORK/err" 2>/dev/null
  } &
  wait_job $!
  FRC=1; [ ! -s "$WORK/frc" ] || FRC=$(cat "$WORK/frc")
  MS=$(($(now_ms) - run_t0))
  RC=; TIMED=; NRED=0; NDROP=0; COMPLETE=1; SIDEBYTES=; NROWS=
  [ -s "$WORK/rc" ] && RC=$(cat "$WORK/rc")
  if late "cmd.$RUN" || late "filter.$RUN" || late "said.$RUN"; then TIMED=1; fi
  case $run_filter in
    f_raw | f_none) ;;
    *)
      if [ -s "$WORK/side" ]; then read -r NRED SIDEBYTES COMPLETE NDROP NROWS <"$WORK/side"; else FRC=1; fi
      [ -n "$SIDEBYTES" ] && [ "$SIDEBYTES" != "$(bytes_of "$run_file")" ] && FRC=1 ;;
  esac
  ERR=$(first_error "$WORK/err")
}
# bounded COMMAND...: a program within the time of the run
bounded() { tracked "cmd.$RUN" "$RUN_END" "$@"; }
# first_error FILE: the first line of an error text, whose phrases alone are in the file, that says something
first_error() {
  awk '$0 != "(message not kept)" { print; done = 1; exit } { some = $0 } END { if (!done && some != "") print some }' \
    "$1" 2>/dev/null
}
# told FILE COMMAND...: a command outside of a run; the file gets the phrases of what it says on its standard error
told() {
  o_file=$1; shift
  { { "$@" 2>&1 >&5 5>&-; echo $? >"$o_file.rc"; } | awk "$AWK_SAID" >"$o_file"; } 5>&1
  return "$(cat "$o_file.rc" 2>/dev/null || echo 1)"
}

# What became of the command that ran: STATUS and NOTE.
judge() {
  NOTE=$ERR; STATUS=failed
  if [ -n "$STOPPED" ]; then NOTE=$STOPPED
  elif [ -n "$TIMED" ]; then STATUS=timed_out; NOTE="no end after $run_limit seconds"
  elif cannot_write; then
    NOTE="cannot write to the working folder (is the disk full?)"
    if [ -s "$WORK/ferr" ] && ! grep -iE 'no space|too large|writ' "$WORK/ferr" >/dev/null; then
      NOTE=$(awk "$AWK_SAID" "$WORK/ferr" | head -n 1)
    else fatal=$NOTE; fi
  elif [ "$RC" -ne 0 ]; then judge_refusal
  elif [ "$COMPLETE" != 1 ]; then STATUS=truncated; NOTE='the answer ends early or is not what it should be'
  else STATUS=collected; NOTE=; fi
}
# Whether the filter failed, not the command.
cannot_write() {
  [ -n "$RC" ] || return 0
  [ "$FRC" -eq 0 ] || [ "$RC" != 0 ] || return 0
  grep -iE 'no space|file too large|write error|write failure' "$WORK/ferr" >/dev/null 2>&1
}
judge_refusal() {
  case $ERR in
    *[Ff]orbidden* | *'ermission denied'* | *'ccess denied'*) STATUS=forbidden ;;
    *[Uu]nauthorized* | *'not authorized'* | *'must be logged in'* | *NOT_AUTH*) STATUS=forbidden ;;
  esac
  case $ERR in
    *'(Forbidden)'*) t_http=403 ;; *'(Unauthorized)'*) t_http=401 ;; *'(NotFound)'*) t_http=404 ;;
  esac
  case $NOTE in
    '') NOTE="exit code $RC without a message" ;;
    '(message'*) NOTE="exit code $RC $NOTE" ;;
  esac
}

# settle PATH WHAT: the judged output becomes the member, or goes.
settle() {
  if [ "$STATUS" = truncated ] && [ ! -s "$WORK/out" ]; then STATUS=failed; fi
  if [ "$STATUS" = collected ] || [ "$STATUS" = truncated ]; then
    mv "$WORK/out" "$STAGE/$1" || { STATUS=failed; NOTE='cannot write to the working folder'; }
  else
    rm -f "$WORK/out"; NRED=0; NDROP=0
  fi
  [ -n "$EXTRA" ] && NOTE="$NOTE${NOTE:+; }$EXTRA"
  record "$1" "$2" "$t_started" "$MS" "$RC" "$t_http" "$STATUS" "$NOTE" "$NRED" "${SETTLE_GAP:-gap}"
  EXTRA=
  stop_if_fatal
  [ "$STATUS" = collected ]
}
# The run ends where it cannot write.
stop_if_fatal() {
  if [ -n "$fatal" ] && [ -z "$STOPPED" ]; then STOPPED=$fatal; trouble "$PROGRAM: $fatal"; fi
}

# take PATH WHAT FILTER COMMAND...: one command, one member
take() {
  t_path=$1; t_what=$2; t_filter=$3; shift 3
  begin "$t_path" "$t_what" || return
  run "$TIMEOUT" "$t_filter" "$WORK/out" bounded "$@"
  judge
  settle "$t_path" "$t_what"
}
