# HTTP requests to MKE and MSR. Credentials reach curl on its standard input, so
# that they are in no file, no argument and no environment.

HTTP_INPUT=no_input; HTTP_LIMIT=; HTTP=

# curl_words CA: what curl is told for every request
curl_words() {
  printf 'silent\nshow-error\ngloboff\nconnect-timeout = 15\n'
  [ -n "$INSECURE" ] && printf 'insecure\n'
  [ -n "$1" ] && printf 'cacert = "%s"\n' "$(curl_quote "$1")"
  :
}
curl_bundle() {
  c_dir=$(curl_quote "$BUNDLE")
  printf 'cert = "%s/cert.pem"\nkey = "%s/key.pem"\n' "$c_dir" "$c_dir"
}
curl_token() { put "header = \"Authorization: Bearer $(curl_quote "$TOKEN")\""; }
curl_password() { put "user = \"$(curl_quote "$USER_NAME"):$(curl_quote "$PASSWORD")\""; }

mke_input() {
  curl_words "$MKE_CA"
  if [ -n "$TOKEN" ]; then curl_token
  elif [ -n "$BUNDLE" ]; then curl_bundle; fi
}
msr_input() {
  curl_words "$MSR_CA"
  # a password goes only to an address that was given by hand
  if [ -n "$PASSWORD" ] && [ -z "$MSR_FOUND" ]; then curl_password
  elif [ -n "$BUNDLE" ]; then curl_bundle
  elif [ -n "$TOKEN" ] && [ -z "$MSR_FOUND" ]; then curl_token; fi
}

# http FILTER FILE URL [curl words]: one request; HTTP has the status, judged
http() {
  h_filter=$1; h_file=$2; h_url=$3; shift 3
  RUN_INPUT=$HTTP_INPUT; RUN_HDR=$WORK/hdr
  run "${HTTP_LIMIT:-$TIMEOUT}" "$h_filter" "$h_file" bounded curl -q -K - -D /dev/stderr "$@" --url "$h_url"
  RUN_INPUT=no_input; RUN_HDR=
  HTTP=$(awk '$1 == "HTTP" { c = $2 } END { print c }' "$WORK/hdr" 2>/dev/null)
  t_http=$HTTP
  h_complete=$COMPLETE
  # a refusal need not be what the filter wants
  case $HTTP in 2??) ;; ?*) COMPLETE=1; FRC=0 ;; esac
  judge
  [ "$RC" = 28 ] && { STATUS=timed_out; NOTE="no end after ${HTTP_LIMIT:-$TIMEOUT} seconds"; }
  [ "$RC" = 0 ] && [ -z "$TIMED" ] && [ -z "$STOPPED" ] && [ -z "$fatal" ] && judge_http
  [ "$STATUS" = collected ]
}
judge_http() {
  case $HTTP in
    2??)
      [ "$h_complete" = 1 ] && return
      STATUS=failed; NOTE='the answer is not what it should be'
      [ "$h_filter" = f_json ] && NOTE='the answer is not whole JSON' ;;
    401 | 403) STATUS=forbidden; NOTE="HTTP $HTTP$(http_said)" ;;
    '') STATUS=failed; NOTE=${ERR:-no answer} ;;
    *) STATUS=failed; NOTE="HTTP $HTTP$(http_said)" ;;
  esac
}
# what a refusal says, as far as its phrases are known
http_said() {
  [ -s "$h_file" ] || return
  head -c 2000 "$h_file" | awk "$AWK_SAID" >"$WORK/refusal"
  h_said=$(first_error "$WORK/refusal")
  case $h_said in '' | '('*) ;; *) printf ': %s' "$h_said" ;; esac
}

# get PATH FILTER URL [list]: list, where the answer is one
get() {
  g_path=$1; g_what="GET $3"
  begin "$g_path" "$g_what" || return
  http "$2" "$WORK/out" "$3"
  if [ "$STATUS" = collected ]; then
    case ${4:-}:$(head -c 1 "$WORK/out") in
      :?* | list:\[) ;;
      :) STATUS=failed; NOTE='an empty answer' ;;
      *) STATUS=failed; NOTE='the answer is no list' ;;
    esac
  fi
  settle "$g_path" "$g_what"
}

# tls_chain PATH URL: the chain that a server hands out, by openssl where it is, else curl's own view of it
tls_chain() {
  c_path=$1; c_url=$2
  c_host=${c_url#https://}; c_host=${c_host%%/*}
  case $c_host in
    \[*\]) c_port=443 ;; \[*\]:*) c_port=${c_host##*:} ;;
    *:*) c_port=${c_host##*:} ;; *) c_port=443 ;;
  esac
  c_name=${c_host%:"$c_port"}
  c_what="openssl s_client -showcerts -connect $c_name:$c_port (or curl --write-out %{certs} $c_url)"
  if [ -n "$DRY" ] || have openssl; then
    case $c_name in *[!0-9.]*) set -- -servername "$c_name" ;; *) set -- ;; esac
    case $c_name in \[*) set -- ;; esac
    take "$c_path" "$c_what" f_cert openssl s_client -showcerts -connect "$c_name:$c_port" "$@"
    return
  fi
  begin "$c_path" "$c_what" || return
  HTTP_INPUT=no_input
  http f_cert "$WORK/out" "$c_url/" -s -S -k -o /dev/null --max-time "$TIMEOUT" -w '%{certs}'
  [ -n "$RC" ] && [ "$RC" -eq 0 ] && [ "$h_complete" = 1 ] && STATUS=collected NOTE=
  if [ ! -s "$WORK/out" ]; then
    STATUS=failed; NOTE=${ERR:-'this curl cannot show certificates and openssl is not installed'}
  fi
  t_http=
  settle "$c_path" "$c_what"
}
