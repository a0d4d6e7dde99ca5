# Behind redact.awk and select.awk: texts that hold one fact a line. form says whose
# output it is; a line that does not look like it goes. The file that side names gets
# the counts.
BEGIN { nred = 0; bytes = 0; some = 0; bad = 0; gid = ""
  MODES = "[(](enforce|complain|kill|prompt|unconfined|mixed)[)]$"
}
function emit(x) { put(x); some = 1 }
function gone() { ndrop++ }
# NAME=value, as in /etc/os-release: names on the list keep their values
function assignment(s,   p, name, v) {
  p = index(s, "=")
  if (!p || s !~ /^[A-Za-z_][A-Za-z0-9_]*=/) { if (s !~ /^[ \t]*(#.*)?$/) gone(); return }
  name = substr(s, 1, p - 1); v = substr(s, p + 1)
  if (v == "" || v == "\"\"") { emit(s); return }
  p = below(1, name)
  if (p in KEEP && length(v) < 1000) emit(name "=" scrub(v))
  else { emit(name "=\"" LOST "\""); gone() }
}
# An account, as far as its name looks like one.
function account(w) {
  if (length(w) <= 64 && w ~ /^[A-Za-z0-9_.][A-Za-z0-9_.@$\\-]*$/) return w
  gone()
  return LOST
}
function id(w) { return length(w) <= 10 && w ~ /^[0-9]+$/ ? w : "" }
# name:password:gid:members, then name:password:uid:gid:... of the accounts whose primary group it is
function group(s,   n, i, m, a, b, out) {
  n = split(s, a, ":")
  if (n == 7 && gid != "") {
    if (a[4] == gid) emit(account(a[1]) ":x:" id(a[3]) ":" gid ":::")
    return
  }
  # a line that is neither may be an account that was cut
  if (n != 4 || a[1] != "docker" || id(a[3]) == "" || gid != "") { bad = 1; gone(); return }
  gid = a[3]; m = split(a[4], b, ","); out = ""
  for (i = 1; i <= m; i++) out = out (i > 1 ? "," : "") account(b[i])
  emit("docker:x:" gid ":" out)
}
# What is kept behind each head of sestatus.
function selinux(s,   p, v, k) {
  p = index(s, ":"); k = substr(s, 1, p - 1); v = substr(s, p + 1); gsub(/^[ \t]+|[ \t]+$/, "", v)
  if (k !~ /^(SELinux status|SELinuxfs mount|SELinux root directory|Loaded policy name|Current mode)$/ &&
      k != "Mode from config file" &&
      k !~ /^(Policy MLS status|Policy deny_unknown status|Memory protection checking|Max kernel policy version)$/ &&
      k != "Policy version") { gone(); return }
  if (v ~ /^(enabled|disabled|enforcing|permissive|allowed|denied)$/ ||
      v ~ /^(actual|requested) \((in)?secure\)$/ ||
      v ~ /^(error \([A-Za-z ]+\)|[0-9]+)$/ ||
      k ~ /mount|directory/ && v ~ /^\/[A-Za-z0-9_.\/-]*$/ && length(v) < 200 ||
      k ~ /name/ && v ~ /^[A-Za-z0-9_-]+$/ && length(v) < 64) emit(s)
  else { emit(k ": " LOST); gone() }
}
function sysctl(s) { if (s ~ /^[a-z0-9_.]+ = [-0-9 \t]*$/ && length(s) < 300) emit(s); else gone() }
function apparmor(s) {
  if (s ~ /^enabled = [YN]$/) emit(s)
  else if (length(s) < 500 && s ~ /^[]A-Za-z0-9_.\/*+{},@:[-]+ \([a-z]+\)$/ && s ~ MODES) emit(s)
  else gone()
}
# Arguments, one a line, and files with lines NAME=arguments
function kubelet(s,   p) {
  if (s ~ /^# (arguments of the running kubelet|\/etc\/[a-z]+\/kubelet)$/) { emit(s); return }
  if (s ~ /^[ \t]*(#.*)?$/) return
  p = 0
  if (match(s, /^[A-Z_][A-Z0-9_]*=/)) p = RLENGTH
  if (p) emit(substr(s, 1, p) (length(s) > p ? keptflags(substr(s, p + 1)) : ""))
  else emit(keptflags(s))
}
# What `kubectl api-resources` prints: name, short names, version, whether it is namespaced, kind
function table(s,   n, i, a) {
  if (s ~ /^NAME +SHORTNAMES +API(VERSION|GROUP) +NAMESPACED +KIND *$/) { emit(s); return }
  n = split(s, a, " ")
  fits = n >= 3 && n <= 5 && length(s) <= 500 && a[n] ~ /^[A-Z][A-Za-z0-9]*$/ && a[n - 1] ~ /^(true|false)$/
  for (i = 1; i < n - 1; i++) if (a[i] !~ /^[a-z0-9][a-z0-9.,\/-]*$/) fits = 0
  if (fits) emit(s)
  else { bad = 1; gone() }
}
{
  sub(/\r$/, "")
  if (length($0) > 65536) gone()
  else if (form == "os-release") assignment($0)
  else if (form == "docker-group") group($0)
  else if (form == "selinux") selinux($0)
  else if (form == "sysctl") sysctl($0)
  else if (form == "apparmor") apparmor($0)
  else if (form == "kubelet") kubelet($0)
  else if (form == "api-resources") table($0)
  else gone()
}
END {
  ok = some && !bad
  report(ok)
}
