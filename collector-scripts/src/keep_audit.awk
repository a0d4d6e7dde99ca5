# Behind redact.awk and select.awk: audit records. Of each record the fields of who,
# what program and with which result stay. Of a command line stays what tells whether
# it was a docker exec and which of its options were given; values, names and the
# command that ran inside go.
BEGIN {
  nred = 0; bytes = 0; event = ""
  words_of(PLAIN, "arch syscall success exit ppid pid auid uid gid euid suid fsuid egid sgid fsgid tty ses items argc")
  words_of(PLAIN, "AUID UID GID EUID SUID FSUID EGID SGID FSGID ARCH SYSCALL")
  words_of(QUOTED, "comm exe key")
  # fields of which only that they are there stays
  words_of(NAMED, "a0 a1 a2 a3 cwd name path proctitle cmd op res acct addr hostname terminal subj obj item inode dev")
  words_of(NAMED, "mode ouid ogid rdev nametype list msg unit data ver flags fd cap_fp cap_fi cap_fe cap_fver")
  words_of(NAMED, "cap_frootid old new OUID OGID SADDR saddr oldprog prog grantors id sig reason prog-id")
  words_of(NAMED, "kernel format node")
  words_of(GLOBAL, "--config -c --context -H --host -l --log-level --tlscacert --tlscert --tlskey")
  words_of(FREE, "-D --debug --tls --tlsverify -v --version --help")
  words_of(COMPOSE, "-f --file -p --project-name --profile --env-file --project-directory --parallel --ansi --progress")
  words_of(TAKES, "--env --env-file --workdir --user --detach-keys --index")
  words_of(BARE, "--privileged --interactive --tty --detach --no-tty --no-TTY --help")
  words_of(COMMAND, "attach build commit config cp create diff events export history image images import info inspect")
  words_of(COMMAND, "kill load login logout logs network node pause plugin port ps pull push rename restart rm rmi run")
  words_of(COMMAND, "save search secret service stack start stats stop swarm system tag top trust unpause up down")
  words_of(COMMAND, "update version volume wait")
  for (i = 1; i < 256; i++) { CODE[sprintf("%c", i)] = i; CHAR[sprintf("%02X", i)] = sprintf("%c", i) }
}
function words_of(set, text,   n, i, a) { n = split(text, a, " "); for (i = 1; i <= n; i++) set[a[i]] = 1 }
# A record that is not understood stays one, of which nobody knows what it records.
function unknown() { ndrop++; put("type=UNKNOWN msg=audit(0.0:" NR "): comm=" LOST) }
function lost() { ndrop++; return LOST }
# A command line begins: phase 0 looks for docker, 1 for its command, 2 for the options
# of exec, 3 is behind them.
function start() { phase = 0; compose = 0; value = 0 }
function base(w) { sub(/^.*[\/\\]/, "", w); return w }
# What stays of one word of a command line.
function keptword(w,   p, n, v) {
  if (phase == 0) {
    if (base(w) !~ /^docker(-compose)?(\.exe)?$/ || w !~ /^[A-Za-z0-9_.:\/\\-]*$/ || length(w) > 200) return lost()
    phase = 1; compose = (base(w) ~ /compose/)
    return w
  }
  if (phase == 3) return lost()
  if (value) { value = 0; return lost() }
  if (phase == 1) {
    if (w == "container") return w
    if (w == "compose") { compose = 1; return w }
    if (w == "exec") { phase = 2; return w }
    if (w !~ /^-/) { phase = 3; return w in COMMAND ? w : lost() }
    if (w in GLOBAL || compose && w in COMPOSE) { value = 1; return w }
    return w in FREE ? w : "--" lost()
  }
  if (w == "--" || w == "-" || w !~ /^-/) { phase = 3; return w == "--" || w == "-" ? w : lost() }
  if (w ~ /^--/) {
    p = index(w, "="); n = p ? substr(w, 1, p - 1) : w; v = p ? substr(w, p + 1) : ""
    if (n in TAKES) { if (!p) { value = 1; return n } return n "=" lost() }
    if (!(n in BARE)) return "--" lost()
    if (!p) return n
    return n "=" (v ~ /^([Tt]rue|TRUE|[Ff]alse|FALSE|[tTfF01])$/ ? v : lost())
  }
  for (p = 2; p <= length(w); p++) {
    n = substr(w, p, 1)
    if (n ~ /[ewu]/) {
      if (p == length(w)) value = 1
      return substr(w, 1, p) (p < length(w) ? lost() : "")
    }
    if (n == "=") return substr(w, 1, p) lost()
    if (n !~ /[dith]/) return substr(w, 1, p - 1) (p == 2 ? "-" : "=") lost()
  }
  return w
}
function decoded(h,   i, out) {
  out = ""
  for (i = 1; i < length(h) && i < 8000; i += 2) out = out (substr(h, i, 2) == "00" ? "\001" : CHAR[substr(h, i, 2)])
  return out
}
function encoded(s,   i, c, out) {
  out = ""
  for (i = 1; i <= length(s); i++) { c = substr(s, i, 1); out = out (c == "\001" ? "00" : sprintf("%02X", CODE[c])) }
  return out
}
# proctitle: the words of a command line with zeros between them, cut at 127 bytes
function title(v,   n, i, a, out, was) {
  start()
  if (v ~ /^".*"$/) { v = substr(v, 2, length(v) - 2); return "\"" pad(keptword(v), length(v)) "\"" }
  if (v !~ /^[0-9A-F]+$/ || length(v) % 2) return lost()
  v = decoded(v); was = length(v); n = split(v, a, "\001"); out = ""
  for (i = 1; i <= n; i++) out = out (i > 1 ? "\001" : "") keptword(a[i])
  return encoded(pad(out, was))
}
# A title that was cut stays one: the reader tells it by its length.
function pad(s, was) {
  if (was < 127) return substr(s, 1, 126)
  while (length(s) < 127) s = s "."
  return s
}
function argument(k, v) {
  if (k ~ /_len=$/) return k (v ~ /^[0-9]+$/ ? v : "0")
  if (interpreted) return k keptword(v)
  if (v ~ /^".*"$/) v = substr(v, 2, length(v) - 2)
  else if (v ~ /^[0-9A-F]+$/ && length(v) % 2 == 0) v = decoded(v)
  else return k encoded(lost())
  # of an argument in several parts the first tells
  if (k ~ /\[[0-9]+\]=$/ && k !~ /\[0\]=$/) return k "\"\""
  v = keptword(v)
  # auditd writes what has blanks or quotes in it in hexadecimal digits
  return v ~ /[ "]/ ? k encoded(v) : k "\"" v "\""
}
# Whether a field stays with its value.
function fits(name, v) {
  if (length(v) > 300) return 0
  if (name in PLAIN) return v ~ /^([A-Za-z0-9_.()?-]*|"[A-Za-z0-9_.()?-]*")$/
  if (name in QUOTED && interpreted && v ~ /^[A-Za-z0-9_.:\/-]*$/) return 1
  return name in QUOTED && (v ~ /^"[A-Za-z0-9_.:\/-]*"$/ || v == "(null)")
}
# The title as `ausearch -i` prints it, with blanks between its words.
function plain_title(v,   n, i, a, out, was) {
  start(); was = length(v); n = split(v, a, " "); out = ""
  for (i = 1; i <= n && i < 4000; i++) out = out (i > 1 ? " " : "") keptword(a[i])
  return pad(out, was + 1)
}
function record(s,   head, rest, kind, id, n, a, i, k, v, out) {
  match(s, /msg=audit\([0-9.:\/ ]+\) ?:/)
  head = substr(s, 1, RSTART + RLENGTH - 1); rest = substr(s, RSTART + RLENGTH)
  id = substr(s, RSTART, RLENGTH); kind = head; sub(/^.*type=/, "", kind); sub(/ .*/, "", kind)
  # a record is of at most 9,000 bytes or so
  if (length(head) > 200 || length(s) > 65536) { unknown(); return }
  interpreted = id ~ /\//
  if (kind == "EXECVE" && id != event) { event = id; start() }
  gsub(/\035/, " ", rest)
  if (kind == "PROCTITLE" && interpreted && (k = index(rest, "proctitle="))) {
    put(head " proctitle=" plain_title(substr(rest, k + 10)))
    return
  }
  n = split(rest, a, " "); out = head
  for (i = 1; i <= n; i++) {
    if (!(k = index(a[i], "="))) { ndrop++; continue }
    v = substr(a[i], k + 1); k = substr(a[i], 1, k)
    if (kind == "EXECVE" && k ~ /^a[0-9]+(\[[0-9]+\]|_len)?=$/) out = out " " argument(k, v)
    else if (kind == "PROCTITLE" && k == "proctitle=") out = out " " k title(v)
    else if (fits(substr(k, 1, length(k) - 1), v)) out = out " " k v
    else if (substr(k, 1, length(k) - 1) in NAMED) out = out " " k lost()
    else ndrop++
  }
  put(out)
}
/^----$/ { put($0); next }
/^time->[A-Za-z]+ [A-Za-z]+ +[0-9]+ [0-9:]+ [0-9]+$/ { put($0); next }
/^<no matches>$/ { put($0); next }
/^(node=[A-Za-z0-9._-]+ )?type=[A-Z_0-9]+(\[[0-9]+\])? msg=audit\([0-9.:\/ ]+\) ?:/ { record($0); next }
/audit\(/ { unknown(); next }
{ ndrop++ }
END {
  ok = NR > 0
  report(ok)
}
