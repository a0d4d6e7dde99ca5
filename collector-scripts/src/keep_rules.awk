# Behind redact.awk and select.awk: the audit rules that auditctl prints. Of each the
# options and their values, as far as they look like values of audit rules.
BEGIN { nred = 0; bytes = 0; rules = 0 }
function fits(option, v) {
  if (length(v) > 512) return 0
  if (option == "-w") return v ~ /^\/[A-Za-z0-9_.+~%\/-]*$/
  if (option == "-p") return v ~ /^[rwxa]+$/
  if (option == "-k") return v ~ /^[A-Za-z0-9_.:-]+$/
  if (option == "-a" || option == "-A") return v ~ /^[a-z]+,[a-z]+$/
  if (option == "-S") return v ~ /^[a-z0-9_,]+$/
  if (option == "-C") return v ~ /^[a-z_]+!?=[a-z_]+$/
  if (option == "-F") return v ~ /^[a-z0-9_]+(=|!=|<=|>=|<|>|&=|&)[A-Za-z0-9_.,:\/-]+$/
  return 0
}
# What `auditctl -s` says: a pair a line, or all of them on one.
function status(n, a,   i, p) {
  if (n == 2 && a[1] ~ /^(enabled|pid)$/ && a[2] ~ /^[0-9]+$/) { put(a[1] " " a[2]); return }
  for (i = 1; i <= n; i++) {
    if (split(a[i], p, "=") == 2 && p[1] ~ /^(enabled|pid)$/ && p[2] ~ /^[0-9]+$/) put(p[1] " " p[2])
  }
  ndrop++
}
{
  sub(/\r$/, "")
  if (tolower($0) ~ /^ *no rules *$/) { rules++; put("No rules"); next }
  n = split($0, a, " ")
  if (n == 0) next
  if (a[1] !~ /^-/) { status(n, a); next }
  out = ""
  for (i = 1; i <= n; i++) {
    w = a[i]
    if (w ~ /^-[wpkaASCF]$/) {
      v = i < n ? a[i + 1] : ""
      if (fits(w, v)) { out = out " " w " " v; i++; continue }
      # a filter that is not understood still limits the rule
      out = out " " w " " LOST; ndrop++; if (v != "" && v !~ /^-/) i++
      continue
    }
    out = out " " LOST; ndrop++
  }
  rules++
  put(substr(out, 2))
}
END {
  ok = rules > 0
  report(ok)
}
