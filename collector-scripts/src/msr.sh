# MSR: its settings, repositories and accounts.

MSR_FOUND=
MSR_MEMBERS='settings.json repositories.json imagescan-status.json accounts.json team-access.json members.json
tls-chain.pem'

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
  msr_members
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
  msr_each cluster/msr/team-access.json "$s_what" teams msr_rights
}
# Who belongs to which organization, and to which of its teams.
msr_members() {
  s_what="GET $MSR_URL/enzi/v0/accounts/<organization>/members?limit=$PAGE"
  s_what="$s_what, GET $MSR_URL/enzi/v0/accounts/<organization>/teams/<team>/members?limit=$PAGE"
  msr_each cluster/msr/members.json "$s_what" memberships msr_belonging
}
# msr_each PATH WHAT KEY COMMAND: one document of what the command adds for every organization
msr_each() {
  begin "$1" "$2" || return
  if [ ! -f "$STAGE/cluster/msr/accounts.json" ]; then skip "$1" "$2" 'the organizations are not known'; return; fi
  organizations "$STAGE/cluster/msr/accounts.json" >"$WORK/orgs"
  list_begin
  s_red=0; s_ms=0; s_drop=0; s_sep=
  printf '{"%s":[' "$3" >"$WORK/out"
  while read -r s_org; do "$4" "$s_org" || break; done <"$WORK/orgs"
  printf ']}\n' >>"$WORK/out" || fatal='cannot write to the working folder'
  STATUS=$LIST_STATUS; NOTE=$LIST_NOTE; NRED=$s_red; NDROP=$s_drop; MS=$s_ms; KEEP_AS=; t_http=$LIST_HTTP; RC=$LIST_RC
  if [ "$STATUS" != collected ] && [ -n "$s_sep" ]; then STATUS=truncated; fi
  settle "$1" "$2"
}
# msr_rights ORGANIZATION: what its teams may do; false if a list did not come whole
msr_rights() {
  msr_of_teams "$1" msr.team_access/page api/v0 "repositoryAccess?pageSize=$PAGE" pageStart repositoryAccessList
}
# msr_belonging ORGANIZATION: who belongs to it and to its teams; false if a list did not come whole
msr_belonging() {
  KEEP_AS=msr.membership/page
  msr_row "$MSR_URL/enzi/v0/accounts/$1/members?limit=$PAGE" start members "\"organization\":\"$1\"" || return
  msr_of_teams "$1" msr.membership/page enzi/v0 "members?limit=$PAGE" start members
}
# msr_of_teams ORGANIZATION KIND API LIST START KEY: a row for each of its teams; false if a list did not come whole
msr_of_teams() {
  msr_teams "$1" || return
  KEEP_AS=$2
  while IFS= read -r s_team; do
    s_part=$(printf '%s\n' "$s_team" | url_words)
    msr_row "$MSR_URL/$3/accounts/$1/teams/$s_part/$4" "$5" "$6" \
      "\"organization\":\"$1\",\"team\":\"$s_team\"" || return
  done <"$WORK/teams"
}
# msr_teams ORGANIZATION: the names of its teams, one a line; false if the list did not come whole
msr_teams() {
  list_begin
  KEEP_AS=mke.team
  list_add "$MSR_URL/enzi/v0/accounts/$1/teams?limit=$PAGE" start teams
  s_ms=$((s_ms + LIST_MS))
  : >"$WORK/teams"
  [ "$LIST_STATUS" = collected ] || return
  [ -s "$WORK/rows.0" ] || return 0
  { printf '{"teams":['; cat "$WORK/rows.0"; printf ']}'; } | flat |
    awk -F '\t' '$1 ~ /^teams\[[0-9]+\]\.name$/ { print $2 }' >"$WORK/teams"
}
# msr_row URL START KEY FACTS: adds an object of these facts and the list of that name
msr_row() {
  list_begin
  list_add "$1" "$2" "$3"
  s_ms=$((s_ms + LIST_MS)); s_red=$((s_red + LIST_RED)); s_drop=$((s_drop + LIST_DROP))
  [ "$LIST_STATUS" = collected ] || return
  {
    printf '%s{%s,"%s":[' "$s_sep" "$4" "$3"
    [ -f "$WORK/rows.0" ] && cat "$WORK/rows.0"
    printf ']}'
  } >>"$WORK/out"
  s_sep=,
}
