# What is kept, each program against every awk that is installed.

# its functions and programs, without the last line, which starts it
equal 'the last line starts the collector' "$(tail -n 1 "$COLLECT")" 'main "$@"'
sed '$d' "$COLLECT" >"$T/functions.sh"
# shellcheck disable=SC1091
. "$T/functions.sh"
AWKS='mawk gawk original-awk busybox'
awk_of() { case $1 in busybox) echo busybox awk ;; *) echo "$1" ;; esac; }
# kept AWK MEMBER [NAME=VALUE]: what stays of the standard input; the counts are in $T/side
kept() {
  WORK=$T; MEMBER=$2; KEEP=${KEEP_FIELDS:-}; rm -f "$T"/list.*; keeping "$MEMBER"
  case $(filter_of "$MEMBER") in
    f_json) program=$AWK_STRINGS$AWK_SELECT$AWK_KEEP_JSON ;; f_toml) program=$AWK_SELECT$AWK_KEEP_TOML ;;
    f_audit) program=$AWK_SELECT$AWK_KEEP_AUDIT ;; f_rules) program=$AWK_SELECT$AWK_KEEP_RULES ;;
    f_top) program=$AWK_SELECT$AWK_PROCESSES ;; f_cert) program=$AWK_CERT ;;
    *) program=$AWK_SELECT$AWK_KEEP_LINES ;;
  esac
  [ "$MEMBER" != docker-socket ] || program=$AWK_SOCKET
  form=${MEMBER##*/}
  # shellcheck disable=SC2046
  LC_ALL=C $(awk_of "$1") -v side="$T/side" -v list="$KEEP_LIST" -v flags="$FLAGS" -v words="$WORDS" \
    -v form="${form%.txt}" -v "${3:-join=}" "$AWK_REDACT$program"
}

# every awk alike, and no canary of the recorded documents
for a in $AWKS; do
  have "$a" || { skipped "awk: $a is not installed"; continue; }
  : >"$T/all.$a"
  for f in docker-inspect:cluster/docker/containers.json docker-inspect-compact:cluster/docker/containers.json \
    docker-info:nodes/n/docker/info.json docker-services:cluster/docker/services.json \
    kube-list:cluster/kubectl/pods.json kube-list-compact:cluster/kubectl/pods.json mke:cluster/mke/config.toml \
    audit:nodes/n/host/audit-docker.txt top:nodes/n/docker/processes.txt; do
    file=$(echo "$ROOT/testdata/redact/${f%%:*}".*)
    kept "$a" "${f#*:}" <"$file" >"$T/kept" 2>"$T/err"
    read -r _ bytes ok n <"$T/side"
    equal "of ${f%%:*} with $a" "$bytes $ok $(grep -c CANARY "$T/kept") $((n > 0)) $(wc -l <"$T/err" | tr -d ' ')" "$(wc -c <"$T/kept" | tr -d ' ') 1 0 1 0"
    cat "$T/kept" >>"$T/all.$a"
    # the same again changes nothing more
    kept "$a" "${f#*:}" <"$T/kept" >"$T/twice"
    cmp -s "$T/kept" "$T/twice" || fail "keeping of ${f%%:*} twice with $a changes nothing more" "$(diff "$T/kept" "$T/twice" | head -3)"
  done
done
sums=$(for f in "$T"/all.*; do sha256sum <"$f"; done | sort -u | wc -l)
equal 'every awk keeps alike' "$sums" 1

# a canary in every string of every recorded object
captures=; [ -d "$ROOT/../shared/captures" ] && captures=$ROOT/../shared/captures
check 'no canary leaves that no list names, and all others stay' python3 "$HERE/doubles/property.py" "$(shell_of dash)" "$COLLECT" "$ROOT" $captures
for s in $SHELLS; do
  # one shell of each kind is enough
  case $s in dash | busybox) ;; *) continue ;; esac
  have "$s" || continue
  check "$s: one archive of answers full of canaries holds none but those" python3 "$HERE/doubles/archive.py" "$(shell_of "$s")" "$COLLECT" "$ROOT" $captures
done

