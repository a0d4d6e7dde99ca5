# Behind redact.awk and select.awk: lists of processes, each behind a line
# "== <container id>". The program stays, its arguments go. Of an argument that names
# a server for ssh the name stays, since a rule looks for it anywhere in a command line.
# A line that does not fit its head is marked, so that no process gets lost unseen. A title may
# hold lines of its own, so a list begins only with the next id of the file that ids names.
BEGIN {
  nred = 0; bytes = 0; head = 0; ncol = 0; windows = 0; bad = 0; at = 0; nids = 0; line = ""
  rs = RS; RS = "\n"
  if (ids != "") { while ((getline line < ids) > 0) ID[++nids] = line; close(ids) }
  RS = rs
  FORM["PID"] = FORM["PPID"] = "^[0-9]+$"
  FORM["USER"] = FORM["UID"] = "^[A-Za-z0-9_.][A-Za-z0-9_.@+-]*$"
  FORM["C"] = FORM["%CPU"] = FORM["%MEM"] = FORM["VSZ"] = FORM["RSS"] = "^[0-9.]+$"
  FORM["STIME"] = FORM["START"] = FORM["TIME"] = "^([A-Z][a-z][a-z])?[0-9][0-9:-]*$"
  FORM["TTY"] = FORM["STAT"] = "^[A-Za-z0-9?/<+]+$"
}
function lost() { ndrop++; put(LOST) }
function begins(s) {
  if (s !~ /^== [A-Za-z0-9]+$/) return 0
  s = substr(s, 4)
  if (ids == "") return s ~ /^[0-9a-f]+$/ && length(s) <= 64
  return at < nids && s == ID[at + 1]
}
function process(s,   n, i, a, out) {
  if (begins(s)) { if (head) bad = 1; at++; head = 1; put(s); return }
  if (!at) { bad = 1; ndrop++; return }
  if (s ~ /^[ \t]*$/) return
  if (head) {
    head = 0
    # nothing is listed of a container that ended meanwhile
    if (s == "-- none") { ncol = 0; windows = 0; return }
    windows = s ~ /^ *Name +PID +CPU +Private Working Set *$/
    ncol = column(s)
    if (windows || ncol) put(s)
    else { bad = 1; lost() }
    return
  }
  if (windows) {
    # Windows names programs without their arguments
    if (length(s) < 300 && s ~ /^ *[A-Za-z0-9_.+() -]+  +[0-9]+  +[0-9:.]+  +[0-9.]+ ?[kKMGT]?i?B *$/) put(s)
    else lost()
    return
  }
  if (length(s) > 131072) s = substr(s, 1, 131072)
  n = split(s, a, " ")
  if (!ncol || n < ncol) { lost(); return }
  out = ""
  for (i = 1; i < ncol; i++) {
    if (a[i] !~ FORM[HEAD[i]] || length(a[i]) > 64) { lost(); return }
    out = out a[i] " "
  }
  put(out program(a[ncol]) arguments(a, n))
}
# A program, as far as it looks like one.
function program(w) {
  if (length(w) <= 256 && w ~ /^[[({-]?[A-Za-z0-9_.\/+:-]+[])}]?:?$/ && w !~ /:\/\//) return w
  ndrop++
  return LOST server(w)
}
# The word of an SSH server in a word, in quotes or among others.
function server(w) {
  w = tolower(w)
  if (w ~ /sshd/) return " sshd"
  return w ~ /(^|[^a-z0-9_.-])dropbear(multi)?(\.exe)?($|[^a-z0-9_.-])/ ? " dropbear" : ""
}
function arguments(a, n,   i, out, cut, found) {
  if (n == ncol) return ""
  out = ""; cut = 0
  for (i = ncol + 1; i <= n; i++) {
    found = server(a[i])
    if (found != " sshd") out = out found
    else { if (!cut) out = out found; cut = 1 }
  }
  ndrop++
  return out " " LOST
}
# The column of the command lines, which is the last one; 0 if the head is none.
function column(s,   n, i, a, pid) {
  n = split(s, a, " "); pid = 0
  if (a[n] != "CMD" && a[n] != "COMMAND" && a[n] != "ARGS") return 0
  for (i = 1; i < n; i++) {
    if (!(a[i] in FORM)) return 0
    HEAD[i] = a[i]; if (a[i] == "PID") pid = 1
  }
  return pid ? n : 0
}
{ sub(/\r$/, ""); process($0) }
END {
  ok = !bad && !head && at == (ids == "" ? at : nids)
  report(ok)
}
