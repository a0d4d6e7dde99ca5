# MSR: its settings, repositories and accounts.

MSR_FOUND=
MSR_MEMBERS='settings.json repositories.json imagescan-status.json accounts.json team-access.json tls-chain.pem'

collect_msr() {
  if ! wants msr; then skip_all cluster/msr "$MSR_MEMBERS" MSR 'left out by --skip msr' nogap; return; fi
  if [ -n "$DRY" ]; then
    case $MSR_URL in '' | auto) MSR_URL='https://<msr>' ;; esac
  else
    msr_address || return
    if ! have curl; then skip_all cluster/msr "$MSR_MEMBERS" MSR 'curl is not installed here'; return; fi
  fi
  HTTP_INPUT=msr_input
  get cluster/msr/settings.json f_json "$MSR_URL/api/v0/meta/settings"
  list cluster/msr/repositories.json "$MSR_URL/api/v0/repositories?count=true&pageSize=$PAGE" pageStart repositories
  get cluster/msr/imagescan-status.json f_json "$MSR_URL/api/v0/imagescan/status"
  list cluster/msr/accounts.json "$MSR_URL/enzi/v0/accounts?filter=all&limit=$PAGE" start accounts
  msr_access
  tls_chain cluster/msr/tls-chain.pem "$MSR_URL"
}

# Where MSR is: as given, or as MKE's settings name it. False, with items, if there is none to ask.
msr_address() {
  case $MSR_URL in '' | auto) ;; *) return 0 ;; esac
  s_host=
  [ -f "$STAGE/cluster/mke/config.toml" ] && s_host=$(awk '/^[ \t]*host_address[ \t]*=/ {
    sub(/^[^=]*=[ \t]*/, ""); gsub(/["\047 \t\r]/, ""); sub(/^https?:\/\//, ""); sub(/\/.*/, "")
    if ($0 != "") { print; exit } }' "$STAGE/cluster/mke/config.toml")
  case $s_host in *[!A-Za-z0-9.:_-]*) s_host= ;; esac
  if [ "$MSR_URL" = auto ] && [ -n "$s_host" ]; then MSR_URL=https://$s_host; MSR_FOUND=1; return 0; fi
  if [ -n "$s_host" ]; then
    skip_all cluster/msr "$MSR_MEMBERS" MSR "MKE's settings name $s_host: give --msr to read it"
  else skip_all cluster/msr "$MSR_MEMBERS" MSR 'no address of MSR was given' nogap; fi
  return 1
}

# Which team may do what to which repository.
msr_access() {
  s_what="GET $MSR_URL/enzi/v0/accounts/<organization>/teams?limit=$PAGE"
  s_what="$s_what, GET $MSR_URL/api/v0/accounts/<organization>/teams/<team>/repositoryAccess?pageSize=$PAGE"
  begin cluster/msr/team-access.json "$s_what" || return
  if [ ! -f "$STAGE/cluster/msr/accounts.json" ]; then
    skip cluster/msr/team-access.json "$s_what" 'the organizations are not known'; return
  fi
  organizations "$STAGE/cluster/msr/accounts.json" >"$WORK/orgs"
  list_begin
  s_red=0; s_ms=0; s_drop=0; s_sep=
  printf '{"teams":[' >"$WORK/out"
  while read -r s_org; do msr_organization "$s_org" || break; done <"$WORK/orgs"
  printf ']}\n' >>"$WORK/out" || fatal='cannot write to the working folder'
  STATUS=$LIST_STATUS; NOTE=$LIST_NOTE; NRED=$s_red; NDROP=$s_drop; MS=$s_ms; KEEP_AS=; t_http=$LIST_HTTP; RC=$LIST_RC
  if [ "$STATUS" != collected ] && [ -n "$s_sep" ]; then STATUS=truncated; fi
  settle cluster/msr/team-access.json "$s_what"
}
# msr_organization NAME: what its teams may do; false if a list did not come whole
msr_organization() {
  list_begin
  KEEP_AS=mke.team
  list_add "$MSR_URL/enzi/v0/accounts/$1/teams?limit=$PAGE" start teams
  KEEP_AS=msr.team_access/rights
  s_ms=$((s_ms + LIST_MS))
  [ "$LIST_STATUS" = collected ] || return 1
  [ -s "$WORK/rows.0" ] || return 0
  { printf '{"teams":['; cat "$WORK/rows.0"; printf ']}'; } | flat |
    awk -F '\t' '$1 ~ /^teams\[[0-9]+\]\.name$/ { print $2 }' >"$WORK/teams"
  while IFS= read -r s_team; do
    s_part=$(printf '%s\n' "$s_team" | url_words)
    list_begin
    list_add "$MSR_URL/api/v0/accounts/$1/teams/$s_part/repositoryAccess?pageSize=$PAGE" pageStart repositoryAccessList
    s_ms=$((s_ms + LIST_MS)); s_red=$((s_red + LIST_RED)); s_drop=$((s_drop + LIST_DROP))
    [ "$LIST_STATUS" = collected ] || return 1
    {
      printf '%s{"organization":"%s","team":"%s","repositoryAccessList":[' "$s_sep" "$1" "$s_team"
      [ -f "$WORK/rows.0" ] && cat "$WORK/rows.0"
      printf ']}'
    } >>"$WORK/out"
    s_sep=,
  done <"$WORK/teams"
}