# values, flags, paths, and what is empty
for a in $AWKS; do
  have "$a" || continue
  got=$(printf '%s' '[{"Id":"i","Name":"/a","Path":"","Args":["--anonymous-auth","false","--token=CANARY","x --profiling=false CANARY"],
"Config":{"Env":["A=CANARY"],"Cmd":null,"Labels":{"com.docker.ucp.version":"3","x":"CANARY","e":""},"Secret":{"a":[{"b":"CANARY"}]},"Empty":{},"N":7},
"HostConfig":{"Mounts":[{"VolumeOptions":{"DriverConfig":{"Options":{"device":"/run","o":"CANARY"}}}},{"VolumeOptions":{"DriverConfig":{"Options":{"device":"//u:CANARY@h/docker.sock"}}}}]}}]' | kept "$a" cluster/docker/containers.json)
  equal "what stays of a container with $a" "$got" '[{"Id":"i","Name":"/a","Path":"","Args":["--anonymous-auth","(present)","(present)","(present) --profiling=false (present)"],"Config":{"Env":"(present)","Cmd":null,"Labels":{"com.docker.ucp.version":"3","x":"(present)","e":""},"Secret":"(present)","Empty":{},"N":"(present)"},"HostConfig":{"Mounts":[{"VolumeOptions":{"DriverConfig":{"Options":{"device":"/run","o":"(present)"}}}},{"VolumeOptions":{"DriverConfig":{"Options":{"device":"(present) docker.sock"}}}}]}}]'
  got=$(printf '%s\n' '[auth]' 'basic = { user = "CANARY", password = "CANARY" }' 'tokens = ["CANARY"]' 'sessions.lifetime_minutes = 10' '[auth.saml]' 'spKey = """' 'CANARY' 'CANARY"""' "spHost = 'mke'" '[cluster_config]' 'custom_kubelet_flags = [ # CANARY' '  "--bootstrap-token", "CANARY",' '  "--protect-kernel-defaults=false" ]' '"od.d"."CANARY" = 1' 'ingress_controller = { enabled = true, x = "CANARY" }' 'swarm_only = false' | kept "$a" cluster/mke/config.toml)
  equal "what stays of a configuration with $a" "$got $(cut -d' ' -f3 "$T/side")" '[auth]
basic = "(present)"
tokens = "(present)"
sessions.lifetime_minutes = 10
[auth.saml]
spKey = "(present)"
spHost = '"'mke'"'
[cluster_config]
custom_kubelet_flags = [ 
  "(present)", "(present)",
  "--protect-kernel-defaults=false" ]
"od.d"."CANARY" = "(present)"
ingress_controller = { enabled = true, x = "(present)" }
swarm_only = false 1'
  got=$(printf '%s\n' 'type=EXECVE msg=audit(1.5:9): argc=8 a0="docker" a1="exec" a2="-itu" a3="CANARY" a4="-eFOO=CANARY" a5="--privileged=true" a6="c" a7="-pCANARY"' 'type=USER_CMD msg=audit(1.5:9): pid=1 cwd="/CANARY" cmd=43414E415259' | kept "$a" nodes/n/host/audit-docker.txt)
  hidden='"(present)"'
  equal "what stays of audit records with $a" "$got" "type=EXECVE msg=audit(1.5:9): argc=8 a0=\"docker\" a1=\"exec\" a2=\"-itu\" a3=$hidden a4=\"-e(present)\" a5=\"--privileged=true\" a6=$hidden a7=$hidden
type=USER_CMD msg=audit(1.5:9): pid=1 cwd=(present) cmd=(present)"
  got=$(printf '%s\n' 'type=PROCTITLE msg=audit(11/16/2026 21:33:09.882:7) : proctitle=docker exec --user CANARY web' 'type=EXECVE msg=audit(11/16/2026 21:33:09.882:7) : argc=4 a0=docker a1=exec a2=--privileged a3=CANARY CANARY' 'type=UNKNOWN[1334] msg=audit(1.5:7): prog=CANARY' 'CANARY audit(' | kept "$a" nodes/n/host/audit-docker.txt)
  equal "what stays of interpreted and of unknown audit records with $a" "$got" "type=PROCTITLE msg=audit(11/16/2026 21:33:09.882:7) : proctitle=docker exec --user (present) (present)
