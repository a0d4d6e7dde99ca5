# Behind lines.awk: the configuration of MKE as TOML, line by line. A secret is
# told by its key; other values keep their quotes, and what stands inside them is
# looked at.
BEGIN { needs = 1 }
function toml(s,   l, e, v, q) {
  if (multi != "") {                       # inside a secret that spans lines
    e = index(s, multi)
    if (!e) return ""
    s = substr(s, e); multi = ""
    return s
  }
  if (text != "") {                        # inside another string that spans lines
    if (index(s, text)) text = ""
    return keep ? s : pemline(scrubpem(s))
  }
  if (pem || s ~ /BEGIN [A-Z ]*PRIVATE KEY/) return pemline(s)
  l = s; sub(/^[ \t]*/, "", l); e = index(l, "=")
  if (!(e && l ~ /^["A-Za-z0-9_.-]+[ \t]*=/)) {
    if (l ~ /^\[/) lastname = 0
    return scrub(s)
  }
  v = substr(l, e + 1); sub(/^[ \t]*/, "", v)
  l = substr(l, 1, e - 1); gsub(/[" \t]/, "", l)
  if (secretname(tolower(l)) || secretname(snake(l)) || (tolower(l) == "value" && lastname)) return secretpair(s, v)
  if (tolower(l) == "name") {
    gsub(/["\047]/, "", v); lastname = secretname(tolower(v)) || tolower(v) ~ /(authorization|api-?key|token)/
  }
  # the banner is shown to everybody before the login, and a rule compares it word for word
  keep = (l == "pre_logon_message")
  q = substr(v, 1, 3)
  if ((q == "\"\"\"" || q == "\047\047\047") && index(substr(v, 4), q) == 0) text = q
  if (keep) return s
  return substr(s, 1, index(s, "=")) tomlvalue(substr(s, index(s, "=") + 1))
}
# The line s, whose value v is a secret.
function secretpair(s, v,   q, before) {
  before = substr(s, 1, index(s, "="))
  q = substr(v, 1, 3)
  if (q == "\"\"\"" || q == "\047\047\047") {
    nred++
    if (index(substr(v, 4), q) == 0) { multi = q; return before " " q HID }
    return before " " q HID q
  }
  q = substr(v, 1, 1)
  if (q == "\"" || q == "\047") {
    if (substr(v, 1, 2) == q q || substr(v, 2, length(HID)) == HID) return s
    nred++; return before " " q HID q
  }
  if (q == "[" && v !~ /^\[[ \t]*\]/) { nred++; return before " [\"" HID "\"]" }
  if (v ~ /^[0-9]/) { nred++; return before " \"" HID "\"" }
  return s
}
function scrubpem(s) { return (pem || s ~ /PRIVATE KEY-----/) ? s : scrub(s) }
function tomlvalue(v,   o, q, e) {
  if (v !~ HINT) return v
  o = ""
  while (match(v, /["\047]/)) {
    q = substr(v, RSTART, 1); o = o substr(v, 1, RSTART); v = substr(v, RSTART + 1)
    e = 0
    while (1) {
      e++
      if (e > length(v)) return o scrub(v)
      if (q == "\"" && substr(v, e, 1) == "\\") { e++; continue }
      if (substr(v, e, 1) == q) break
    }
    o = o scrubarg(substr(v, 1, e - 1), "") q; v = substr(v, e + 1)
  }
  return o v
}
{ was = pem + 0; wasm = multi; l = toml($0); if (l == "" && (was || wasm != "")) next; emit(l) }
