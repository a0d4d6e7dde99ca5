# Redaction of secrets, each program against every awk that is installed.

redact_one() { # redact_one AWK FILE PROGRAM VARIABLES...
  r_awk=$1; r_file=$2; r_prog=$3; shift 3
  out=$T/redacted.${r_file##*.}
  # shellcheck disable=SC2086
  if ! (LC_ALL=C; export LC_ALL; $r_awk "$@" -v side="$T/side" "$r_prog" <"$ROOT/testdata/redact/$r_file" >"$out") 2>"$T/err"; then
    fail "redact $r_file with $r_awk" "$(head -3 "$T/err")"; return
  fi
  if [ -s "$T/err" ]; then fail "redact $r_file with $r_awk" "$(head -3 "$T/err")"; return; fi
  read -r n bytes ok <"$T/side"
  c_out=$(python3 "$HERE/doubles/compare.py" "$ROOT/testdata/redact/$r_file" "$out" 2>&1) || { fail "redact $r_file with $r_awk" "$c_out"; return; }
  if [ "$bytes" = "$(wc -c <"$out" | tr -d ' ')" ] && [ "$ok" = 1 ] && [ "$n" -gt 0 ]; then pass "redact $r_file with $r_awk ($n values)"
  else fail "redact $r_file with $r_awk" "counts: $n $bytes $ok"; fi
  # the same again changes nothing more
  # shellcheck disable=SC2086
  (LC_ALL=C; export LC_ALL; $r_awk "$@" -v side="$T/side2" "$r_prog" <"$out" >"$T/twice")
  cmp -s "$out" "$T/twice" || fail "redacting $r_file twice with $r_awk changes nothing more" "$(diff "$out" "$T/twice" | head -3)"
  cat "$out" >>"$T/all.$(echo "$r_awk" | tr -c 'a-z\n' '_')"
}

# its functions and programs, without the last line, which starts it
equal 'the last line starts the collector' "$(tail -n 1 "$COLLECT")" 'main "$@"'
sed '$d' "$COLLECT" >"$T/functions.sh"
# shellcheck disable=SC1091
. "$T/functions.sh"
JSON=$AWK_REDACT$AWK_STRINGS$AWK_JSON_VALUES$AWK_JSON
LINES=$AWK_REDACT$AWK_LINES
for a in mawk gawk original-awk 'busybox awk'; do
  have "${a%% *}" || { skipped "awk: $a is not installed"; continue; }
  for f in docker-inspect docker-inspect-compact docker-info docker-services; do redact_one "$a" $f.json "$JSON"; done
  for f in kube-list kube-list-compact; do redact_one "$a" $f.json "$JSON" -v kube=1; done
  redact_one "$a" mke.toml "$LINES$AWK_TOML"
  redact_one "$a" audit.txt "$LINES$AWK_AUDIT"
  redact_one "$a" top.txt "$LINES$AWK_PROCESSES"
  redact_one "$a" plain.txt "$LINES$AWK_PLAIN"
done
sums=$(for f in "$T"/all.*; do sha256sum <"$f"; done | sort -u | wc -l)
equal 'every awk redacts alike' "$sums" 1

# lists of many batches become one list
for a in mawk gawk original-awk 'busybox awk'; do
  have "${a%% *}" || continue
  got=$({ printf '[\n    {\n        "a": 1\n    },\n    {\n        "b": ["x,]", {"c": "[{"}]\n    }\n]\n'; printf '[]\n'; printf '[{"d":2}]\n'; } | $a -v join=1 -v side="$T/side" "$JSON" | python3 -c 'import json,sys; print(json.dumps(json.load(sys.stdin)))')
  equal "join with $a" "$got $(cat "$T/side" | cut -d' ' -f3)" '[{"a": 1}, {"b": ["x,]", {"c": "[{"}]}, {"d": 2}] 1'
  got=$(printf '' | $a -v join=1 -v side="$T/side" "$JSON"; cat "$T/side")
  equal "join of nothing with $a" "$got" '[]
0 3 1'
  for cut in '[{"a": "b' '[{"a": 1}' '{"a": [1, 2}' '' 'not json at all' '{"a":1}}'; do
    printf '%s' "$cut" | $a -v side="$T/side" "$JSON" >/dev/null 2>&1
    case $cut in '{"a": [1, 2}' | 'not json at all') continue ;; esac
    equal "a cut answer is noticed with $a: $cut" "$(cut -d' ' -f3 "$T/side")" 0
  done
  # a string as long as a file, with many escaped quotes in it
  got=$(awk 'BEGIN { printf "[{\"k\":\""; for (i = 0; i < 20000; i++) printf "\\\"x\\\\"; print "\"}]" }' >"$T/long"; $a -v side="$T/side" "$JSON" <"$T/long" | cmp - "$T/long" && cut -d' ' -f3 "$T/side")
  equal "a long string passes unchanged with $a" "$got" 1
