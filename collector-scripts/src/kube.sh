# Kubernetes.

KUBE_RESOURCES='nodes namespaces pods services serviceaccounts deployments daemonsets statefulsets replicasets
jobs cronjobs ingresses networkpolicies resourcequotas limitranges roles rolebindings clusterroles
clusterrolebindings persistentvolumes persistentvolumeclaims storageclasses priorityclasses
validatingwebhookconfigurations mutatingwebhookconfigurations secrets'
KUBE_DOWN=

# kube_off PATH WHAT: true, with an item, if there is no API server to ask
kube_off() {
  if ! wants kubectl; then skip "$1" "$2" 'left out by --skip kubectl' nogap
  elif [ -n "$DRY" ]; then return 1
  elif ! have kubectl; then skip "$1" "$2" 'kubectl is not installed here'
  elif [ -n "$KUBE_DOWN" ]; then skip "$1" "$2" "$KUBE_DOWN"
  else return 1; fi
}

# kube PATH WHAT FILTER ARGUMENTS...
kube() {
  k_path=$1; k_what=$2; k_filter=$3; shift 3
  kube_off "$k_path" "$k_what" && return
  begin "$k_path" "$k_what" || return
  set -- kubectl --cache-dir "$WORK/kube" "--request-timeout=${TIMEOUT}s" "$@"
  [ -n "$KUBECONFIG_FILE" ] && set -- "$@" --kubeconfig "$KUBECONFIG_FILE"
  [ -n "$KUBE_CONTEXT" ] && set -- "$@" --context "$KUBE_CONTEXT"
  run "$TIMEOUT" "$k_filter" "$WORK/out" bounded "$@"
  judge
  if [ "$STATUS" = failed ]; then
    case $ERR in *'have a resource type'*)
      STATUS=skipped; NOTE='the server has no such resource type'; SETTLE_GAP=nogap ;;
    esac
    case $(cat "$WORK/err") in *'i/o timeout'* | *'Client.Timeout'* | *'deadline exceeded'*) STATUS=timed_out ;; esac
  fi
  case $STATUS:$k_path in
    collected:cluster/kubectl/version.json)
      grep serverVersion "$WORK/out" >/dev/null ||
        { STATUS=failed; NOTE=${ERR:-'the server did not say its version'}; } ;;
    collected:*.json)
      grep '"items": *\[' "$WORK/out" >/dev/null || { STATUS=failed; NOTE='the answer has no list items'; } ;;
  esac
  settle "$k_path" "$k_what"
  SETTLE_GAP=
}

collect_kubectl() {
  kube cluster/kubectl/version.json 'kubectl version -o json' f_json version -o json
  # what nobody answers is not asked for again and again
  if [ -z "$DRY$STOPPED" ] && wants kubectl && wants version && have kubectl && [ "$STATUS" != collected ]; then
    case $NOTE in *[Ff]orbidden*) ;; *) KUBE_DOWN="the API server gave no answer: $NOTE" ;; esac
  fi
  kube cluster/kubectl/api-resources.txt 'kubectl api-resources' f_lines api-resources
  for r in $KUBE_RESOURCES; do
    kube "cluster/kubectl/$r.json" "kubectl get $r -A -o json" f_json get "$r" -A -o json
  done
}
