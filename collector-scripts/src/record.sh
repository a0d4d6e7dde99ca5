# The manifest: what was run and what became of it.

N_ITEMS=0; N_BYTES=0; N_DONE=0; N_FAILED=0; N_FORBIDDEN=0; N_TIMED=0; N_SKIPPED=0; N_CUT=0;
N_REDACTED=0; N_DROPPED=0; GAPS=0
# the fields of an item, in their order
ITEM_FIELDS='record path what started ms exit http bytes sha256 status note redacted dropped'
COMPLAINED=; N_SAME=0

# progress TEXT
progress() {
  [ -n "$QUIET" ] && return
  [ -t 2 ] && printf '\r\033[K%s %s' "$((N_ITEMS + 1))" "$1" >&2
}
trouble() {
  [ -n "$QUIET" ] && return
  if [ -t 2 ]; then printf '\r\033[K%s\n' "$1" >&2; else printf '%s\n' "$1" >&2; fi
}
# complain STATUS PATH NOTE: what follows with the same status and note is only counted
complain() {
  printf '%s: %s\n' "$1" "$(printable "$3")" >>"$WORK/failures"
  if [ "$1: $3" = "$COMPLAINED" ]; then N_SAME=$((N_SAME + 1)); return; fi
  end_complaint
  COMPLAINED="$1: $3"
  trouble "  $1 $2: $(printable "$3")"
}
end_complaint() {
  [ "$N_SAME" -eq 0 ] || trouble "  ${COMPLAINED%%:*} $N_SAME more for the same reason"
  COMPLAINED=; N_SAME=0
}
printable() { printf '%s' "$1" | tr -d '\000-\010\013-\037\177-\377' | tr '\n\t' '  ' | cut -c1-300; }

# record PATH WHAT STARTED MS EXIT HTTP STATUS NOTE REDACTED [gap|nogap]
record() {
  r_sha=; r_bytes=0
  if [ -f "$STAGE/$1" ]; then
    r_bytes=$(bytes_of "$STAGE/$1"); r_sha=$(sha256_of "$STAGE/$1")
    # Ctrl-C on a terminal also ends the tool that was just counting
    [ -n "$r_bytes" ] || r_bytes=$(bytes_of "$STAGE/$1")
    [ -n "$r_sha" ] || r_sha=$(sha256_of "$STAGE/$1")
  fi
  R_record=item; R_path=$1; R_what=$2; R_started=$3; R_ms=$4; R_exit=$5; R_http=$6; R_bytes=$r_bytes; R_sha256=$r_sha
  R_status=$7; R_note=$8; R_redacted=$9; R_dropped=${NDROP:-0}
  R_FIELDS='record:s path:s what:s started:s ms:n exit:n http:n bytes:n sha256:z status:s note:s redacted:n dropped:n'
  export R_record R_path R_what R_started R_ms R_exit R_http R_bytes R_sha256 R_status R_note R_redacted R_dropped
  export R_FIELDS
  record_line || record_line || fatal="cannot write to the working folder (is the disk full?)"
  count "$7" "$r_bytes" "${9:-0}" "${10:-gap}" "$R_dropped"
  NDROP=0
  case $7 in
    collected) ;;
    skipped) [ "${10:-}" = nogap ] || complain skipped "$1" "$8" ;;
    *) complain "$7" "$1" "$8" ;;
  esac
}
record_line() { awk "$MANIFEST_LINE" >>"$WORK/items"; }
MANIFEST_LINE="$AWK_REDACT$AWK_RECORD"
# add A B: some shells count with 32 bits
case $((2147483647 + 1)) in
  2147483648) add() { echo $(($1 + $2)); } ;;
  *) add() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.0f\n", a + b }'; } ;;
esac
# count STATUS BYTES REDACTED gap|nogap DROPPED
count() {
  N_ITEMS=$((N_ITEMS + 1)); N_BYTES=$(add "$N_BYTES" "$2")
  N_REDACTED=$((N_REDACTED + $3)); N_DROPPED=$((N_DROPPED + $5))
  case $1 in
    collected) N_DONE=$((N_DONE + 1)) ;;
    failed) N_FAILED=$((N_FAILED + 1)); GAPS=1 ;;
    forbidden) N_FORBIDDEN=$((N_FORBIDDEN + 1)); GAPS=1 ;;
    timed_out) N_TIMED=$((N_TIMED + 1)); GAPS=1 ;;
    truncated) N_CUT=$((N_CUT + 1)); GAPS=1 ;;
    *) N_SKIPPED=$((N_SKIPPED + 1)); [ "$4" = nogap ] || GAPS=1 ;;
  esac
}

# skip PATH WHAT NOTE [nogap]: a member that is not asked for
skip() {
  [ -n "$DRY$STOPPED" ] && return
  record "$1" "$2" "$(utc)" 0 '' '' skipped "$3" 0 "${4:-gap}"
}
# plan WHAT PATH: a line of the dry run
plan() { put "$1  ->  $2"; }
