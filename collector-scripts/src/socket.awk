# One line of `ls -ldL` as "owner:group mode path", the mode in octal digits. Where
# a plus sign marks an access control list, the mode stays as ls prints it: digits
# would hide that more people may come in than they say. Behind it what getfacl
# prints of the same file.
NR == 1 {
  if (substr($1, 11, 1) == "+") { print $3 ":" $4, $1, $NF; next }
  m = substr($1, 2, 9); o = 0
  for (i = 1; i <= 9; i++) {
    c = substr(m, i, 1); v = (i % 3 == 1) ? 4 : (i % 3 == 2) ? 2 : 1
    w = i <= 3 ? 100 : i <= 6 ? 10 : 1
    if (c ~ /[rwxst]/) o += v * w
    if (c ~ /[sStT]/) o += (i == 3 ? 4000 : i == 6 ? 2000 : 1000)
  }
  print $3 ":" $4, o, $NF
}
NR > 1 {
  sub(/[ \t]*(#.*)?\r?$/, "")
  if (length($0) < 300 && $0 ~ /^(user|group|mask|other):[^: \t]*:[r-][w-][x-]$/) print
  # what is not understood may let somebody in
  else if ($0 != "") print "user:(present):rwx"
}
