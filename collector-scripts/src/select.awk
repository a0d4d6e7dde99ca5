# What is kept of a member, as numbers: the list that the file `list` holds is read
# once into a table of nodes, and a place in a document is the number of its node.
#
# GO[n, key] is the node below n, with "*" for any key. KEEP[n] is how a value is
# kept: "" not at all, "value", "text", "flags", "path", "words". DEEP[n]: all below, too.
BEGIN {
  LOST = "(present)"; nodes = 1; ndrop = 0
  for (n = 32; n < 127; n++) if (n != 34 && n != 92) SPELL[sprintf("u00%02x", n)] = sprintf("%c", n)
  n = RS; RS = "\n"
  while ((getline line < list) > 0) if (line != "") keepfield(line)
  RS = n
  close(list)
  n = split(flags, part, " "); for (i = 1; i <= n; i++) FLAG[part[i]] = 1
  n = split(words, part, " "); for (i = 1; i <= n; i++) WORD1[part[i]] = 1
}
# One line of the list: keys with a bar between them, then what is kept.
function keepfield(line,   i, n, at, how, k, a) {
  i = match(line, /\t[a-z]*$/)
  how = substr(line, i + 1); n = split(substr(line, 1, i - 1), a, "\001"); at = 1
  for (i = 1; i <= n; i++) {
    k = a[i]
    if (!((at, k) in GO)) { GO[at, k] = ++nodes; INNER[at] = 1 }
    at = GO[at, k]
  }
  if (how == "deep") { DEEP[at] = 1; how = "value" }
  if (how != "name") KEEP[at] = how
}
# The node of a key below node n, 0 where nothing of it is kept.
function below(n, key) {
  if (n in DEEP) return n
  if ((n, key) in GO) return GO[n, key]
  return (n, "*") in GO ? GO[n, "*"] : 0
}
# What is kept of the text s, a value at node n.
function keptvalue(n, s,   how) {
  if (s == "" || s == HID) return s
  how = n ? KEEP[n] : ""
  if (how == "text" && length(s) <= 65536) return s
  if (how == "value" && length(s) <= 65536) return scrubbed(s)
  if (how == "flags" && length(s) <= 65536) return keptflags(s)
  if (how == "path") {
    if (length(s) > 4096) { ndrop++; return LOST }
    if (s ~ /^\/[A-Za-z0-9_.+~% \/-]*$/) return s
    # a rule looks for these words anywhere
    how = tolower(s)
    if (how ~ /docker\.sock/) { ndrop++; return LOST " docker.sock" }
    if (how ~ /docker_engine/) { ndrop++; return LOST " docker_engine" }
  }
  if (how == "words") {
    if (s in WORD1) return s
    if ((how = index(s, "=")) > 1 && how < 200) { ndrop++; return substr(s, 1, how) LOST }
  }
  ndrop++
  return LOST
}
# What escapes spell is looked at as well; where nothing is found, the text stays as it was spelled.
function scrubbed(s,   plain, out) {
  if (s !~ /\\\/|\\u00/) return scrub(s)
  plain = spelled(s); out = scrub(plain)
  return out == plain ? scrub(s) : out
}
# Escapes of printable letters as these letters.
function spelled(s,   n, i, a, out, h) {
  n = split(s, a, "\\"); out = a[1]
  for (i = 2; i <= n; i++) {
    if (a[i] == "" && i < n) { i++; out = out "\\\\" a[i]; continue }
    h = tolower(substr(a[i], 1, 5))
    if (substr(h, 1, 1) == "/") out = out a[i]
    else if (h in SPELL) out = out SPELL[h] substr(a[i], 6)
    else out = out "\\" a[i]
  }
  return out
}
# Of a command line the flags that have a name in FLAGS, whatever quotes stand around
# them; anything else becomes one mark.
function keptflags(s,   n, i, a, w, e, out, lost, follows) {
  gsub(/\\[ntr"\047]/, " ", s)
  n = split(s, a, /[ \t\n\r"\047`;&|<>()$]+/); out = ""; lost = 0; follows = 0
  for (i = 1; i <= n; i++) {
    w = a[i]
    if (w == "") continue
    if (follows) {
      follows = 0
      if (w ~ /^([Tt]rue|TRUE|[Ff]alse|FALSE|[tTfF]|[0-9.]+[smh]?)$/) { out = out " " w; continue }
    }
    if (w !~ /\\/ && match(w, /^--?[A-Za-z0-9][A-Za-z0-9-]*/)) {
      e = substr(w, RLENGTH + 1)
      if (tolower(flagname(substr(w, 1, RLENGTH))) in FLAG && (e == "" || substr(e, 1, 1) == "=")) {
        out = out " " scrub(w); lost = 0; follows = (e == ""); continue
      }
    }
    if (!lost) { out = out " " LOST; lost = 1; ndrop++ }
  }
  return substr(out, 2)
}
function flagname(w) { sub(/^--?/, "", w); return w }
