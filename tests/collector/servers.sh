# The doubles of the API servers. Sourced by run.sh.

PY=$(python3 -c 'import sys; print(sys.executable)')
wait_file() { i=0; while [ ! -s "$1" ] && [ $i -lt 100 ]; do sleep 0.1; i=$((i + 1)); done; [ -s "$1" ]; }

# doubles_up DIR: MKE_PORT MSR_PORT KUBE_PORT, client bundle in DIR/certs/bundle
doubles_up() {
  mkdir -p "$1"
  sh "$HERE/doubles/certs.sh" "$1/certs" || return 1
  "$PY" "$HERE/doubles/mke_double.py" "$1/certs" "$1/mke.port" "$1/mke.log" 2>"$1/mke.err" &
  PIDS="$PIDS $!"
  "$PY" "$HERE/doubles/kube_replay.py" "$ROOT/testdata/kube-replay" "$1/certs" "$1/kube.port" "$1/kube.log" --forbid resourcequotas --hang limitranges 2>"$1/kube.err" &
  PIDS="$PIDS $!"
  wait_file "$1/mke.port" && wait_file "$1/kube.port" || return 1
  read -r MKE_PORT MSR_PORT <"$1/mke.port"
  KUBE_PORT=$(cat "$1/kube.port")
  # a file of commands that must never be run, and the address that must be found in it
  printf 'export DOCKER_TLS_VERIFY=1\nexport DOCKER_CERT_PATH="$(pwd)"\nexport DOCKER_HOST=tcp://127.0.0.1:%s\ntouch "%s/env-was-run"\n' "$MKE_PORT" "$1" >"$1/certs/bundle/env.sh"
  cat >"$1/certs/bundle/kube.yml" <<EOT
apiVersion: v1
kind: Config
clusters:
- name: mke
  cluster: {server: "https://127.0.0.1:$KUBE_PORT", certificate-authority: ca.pem}
contexts:
- name: mke
  context: {cluster: mke, user: assessor}
current-context: mke
users:
- name: assessor
  user: {client-certificate: cert.pem, client-key: key.pem}
EOT
  cp "$1/certs/bundle/env.sh" "$1/certs/bundle/kube.yml" "$1/certs/other/"
}