type=EXECVE msg=audit(11/16/2026 21:33:09.882:7) : argc=4 a0=docker a1=exec a2=--privileged a3=(present)
type=UNKNOWN[1334] msg=audit(1.5:7): prog=(present)
type=UNKNOWN msg=audit(0.0:4): comm=(present)"
  got=$(printf '%s\n' '== a' 'Name                PID       CPU              Private Working Set' 'ucp agent.exe       3083      00:03:11.140     41.52MB' 'CANARY --y 1 2' '== b' 'PID CMD' '1' '' '2 x' | kept "$a" nodes/n/docker/processes.txt)
  equal "what stays of processes of Windows and of odd lines with $a" "$got" '== a
Name                PID       CPU              Private Working Set
ucp agent.exe       3083      00:03:11.140     41.52MB
(present)
== b
PID CMD
(present)
2 x'
  got=$(printf '%s\n' 'enabled 1' 'failure 1' 'pid 812' 'AUDIT_STATUS: enabled=0 flag=1 pid=7 x=CANARY' 'loginuid_immutable 0 unlocked' '-w /b -p x -k y' | kept "$a" nodes/n/host/audit-rules.txt)
  equal "what stays of the state of auditing with $a" "$got" 'enabled 1
pid 812
enabled 0
pid 7
-w /b -p x -k y'
  got=$(printf '%s\n' 'docker:CANARY:983:a,b' 'root:x:0:0:CANARY:/r:/bin' 'D\bob:CANARY:1001:983:CANARY:/CANARY:/CANARY' | kept "$a" nodes/n/host/docker-group.txt)
  equal "what stays of accounts with $a" "$got" 'docker:x:983:a,b
D\bob:x:1001:983:::'
  got=$(printf '%s\n' 'srw-rw----+ 1 root docker 0 Nov 1 /s' 'user::rw-' 'user:D\040b:rw-	#effective:r--' 'CANARY' 'mask::r--' '' | $(awk_of "$a") "$AWK_REDACT$AWK_SOCKET")
  equal "what stays of an access control list with $a" "$got" 'root:docker srw-rw----+ /s
user::rw-
user:D\040b:rw-
user:(present):rwx
mask::r--'
  got=$(printf '%s\n' '-w /usr/bin/docker -p rwxa -k docker' '-a always,exit -S all -F path=/x -F auid!=unset -k CANARY{}' 'CANARY' | kept "$a" nodes/n/host/audit-rules.txt)
  equal "what stays of audit rules with $a" "$got" '-w /usr/bin/docker -p rwxa -k docker
-a always,exit -S all -F path=/x -F auid!=unset -k (present)'
  got=$(printf '{"items":[{"spec":{"containers":[{"command":["a"],"lifecycle":{"x":"y"}}]}}]}' | KEEP_FIELDS='kube.Pod:spec.containers.lifecycle' kept "$a" cluster/kubectl/pods.json)
  equal "--keep adds a field and all below it with $a" "$got" '{"items":[{"spec":{"containers":[{"command":"(present)","lifecycle":{"x":"y"}}]}}]}'
done

