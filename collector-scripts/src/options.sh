# The options.

# wants PART: whether --skip leaves it in
wants() { case ",$SKIP," in *",$1,"*) return 1 ;; esac; }
need() { [ $# -ge 2 ] || die "$1 wants a value"; }
# Times of at most six digits: some shells count with 32 bits.
number() { case $2 in '' | *[!0-9]* | 0* | ???????*) die "$1 wants a whole number from 1 to 999999" ;; esac; }

default_options() {
  MODE=; OUT=.; NAME=; FORMAT=; TMP_DIR=; STREAM=; SPLIT=; SINCE=
  BUNDLE=; MKE_URL=; MSR_URL=; USER_NAME=; PASSWORD=; PASSWORD_FILE=; TOKEN=; TOKEN_FILE=
  CA=; MSR_CA=; MKE_CA=; INSECURE=; KUBECONFIG_FILE=; KUBE_CONTEXT=; DOCKER_URL=; SKIP=; KEEP=
  TIMEOUT=180; SUPPORT=; SUPPORT_TIMEOUT=1800; NODE_TIMEOUT=1800; JOBS=4
  HOSTS=; SSH_CONFIG=; SUDO=; NODE_NAME=; NODE=; SOCKET=/var/run/docker.sock; SOCKET_GIVEN=; DRY=; QUIET=; EXPLAIN=
}

# read_options ARGUMENTS...: leaves them in variables, or ends the run
read_options() {
  case ${1:-} in
    cluster | node | all) MODE=$1; shift ;;
    select) need "$@"; MODE=$1; MEMBER=$2; shift 2 ;;
    -h | --help) usage; exit 0 ;;
    --version) echo "$PROGRAM $VERSION"; exit 0 ;;
    '') usage >&2; exit 2 ;;
    *) say "$PROGRAM: $1: not one of cluster, node, all (--help tells more)"; exit 2 ;;
  esac
  while [ $# -gt 0 ]; do
    case $1 in
      -o | --output) need "$@"; OUT=$2; shift ;;
      --name) need "$@"; NAME=$2; shift ;;
      --format) need "$@"; FORMAT=$2; shift ;;
      --tmp) need "$@"; TMP_DIR=$2; shift ;;
      --stream) STREAM=1 ;;
      --split) need "$@"; SPLIT=$2; shift ;;
      --bundle) need "$@"; BUNDLE=$2; shift ;;
      --mke) need "$@"; MKE_URL=$2; shift ;;
      --msr) need "$@"; MSR_URL=$2; shift ;;
      --user) need "$@"; USER_NAME=$2; shift ;;
      --password-file) need "$@"; PASSWORD_FILE=$2; shift ;;
      --token-file) need "$@"; TOKEN_FILE=$2; shift ;;
      --ca) need "$@"; CA=$2; shift ;;
      --msr-ca) need "$@"; MSR_CA=$2; shift ;;
      --insecure) INSECURE=1 ;;
      --kubeconfig) need "$@"; KUBECONFIG_FILE=$2; shift ;;
      --context) need "$@"; KUBE_CONTEXT=$2; shift ;;
      --docker-host) need "$@"; DOCKER_URL=$2; shift ;;
      --keep) need "$@"; KEEP=${KEEP:+$KEEP }$2; shift ;;
      --skip) need "$@"; SKIP=$2; shift ;;
      --since) need "$@"; SINCE=$2; shift ;;
      --timeout) need "$@"; number "$1" "$2"; TIMEOUT=$2; shift ;;
      --support-dump) SUPPORT=1 ;;
      --support-timeout) need "$@"; number "$1" "$2"; SUPPORT_TIMEOUT=$2; shift ;;
      --hosts) need "$@"; HOSTS=$2; shift ;;
      --ssh-config) need "$@"; SSH_CONFIG=$2; shift ;;
      --sudo) SUDO=1 ;;
      --node-timeout) need "$@"; number "$1" "$2"; NODE_TIMEOUT=$2; shift ;;
      --jobs) need "$@"; number "$1" "$2"; JOBS=$2; shift ;;
      --node-name) need "$@"; NODE_NAME=$2; shift ;;
      --socket) need "$@"; SOCKET=$2; SOCKET_GIVEN=1; shift ;;
      --dry-run) DRY=1 ;;
      --explain) EXPLAIN=1 ;;
      --quiet) QUIET=1 ;;
      --version) echo "$PROGRAM $VERSION"; exit 0 ;;
      -h | --help) usage; exit 0 ;;
      *) say "$PROGRAM: $1: no such option (--help lists them)"; exit 2 ;;
    esac
    shift
  done
}

