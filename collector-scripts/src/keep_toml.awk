# Behind redact.awk and select.awk: TOML in; out go the names of all tables and keys,
# the values that the list keeps, and a mark for every other value. Comments go.
# It reads letter by letter, so that no spelling matters: dotted and quoted keys,
# inline tables, arrays and strings over many lines.
#
# mode is what the letter c is part of: s the start of a statement, h a table head,
# k a key, v the place of a value, b a bare value, q a string, a what follows a value,
# c a comment, x what stands behind the first thing that is no TOML: nothing of it
# stays. depth counts open arrays and inline tables, KIND
# and NODE tell them; skip is the depth in which everything goes. Lengths of what is
# held are bounded.
BEGIN {
  nred = 0; bytes = 0; bad = 0; some = 0; mode = "s"; depth = 0; skip = 0; table = 1; raw = ""; word = ""; quote = ""
  text = ""; tail = ""; hollow = ""; held = 0; esc = 0
}
NR == 1 && index($0, "\357\273\277") == 1 { $0 = substr($0, 4) }
mode == "x" { next }
{ letters($0, length($0)); letter("\n") }
function emit(x) { printf "%s", x; bytes += length(x) }
function lost() { emit("\"" LOST "\""); ndrop++ }
function letters(s, n,   i) {
  if (n > 200) {
    i = int(n / 2)
    letters(substr(s, 1, i), i); letters(substr(s, i + 1), n - i)
    return
  }
  for (i = 1; i <= n; i++) letter(substr(s, i, 1))
}
function letter(c) {
  if (c == "\r") return
  if (mode == "q") string(c)
  else if (mode == "c") { if (c == "\n") { mode = before; letter(c) } }
  else if (mode == "x") return
  else if (mode == "s") statement(c)
  else if (mode == "h" || mode == "k") key(c)
  else if (mode == "v") place(c)
  else if (mode == "b") bare(c)
  else behind(c)
}
function wrong() { bad = 1; mode = "x"; depth = 0; skip = 0; raw = ""; word = "" }
function comment() { before = mode; mode = "c" }
function statement(c) {
  if (c == " " || c == "\t" || c == "\n") { emit(c); return }
  if (c == "#") { comment(); return }
  some = 1; raw = ""; word = ""; node = table; held = 0; quoted = 0
  if (c == "[") { mode = "h"; node = 1; raw = c; heads = 1 } else { mode = "k"; key(c) }
}
# A key, or the name of a table: node follows it down the list.
function key(c) {
  if (length(raw) > 2000) { wrong(); return }
  if (c == "\n") { if (mode == "h" && heads == 0) { emit(raw c); mode = "s" } else wrong(); return }
  if (mode == "h" && heads == 0) {
    if (c == "#") { emit(raw); raw = ""; comment() }
    else if (c ~ /[ \t]/) raw = raw c
    else wrong()
    return
  }
  if (c == "\"" || c == "\047") { quote = c; inkey = 1; mode2 = mode; mode = "q"; raw = raw c; return }
  if (mode == "h" && c == "[" && raw == "[") { heads = 2; raw = raw c; return }
  if (c == ".") { node = below(node, word); word = ""; raw = raw c; return }
  if (mode == "h" && c == "]") {
    raw = raw c
    if (--heads == 0) { table = below(node, word); word = "" }
    return
  }
  if (mode == "k" && c == "=") {
    node = below(node, word); word = ""
    if (!skip) emit(raw c)
    raw = ""; mode = "v"
    return
  }
  if (c == " " || c == "\t") { raw = raw c; return }
  if (c !~ /[A-Za-z0-9_-]/) { wrong(); return }
  raw = raw c; word = word c
}
# The node of the value that comes now.
function here() { return depth && KIND[depth] == "[" ? NODE[depth] : node }
function place(c) {
  if (c == " " || c == "\t" || c == "\n") {
    if (c == "\n" && !(depth && KIND[depth] == "[")) { wrong(); return }
    if (!skip) emit(c)
    return
  }
  if (c == "#") { comment(); return }
  if (c == "]" && depth && KIND[depth] == "[") { shut(c); return }
  if (skip && hollow != "") { hollow = ""; lost() }
  if (c == "[" || c == "{") { opened(c); return }
  if (c == "\"" || c == "\047") {
    quote = c; inkey = 0; mode = "q"; text = ""; tail = ""; held = 0; empty = 0; esc = 0
    return
  }
  if (c !~ /[A-Za-z0-9+.-]/) { wrong(); return }
  mode = "b"; word = c
}
function opened(c,   n) {
  n = here(); depth++; KIND[depth] = c; NODE[depth] = n
  if (!skip && (!(n in DEEP) && !(n in INNER) && (c == "{" || !(n in KEEP)) || depth > 60)) { skip = depth; hollow = c }
  else if (!skip) emit(c)
  mode = c == "[" ? "v" : "a"
  if (c == "{") { node = n; expects = 1 }
}
function shut(c) {
  if (skip == depth && skip) { if (hollow != "") emit(hollow c); hollow = ""; skip = 0 }
  else if (!skip) emit(c)
  depth--; mode = "a"; expects = 0
}
function bare(c) {
  if (c ~ /[A-Za-z0-9_+.:-]/ && length(word) < 64) { word = word c; return }
  # a date and a time may have a blank between them
  if (c == " " && word ~ /^[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]$/) { word = word c; return }
  sub(/ $/, "", word)
  scalar(); mode = "a"; expects = 0; behind(c)
}
function scalar(   n) {
  n = here()
  if (skip) return
  if (n && (KEEP[n] == "value" || KEEP[n] == "text" || n in DEEP)) emit(word)
  else lost()
  word = ""
}
# What stands between values: a comma, a bracket, the end of the line; in an inline
# table the next key.
function behind(c) {
  if (c == " " || c == "\t") { if (!skip) emit(c); return }
  if (c == "#") { comment(); return }
  if (!depth) { if (c == "\n") { emit(c); mode = "s" } else wrong(); return }
  if (c == "\n") { if (KIND[depth] == "{" && !skip) wrong(); else if (!skip) emit(c); return }
  if (c == ",") {
    if (!skip) emit(c)
    if (KIND[depth] == "[") mode = "v"
    else expects = 1
    return
  }
  if (c == (KIND[depth] == "[" ? "]" : "}")) { shut(c); return }
  if (KIND[depth] != "{" || !expects) { wrong(); return }
  if (skip && hollow != "") { hollow = ""; lost() }
  expects = 0; node = NODE[depth]; raw = ""; word = ""; mode = "k"; inner = 1
  key(c)
}
# Inside a string. A key keeps its letters, a value is held until its end.
function string(c,   n, e) {
  if (inkey) {
    if (c == "\n") { wrong(); return }
    raw = raw c
    if (esc) esc = 0
    else if (c == "\\" && quote == "\"") { esc = 1; return }
    else if (c == quote) { mode = mode2; return }
    word = word c
    return
  }
  if (length(quote) == 1) {
    if (text == "" && held == 0 && !empty && c == quote) { empty = 1; return }
    if (empty) {
      if (c == quote) { quote = quote quote quote; empty = 0; tail = ""; return }
      finish(); letter(c); return
    }
    if (c == "\n") { wrong(); return }
    if (esc) { esc = 0; hold("\\" c); return }
    if (c == "\\" && quote == "\"") { esc = 1; return }
    if (c == quote) { finish(); return }
    hold(c); return
  }
  # three quotes: the string ends with the first three, to which up to two more belong
  if (esc) { esc = 0; tail = ""; hold("\\" c); return }
  if (c == substr(quote, 1, 1)) {
    tail = tail c
    if (tail == quote) finish()
    return
  }
  if (tail != "") { hold(tail); tail = "" }
  if (c == "\\" && substr(quote, 1, 1) == "\"") { esc = 1; return }
  hold(c)
}
function hold(x) {
  held++
  if (skip || !(here() in KEEP) || held > 65536) { if (text == "") text = "x"; return }
  if (length(x) + length(piece) < 200) { piece = piece x; return }
  store(piece); piece = x
}
# Pieces are joined two by two, so that the time grows with the length alone.
function store(x,   n) {
  n = 0
  while (n in PART) { x = PART[n] x; delete PART[n]; n++ }
  PART[n] = x; if (n > most) most = n
}
function held_text(   n, x) {
  x = piece; piece = ""
  for (n = 0; n <= most; n++) if (n in PART) { x = PART[n] x; delete PART[n] }
  most = 0
  return x
}
function finish(   n, v, q) {
  n = here(); q = quote; v = held_text()
  if (!(n in KEEP) || skip || held > 65536) v = held ? "x" : ""
  mode = "a"; expects = 0; quote = ""; empty = 0; text = ""; tail = ""
  if (skip) return
  if (v == "") { emit(q q); return }
  n = held > 65536 ? 0 : n
  v = keptvalue(n, v)
  if (v == LOST) q = "\""
  emit(q v q)
}
END {
  if (mode == "b" || mode == "v" || mode == "q" || mode == "k") bad = 1
  ok = some && !bad && !depth
  report(ok)
}
