# Behind lines.awk: audit records. Hexadecimal command lines hide what they say,
# so they go.
function audit(s,   n, i, a, k, v, prev, out) {
  if (s ~ /proctitle=/) {
    if (s ~ /proctitle=[0-9A-F]+$/) { sub(/proctitle=[0-9A-F]+$/, "proctitle=" HID, s); nred++; return s }
    return scrub(s)
  }
  if (s !~ /type=EXECVE/) return scrub(s)
  n = split(s, a, " "); out = ""; prev = ""; cmdname = ""
  for (i = 1; i <= n; i++) {
    if (a[i] ~ /^a[0-9]+(\[[0-9]+\])?=/) {
      k = substr(a[i], 1, index(a[i], "=")); v = substr(a[i], index(a[i], "=") + 1)
      if (v ~ /^".*"$/) { v = substr(v, 2, length(v) - 2); a[i] = k "\"" scrubarg(v, prev) "\""; prev = v }
      else if (v ~ /^[0-9A-F]+$/) { a[i] = k HID; nred++; prev = "x" }
    }
    out = out (i > 1 ? " " : "") a[i]
  }
  return out
}
{ emit(audit($0)) }
