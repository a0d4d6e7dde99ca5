# Ended at twenty moments of a run: no process stays, no working folder, and no file but a whole archive.

. "$HERE/runs.sh"

# gone: waits until nothing of the run is left, twenty seconds at most
gone() {
  i=0
  while [ $i -lt 10 ]; do
    left_over="$(strays) $(left "$w/tmp")"
    [ "$left_over" != ' 0' ] || return 0
    i=$((i + 1))
  done
  return 1
}
# whole DIR: it holds nothing, or one archive that can be read and says what it is
whole() {
  k_files=$(ls -A "$1")
  [ -n "$k_files" ] || return 0
  k_arc=$(archive_in "$1")
  [ "$k_files" = "${k_arc##*/}" ] || { echo "left: $k_files"; return 1; }
  unpack "$k_arc" "$w/un" && python3 "$HERE/doubles/check.py" "$TOP"
}
kills() { # kills NAME SHELL-WORDS...
  b=$1; shift; b_path=$PATH
  w=$T/k/$b; fakes "$w" "$PATH"
  FAKE=; export FAKE
  # the second of two runs says how long one takes
  for k_n in 1 2; do
    k_t0=$(date +%s%N)
    begin_run "$@" "$COLLECT" node -o "$w/out" --timeout 60 --node-name n --socket /dev/null; wait "$pid"
    k_ms=$((($(date +%s%N) - k_t0) / 1000000))
  done
  k_bad=; k_n=0
  while [ $k_n -lt 20 ]; do
    k_n=$((k_n + 1))
    case $((k_n % 4)) in 0) sig='TERM TERM' ;; 1 | 2) sig=KILL ;; 3) sig='INT INT' ;; esac
    # spread over the run, and a little beyond its end
    k_at=$("$PY" -c 'import random,sys; n,ms=int(sys.argv[1]),int(sys.argv[2]); print((n-1+random.random())*ms*1.1/20/1000)' "$k_n" "$k_ms")
    begin_run "$@" "$COLLECT" node -o "$w/out" --timeout 60 --node-name n --socket /dev/null
    sleep "$k_at"
    for s_one in $sig; do kill -"$s_one" "$pid" 2>/dev/null; sleep 0.1; done
    wait "$pid" 2>/dev/null
    gone || k_bad="$k_bad
SIG$sig after $k_at s: left: $left_over"
    k_said=$(whole "$w/out" 2>&1) || k_bad="$k_bad
SIG$sig after $k_at s: $k_said"
  done
  equal "$b: ended at 20 moments of $k_ms ms: nothing is left but whole archives" "$k_bad" ''
  unset FAKE
}
for s in $SHELLS; do
  have "$s" || continue
  # shellcheck disable=SC2046
  kills "$s" $(shell_of "$s")
done
