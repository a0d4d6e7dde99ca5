# The filters that an answer passes on its way to the disk. Each leaves in the
# file `side` how many values it replaced, how many bytes it wrote, and whether
# what it read was whole. A filter has the time limit of its command.

# filter PROGRAM [NAME=VALUE]
filter() { tracked "filter.$RUN" "$RUN_END" awk -v side="$WORK/side" -v "${2:-join=}" "$1"; }
f_json() { filter "$AWK_REDACT$AWK_STRINGS$AWK_JSON_VALUES$AWK_JSON"; }
f_join() { filter "$AWK_REDACT$AWK_STRINGS$AWK_JSON_VALUES$AWK_JSON" join=1; }
f_kube() { filter "$AWK_REDACT$AWK_STRINGS$AWK_JSON_VALUES$AWK_JSON" kube=1; }
f_toml() { filter "$AWK_REDACT$AWK_LINES$AWK_TOML"; }
f_text() { filter "$AWK_REDACT$AWK_LINES$AWK_PLAIN"; }
f_audit() { filter "$AWK_REDACT$AWK_LINES$AWK_AUDIT"; }
f_top() { filter "$AWK_REDACT$AWK_LINES$AWK_PROCESSES"; }
f_cert() { filter "$AWK_REDACT$AWK_LINES$AWK_CERT"; }
# These two leave no file `side`.
f_raw() { tracked "filter.$RUN" "$RUN_END" cat; }
f_socket() { tracked "filter.$RUN" "$RUN_END" awk "$AWK_SOCKET"; }
