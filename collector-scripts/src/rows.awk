# Behind strings.awk: the elements of one list of a JSON answer as they stand,
# without the brackets. want is the name of the list at the top, or "" where the
# answer itself is a list; the file that rows names gets the number of elements, and whether there
# is such a list.
BEGIN { on = 0; n = 0; some = 0 }
function unwanted() { return 0 }
function out(x) {
  if (!on) return
  if (!some && x ~ /[^ \t\r\n]/) { some = 1; n = 1 }
  printf "%s", x
}
function wanted() { return !on && !done && (want == "" && d == 1 || want != "" && d == 2 && key == want) }
function outside(s,   i, m, c) {
  if (on && d > base && s !~ /[][{}]/) { out(s); if (s ~ /:/) isval = 1; else if (s ~ /,/) isval = 0; return }
  m = length(s)
  for (i = 1; i <= m; i++) {
    c = substr(s, i, 1)
    if (c == "{" || c == "[") {
      out(c); d++
      if (c == "[" && wanted()) { on = 1; base = d; found = 1 }
      isval = 0
    } else if (c == "}" || c == "]") {
      if (on && d == base) { on = 0; done = 1 }
      d--; out(c); isval = 0
    } else {
      if (c == ":") isval = 1
      if (c == ",") { isval = 0; if (on && d == base) n++ }
      out(c)
    }
  }
}
function inside(s) {
  if (d == 1 && !isval) key = s
  out("\"" s "\"")
}
END { print n, found + 0 > rows; close(rows) }
