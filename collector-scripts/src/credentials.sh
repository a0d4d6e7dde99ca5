# Credentials, and the addresses that come with them. Nothing of the bundle is
# ever executed.

# A file that holds a credential must be readable by its owner alone.
private_file() {
  [ -f "$1" ] || die "$1: no such file"
  # shellcheck disable=SC2012
  case $(ls -ldL -- "$1" 2>/dev/null | cut -c1-10) in
    -rw------- | -r--------) ;;
    *) die "$1: must have mode 0600 (others may read it)" ;;
  esac
}
# The text as it stands between the quotes of a curl configuration.
curl_quote() { put "x$1" | sed -e 's/^x//' -e 's/\\/\\\\/g' -e 's/"/\\"/g'; }
json_quote() { put "x$1" | sed -e 's/^x//' -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/	/\\t/g'; }

credentials() {
  [ -z "$BUNDLE" ] || open_bundle
  MKE_CA=${CA:-${BUNDLE:+$BUNDLE/ca.pem}}
  MSR_CA=${MSR_CA:-$MKE_CA}
  for f in "$MKE_CA" "$MSR_CA" "$KUBECONFIG_FILE" "$SSH_CONFIG"; do
    [ -z "$f" ] || [ -r "$f" ] || die "$f: cannot be read"
  done
  [ -z "$DOCKER_URL" ] || docker_remote
  DOCKER_CLI_HINTS=false; export DOCKER_CLI_HINTS
  if [ -n "$TOKEN_FILE" ]; then
    private_file "$TOKEN_FILE"
    IFS= read -r TOKEN <"$TOKEN_FILE" || [ -n "$TOKEN" ] || die "$TOKEN_FILE: is empty"
  fi
  if [ -n "$PASSWORD_FILE" ]; then
    [ -n "$USER_NAME" ] || die '--password-file wants --user'
    private_file "$PASSWORD_FILE"
    IFS= read -r PASSWORD <"$PASSWORD_FILE" || [ -n "$PASSWORD" ] || die "$PASSWORD_FILE: is empty"
  elif [ -n "$USER_NAME" ] && [ -z "$TOKEN" ]; then ask_password; fi
}
open_bundle() {
  [ -d "$BUNDLE" ] || die "$BUNDLE: no such folder"
  BUNDLE=$(cd "$BUNDLE" && pwd) || die "$BUNDLE: cannot be entered"
  for f in ca.pem cert.pem key.pem; do [ -r "$BUNDLE/$f" ] || die "$BUNDLE/$f: cannot be read"; done
  [ -z "$KUBECONFIG_FILE" ] && [ -r "$BUNDLE/kube.yml" ] && KUBECONFIG_FILE=$BUNDLE/kube.yml
  b_host=
  [ -r "$BUNDLE/env.sh" ] && b_host=$(awk 'match($0, /DOCKER_HOST="?tcp:\/\/[][A-Za-z0-9._:-]+/) {
    s = substr($0, RSTART, RLENGTH); sub(/.*\/\//, "", s); print s; exit }' "$BUNDLE/env.sh")
  [ -z "$DOCKER_URL" ] && [ -n "$b_host" ] && DOCKER_URL=tcp://$b_host
  [ -z "$MKE_URL" ] && [ -n "$b_host" ] && MKE_URL=https://$b_host
  :
}
# docker gets an empty folder of settings, so that no context of the user's interferes.
docker_remote() {
  unset DOCKER_CONTEXT DOCKER_TLS DOCKER_TLS_VERIFY DOCKER_CERT_PATH
  DOCKER_HOST=$DOCKER_URL; DOCKER_CONFIG=$WORK/docker; export DOCKER_HOST DOCKER_CONFIG
  case $DOCKER_URL in tcp://*) ;; *) return ;; esac
  [ -n "$BUNDLE" ] || return
  DOCKER_CERT_PATH=$BUNDLE; export DOCKER_CERT_PATH
  # without verification docker still wants the certificate
  if [ -n "$INSECURE" ]; then DOCKER_TLS=1; export DOCKER_TLS; else DOCKER_TLS_VERIFY=1; export DOCKER_TLS_VERIFY; fi
}
ask_password() {
  { : </dev/tty; } 2>/dev/null || die 'no terminal to ask for the password: --password-file'
  TTY_STATE=$(stty -g </dev/tty 2>/dev/null)
  printf 'password of %s: ' "$USER_NAME" >/dev/tty
  stty -echo </dev/tty 2>/dev/null
  IFS= read -r PASSWORD </dev/tty
  restore_tty
  printf '\n' >/dev/tty
}
