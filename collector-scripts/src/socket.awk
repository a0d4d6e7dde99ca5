# One line of `ls -ldL` as "owner:group mode path", the
# mode in octal digits. Where a plus sign marks an access control list, the mode stays as ls
# prints it: digits would hide that more people may come in than they say. Behind it what
# getfacl prints of the same file.
BEGIN { LOST = "(present)"; bytes = 0; bad = 0; ACCOUNT = "^[A-Za-z0-9_.][A-Za-z0-9_.@$\\\\-]*$" }
function account(w) { return length(w) <= 64 && w ~ ACCOUNT ? w : LOST }
function octal(s,   i, c, o, v) {
  o = 0
  for (i = 1; i <= 9; i++) {
    c = substr(s, i, 1); v = (i % 3 == 1) ? 4 : (i % 3 == 2) ? 2 : 1
    if (c ~ /[rwxst]/) o += v * (i <= 3 ? 100 : i <= 6 ? 10 : 1)
    if (c ~ /[sStT]/) o += (i == 3 ? 4000 : i == 6 ? 2000 : 1000)
  }
  return o
}
NR == 1 {
  if (NF < 5 || $1 !~ /^[a-z-][rwxsStT-]+[.+@]?$/ || length($1) < 10 ||
      $NF !~ /^\/[A-Za-z0-9._\/-]*$/) { bad = 1; next }
  put(account($3) ":" account($4) " " (substr($1, 11, 1) == "+" ? $1 : octal(substr($1, 2, 9))) " " $NF)
  next
}
{
  sub(/[ \t]*(#.*)?\r?$/, "")
  n = split($0, a, ":")
  if (n == 3 && a[1] ~ /^(user|group|mask|other)$/ && a[3] ~ /^[r-][w-][x-]$/)
    put(a[1] ":" (a[2] == "" ? "" : account(a[2])) ":" a[3])
  # what is not understood may let somebody in
  else if ($0 != "") put("user:" LOST ":rwx")
}
END {
  ok = NR > 0 && !bad
  report(ok)
}