# what somebody has put where no secret belongs: no canary stays. leak MEMBER TEXT, with the escapes of printf
leaks() {
  leak cluster/mke/config.toml 'a = [ 1, ; 2 ]\nb = """\n[log_configuration]\nhost = "CANARY"\n"""\n'
  leak cluster/mke/config.toml '[auth]\nbackend = { a = 1,\n b = """\n[log_configuration]\nhost = "CANARY" """ }\n'
  leak cluster/mke/config.toml '[auth]\nbackend = "https:\\u002f\\u002fu:CANARY@h"\n'
  leak cluster/docker/containers.json '[{"Path":"a\000\\","B":"\\",CANARY,\\"x"}]'
  leak cluster/docker/containers.json '[{"Id":"https:\\/\\/u:CANARY@h","Name":"password\\u003dCANARY"}]'
  leak cluster/docker/containers.json '[{"HostConfig":{"Mounts":[{"VolumeOptions":{"DriverConfig":{"Options":{"device":"//srv/s,username=u,password=CANARY"}}}}]}}]'
  leak cluster/docker/containers.json '[{"Args":["--profiling=false&&PW=CANARY","--config=/x>CANARY","--config=$(echo,CANARY)"]}]'
  leak nodes/n/docker/processes.txt '== ab\n1 0 root mysqld --password=CANARY\n2 0 root x\n'
  leak nodes/n/docker/processes.txt '== ab\nPID COMMAND ARGS USER CMD\n1 mysqld --password CANARY x\n'
  leak nodes/n/docker/processes.txt '== ab\nPID USER COMMAND\n1 root x\n== CANARY\nCANARY\n2 root mysql://root:CANARY@h\nCANARY CANARY a\n3 CANARY=x a\n'
  leak nodes/n/host/docker-group.txt 'docker:x:9:alice,the password is CANARY\nsvc:pw:77:CANARY\nCANARY x:x:7:9:::\n'
  leak nodes/n/host/selinux.txt 'SELinux status:  enabled CANARY\nCurrent mode: CANARY\nLoaded policy name: CANARY x\n'
  leak nodes/n/host/apparmor.txt 'x?password=CANARY (enforce)\n'
  leak nodes/n/host/audit-rules.txt '%s\n' '-w /x?password=CANARY -p x'
  leak nodes/n/host/audit-docker.txt 'type=SYSCALL msg=audit(1.5:7): text=the password CANARY= y AUID="CANARY z" pid=1\n'
  leak cluster/kubectl/api-resources.txt 'NAME SHORTNAMES APIVERSION NAMESPACED KIND\nthe password is CANARY\n'
  leak cluster/mke/ca.pem '%s\n' '-----BEGIN CERTIFICATE-----' MIIB '-----BEGIN PRIVATE KEY-----' CANARY '-----END PRIVATE KEY-----' '-----END CERTIFICATE-----' 'CANARY'
  leak cluster/mke/ca.pem '%s\n' '-----BEGIN CERTIFICATE-----CANARY' MIIB '-----END CERTIFICATE-----CANARY'
  leak docker-socket 'srw-rw----+ 1 root docker 0 Nov 1 08:15 /s\nuser:pw CANARY:rw-\n'
}
leak() {
  l_member=$1; shift
  # shellcheck disable=SC2059
  printf "$@" | tr '\000' '\001' | kept "$a" "$l_member" >"$T/leak" 2>&1
  ! grep CANARY "$T/leak" >/dev/null || l_out="$l_out$l_member: $(cat "$T/leak")
"
}
for a in $AWKS; do
  have "$a" || continue
  l_out=; leaks
  equal "no canary stays where none belongs with $a" "$l_out" ''
  # what is no answer is not taken for one
  l_out=
  for member in nodes/n/host/selinux.txt nodes/n/host/audit-docker.txt nodes/n/host/audit-rules.txt docker-socket cluster/mke/ca.pem \
    cluster/kubectl/api-resources.txt; do
    kept "$a" $member </dev/null >/dev/null; l_out="$l_out$(cut -d' ' -f3 "$T/side")"
  done
  printf '== ab\n== ac\nPID CMD\n1 x\n' | kept "$a" nodes/n/docker/processes.txt >/dev/null; l_out="$l_out$(cut -d' ' -f3 "$T/side")"
  printf '%s\n' 'enabled 1' | kept "$a" nodes/n/host/audit-rules.txt >/dev/null; l_out="$l_out$(cut -d' ' -f3 "$T/side")"
  printf 'docker:x:9:a\nbob:x:1:9:' | kept "$a" nodes/n/host/docker-group.txt >/dev/null; l_out="$l_out$(cut -d' ' -f3 "$T/side")"
  equal "an empty or a cut answer is none with $a" "$l_out" 000000000
  got=$(printf '== ab\n-- none\n== ac\nPID CMD\n1 x\n' | kept "$a" nodes/n/docker/processes.txt; cut -d' ' -f3 "$T/side")
  equal "a container that ended has no list with $a" "$got" '== ab
