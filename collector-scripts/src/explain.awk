# LISTS in full: for each member its fields, how much is kept of each, and the rules
# that read it. mode is cluster, node or all; keep holds what --keep adds.
$1 == "=" {
  name = $2; count[name] = 0
  if ($2 !~ /^@/) { kinds[++n] = $2; members[$2] = substr($0, length($1 $2 $3) + 4) }
  next
}
$1 == "+" {
  for (i = 3; i <= NF; i++) add(name, ($2 == "." ? "" : $2) (substr($i, 1, 1) == "[" || $2 == "." ? "" : ".") $i)
  next
}
NF { add(name, $0) }
function add(s, l) { LINE[s, ++count[s]] = l }
END {
  kept[""] = "its value"; kept["name"] = "that it has a value"; kept["text"] = "its text"
  kept["flags"] = "flags of known names"; kept["path"] = "a path of the host"
  kept["words"] = "words that a rule looks for"
  for (k = 1; k <= n; k++) {
    if (mode == "node" && members[kinds[k]] !~ /(^| )nodes\//) continue
    if (mode == "cluster" && members[kinds[k]] !~ /(^| )cluster\//) continue
    m = members[kinds[k]]; gsub(/ /, ", ", m)
    print m "  (" kinds[k] ")"
    section(kinds[k], "")
    i = split(keep, a, " ")
    for (; i > 0; i--)
      if (index(a[i], kinds[k] ":") == 1) print "  " substr(a[i], length(kinds[k]) + 2) "  all below it: --keep"
    print ""
  }
}
function section(s, above,   i, l, p, rules, how) {
  for (i = 1; i <= count[s]; i++) {
    l = LINE[s, i]; rules = ""
    if (p = index(l, " ")) { rules = substr(l, p + 1); l = substr(l, 1, p - 1) }
    if (rules ~ /^@/) { section(rules, above (l == "." ? "" : l ".")); continue }
    how = ""
    if (match(l, /=[a-z]+$/)) { how = substr(l, RSTART + 1); l = substr(l, 1, RSTART - 1) }
    if (substr(l, 1, 1) == "/") l = substr(l, 2) " of the document"
    else if (substr(l, 1, 1) == "[") l = substr(above, 1, length(above) - 1) l
    else l = above l
    print "  " l "  " kept[how] (rules == "" ? "" : "; " rules)
  }
}
