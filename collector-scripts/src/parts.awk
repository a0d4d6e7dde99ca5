# The lines of the manifest in archives of at most size bytes, in their order: each item
# with a member gets the number of its archive. count asks for the number of archives
# alone, part for the members of one. The lines are of record.awk: within their strings
# a quotation mark has a backslash before it.
function field(name,   s) {
  if (!match($0, "\"" name "\":(\"[^\"]*\"|[0-9]+)")) return ""
  s = substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 3)
  gsub(/"/, "", s)
  return s
}
BEGIN { at = 1; held = 0 }
part { if (field("part") == part) print field("path"); next }
{
  has = size && field("sha256") ~ /^[0-9a-f]+$/
  if (has) {
    bytes = field("bytes") + 0
    if (held && held + bytes > size) { at++; held = 0 }
    held += bytes
    sub(/}$/, ",\"part\":" at "}")
  }
  if (!count) print
}
END { if (count) print at }