== ac
PID CMD
1 x
1'
  got=$(printf 'a = [ 2024-01-01 10:00:00, 1 ]\n[auth]\nbackend = "ldap"\n' | kept "$a" cluster/mke/config.toml; cut -d' ' -f3 "$T/side")
  equal "a date with a blank before the time is TOML with $a" "$(printf '%s\n' "$got" | tail -n 2)" 'backend = "ldap"
1'
  # of messages the phrases alone
  got=$(printf '%s\n' 'password CANARY' 'Get "http://u:CANARY@p": dial tcp: lookup CANARY: no such host' 'Error: No such object: 0a1b' 'no such CANARY' '  <no matches> ' 'HTTP/1.1 200 OK' |
    $(awk_of "$a") "$AWK_SAID")
  equal "what stays of messages with $a" "$got" '(message not kept)
no such host
no such object
(message not kept)
<no matches>
(message not kept)'
  rm -f "$T/hdr"
  got=$(printf '%s\r\n' 'HTTP/1.1 200 OK CANARY' 'Set-Cookie: CANARY' 'X-Next-Page-Start: a-1' 'curl: (28) CANARY operation timed out' | $(awk_of "$a") -v hdr="$T/hdr" "$AWK_SAID")
  equal "what stays of headers with $a" "$got $(cat "$T/hdr")" 'curl: (28), operation timed out HTTP 200
X-Next-Page-Start: a-1'
done

# lists of many batches become one list
for a in $AWKS; do
  have "$a" || continue
  got=$({ printf '[\n    {\n        "Id": "1"\n    },\n    {\n        "Peers": [{"Name": "[{,]"}]\n    }\n]\n'; printf '[]\n'; printf '[{"Driver":"2"}]\n'; } | kept "$a" cluster/docker/networks.json join=1 | python3 -c 'import json,sys; print(json.dumps(json.load(sys.stdin)))')
  equal "join with $a" "$got $(cat "$T/side" | cut -d' ' -f3)" '[{"Id": "1"}, {"Peers": [{"Name": "[{,]"}]}, {"Driver": "2"}] 1'
  got=$(printf '' | kept "$a" cluster/docker/networks.json join=1; cat "$T/side")
  equal "join of nothing with $a" "$got" '[]
0 3 1 0 0'
  for cut in '[{"a": "b' '[{"a": 1}' '{"a": [1, 2}' '' 'not json at all' '{"a":1}}'; do
    printf '%s' "$cut" | kept "$a" cluster/docker/networks.json >/dev/null 2>&1
    case $cut in '{"a": [1, 2}' | 'not json at all') continue ;; esac
    equal "a cut answer is noticed with $a: $cut" "$(cut -d' ' -f3 "$T/side")" 0
  done
  # a string with many escaped quotes in it
  awk 'BEGIN { printf "[{\"Name\":\""; for (i = 0; i < 6000; i++) printf "\\\"x\\\\"; print "\"}]" }' >"$T/long"
  got=$(kept "$a" cluster/docker/networks.json <"$T/long" | cmp - "$T/long" && cut -d' ' -f3 "$T/side")
  equal "a long string passes unchanged with $a" "$got" 1
done

# the socket's line: a mark of an access control list must not be lost
for a in mawk gawk original-awk 'busybox awk'; do
  have "${a%% *}" || continue
  got=$(for m in srw-rw---- srw-rw----. srw-rw----+ srw-rwsrwt; do echo "$m 1 root docker 0 Nov 18 08:15 /var/run/docker.sock" | $a "$AWK_REDACT$AWK_SOCKET"; done)
  equal "the socket's line with $a" "$got" 'root:docker 660 /var/run/docker.sock
root:docker 660 /var/run/docker.sock
root:docker srw-rw----+ /var/run/docker.sock
root:docker 3677 /var/run/docker.sock'
done

