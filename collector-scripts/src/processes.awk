# Behind lines.awk: lists of processes, each behind a line "== <container id>".
# The program stays, its arguments go. Of an argument that names a server for ssh
# the name stays, since a rule looks for it anywhere in a command line.
function process(s,   n, i, a, out, cut) {
  if (s ~ /^== /) { hdr = 1; return s }
  if (hdr) { hdr = 0; ncol = column(s); return s }
  if (!ncol) return scrub(s)
  n = split(s, a, " ")
  if (n <= ncol) return scrub(s)
  # keep the line up to the end of the program name as it was printed
  cut = 0
  for (i = 1; i <= ncol; i++) { match(substr(s, cut + 1), /[^ \t]+/); cut += RSTART + RLENGTH - 1 }
  out = substr(s, 1, cut)
  for (i = ncol + 1; i <= n; i++) {
    if (tolower(a[i]) ~ /sshd/) out = out " sshd"
    else if (tolower(a[i]) ~ /(^|\/)dropbear(\.exe)?$/) out = out " dropbear"
  }
  nred++
  return out " " HID
}
# The column of the command lines, 0 if the head of the table names none.
function column(s,   n, i, a, c) {
  n = split(s, a, " "); c = 0
  for (i = 1; i <= n; i++) if (a[i] == "CMD" || a[i] == "COMMAND") c = i
  return c
}
{ emit(process($0)) }
