# Behind redact.awk, before the part for one kind of text: lines in, lines out,
# private key blocks dropped. The file that side names gets the counts. A part
# that needs at least one line sets `needs` at its start.
BEGIN { nred = 0; bytes = 0; pem = 0; multi = ""; text = ""; incert = 0; needs = 0; some = 0 }
function emit(x) { printf "%s\n", x; bytes += length(x) + 1; some = 1 }
# A line inside or at the start of a private key block; "" where it goes.
function pemline(s,   a) {
  if (pem) {
    if (s ~ /-----END [A-Z ]*PRIVATE KEY-----/) { pem = 0; sub(/.*-----END [A-Z ]*PRIVATE KEY-----/, "", s); return s }
    return ""
  }
  if (match(s, /-----BEGIN [A-Z ]*PRIVATE KEY-----/)) {
    a = RSTART
    if (match(s, /-----BEGIN [A-Z ]*PRIVATE KEY-----.*-----END [A-Z ]*PRIVATE KEY-----/)) return cutout(s)
    pem = 1; nred++; return substr(s, 1, a - 1) HID
  }
  return s
}
END {
  ok = !(pem || multi != "" || incert || needs && !some)
  if (side != "") { printf "%d %d %d 0\n", nred, bytes, ok > side; close(side) }
}