# servers for ssh in arguments, which a rule looks for
for a in mawk gawk original-awk 'busybox awk'; do
  have "${a%% *}" || continue
  got=$(printf '%s\n' '== 1d' 'PID COMMAND' '1 java -jar /opt/apache-sshd.jar CANARY' '2 sh /start-sshd.sh' '3 env SSHD' '4 tini -- dropbear -F' '5 sh -c x' | kept "${a%% *}" nodes/n/docker/processes.txt)
  equal "servers for ssh in arguments with $a" "$got" '== 1d
PID COMMAND
1 java sshd (present)
2 sh sshd (present)
3 env sshd (present)
4 tini dropbear (present)
5 sh (present)'
done

# where logs go: of the files nothing but the targets
cat >"$T/forward" <<'EOT'
# file /etc/rsyslog.conf
# *.* @@commented.example
*.* @@loghost.example:6514
authpriv.*   @(z9)[2001:db8::1]:514;Template  # note
*.* :omrelp:relp.example:2514
$ActionOmmysqlPwd @CANARY-1
string="x @CANARY-2
mail.* /var/log/mail
:msg, contains, "CANARY-3" @h.example
action(type="omfwd" Target="fwd.example"
  port="514" protocol="udp" StreamDriverKeyFile="CANARY-4")
action(type="omelasticsearch" uid="u" pwd="CANARY-5")
action(type="omfwd" target="u:CANARY-6@h")
# file /etc/systemd/journald.conf
ForwardToSyslog=yes
# file /etc/systemd/journal-upload.conf
URL=https://up.example:19532/CANARY-7
URL=https://u:CANARY-8@up.example
ServerKeyFile=CANARY-9
EOT
for a in $AWKS; do
  have "$a" || continue
  # shellcheck disable=SC2046
  set -- $(awk_of "$a") -v list=/dev/null -v side="$T/side" "$AWK_REDACT$AWK_SELECT$AWK_KEEP_FORWARD"
  got=$("$@" "$T/forward" | python3 -c 'import json,sys
for x in json.load(sys.stdin): print(x["program"],x["protocol"],x["target"],x["port"],x["selector"])')
  equal "where logs are forwarded to with $a" "$got" 'rsyslog tcp loghost.example 6514 *.*
rsyslog udp [2001:db8::1] 514 authpriv.*
rsyslog relp relp.example 2514 *.*
rsyslog udp h.example  (present)
rsyslog udp fwd.example 514 
rsyslog elasticsearch   
rsyslog  (present)  
journald  syslog  
journal-upload https up.example 19532 
journal-upload https (present)  '
done

# the time grows with the length alone: a megabyte of a label and of the data of a Secret, and four of them
seconds() { python3 - "$@" <<'EOT'
import subprocess, sys, time
t0 = time.time()
subprocess.run(sys.argv[2:], stdin=open(sys.argv[1], "rb"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
print(time.time() - t0)
EOT
}
for n in 1 4; do
  awk -v n="$n" 'BEGIN { printf "{\"items\":[{\"metadata\":{\"name\":\"a\",\"labels\":{\"l\":\""; for (i = 0; i < n * 250000; i++) printf "\\\"ab"; printf "\"}},\"data\":{\"k\":\""; for (i = 0; i < n * 250000; i++) printf "\\\"ab"; printf "\",\"n\":["; for (i = 0; i < n * 200000; i++) printf "1,"; print "1]}}]}" }' >"$T/long.$n"
done
for a in $AWKS; do
  have "$a" || continue
  WORK=$T; KEEP=; keeping cluster/kubectl/secrets.json
  # shellcheck disable=SC2046
  set -- $(awk_of "$a") -v list="$KEEP_LIST" -v side="$T/side" "$AWK_REDACT$AWK_STRINGS$AWK_SELECT$AWK_KEEP_JSON"
  one=$(seconds "$T/long.1" "$@"); four=$(seconds "$T/long.4" "$@")
  ratio=$(awk -v a="$one" -v b="$four" 'BEGIN { printf "%.1f", b / (a > 0.02 ? a : 0.02) }')
  equal "a label and a Secret of a megabyte with $a: $one s, of four $four s, ratio $ratio" "$(awk -v r="$ratio" -v s="$one" 'BEGIN { print (r < 9), (s < 20) }')" '1 1'
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
