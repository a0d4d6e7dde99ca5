# Behind strings.awk: JSON as lines "path<TAB>value", with strings still escaped.
# For small answers.
function unwanted() { return 0 }
function path(   i, p) {
  p = ""
  for (i = 1; i <= d; i++) p = p (T[i] == "a" ? "[" I[i] "]" : (p == "" ? "" : ".") K[i])
  return p
}
function outside(s,   i, n, c, w) {
  gsub(/[ \t\r\n]+/, "", s); n = length(s); w = ""
  for (i = 1; i <= n; i++) {
    c = substr(s, i, 1)
    if (index("{}[],:", c)) {
      if (w != "") { print path() "\t" w; w = "" }
      if (c == "{") { d++; T[d] = "o"; K[d] = ""; isval = 0 }
      else if (c == "[") { d++; T[d] = "a"; I[d] = 0; isval = 1 }
      else if (c == ":") isval = 1
      else if (c == ",") { if (T[d] == "a") { I[d]++; isval = 1 } else isval = 0 }
      else if (d > 0) { d--; isval = (T[d] == "a") }
    } else w = w c
  }
  if (w != "") print path() "\t" w
}
function inside(s) {
  if (isval || T[d] == "a") print path() "\t" s
  else K[d] = s
}
