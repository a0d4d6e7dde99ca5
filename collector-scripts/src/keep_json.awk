# Behind redact.awk, strings.awk and select.awk: JSON in; out goes what the list keeps,
# and for the rest its key and a mark. join=1 makes one list out of many lists one
# after the other. The file that side names gets the counts.
#
# For each depth d: T is "o" or "a", N the node of the list. skip counts the brackets
# open in a value that goes; hollow, whether nothing was in it yet; lit collects a
# number or a word.
BEGIN { nred = 0; bytes = 0; bad = 0; skip = 0; hollow = ""; lit = ""; some = 0; fresh = 1; begun = 0; want = 0 }
function unwanted() { return skip || isval && !(here() in KEEP) }
# Behind the first thing that is no JSON nobody knows what is the inside of a string: nothing of it stays.
function emit(x) { if (bad) return; printf "%s", x; bytes += length(x) }
# The node of the value that comes now.
function here() { return d == 0 ? 1 : T[d] == "o" ? want : N[d] }
function lost() { emit("\"" LOST "\""); ndrop++ }
# Before a value: many lists become one.
function value() {
  if (join && d == 1) { rows++; if (fresh && some) emit(",\n"); fresh = 0; some = 1 }
}
function outside(s) {
  if (skip && s !~ /[][{}]/) { if (s ~ /[^ \t\r\n]/) filled(); return }
  if (s == ": " || s == ":") { step(":"); return }
  if (s == ",") { step(","); return }
  gsub(/[ \t\r\n]+/, " ", s)
  if (s == ", ") { step(","); return }
  steps(s, length(s))
}
# Long texts by halves: in some programs one letter costs the length of its text.
function steps(s, n,   i) {
  if (n > 200) {
    i = int(n / 2)
    steps(substr(s, 1, i), i); steps(substr(s, i + 1), n - i)
    return
  }
  for (i = 1; i <= n; i++) step(substr(s, i, 1))
}
# Something stands in a value that goes.
function filled() { if (hollow != "") { hollow = ""; lost() } }
function step(c) {
  if (skip) { skipped(c); return }
  if (c == "{" || c == "[") { literal(); open(c) }
  else if (c == "}" || c == "]") { literal(); shut(c) }
  else if (c == ",") {
    literal()
    if (d == 0) { bad = 1; return }
    emit(d <= 2 && T[d] == "a" ? ",\n" : ","); isval = (T[d] == "a")
  } else if (c == ":") { if (d == 0 || T[d] != "o" || isval) bad = 1; else { emit(":"); isval = 1 } }
  else if (c == " ") literal()
  else if (length(lit) < 64) lit = lit c
  else bad = 1
}
function skipped(c) {
  if (c == "{" || c == "[") { filled(); skip++ }
  else if (c == "}" || c == "]") {
    if (--skip == 0 && hollow != "") { emit(hollow c); hollow = "" }
  } else if (c != " ") filled()
}
function open(c,   n) {
  n = here()
  value()
  if (d && T[d] == "o" && !isval) bad = 1
  if (!(n in DEEP) && !(n in INNER) && (c == "{" || !(n in KEEP)) || d > 400) {
    hollow = c; skip = 1; isval = d && T[d] == "a"
    return
  }
  if (!(join && d == 0)) emit(c)
  else if (c != "[") bad = 1
  else if (!begun) { emit("["); begun = 1 } else fresh = 1
  d++; T[d] = c == "{" ? "o" : "a"; N[d] = n; isval = (c == "[")
}
function shut(c) {
  if (d == 0 || T[d] != (c == "}" ? "o" : "a")) { bad = 1; return }
  d--
  if (!(join && d == 0)) emit(c)
  if (d == 0 && !join) emit("\n")
  isval = d && T[d] == "a"
}
# A number or a word ends.
function literal(   n) {
  if (lit == "") return
  n = here()
  value()
  if (lit == "null") emit(lit)
  else if (lit !~ /^(true|false|-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?)$/) { bad = 1; emit("null") }
  else if (n && (KEEP[n] == "value" || n in DEEP)) emit(lit)
  else lost()
  lit = ""; isval = d && T[d] == "a"
}
function inside(s) {
  if (skip) { filled(); return }
  if (lit != "") { bad = 1; lit = "" }
  if (d == 0) { bad = 1; return }
  if (isval || T[d] == "a") {
    value()
    emit("\"" keptvalue(here(), s) "\""); isval = (T[d] == "a")
  } else {
    want = below(N[d], s)
    emit(length(s) > 512 ? "\"(key not kept)\"" : "\"" s "\"")
  }
}
END {
  if (join) emit(begun ? "]\n" : "[]\n")
  ok = NR == 0 ? join + 0 : (instr == 1 && d == 0 && !bad && !cont && !skip && lit == "")
  counts = join ? " " (rows + 0) : ""
  report(ok, counts)
}
