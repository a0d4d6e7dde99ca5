# Behind redact.awk and select.awk: texts that hold one fact a line. form says whose
# output it is; a line that does not look like it goes. The file that side names gets
# the counts.
BEGIN { nred = 0; bytes = 0; some = 0; lineno = 0 }
function emit(x) { printf "%s\n", x; bytes += length(x) + 1; some = 1 }
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
# name:password:gid:members, then name:password:uid:gid:... of the accounts whose primary group it is
function group(s,   n, a) {
  n = split(s, a, ":")
  if (n == 7) {
    if (gid == "" || a[4] != gid) return
    if (length(a[1]) > 256) a[1] = LOST
    emit(a[1] ":x:" (a[3] ~ /^[0-9]+$/ ? a[3] : "") ":" gid ":::"); return
  }
  if (n != 4 || a[1] !~ /^[A-Za-z0-9_.-]+$/ || a[3] !~ /^[0-9]+$/) { gone(); return }
  if (a[1] == "docker") gid = a[3]
  emit(a[1] ":x:" a[3] ":" a[4])
}
function selinux(s) {
  if (s ~ /^(SELinux status|SELinuxfs mount|SELinux root directory|Loaded policy name|Current mode):/) emit(s)
  else if (s ~ /^(Mode from config file|Policy MLS status|Policy deny_unknown status):/) emit(s)
  else if (s ~ /^(Memory protection checking|Max kernel policy version|Policy version):/) emit(s)
  else gone()
}
function sysctl(s) { if (s ~ /^[a-z0-9_.]+ = [-0-9 \t]*$/) emit(s); else gone() }
function apparmor(s) { if (s ~ /^enabled = [YN]$/ || s ~ /^[^ ]+ \([a-z]+\)$/ && length(s) < 500) emit(s); else gone() }
# Arguments, one a line, and files with lines NAME=arguments
function kubelet(s,   p) {
  if (s ~ /^# (arguments of the running kubelet|\/etc\/[a-z]+\/kubelet)$/) { emit(s); return }
  if (s ~ /^[ \t]*(#.*)?$/) return
  p = 0
  if (match(s, /^[A-Z_][A-Z0-9_]*=/)) p = RLENGTH
  if (p) emit(substr(s, 1, p) (length(s) > p ? keptflags(substr(s, p + 1)) : ""))
  else emit(keptflags(s))
}
# What `kubectl api-resources` prints, which is a table
function table(s) { if (s ~ /^[A-Za-z0-9 .,\/_-]+$/ && length(s) < 500) emit(s); else gone() }
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
END { if (side != "") { printf "%d %d %d %d\n", nred, bytes, 1, ndrop > side; close(side) } }
