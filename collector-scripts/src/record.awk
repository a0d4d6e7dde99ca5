# Behind redact.awk: one line of the manifest out of the variables R_* of the
# environment. R_FIELDS names them with their kinds: s text, n a number, z text or
# null, b true or false.
BEGIN {
  for (i = 1; i < 32; i++) ESC[sprintf("%c", i)] = sprintf("\\u%04x", i)
  ESC["\""] = "\\\""; ESC["\\"] = "\\\\"; ESC["\n"] = "\\n"; ESC["\t"] = "\\t"; ESC["\r"] = "\\r"
  ESC[sprintf("%c", 127)] = "\\u007f"
  n = split(ENVIRON["R_FIELDS"], f, " ")
  o = "{"
  for (i = 1; i <= n; i++) {
    c = index(f[i], ":"); kind = substr(f[i], c + 1); k = substr(f[i], 1, c - 1)
    v = ENVIRON["R_" k]
    o = o (i > 1 ? "," : "") "\"" k "\":"
    if (kind == "s") o = o str(v)
    else if (kind == "n") o = o (v ~ /^-?[0-9]+$/ ? v : "null")
    else if (kind == "z") o = o (v == "" ? "null" : str(v))
    else o = o (v == "true" ? "true" : "false")
  }
  print o "}"
  exit
}
function str(s,   i, n, c, r) {
  s = scrub(s); n = length(s); r = ""
  for (i = 1; i <= n; i++) {
    c = substr(s, i, 1)
    if (c in ESC) r = r ESC[c]
    else if (c > "~") r = r "?"
    else r = r c
  }
  return "\"" r "\""
}
