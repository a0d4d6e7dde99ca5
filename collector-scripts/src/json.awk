# Behind strings.awk and a part that decides about values: JSON in, JSON out, with
# the place of every string known while it passes. join=1 makes one list out of
# many lists one after the other. The file that side names gets the counts.
#
# The deciding part (json_values.awk) defines class(k) and value(s).
# For each depth d of nesting: T is "o" or "a", N the name of what holds it, C the
# class of its key, HIDE whether no value below it may leave, ANN whether it holds
# annotations, PREV the element before, PAIR the name of a pair of name and value.
BEGIN { nred = 0; bytes = 0; first = 1; bad = 0; seen = 0 }
function unwanted() { return isval && T[d] == "o" && (HIDE[d] || class(key) == 1) }
function push(c) {
  d++; T[d] = c
  if (d > 1 && T[d - 1] == "a") {
    N[d] = C[d - 1] == 3 ? "env[]" : ""; C[d] = C[d - 1] == 4 ? 4 : 0; HIDE[d] = HIDE[d - 1]; ANN[d] = 0
  } else {
    N[d] = ""; C[d] = d > 1 ? class(key) : 0
    if (C[d] == 1) C[d] = 0
    HIDE[d] = d > 1 ? HIDE[d - 1] : 0
    if (C[d] == 5) HIDE[d] = 1
    ANN[d] = C[d] == 6
  }
  PREV[d] = ""; PAIR[d] = ""; if (c == "a") cmdname = ""
  isval = 0
}
function pop() { d--; isval = 0; if (d < 0) { bad = 1; d = 0 } }
function emit(x) { printf "%s", x; bytes += length(x) }
function outside(s,   t, i, n, c) {
  if (s == ": " || s == ":") { isval = 1; emit(s); return }
  t = s; gsub(/[^][{},:]+/, "", t)
  if (t == ",") { if (!join || d > 0) emit(s); isval = 0; return }
  if (join && (d <= 1 || length(t) >= d)) { joined(s); return }
  emit(s); n = length(t)
  for (i = 1; i <= n; i++) {
    c = substr(t, i, 1)
    if (c == ",") isval = 0
    else if (c == ":") isval = 1
    else if (c == "{") push("o")
    else if (c == "[") push("a")
    else pop()
  }
}
# Many lists become one: only the outermost brackets and the white space between
# lists change.
function joined(s,   i, n, c, o) {
  o = ""; n = length(s)
  for (i = 1; i <= n; i++) {
    c = substr(s, i, 1)
    if (c == "{" || c == "[") {
      if (d == 0) { if (c != "[") bad = 1; push("a"); if (first) { o = o "["; first = 0 } lead = ""; continue }
      if (d == 1) { if (seen) o = o ","; o = o lead; lead = ""; seen = 1 }
      push(c == "{" ? "o" : "a"); o = o c
    } else if (c == "}" || c == "]") {
      pop()
      if (d > 0) o = o c
    } else if (d == 0) continue
    else if (d == 1) {
      if (c == " " || c == "\n" || c == "\t" || c == "\r") lead = lead c
      else if (c != ",") bad = 1
      else lead = ""
    } else { if (c == ",") isval = 0; else if (c == ":") isval = 1; o = o c }
  }
  if (o != "") emit(o)
}
function inside(s) {
  if (d == 0) bad = 1
  if (isval || T[d] == "a") emit("\"" value(s) "\"")
  else { key = s; emit("\"" s "\"") }
}
END {
  if (join) emit(first ? "[]\n" : (seen ? "\n]\n" : "]\n"))
  ok = NR == 0 ? join + 0 : (instr == 1 && d == 0 && !bad && !cont)
  if (side != "") { printf "%d %d %d\n", nred, bytes, ok > side; close(side) }
}