done

# the socket's line: a mark of an access control list must not be lost
for a in mawk gawk original-awk 'busybox awk'; do
  have "${a%% *}" || continue
  got=$(for m in srw-rw---- srw-rw----. srw-rw----+ srw-rwsrwt; do echo "$m 1 root docker 0 Nov 18 08:15 /var/run/docker.sock" | $a "$AWK_SOCKET"; done)
  equal "the socket's line with $a" "$got" 'root:docker 660 /var/run/docker.sock
root:docker 660 /var/run/docker.sock
root:docker srw-rw----+ /var/run/docker.sock
root:docker 3677 /var/run/docker.sock'
done

# servers for ssh in arguments, which a rule looks for
for a in mawk gawk original-awk 'busybox awk'; do
  have "${a%% *}" || continue
  got=$(printf '%s\n' '== id' 'PID COMMAND' '1 java -jar /opt/apache-sshd.jar CANARY' '2 sh /start-sshd.sh' '3 env SSHD' '4 tini -- dropbear -F' '5 sh -c x' | $a "$LINES$AWK_PROCESSES")
  equal "servers for ssh in arguments with $a" "$got" '== id
PID COMMAND
1 java sshd (redacted)
2 sh sshd (redacted)
3 env sshd (redacted)
4 tini dropbear (redacted)
5 sh (redacted)'
done

# the time for a string full of quotes grows with its length
for a in mawk gawk original-awk 'busybox awk'; do
  have "${a%% *}" || continue
  awk 'BEGIN { printf "{\"data\":{\"k\":\""; for (i = 0; i < 250000; i++) printf "\\\"x"; print "\"},\"spec\":{\"k\":\"v\"}}" }' >"$T/long"
  t0=$(date +%s); got=$($a -v kube=1 -v side="$T/side" "$JSON" <"$T/long"); t1=$(($(date +%s) - t0))
  equal "a ConfigMap of a megabyte with $a" "$got $((t1 < 10))" '{"data":{"k":"(redacted)"},"spec":{"k":"v"}} 1'
done

# one record of the manifest, whatever the names are
R_record=item R_path='a"b\c' R_note="line
two	tab $(printf '\001\033[31m\177') \$(id) \`x\` password=CANARY-note https://u:CANARY-url@h/ $(printf '\303\274\377')" R_n=12 R_z='' R_b=true R_bad='1;x'
export R_record R_path R_note R_n R_z R_b R_bad
for a in mawk gawk original-awk 'busybox awk'; do
  have "${a%% *}" || continue
  got=$(LC_ALL=C R_FIELDS='record:s path:s note:s n:n bad:n z:z b:b' $a "$MANIFEST_LINE" | python3 -c '
import json,sys
line=sys.stdin.buffer.read(); d=json.loads(line.decode("utf-8")); assert line.count(b"\n")==1
assert d["path"]=="a\"b\\c" and d["n"]==12 and d["bad"] is None and d["z"] is None and d["b"] is True, d
assert "\x1b" in d["note"] and "two\ttab" in d["note"] and "$(id) `x`" in d["note"], d
assert "CANARY" not in d["note"], d
print("good")' 2>&1)
  equal "hostile text in the manifest with $a" "$got" good
done
