# MKE: its settings, accounts, roles and grants, and its support dump.

LOGIN_FAILED=
# every member, for what cannot be asked
MKE_MEMBERS='config.toml config-kubernetes.json auth.json ldap.json accounts.json teams.json roles.json
collections.json grants.json ca.pem tls-chain.pem ping.json version.json'

mke_login() {
  [ -n "$TOKEN" ] || [ -z "$PASSWORD" ] && return
  m_user=$(json_quote "$USER_NAME"); m_pass=$(json_quote "$PASSWORD")
  progress 'logging in to MKE'
  TOKEN=$(
    {
      curl_words "$MKE_CA"
      printf 'max-time = %s\nheader = "Content-Type: application/json"\n' "$TIMEOUT"
      put "data = \"$(curl_quote "{\"username\":\"$m_user\",\"password\":\"$m_pass\"}")\""
    } | told "$WORK/err" tracked login 0 curl -q -K - --url "$MKE_URL/auth/login" |
      flat | awk -F '\t' '$1 == "auth_token" { print $2; exit }'
  )
  case $TOKEN in
    '') LOGIN_FAILED="logging in as $USER_NAME failed: $(first_error "$WORK/err")"; trouble "  $LOGIN_FAILED" ;;
    *[!A-Za-z0-9._~+/=-]*) TOKEN=; LOGIN_FAILED='the server gave a token that is none' ;;
  esac
}

# skip_all FOLDER MEMBERS WHAT NOTE [nogap]
skip_all() {
  for m in $2; do skip "$1/$m" "$3" "$4" "${5:-gap}"; done
}

collect_mke() {
  if ! wants mke; then skip_all cluster/mke "$MKE_MEMBERS" MKE 'left out by --skip mke' nogap; return; fi
  if [ -n "$DRY" ]; then
    MKE_URL=${MKE_URL:-'https://<mke>'}
    plan "POST $MKE_URL/auth/login" '(only with --user: the session token, kept in memory)'
  elif [ -z "$MKE_URL" ]; then
    skip_all cluster/mke "$MKE_MEMBERS" MKE 'no address of MKE: give --bundle or --mke'; return
  elif ! have curl; then
    skip_all cluster/mke "$MKE_MEMBERS" MKE 'curl is not installed here'; return
  else mke_login; fi
  HTTP_INPUT=mke_input
  KEEP_AS=mke.version
  get cluster/mke/version.json f_json "$MKE_URL/version"
  KEEP_AS=
  mke_ping
  get cluster/mke/config.toml f_toml "$MKE_URL/api/ucp/config-toml"
  get cluster/mke/config-kubernetes.json f_json "$MKE_URL/api/ucp/config/kubernetes"
  get cluster/mke/auth.json f_json "$MKE_URL/enzi/v0/config/auth"
  get cluster/mke/ldap.json f_json "$MKE_URL/enzi/v0/config/auth/ldap"
  list cluster/mke/accounts.json "$MKE_URL/accounts/?filter=all&limit=$PAGE" start accounts
  mke_teams
  get cluster/mke/roles.json f_json "$MKE_URL/roles" list
  list cluster/mke/collections.json "$MKE_URL/collections?limit=$PAGE" start .
  list cluster/mke/grants.json "$MKE_URL/collectionGrants?subjectType=all&expandUser=true&showPaths=true&limit=$PAGE" \
    start grants subjects
  get cluster/mke/ca.pem f_cert "$MKE_URL/ca"
  tls_chain cluster/mke/tls-chain.pem "$MKE_URL"
}

# Whether MKE answers.
mke_ping() {
  m_what="GET $MKE_URL/_ping"
  begin cluster/mke/ping.json "$m_what" || return
  HTTP_INPUT=mke_input
  http f_none "$WORK/out" "$MKE_URL/_ping"
  case $HTTP in
    [1-5][0-9][0-9])
      m_url=$(json_quote "$MKE_URL")
      printf '[{"url":"%s/_ping","http":%s}]\n' "$m_url" "$HTTP" >"$WORK/out"
      STATUS=collected; NOTE=; COMPLETE=1; NRED=0 ;;
  esac
  settle cluster/mke/ping.json "$m_what"
}

mke_teams() {
  m_what="GET $MKE_URL/accounts/<organization>/teams?limit=$PAGE"
  begin cluster/mke/teams.json "$m_what" "$m_what&start=<next page>" || return
  if [ ! -f "$STAGE/cluster/mke/accounts.json" ]; then
    skip cluster/mke/teams.json "$m_what" 'the organizations are not known'; return
  fi
  organizations "$STAGE/cluster/mke/accounts.json" >"$WORK/orgs"
  HTTP_INPUT=mke_input
  list_begin
  while read -r m_org; do
    list_add "$MKE_URL/accounts/$m_org/teams?limit=$PAGE" start teams
    [ "$LIST_STATUS" = collected ] || break
  done <"$WORK/orgs"
  list_end cluster/mke/teams.json "$m_what" teams
}
# The names of the organizations in a list of accounts, ready for a URL.
organizations() {
  flat "$1" | awk -F '\t' '
    { i = $1; sub(/^accounts\[/, "", i); sub(/\].*/, "", i); f = $1; sub(/^accounts\[[0-9]+\]\./, "", f) }
    i != last { if (org) print name; org = 0; name = ""; last = i }
    f == "name" { name = $2 } f == "isOrg" && $2 == "true" { org = 1 }
    END { if (org) print name }' | url_words
}

collect_support() {
  [ -n "$SUPPORT" ] || return
  u_what="POST ${MKE_URL:-https://<mke>}/api/support"
  begin 'cluster/support/support-dump.<zip or tgz>' "$u_what" || return
  if [ -z "$MKE_URL" ]; then
    skip cluster/support/support-dump "$u_what" 'no address of MKE: give --bundle or --mke'; return
  fi
  progress 'cluster/support: waiting for the support dump of MKE'
  HTTP_INPUT=mke_input; HTTP_LIMIT=$SUPPORT_TIMEOUT
  http f_raw "$WORK/out" "$MKE_URL/api/support" -X POST -H 'Content-Length: 0'
  HTTP_LIMIT=
  case $(head -c 4 "$WORK/out" 2>/dev/null | od -An -tx1 | tr -d ' \n') in
    504b*) u_ext=zip ;; 1f8b*) u_ext=tgz ;; *) u_ext=bin ;;
  esac
  if [ "$STATUS" = collected ]; then
    EXTRA='as MKE gave it: nothing in it is left out'
    [ -s "$WORK/out" ] || { STATUS=failed; NOTE='an empty answer'; EXTRA=; }
  fi
  settle "cluster/support/support-dump.$u_ext" "$u_what"
}
