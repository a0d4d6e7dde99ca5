# Finds secrets in text. scrub(s) returns s with secret values replaced and adds
# the number of replacements to nred. It works on raw text and on the escaped
# inside of a JSON string alike: a backslash never ends up alone.
#
# Every awk part runs in the C locale, so that a length is a number of bytes, and
# uses nothing beyond POSIX awk (no intervals, no gensub, no asort). No part may
# contain an apostrophe, because each becomes a quoted variable of the shell.
BEGIN {
  HID = "(redacted)"
  # What the name of a secret ends with, in lower case.
  WORD = "(pass|password|passwd|passphrase|passcode|pwd|secret|token|apikey|api[-_.]key|accesskey|"
  WORD = WORD "access[-_.]key|secretkey|secret[-_.]key|private[-_.]?key|signing[-_.]?ca[-_.]?key|"
  WORD = WORD "signingkey|signing[-_.]key|encryptionkey|encryption[-_.]key|masterkey|master[-_.]key|"
  WORD = WORD "auth[-_.]?key|credential|credentials|requirepass|masterauth|bearer|jwt|authorization|"
  WORD = WORD "connectionstring|connection[-_.]string)"
  # What it may end with behind other letters.
  TAIL = "(password|passwd|passphrase|secret|token|apikey|privatekey|secretkey|accesskey|credentials?)"
  # What is a secret though white space stands behind its colon.
  SPACED = "(pass|password|passwd|passphrase|secret[-_]?key|client[-_]?secret|private[-_]?key|api[-_]?key|"
  SPACED = SPACED "auth[-_]?token|access[-_]?token)[ \t]*[:=][ \t]+"
  # Six letters of a token at least.
  SIX = "[a-z0-9._~+/=-]"; SIX = "^" SIX SIX SIX SIX SIX SIX
  # A cheap look at the raw text: without any of these there is nothing to do.
  HINT = "[Pp][Aa][Ss][Ss]|[Pp][Ww][Dd]|[Ss][Ee][Cc][Rr][Ee][Tt]|[Tt][Oo][Kk][Ee][Nn]|"
  HINT = HINT "[Kk][Ee][Yy]|[Cc][Rr][Ee][Dd]|[Bb][Ee][Aa][Rr]|[Jj][Ww][Tt]|[Aa][Uu][Tt][Hh]|"
  HINT = HINT "[Bb][Aa][Ss][Ii][Cc]|SWMTKN|PRIVATE|LS0tLS1CRUdJTi|eyJ|[Mm][Yy][Ss][Qq][Ll]|"
  HINT = HINT "[Mm][Aa][Rr][Ii][Aa]|[Ll][Dd][Aa][Pp]|[Rr][Ee][Dd][Ii][Ss]|[Cc][Uu][Rr][Ll]|"
  HINT = HINT ":[/][/][^/]*@|[Cc]onnection"
  PEM64 = "LS0tLS1CRUdJTiBQUklWQVRF|LS0tLS1CRUdJTiBSU0EgUFJJVkFUR|LS0tLS1CRUdJTiBFQyBQUklWQVRF|"
  PEM64 = PEM64 "LS0tLS1CRUdJTiBPUEVOU1NIIFBSSVZBVEUg|LS0tLS1CRUdJTiBFTkNSWVBURUQgUFJJVkFUR|"
  PEM64 = PEM64 "LS0tLS1CRUdJTiBEU0EgUFJJVkFUR"
}
# put(s): a line of what stays. report(ok, more): how many secrets, bytes and dropped parts there were and
# whether the text was what it should be, in the file that side names.
function put(s) { printf "%s\n", s; bytes += length(s) + 1 }
function report(ok, more) {
  if (side != "") { printf "%d %d %d %d%s\n", nred, bytes, ok, ndrop, more > side; close(side) }
}
# How long the value at the start of t is: quoted, or up to white space, an
# escaped white space or a quote.
function valuelen(t,   q, i, c, n, two) {
  n = length(t)
  two = substr(t, 1, 2); q = ""
  if (two == "\\\"") { q = two; i = 3 }
  else { c = substr(t, 1, 1); if (c == "\"" || c == "\047" || c == "`") { q = c; i = 2 } else i = 1 }
  if (q != "") {
    c = index(substr(t, i), q)
    return c ? i - 1 + c - 1 + length(q) : n
  }
  while (i <= n) {
    c = substr(t, i, 1)
    if (c == "\\") {
      two = substr(t, i + 1, 1)
      if (two == "n" || two == "t" || two == "r" || two == "\"") break
      i += 2; continue
    }
    if (c == " " || c == "\t" || c == "\n" || c == "\r" || c == "\"" || c == "\047" || c == "`") break
    i++
  }
  return (i > n + 1 ? n + 1 : i) - 1
}
# Replaces the value after every match of re (matched on lower case). The
# values true and false, empty ones and those already replaced stay.
function after(s, re, yes,   out, low, v, n, e, q, z) {
  out = ""; low = tolower(s)
  while (match(low, re)) {
    e = RSTART + RLENGTH - 1
    out = out substr(s, 1, e); s = substr(s, e + 1); low = substr(low, e + 1)
    n = valuelen(s); v = substr(low, 1, n)
    q = substr(v, 1, 1); z = ""
    if (substr(v, 1, 2) == "\\\"") q = "\\\""
    else if (q != "\"" && q != "\047" && q != "`") q = ""
    if (q != "") {
      v = substr(v, length(q) + 1)
      if (length(v) >= length(q) && substr(v, length(v) - length(q) + 1) == q) {
        z = q; v = substr(v, 1, length(v) - length(q))
      }
    }
    if (v == "" || v == "true" || v == "false" || v == HID) continue
    if (yes != "" && v !~ yes) continue
    out = out q HID z; nred++
    s = substr(s, n + 1); low = substr(low, n + 1)
  }
  return out s
}
# s without what was just matched.
function cutout(s) { nred++; return substr(s, 1, RSTART - 1) HID substr(s, RSTART + RLENGTH) }
function scrub(s,   low, out, a, b, c, m) {
  if (s !~ HINT) return s
  if (s ~ /PRIVATE KEY/ || s ~ PEM64) { nred++; return HID }
  while (match(s, /SWMTKN-[A-Za-z0-9-]+/)) s = cutout(s)
  while (match(s, /eyJ[A-Za-z0-9_-]+\.eyJ[A-Za-z0-9_-]+\.?[A-Za-z0-9_-]*/)) s = cutout(s)
  # scheme://user:password@host, the last @ before a slash or a space counts
  if (s ~ /:\/\/[^\/]*@/) {
    out = ""
    while (match(s, /:\/\/[^\/ \t"\047]*@/)) {
      m = substr(s, RSTART + 3, RLENGTH - 4)
      out = out substr(s, 1, RSTART + 2)
      s = substr(s, RSTART + RLENGTH)
      c = index(m, ":")
      if (c && substr(m, c + 1) != HID && length(m) > c) { m = substr(m, 1, c) HID; nred++ }
      else if (!c && length(m) >= 20) { m = HID; nred++ }
      out = out m "@"
    }
    s = out s
    # a password with a slash in it hides its @ behind the slash
    s = after2(s, ":\\/\\/[A-Za-z0-9._%+-]+:[^@ \\t\"\\047:]*\\/[^@ \\t\"\\047]*@")
  }
  low = tolower(s)
  if (low ~ /(bearer|basic)(:|%20| )+[a-z0-9._~+\/=-]/) s = after(s, "(bearer|basic)(:|%20| )+", SIX)
  if (low ~ (WORD "[0-9_]*(\\\\?[\"\047])?[ \t]*[=:]")) {
    s = after(s, WORD "[0-9_]*=", "")
    s = after(s, WORD "[0-9_]*(\\\\?[\"\047])[ \t]*[:=][ \t]*", "")
    s = after(s, SPACED, "")
    s = after(s, "(x-[a-z-]*(token|key|secret)|authorization)[ \t]*:[ \t]*", "")
  }
  if (low ~ ("--?[a-z0-9_.-]*" WORD "[ \t]+")) s = after(s, "--?[a-z0-9_.-]*" WORD "[ \t]+", "^[^-]")
  if (low ~ /(mysql|mariadb|sshpass|ldap|redis|curl)/) {
    if (low ~ /(mysql|mariadb|sshpass)/) { s = after(s, "(mysql|mariadb|sshpass)[^|;&]*[ \t]-p[ \t]*", "") }
    if (low ~ /ldap/) s = after(s, "ldap[a-z]*[ \t][^|;&]*-w[ \t]*", "")
    if (low ~ /redis/) s = after(s, "redis-cli[^|;&]*[ \t]-a[ \t]+", "")
    if (low ~ /curl/) s = after(s, "curl[^|;&]*[ \t](-u|--user)[ \t]+[^: \t]+:", "")
  }
  return s
}
function after2(s, re,   out, m, c) {
  out = ""
  while (match(s, re)) {
    m = substr(s, RSTART + 3, RLENGTH - 4); out = out substr(s, 1, RSTART + 2); s = substr(s, RSTART + RLENGTH)
    c = index(m, ":")
    if (substr(m, c + 1, length(HID)) != HID) { m = substr(m, 1, c) HID; nred++ }
    out = out m "@"
  }
  return out s
}