# --skip names parts, or members by their names without what stands behind the dot.
check_skip() {
  case $SKIP in *[!a-z,-]*) die "--skip $SKIP: a comma list of parts and members (--help names them)" ;; esac
  o_words=
  for o_word in docker kubectl mke msr host none daemon api-resources support-dump \
    $DOCKER_MEMBERS $KUBE_RESOURCES $MKE_MEMBERS $MSR_MEMBERS $HOST_MEMBERS; do o_words="$o_words ${o_word%%.*} "; done
  o_left=$SKIP,
  while [ -n "$o_left" ]; do
    o_word=${o_left%%,*}; o_left=${o_left#*,}
    case $o_words in *" $o_word "*) continue ;; esac
    [ -z "$o_word" ] || die "--skip $o_word: there is no such part and no such member (--help names them)"
  done
}

# --keep names a kind of the lists and a field of it.
check_keep() {
  case $KEEP in *[!A-Za-z0-9_.:/\ \[\]\"-]*) die "--keep $KEEP: letters, digits and . _ : / [ ] \" - alone" ;; esac
  for o_word in $KEEP; do
    case $o_word in
      *:?*) ;;
      *) die "--keep $o_word: a kind and a field of it, such as docker.container:Config.Cmd" ;;
    esac
    case $o_word in
      host.* | docker.process:* | *.certificate:* | mke.ca:*)
        die "--keep $o_word: of this kind no more can be kept" ;;
    esac
    printf '%s\n' "$LISTS" | grep -F "= ${o_word%%:*} " >/dev/null ||
      die "--keep $o_word: there is no such kind (--explain names them)"
  done
}

# --split as a number of bytes.
check_split() {
  [ -z "$STREAM" ] || die '--split writes files: not with --stream'
  case $SPLIT in
    *[0-9]K) o_unit=1024 ;; *[0-9]M) o_unit=1048576 ;; *[0-9]G) o_unit=1073741824 ;;
    *) die "--split $SPLIT: a whole number with K, M or G behind it, such as 500M" ;;
  esac
  SPLIT=${SPLIT%[KMG]}
  case $SPLIT in
    *[!0-9]* | 0* | ??????????*) die '--split: a whole number with K, M or G behind it, such as 500M' ;;
  esac
  # some shells count with 32 bits
  SPLIT=$(awk -v n="$SPLIT" -v unit="$o_unit" 'BEGIN { printf "%.0f", n * unit }')
}

check_options() {
  case $SINCE in
    '' | today | yesterday | this-week | week-ago | this-month | this-year | boot) ;;
    *) die '--since is one of today, yesterday, this-week, week-ago, this-month, this-year, boot' ;;
  esac
  [ -z "$SPLIT" ] || check_split
  check_skip
  [ -z "$KEEP" ] || check_keep
  case $SOCKET in *[!A-Za-z0-9._/-]*) die '--socket: only letters, digits and . _ / -' ;; esac
  case $MKE_URL in '' | https://*) ;; *) die '--mke wants an address that begins with https://' ;; esac
  case $MSR_URL in '' | auto | https://*) ;; *) die '--msr wants auto or an address that begins with https://' ;; esac
  case $MKE_URL$MSR_URL in *[!A-Za-z0-9.:/_%\[\]-]*) die '--mke and --msr: characters that no address has' ;; esac
  MKE_URL=${MKE_URL%/}; MSR_URL=${MSR_URL%/}
  case $FORMAT in
    '') if have zstd; then FORMAT=zst; else FORMAT=gz; fi ;;
    zst) [ -n "$DRY" ] || have zstd || die 'zstd is not installed here: --format gz' ;;
    gz | tar) ;;
    *) die '--format is zst, gz or tar' ;;
  esac
  [ "$MODE" != all ] || [ -n "$HOSTS" ] || [ -n "$DRY" ] || die 'all wants --hosts FILE'
}
