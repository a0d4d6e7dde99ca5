# The list of one member, out of LISTS on the standard input, as select.awk reads it:
# one line for each field, its keys with a \001 between them, a tab, what is kept.
# of is the member or its kind; keep holds what --keep adds, each as kind:path.
# Behind /page stands one page of a list that the objects of the kind hold.
BEGIN { flat = sub(/\/page$/, "", of) }
$1 == "=" {
  name = $2; under[name] = $3; count[name] = 0
  if (name == of) kind = name
  for (i = 4; i <= NF; i++) if ($i == of) kind = name
  next
}
$1 == "+" {
  for (i = 3; i <= NF; i++) add(name, ($2 == "." ? "" : $2) (substr($i, 1, 1) == "[" || $2 == "." ? "" : ".") $i)
  next
}
NF { if ($2 ~ /^@/) add(name, $1 " " $2); else add(name, $1) }
function add(n, l) { LINE[n, ++count[n]] = l }
END {
  if (kind == "") exit 1
  top = flat || under[kind] == "-" || under[kind] == "" ? "" : under[kind] "\001"
  section(kind, top)
  if (top != "") put("apiVersion kind metadata.resourceVersion metadata.continue metadata.remainingItemCount")
  if (kind ~ /^m[ks][er]\./) put("nextPageStart resourceCount usersCount orgsCount errors.code")
  if (kind ~ /^m[ks][er]\./) print keys("errors.message") "\tname"
  n = split(keep, k, " ")
  for (i = 1; i <= n; i++) if (index(k[i], kind ":") == 1) print top keys(substr(k[i], length(kind) + 2)) "\tdeep"
}
function put(words,   n, i, a) { n = split(words, a, " "); for (i = 1; i <= n; i++) print keys(a[i]) "\tvalue" }
function section(n, above,   i, l, p, how) {
  for (i = 1; i <= count[n]; i++) {
    l = LINE[n, i]
    if (p = index(l, " ")) {
      section(substr(l, p + 1), above (substr(l, 1, p - 1) == "." ? "" : keys(substr(l, 1, p - 1)) "\001"))
      continue
    }
    how = "value"
    if (match(l, /=[a-z]+$/)) { how = substr(l, RSTART + 1); l = substr(l, 1, RSTART - 1) }
    if (substr(l, 1, 1) == "/") print keys(substr(l, 2)) "\t" how
    else print above keys(l) "\t" how
  }
}
# a.b["c.d"] as keys
function keys(p,   out, e) {
  out = ""
  while (p != "") {
    if (substr(p, 1, 2) == "[\"") { e = index(p, "\"]"); out = out "\001" substr(p, 3, e - 3); p = substr(p, e + 2) }
    else {
      match(p, /^[^.[]+/)
      if (RLENGTH < 1) return substr(out, 2)
      out = out "\001" substr(p, 1, RLENGTH); p = substr(p, RLENGTH + 1)
    }
    sub(/^\./, "", p)
  }
  return substr(out, 2)
}
