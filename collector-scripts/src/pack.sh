# The archive.

# What is not finished lies in a folder of the run's own, whose name begins with a dot. Where the archives were
# already getting their names when the collector was killed, the guard gives the others theirs.
remove_unfinished() {
  [ -s "$WORK/part" ] || return 0
  IFS= read -r z_own <"$WORK/part"
  case $z_own in .mke-snapshot.*) ;; *) return 0 ;; esac
  case $z_own in */* | *[!A-Za-z0-9.-]*) return 0 ;; esac
  own_folder "$OUT/$z_own" || return 0
  [ ! -e "$WORK/naming" ] || give_names
  rm -rf -- "${OUT:?}/$z_own"
}
# make_own: that folder, private from its beginning, so that nobody else can lay anything under the names in it
make_own() {
  for _ in 1 2 3; do
    z_own=$(mktemp -u "$OUT/.mke-snapshot.XXXXXX") || return
    z_own=${z_own##*/}
    printf '%s\n' "$z_own" >"$WORK/part" || return
    mkdir -m 700 -- "$OUT/$z_own" 2>/dev/null && return
    rm -f "$WORK/part"
  done
  return 1
}

# The id of the cluster: what MKE's containers say, else the swarm's.
cluster_id() {
  [ -d "$STAGE" ] || return
  find "$STAGE" -name containers.json -type f 2>/dev/null | sort >"$WORK/found"
  while IFS= read -r f; do
    id=$(awk 'match($0, /"com\.docker\.ucp\.InstanceID": *"[A-Za-z0-9_-]+"/) {
      s = substr($0, RSTART, RLENGTH); sub(/"$/, "", s); sub(/.*"/, "", s); print s; exit }' "$f")
    if [ -n "$id" ]; then printf '%s\n' "$id"; return; fi
  done <"$WORK/found"
  find "$STAGE" -name info.json -type f 2>/dev/null | sort >"$WORK/found"
  while IFS= read -r f; do
    id=$(flat "$f" | awk -F '\t' '$1 == "Swarm.Cluster.ID" && $2 ~ /^[A-Za-z0-9_-]+$/ { print $2; exit }')
    if [ -n "$id" ]; then printf '%s\n' "$id"; return; fi
  done <"$WORK/found"
}

write_manifest() {
  z_more=${SPLIT:+ parts:n}
  R_record=header R_parts=$z_parts R_format=2 R_collector="$PROGRAM $VERSION" R_cluster_id=$z_id R_host=$(uname -n) \
    R_user=$(id -un 2>/dev/null || id -u) R_started=$STARTED R_mode=$MODE \
    R_tls_verified=$([ -n "$INSECURE" ] && echo false || echo true) R_keep=$KEEP \
    R_FIELDS="record:s format:n collector:s cluster_id:s host:s user:s started:s mode:s tls_verified:b keep:s$z_more" \
    awk "$MANIFEST_LINE" &&
  awk -v size="${SPLIT:-0}" "$AWK_PARTS" "$WORK/items" &&
  R_record=footer R_finished=$(utc) R_items=$N_ITEMS R_bytes=$N_BYTES R_complete=$z_complete R_note=$STOPPED \
    R_FIELDS='record:s finished:s items:n bytes:n complete:b note:s' awk "$MANIFEST_LINE"
}

# Writing goes on in the background, where Ctrl-C does not reach it, while the first
# signal waits for its end and the second one ends it.
pack() {
  progress 'packing'
  FINISHING=${FINISHING:-pack}
  rm -f "$WORK/stop"
  write_snapshot &
  wait_job $!
  [ "$JOB_RC" -eq 0 ] || die "$(cat "$WORK/why" 2>/dev/null || echo 'cannot write the archive'): no archive written"
  [ -n "$STREAM" ] || name_archive
}
# The archive gets its name here and not in the background, so that whoever gives up knows whether it has it.
# Ctrl-C also ends the tool that was just renaming.
name_archive() {
  IFS= read -r z_own <"$WORK/part"
  while read -r _ _ z_file; do free_name "$OUT/$z_file"; done <"$WORK/packed"
  # from here on no signal changes anything
  FINISHING=named
  : >"$WORK/naming"
  if ! give_names; then
    rm -f "$WORK/naming"
    die "cannot give the archive its name in $OUT: no archive written"
  fi
  remove_unfinished
  rm -f "$WORK/naming" "$WORK/part"
}
give_names() {
  while read -r _ _ z_file; do
    z_part=$OUT/$z_own/$z_file
    for _ in 1 2; do [ ! -f "$z_part" ] || mv -f -- "$z_part" "$OUT/$z_file" 2>/dev/null; done
    [ ! -e "$z_part" ] || return
  done <"$WORK/packed"
}
# free_name FILE: what is there already stays
free_name() {
  if [ -e "$1" ] || [ -L "$1" ]; then die "$1 is there already: no archive written"; fi
}
# give_up REASON: ends the background
give_up() {
  printf '%s\n' "$1" >"$WORK/why"
  remove_unfinished
  exit 1
}

