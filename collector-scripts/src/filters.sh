# The filters that an answer passes on its way to the disk. Each keeps what its list
# names and leaves in the file `side` how many values the patterns found besides, how
# many bytes it wrote, whether what it read was whole, and how many values it dropped.
# A filter has the time limit of its command.

PROCESS_IDS=
# keeping MEMBER-OR-KIND: the list of what is kept, for the filter of the next command.
# A member without a list has a form of its own.
keeping() {
  case $1 in nodes/*/*) k_of="nodes/<node>/${1#nodes/*/}" ;; *) k_of=$1 ;; esac
  KEEP_LIST=$WORK/list.$(printf '%s' "$k_of" | tr -c 'A-Za-z0-9.\n' '_')
  [ -f "$KEEP_LIST" ] || list_of "$k_of" >"$KEEP_LIST" || : >"$KEEP_LIST"
}
list_of() {
  case $1 in
    manifest) for f in $ITEM_FIELDS; do printf '%s\tvalue\n' "$f"; done ;;
    *) printf '%s\n' "$LISTS" | awk -v of="$1" -v keep="$KEEP" "$AWK_LIST" ;;
  esac
}
# filter_of MEMBER: the filter of a member
filter_of() {
  case $1 in
    */processes.txt) echo f_top ;;
    */audit-docker.txt) echo f_audit ;;
    */audit-rules.txt) echo f_rules ;;
    */docker-socket.txt) echo f_socket ;;
    *.json) echo f_json ;;
    *.toml) echo f_toml ;;
    *.pem) echo f_cert ;;
    *) echo f_lines ;;
  esac
}

# filter PROGRAM [NAME=VALUE]. Some awks end a text at a zero byte, and would take the
# inside of a string for its outside.
filter() {
  tr '\000' '\001' 2>/dev/null | tracked "filter.$RUN" "$RUN_END" awk -v side="$WORK/side" -v list="$KEEP_LIST" \
    -v flags="$FLAGS" -v words="$WORDS" -v "${2:-join=}" "$AWK_REDACT$1"
}
f_json() { filter "$AWK_STRINGS$AWK_SELECT$AWK_KEEP_JSON"; }
f_join() { filter "$AWK_STRINGS$AWK_SELECT$AWK_KEEP_JSON" join=1; }
f_toml() { filter "$AWK_SELECT$AWK_KEEP_TOML"; }
f_audit() { filter "$AWK_SELECT$AWK_KEEP_AUDIT"; }
f_rules() { filter "$AWK_SELECT$AWK_KEEP_RULES"; }
f_forward() { filter "$AWK_SELECT$AWK_KEEP_FORWARD"; }
f_top() { filter "$AWK_SELECT$AWK_PROCESSES" "ids=$PROCESS_IDS"; }
f_lines() { k_of=${MEMBER##*/}; filter "$AWK_SELECT$AWK_KEEP_LINES" "form=${k_of%.txt}"; }
f_cert() { filter "$AWK_CERT"; }
# These leave no file `side`.
f_none() { tracked "filter.$RUN" "$RUN_END" cat >/dev/null; }
f_raw() { tracked "filter.$RUN" "$RUN_END" cat; }
f_socket() { filter "$AWK_SOCKET"; }
f_ids() { filter "$AWK_IDS"; }
# what the command says on its standard error
f_said() { tracked "said.$RUN" "$RUN_END" awk -v hdr="$RUN_HDR" "$AWK_SAID"; }
