# A JSON string, still escaped, as a part of a URL path.
BEGIN { for (i = 0; i < 256; i++) { c = sprintf("%c", i); ORD[c] = i } }
function hex(n) { return sprintf("%%%02X", n) }
function utf(n) {
  if (n < 128) return hex(n)
  if (n < 2048) return hex(192 + int(n / 64)) hex(128 + n % 64)
  return hex(224 + int(n / 4096)) hex(128 + int(n / 64) % 64) hex(128 + n % 64)
}
function num(h,   i, n) {
  n = 0; h = tolower(h)
  for (i = 1; i <= length(h); i++) n = n * 16 + index("0123456789abcdef", substr(h, i, 1)) - 1
  return n
}
{
  n = length($0); o = ""
  for (i = 1; i <= n; i++) {
    c = substr($0, i, 1)
    if (c ~ /[A-Za-z0-9_-]/) { o = o c; continue }
    if (c == "\\") {
      i++; c = substr($0, i, 1)
      if (c == "u") { o = o utf(num(substr($0, i + 1, 4))); i += 4; continue }
      if (c == "n") c = "\n"; else if (c == "t") c = "\t"; else if (c == "r") c = "\r"
    }
    o = o hex(ORD[c])
  }
  print o
}