write_snapshot() {
  trap - EXIT
  trap '' INT HUP TERM
  z_id=$(cluster_id)
  z_name=${NAME:-$z_id}; z_name=$(safe_name "${z_name:-cluster}" | cut -c1-40)
  [ "$MODE" = node ] && z_name=$z_name-$NODE
  z_top=mke-snapshot-$z_name-$STAMP
  z_parts=$(awk -v size="${SPLIT:-0}" -v count=1 "$AWK_PARTS" "$WORK/items")
  z_complete=true; [ -n "$STOPPED" ] && z_complete=false
  write_manifest >"$WORK/manifest" || give_up 'cannot write the manifest (is the disk full?)'
  # what cannot be written must not look whole
  z_lines=$(wc -l <"$WORK/manifest" | tr -d ' ')
  [ "$z_lines" = $((N_ITEMS + 2)) ] || give_up 'the manifest could not be written whole (is the disk full?)'
  if ! { mkdir "$WORK/tar" && mv "$STAGE" "$WORK/tar/$z_top" && mv "$WORK/manifest" "$WORK/tar/$z_top/manifest.jsonl"; }
  then give_up 'cannot write to the working folder'; fi
  STAGE=$WORK/tar/$z_top
  find "$STAGE" -type d -exec rmdir {} + 2>/dev/null
  find "$STAGE" -depth -type d -exec rmdir {} \; 2>/dev/null
  if [ -n "$STREAM" ]; then tar_snapshot || give_up 'cannot write the archive'
  else
    make_own || give_up "cannot write to $OUT"
    z_of=
    for z_number in $(seq_to "$z_parts"); do
      if [ -n "$SPLIT" ]; then
        z_of=.part${z_number}of$z_parts
        set_apart || give_up 'cannot write to the working folder (is the disk full?)'
      fi
      write_archive
    done
  fi
  exit 0
}
seq_to() { awk -v n="$1" 'BEGIN { for (i = 1; i <= n; i++) print i }'; }
# A folder with the manifest and the members of the part of this number.
set_apart() {
  z_from=$WORK/tar/$z_top; STAGE=$WORK/tar.$z_number/$z_top
  mkdir -p "$STAGE" && cp "$z_from/manifest.jsonl" "$STAGE" || return
  awk -v part="$z_number" "$AWK_PARTS" "$z_from/manifest.jsonl" >"$WORK/members" || return
  while IFS= read -r z_line; do
    mkdir -p "$STAGE/${z_line%/*}" && mv "$z_from/$z_line" "$STAGE/$z_line" || return
  done <"$WORK/members"
}
tar_snapshot() {
  z_dirs=
  for d in cluster nodes; do [ ! -d "$STAGE/$d" ] || z_dirs="$z_dirs $z_top/$d"; done
  # the manifest first: a reader then knows what to expect
  # shellcheck disable=SC2086
  tracked tar 0 tar -C "${STAGE%/*}" -cf - "$z_top/manifest.jsonl" $z_dirs
}
write_archive() {
  case $FORMAT in zst) z_ext=tar.zst ;; gz) z_ext=tar.gz ;; *) z_ext=tar ;; esac
  z_file=$z_top$z_of.$z_ext
  z_part=$OUT/$z_own/$z_file
  # opened here: a part of the pipeline that is late would make the file again after it was removed
  true >"$z_part" || give_up "cannot write to $OUT"
  { { tar_snapshot; echo $? >"$WORK/tar.rc"; } 2>"$WORK/err" | pack_to >&4 2>>"$WORK/err"; } 4>"$z_part"
  z_rc=$?
  if [ $z_rc -ne 0 ] || [ "$(cat "$WORK/tar.rc" 2>/dev/null)" != 0 ]; then
    z_err=$(first_error "$WORK/err"); give_up "cannot write the archive to $OUT: ${z_err:-is the disk full?}"
  fi
  # read it again before it gets its name
  z_count=$(find "$STAGE" -type f | wc -l | tr -d ' ')
  z_seen=$(pack_from <"$z_part" 2>/dev/null | tar -tf - 2>/dev/null | grep -c '[^/]$')
  [ "$z_seen" = "$z_count" ] || give_up "the archive in $OUT cannot be read back ($z_seen of $z_count members)"
  printf '%s %s %s\n' "$(bytes_of "$z_part")" "$(sha256_of "$z_part")" "$z_file" >>"$WORK/packed" ||
    give_up 'cannot write to the working folder'
}
pack_to() { case $FORMAT in zst) packer zstd -q -c ;; gz) packer gzip -c ;; *) packer cat ;; esac; }
pack_from() { case $FORMAT in zst) packer zstd -q -d -c ;; gz) packer gzip -d -c ;; *) packer cat ;; esac; }
packer() { tracked packer 0 "$@"; }

# One line for each kind of failure, the most frequent first.
summary_of_failures() {
  [ -s "$WORK/failures" ] || return 0
  sort "$WORK/failures" | uniq -c | sort -rn | awk '
    NR <= 20 { n = $1; sub(/^ *[0-9]+ /, ""); print "  " n " x " $0; next }
    { rest += $1 }
    END { if (rest) print "  " rest " more of other kinds" }'
}
summary() {
  [ -n "$QUIET" ] && return
  [ -t 2 ] && printf '\r\033[K' >&2
  {
    printf '  collected %s  failed %s  forbidden %s  timed out %s  truncated %s  skipped %s\n' \
      "$N_DONE" "$N_FAILED" "$N_FORBIDDEN" "$N_TIMED" "$N_CUT" "$N_SKIPPED"
    printf '  %s bytes in %s items, %s values left out\n' "$N_BYTES" "$N_ITEMS" "$N_DROPPED"
    [ "$N_REDACTED" -eq 0 ] ||
      printf '  warning: %s values that look like secrets stood in kept fields, and were replaced\n' "$N_REDACTED"
    summary_of_failures
    if [ -z "$STREAM" ]; then
      while read -r z_bytes z_sha z_file; do
        printf '%s\n  archive %s bytes, sha256 %s\n' "$OUT/$z_file" "$z_bytes" "$z_sha"
      done <"$WORK/packed"
    fi
    [ -n "$STOPPED" ] && printf '  not the whole: %s\n' "$STOPPED"
  } >&2
  :
}
