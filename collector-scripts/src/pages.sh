# Lists that come in pages; the pages become one document of the same shape.
# list PATH URL START KEY... asks for one list; a document of many lists is made
# by list_begin, list_add for each list, and list_end.

PAGE=100

# list PATH URL START KEY...
list() {
  n_path=$1; n_url=$2; n_start=$3; shift 3
  begin "$n_path" "GET $n_url" "GET $n_url&$n_start=<next page>" || return
  list_begin
  list_add "$n_url" "$n_start" "$@"
  list_end "$n_path" "GET $n_url" "$@"
}

list_begin() {
  rm -f "$WORK"/rows.*
  LIST_RED=0; LIST_DROP=0; LIST_MS=0; LIST_PAGES=0; LIST_ROWS=0
  LIST_STATUS=collected; LIST_NOTE=; LIST_HTTP=; LIST_NEXT=; LIST_RC=0
}
# list_cut NOTE [NEXT]: only a part of the list came
list_cut() { LIST_STATUS=truncated; LIST_NOTE=$1; LIST_NEXT=${2:-}; }

# list_add URL START KEY...: START is the word of the URL that says where a page begins; KEY is the
# name of the list in the answer, "." for an answer that is a list. Of many keys the first decides.
list_add() {
  a_url=$1; a_startword=$2; shift 2
  a_next=; a_first=; a_marked=; a_page=0; a_offset=0
  case $a_url in *\?*) a_sep='&' ;; *) a_sep='?' ;; esac
  while :; do
    [ -n "$STOPPED" ] && { list_cut "$STOPPED"; return; }
    http f_json "$WORK/page" "$a_url${a_next:+$a_sep$a_startword=$a_next}"
    LIST_MS=$((LIST_MS + MS)); LIST_HTTP=$HTTP; LIST_RC=$RC
    if [ "$STATUS" != collected ]; then
      if [ "$LIST_PAGES" -eq 0 ]; then LIST_STATUS=$STATUS; LIST_NOTE=$NOTE
      else list_cut "page $((a_page + 1)): $NOTE" "${a_next:-?}"; fi
      return
    fi
    list_page "$@" || return
    list_next || return
    if [ "$a_page" -ge 10000 ]; then list_cut 'more than 10000 pages' "$a_next"; return; fi
  done
}
# list_page KEY...: adds the rows of the page that came; false if it is the first page again
list_page() {
  a_rows=0; a_i=0
  for a_key in "$@"; do
    a_want=$a_key; [ "$a_key" = . ] && a_want=
    awk -v want="$a_want" -v rows="$WORK/nrows" "$AWK_STRINGS$AWK_ROWS" "$WORK/page" >"$WORK/inner" ||
      fatal='cannot write to the working folder'
    read -r a_n a_found <"$WORK/nrows"
    if [ "$a_i" -eq 0 ]; then
      if [ "$a_found" != 1 ] && ! null_list "$a_key"; then list_none "$a_key"; return 1; fi
      a_rows=$a_n
      a_sum=$(sha256_of "$WORK/inner")
      if [ "$a_page" -eq 0 ]; then a_first=$a_sum
      elif [ "$a_sum" = "$a_first" ]; then
        # the server does not know this way of asking for more
        if [ -n "$a_marked" ]; then list_cut 'the next page is the first one again' "$a_next"
        else list_cut "exactly $a_rows rows and no word of more: there may be more" "$LIST_NEXT"; fi
        return 1
      fi
    fi
    if [ "$a_n" -gt 0 ]; then
      [ -s "$WORK/rows.$a_i" ] && printf ',' >>"$WORK/rows.$a_i"
      cat "$WORK/inner" >>"$WORK/rows.$a_i" || fatal='cannot write to the working folder'
    fi
    a_i=$((a_i + 1))
  done
  LIST_RED=$((LIST_RED + NRED)); LIST_DROP=$((LIST_DROP + NDROP));
  LIST_PAGES=$((LIST_PAGES + 1)); LIST_ROWS=$((LIST_ROWS + a_rows))
  a_page=$((a_page + 1)); a_offset=$((a_offset + a_rows))
}
# null_list KEY: whether null stands for a list that may be empty
null_list() {
  case $1 in teams | repositoryAccessList) flat "$WORK/page" | grep -x "$1	null" >/dev/null ;; *) false ;; esac
}
# list_none KEY: an answer without the list that was asked for
list_none() {
  a_why="the answer has no list $1"; [ "$1" != . ] || a_why='the answer is no list'
  if [ "$LIST_PAGES" -eq 0 ]; then LIST_STATUS=failed; LIST_NOTE=$a_why
  else list_cut "page $((a_page + 1)): $a_why" "${a_next:-?}"; fi
}
# list_next: where the next page begins; false after the last one
list_next() {
  a_marked=
  a_next=$(flat "$WORK/page" |
    awk -F '\t' '$1 == "nextPageStart" && $2 != "" && $2 != "null" { print $2; exit }' | url_words)
  [ -n "$a_next" ] ||
    a_next=$(awk '$1 == "X-Next-Page-Start:" { print $2; exit }' "$WORK/hdr" 2>/dev/null | url_words)
  if [ -n "$a_next" ]; then a_marked=1; return; fi
  # a full page without a word of more: asked for again from where it ends
  [ "$a_rows" -eq "$PAGE" ] || [ "$a_rows" -eq 10 ] || return
  a_next=$a_offset
}

# list_end PATH WHAT KEY...
list_end() {
  e_path=$1; e_what=$2; shift 2
  STATUS=$LIST_STATUS; NOTE=$LIST_NOTE; NRED=$LIST_RED; NDROP=$LIST_DROP; MS=$LIST_MS; RC=$LIST_RC; t_http=$LIST_HTTP
  if [ "$STATUS" = collected ]; then NOTE="all pages: $LIST_ROWS rows in $LIST_PAGES"; fi
  list_document "$@" >"$WORK/out" || { STATUS=failed; NOTE='cannot write to the working folder'; fatal=$NOTE; }
  settle "$e_path" "$e_what"
}
list_document() {
  if [ "$1" = . ]; then
    printf '['; cat "$WORK/rows.0" 2>/dev/null; printf ']\n'
    return
  fi
  e_i=0
  printf '{'
  for e_key in "$@"; do
    printf '"%s":[' "$e_key"; [ -f "$WORK/rows.$e_i" ] && cat "$WORK/rows.$e_i"; printf '],'
    e_i=$((e_i + 1))
  done
  printf '"resourceCount":%s,"nextPageStart":"%s"}\n' "$LIST_ROWS" "$LIST_NEXT"
}
