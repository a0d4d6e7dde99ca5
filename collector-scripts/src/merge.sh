# What came back from a host. It is not trusted: names, kinds and digests are
# looked at before anything of it is kept.

# host_failed STATUS NOTE
host_failed() {
  record "nodes/$w_name/docker/info.json" "ssh $w_line sh -s -- node" "$w_start" 0 "$w_rc" '' "$1" "$2" 0 gap
}

# merge_host NUMBER LINE
merge_host() {
  w_line=$2
  w_name=${w_line#*@}; case $w_name in *:*:*) ;; *) w_name=${w_name%:*} ;; esac
  w_name=$(safe_name "$w_name")
  w_start=$(cat "$WORK/host.$1.start" 2>/dev/null); w_rc=$(cat "$WORK/host.$1.rc" 2>/dev/null)
  w_tar=$WORK/host.$1.tar
  if late "host.$1"; then host_failed timed_out "no end after $NODE_TIMEOUT seconds"; return; fi
  if [ ! -s "$w_tar" ]; then
    w_err=$(first_error "$WORK/host.$1.err")
    w_status=failed
    case $w_err in *'ermission denied'* | *'password is required'*) w_status=forbidden ;; esac
    host_failed "$w_status" "${w_err:-${STOPPED:-nothing came back}}"; return
  fi
  w_why=$(check_archive)
  if [ -n "$w_why" ]; then host_failed failed "$w_why"; return; fi
  rm -rf "$WORK/unpack"; mkdir "$WORK/unpack"
  if ! (cd "$WORK/unpack" && tar -xf "$w_tar") 2>/dev/null; then
    host_failed failed 'what came back cannot be unpacked'
    fatal='cannot write to the working folder (is the disk full?)'; return
  fi
  rm -f "$w_tar"
  set -- "$WORK"/unpack/mke-snapshot-*
  if [ $# -ne 1 ] || [ ! -f "$1/manifest.jsonl" ]; then host_failed failed 'what came back has no manifest'; return; fi
  w_top=$1
  set -- "$w_top"/nodes/*
  w_node=${1##*/}
  if [ $# -ne 1 ] || [ ! -d "$1" ]; then host_failed failed 'what came back is not one node'; return; fi
  if [ -e "$STAGE/nodes/$w_node" ]; then
    host_failed failed "another host already gave itself the name $w_node"; return
  fi
  case $(tail -n 1 "$w_top/manifest.jsonl") in
    '{"record":"footer",'*'"complete":true'*) ;;
    *) trouble "  incomplete $w_node: its collection was interrupted"; GAPS=1 ;;
  esac
  grep '^{"record":"item","path":"nodes/' "$w_top/manifest.jsonl" >"$WORK/sub"
  while IFS= read -r w_item; do merge_item; done <"$WORK/sub"
  rm -rf "$WORK/unpack"
  # 3: the node had gaps of its own
  [ "$w_rc" = 0 ] || GAPS=1
}
# Why the archive that came back must not be unpacked; nothing if it may.
check_archive() {
  if ! tar -tf "$w_tar" >"$WORK/names" 2>/dev/null || ! tar -tvf "$w_tar" >"$WORK/kinds" 2>/dev/null; then
    echo 'what came back is no whole archive'; return
  fi
  c_name='[A-Za-z0-9_][A-Za-z0-9._-]*'; c_file='[A-Za-z0-9_-][A-Za-z0-9._-]*'
  c_path="^mke-snapshot-[A-Za-z0-9._-]+/(manifest\.jsonl|(nodes/($c_name/((docker|host)/($c_file)?)?)?)?)\$"
  { grep -v '^[d-]' "$WORK/kinds"; grep -vE "$c_path" "$WORK/names"; grep '\.\./' "$WORK/names"; } >"$WORK/odd"
  [ -s "$WORK/odd" ] && echo 'what came back holds names or kinds of files that do not belong there'
}
# One item of its manifest, checked against the file it speaks of.
merge_item() {
  w_path=$(item_part '^{"record":"item","path":"\(nodes\/[A-Za-z0-9._\/-]*\)",.*')
  case $w_path in nodes/"$w_node"/*) ;; *) return ;; esac
  case $w_path in *../* | */./*) return ;; esac
  w_status=$(item_part '.*"status":"\([a-z_]*\)","note":.*')
  w_bytes=$(item_part '.*"bytes":\([0-9]*\),"sha256":.*')
  case $w_bytes in 0?* | ????????????????*) w_bytes= ;; esac
  w_sha=$(item_part '.*,"sha256":"\([0-9a-f]*\)","status":.*')
  w_red=$(item_part '.*,"redacted":\([0-9]*\),"dropped":[0-9]*}$')
  w_drop=$(item_part '.*,"dropped":\([0-9]*\)}$')
  # a number that begins with 0 or has many digits is another one in some shells
  for w_number in "$w_red" "$w_drop"; do case $w_number in '' | 0?* | ??????????*) w_red=; w_drop= ;; esac; done
  case $w_status in
    collected | truncated) [ -n "$w_sha" ] || w_sha=none ;;
    failed | forbidden | timed_out | skipped) [ -z "$w_sha" ] || w_status=bad ;;
    *) w_status=bad ;;
  esac
  keeping manifest
  printf '%s\n' "$w_item" | { RUN_END=0; f_json; } >"$WORK/item"
  read -r _ _ w_whole _ <"$WORK/side"
  if [ "$w_status" = bad ] || [ "$w_whole" != 1 ] || [ -z "$w_bytes" ] || [ -z "$w_red$w_drop" ]; then
    item_failed 'the record that came back is not what it should be'; return
  fi
  if [ -n "$w_sha" ]; then
    w_file=$w_top/$w_path
    if [ ! -f "$w_file" ] || [ "$(sha256_of "$w_file")" != "$w_sha" ] || [ "$(bytes_of "$w_file")" != "$w_bytes" ]; then
      item_failed 'the file that came back differs from its digest'
      rm -f "$w_file"; return
    fi
    mkdir -p "$STAGE/${w_path%/*}"; mv "$w_file" "$STAGE/$w_path" || fatal='cannot write to the working folder'
  fi
  cat "$WORK/item" >>"$WORK/items" || fatal='cannot write to the working folder'
  # a gap of the node is in its exit code
  w_gaps=$GAPS; count "$w_status" "$w_bytes" "$w_red" nogap "$w_drop"; GAPS=$w_gaps
}
# item_part PATTERN: what \( \) stands for in the item
item_part() { printf '%s\n' "$w_item" | sed -n "s/$1/\\1/p"; }
item_failed() { record "$w_path" "ssh $w_line" "$w_start" 0 '' '' failed "$1" 0 gap; }
