# Programs that may take long, and the guard that watches over them.
#
# Every such program runs by `tracked`, which leaves a file in $WORK/run with its process id and
# with the second in which its time is over. Once a second the guard looks at these files, ends
# what is late, and ends everything where the collector itself is gone: after `kill -9` no program
# and no file of it stays. The guard never acts on an id that is not in such a file at that moment.

GUARD=

# one_program PID: a signal goes to one program and never to a group: posh and some programs `kill` take the id of a
# group, which begins with a minus, for every process of the machine.
one_program() { case $1 in '' | 0 | 1 | *[!0-9]*) return 1 ;; esac; }
# deadline SECONDS: the second in which that time is over
deadline() { echo $(($(date +%s) + $1)); }

# tracked NAME DEADLINE COMMAND...: DEADLINE 0 is none
tracked() {
  g_file=$WORK/run/$1; shift
  # shellcheck disable=SC2016
  sh -c 'echo "$$ $2" >"$1" && shift 2 && exec "$@"' sh "$g_file" "$@"
  set -- $?
  rm -f "$g_file"
  return "$1"
}
# going: whether a loop of tracked commands may go on
going() { [ ! -e "$WORK/stop" ] && [ -d "$WORK/run" ]; }
# late NAME: whether its time was over
late() { [ -e "$WORK/late.$1" ]; }

# end_tracked SIGNAL
end_tracked() {
  [ -n "$WORK" ] || return
  for g_file in "$WORK"/run/*; do
    [ -s "$g_file" ] && read -r g_pid g_end <"$g_file" && one_program "$g_pid" && kill -"$1" "$g_pid"
  done 2>/dev/null
}
# stop_tracked: no loop goes on, and what does not end by itself is killed by the guard
stop_tracked() {
  [ -z "$WORK" ] || : >"$WORK/stop"
  end_tracked TERM
}

start_guard() {
  guard </dev/null >/dev/null 2>&1 &
  GUARD=$!
}
# watch_guard: there is one, also where somebody ended it
watch_guard() { [ -n "$GUARD" ] && ! kill -0 "$GUARD" 2>/dev/null && start_guard; }
end_guard() {
  [ -n "$GUARD" ] || return
  # a gentler signal can be lost while a shell is still starting its part in the background
  kill -KILL "$GUARD" 2>/dev/null; wait "$GUARD" 2>/dev/null
  GUARD=
}
guard() {
  trap '' INT HUP
  trap - EXIT TERM
  g_stop=0; g_user=$(id -u)
  # $$ is the collector, also here
  while kill -0 "$$"; do
    sleep 1
    own_work || continue
    g_now=$(date +%s)
    for g_file in "$WORK"/run/*; do [ -s "$g_file" ] && guard_one "${g_file##*/}"; done
    if [ -e "$WORK/stop" ]; then g_stop=$((g_stop + 1)); else g_stop=0; fi
    [ "$g_stop" -le 3 ] || end_tracked KILL
  done
  own_work || return
  end_tracked KILL
  sleep 1
  end_tracked KILL
  remove_work
}
# own_work: whether the working folder is there and this user's. The guard begins before it is made, and in a folder
# that somebody else made under its name stand ids and paths that are not to be believed.
own_work() { own_folder "$WORK"; }
own_folder() {
  # shellcheck disable=SC2046
  set -- $(ls -dn -- "$1" 2>/dev/null)
  case $1 in d*) [ "$3" = "${g_user:-$(id -u)}" ] ;; *) false ;; esac
}
# guard_one NAME: TERM when its time is over, KILL three seconds later
guard_one() {
  read -r g_pid g_end <"$WORK/run/$1" || return
  one_program "$g_pid" || return
  case $g_end in '' | 0 | *[!0-9]*) return ;; esac
  [ "$g_now" -ge "$g_end" ] || return
  if ! late "$1"; then
    : >"$WORK/late.$1"
    kill -TERM "$g_pid"
  elif [ "$g_now" -ge $((g_end + 3)) ]; then kill -KILL "$g_pid"; fi
}
