# The script as a text, and what it says it would do.

equal 'the script is its parts, put together' "$(sh "$ROOT/collector-scripts/assemble.sh" - | cmp - "$COLLECT" 2>&1)" ''
equal 'the head of the script has the lists' "$(grep -n "^LISTS='" "$COLLECT" | cut -d: -f1 | awk '{ print ($1 < 100) }')" 1
equal 'no line is over 120 characters' "$(awk 'length > 120 { print FILENAME ": " FNR }' "$COLLECT" "$ROOT"/collector-scripts/src/*)" ''
if have shellcheck; then check 'shellcheck finds nothing' shellcheck -s sh "$COLLECT" "$ROOT/collector-scripts/assemble.sh"
else skipped 'shellcheck is not installed'; fi
for s in $SHELLS; do
  have "$s" || { skipped "$s is not installed"; continue; }
  # shellcheck disable=SC2046
  check "$s reads the script" $(shell_of "$s") -n "$COLLECT"
done

# flags that only GNU tools know
gnu=$(
  {
    grep -nE 'sed (-[a-z]+ )*-i|sed (-[a-z]+ )*-[a-z]*[rE]|stat -[cf]|date (-u )?-d|date --|readlink|grep -[a-zA-Z]*P|sort -[a-zA-Z]*[Vzh]|mktemp --|tar .*--[a-z]|cp -[a-z]*[aT]|\bls -[a-zA-Z]* --[a-z]|head -[0-9]|tail -[0-9]|find .*-(printf|delete|maxdepth|print0)|base64 -|timeout -[a-z0-9]|echo -[en] ' "$COLLECT"
    grep -nE 'gensub|strftime|systime|asort|PROCINFO|xargs -|\blocal |<\(|&>|^ *(source|declare|let) |setsid|pkill|killall|\bjq\b|python' "$COLLECT"
    # alternatives in a basic expression, and \t in a bracket of sed
    grep -nE "(grep|sed) (-[a-z]+ )*'[^']*\\\\\\|" "$COLLECT"
    grep -nE "sed [^|]*\[[^]]*\\\\t" "$COLLECT"
  } | grep -v '^[0-9]*:[ ]*#' | grep -v -e docker -e ' network ls -q --no-trunc'
)
equal 'no signal goes to a group of processes' "$(grep -nE 'kill -[^ ]+ (-- )?"?-' "$COLLECT")" ''
equal 'no words of bash and no flags of GNU alone' "$gnu" ''

# the dry run and the page of commands
block() { awk -v want="## $1" '$0 == want { on = 1; next } /^## / { on = 0 } on && /^```/ { inside = !inside; next } on && inside' "$ROOT/collector-scripts/COMMANDS.md"; }
for s in $SHELLS; do
  have "$s" || continue
  sh_words=$(shell_of "$s")
  # shellcheck disable=SC2086
  equal "$s: COMMANDS.md holds the dry run of cluster" "$($sh_words "$COLLECT" cluster --msr auto --support-dump --dry-run 2>&1)" "$(block cluster)"
  # shellcheck disable=SC2086
  equal "$s: COMMANDS.md holds the dry run of node" "$($sh_words "$COLLECT" node --dry-run 2>&1)" "$(block node)"
  # shellcheck disable=SC2086
  equal "$s: COMMANDS.md holds the dry run of all" "$($sh_words "$COLLECT" all --dry-run 2>&1)" "$(block cluster | grep -v /api/support; block all; block node)"
done

for s in $SHELLS; do
  have "$s" || continue
  sh_words=$(shell_of "$s")
  # shellcheck disable=SC2086
  equal "$s: the dry run leaves out what --skip names" "$($sh_words "$COLLECT" cluster --skip mke,secrets,accounts --dry-run 2>&1 | grep -cE '/mke/|/secrets|/accounts.json') $($sh_words "$COLLECT" cluster --skip mke,secrets --dry-run 2>&1 | grep -c '/pods.json')" '0 1'
done

# it runs nothing: with no tool in reach, and no file made
mkdir -p "$T/empty" "$T/dry"
for s in $SHELLS; do
  have "$s" || continue
  sh_path=$(command -v "$s")
  case $s in bash) set -- "$sh_path" --posix ;; busybox) continue ;; *) set -- "$sh_path" ;; esac
  out=$(cd "$T/dry" && PATH=$T/empty TMPDIR=$T/dry "$@" "$COLLECT" all --dry-run 2>&1)
  equal "$s: the dry run needs no tool and leaves no file" "$(printf '%s\n' "$out" | grep -c 'not found') $(find "$T/dry" | wc -l | tr -d ' ')" '0 1'
done

# nothing in the list writes
writes=$(sh "$COLLECT" all --dry-run | sed -e 's/  ->  .*//' | grep -vE '^(docker (version|info|images) |docker (node|service|secret|config|network) ls -q[^|]*\| docker (node|service|secret|config|network) inspect <ids>$|docker ps -a?q --no-trunc \| docker (inspect --type container <ids>|top <id>)|kubectl (version|api-resources|get [a-z]+ -A) ?(-o json)?|GET https://<m[ks][er]>/|openssl s_client |cat /|ls -ldL /|getent group docker; getent passwd$|ausearch --input-logs -k docker$|auditctl -s; auditctl -l$|sestatus$|ssh <host> sh -s -- node |POST https://<mke>/auth/login)')
equal 'every command of the dry run only reads' "$writes" ''

for s in $SHELLS; do
  have "$s" || continue
  sh_words=$(shell_of "$s")
  # shellcheck disable=SC2086
  equal "$s: --version" "$($sh_words "$COLLECT" --version)" 'mke-collect 0.1.0'
  # shellcheck disable=SC2086
  equal "$s: --explain names the fields and their rules" "$($sh_words "$COLLECT" node --explain | grep -c '^  HostConfig.Privileged  its value; .*V-260940') $($sh_words "$COLLECT" node --explain | grep -c '^cluster/kubectl') $($sh_words "$COLLECT" cluster --keep docker.container:Config.Cmd --explain | grep -c '^  Config.Cmd  all below it: --keep')" '1 0 1'
  # shellcheck disable=SC2086
  $sh_words "$COLLECT" --help >"$T/help" 2>&1; equal "$s: --help" "$? $(head -n 1 "$T/help")" '0 usage: mke-collect.sh cluster|node|all [options]'
  for bad in '' 'nonsense' 'cluster --nonsense' 'all' 'node --timeout' 'node --timeout 0' 'node --timeout 1x' 'node --socket $(id)' 'cluster --mke http://x' 'cluster --mke https://x/;id' 'node --format rar' 'node --skip $(id)' 'node --skip secret' 'node --skip docker,nonsense' 'node --keep Config.Cmd' 'node --keep nothing:Config.Cmd' 'node --keep host.selinux:mode' 'node --keep docker.info:$(id)' 'select' 'select cluster/nothing.json' 'node -o /nowhere/at/all' 'cluster --bundle /nowhere'; do
    # shellcheck disable=SC2086
    out=$($sh_words "$COLLECT" $bad 2>&1 </dev/null); rc=$?
    [ "$rc" -eq 2 ] || fail "$s: refuses: $bad" "exit code $rc" "$out"
    [ "$rc" -ne 2 ] || pass "$s: refuses: $bad"
  done
done
