# Behind redact.awk and select.awk: lists of processes, each behind a line
# "== <container id>". The program stays, its arguments go. Of an argument that names
# a server for ssh the name stays, since a rule looks for it anywhere in a command line.
# A line that does not fit its head is marked, so that no process gets lost unseen.
BEGIN { nred = 0; bytes = 0; hdr = 0; ncol = 0; windows = 0 }
function emit(x) { printf "%s\n", x; bytes += length(x) + 1 }
function process(s,   n, i, a, out, cut) {
  if (s ~ /^== [A-Za-z0-9_-]+$/) { hdr = 1; emit(s); return }
  if (s ~ /^[ \t]*$/) return
  if (hdr) { hdr = 0; windows = s ~ /^ *Name /; ncol = column(s); emit(s); return }
  if (windows) {
    # Windows names programs without their arguments
    if (length(s) < 300 && s ~ /^ *[A-Za-z0-9_.+() -]+  +[0-9]+  +[0-9:.]+  +[0-9.]+ ?[A-Za-z]*$/) emit(s)
    else { ndrop++; emit(LOST) }
    return
  }
  if (length(s) > 131072) s = substr(s, 1, 131072)
  n = split(s, a, " ")
  if (!ncol || n < ncol) { ndrop++; emit(LOST); return }
  # the columns before the program are ids, names and times
  out = ""
  for (i = 1; i <= ncol; i++) {
    if (i < ncol && a[i] !~ /^[A-Za-z0-9_.:+?,@\/\\-]*$/ || length(a[i]) > 256) { a[i] = "?"; ndrop++ }
    out = out (i > 1 ? " " : "") a[i]
  }
  if (n == ncol) { emit(out); return }
  cut = 0
  for (i = ncol + 1; i <= n; i++) {
    if (tolower(a[i]) ~ /sshd/) { if (!cut) out = out " sshd"; cut = 1 }
    else if (tolower(a[i]) ~ /(^|\/)dropbear(\.exe)?$/) out = out " dropbear"
  }
  ndrop++
  emit(out " " LOST)
}
# The column of the command lines, 0 if the head of the table names none.
function column(s,   n, i, a, c) {
  n = split(s, a, " "); c = 0
  for (i = 1; i <= n; i++) if (a[i] == "CMD" || a[i] == "COMMAND" || a[i] == "ARGS") c = i
  return c
}
{ sub(/\r$/, ""); process($0) }
END { if (side != "") { printf "%d %d %d %d\n", nred, bytes, 1, ndrop > side; close(side) } }
