# Reads JSON by splitting it at the quotes: every second record is the inside of
# a string, or a part of one where a quote in it is escaped. This works the same
# on indented and on compact JSON, and holds no more than one string in memory.
#
# The program behind this part defines outside(s) for the text between two
# strings, inside(s) for a whole string, still escaped, and unwanted() for
# whether all but the first part of a string may be dropped while it is read.
BEGIN { RS = "\""; d = 0; instr = 0; isval = 0; key = ""; cont = 0 }
{
  if (!instr) { outside($0); instr = 1; next }
  if (!cont) { parts = 1; part[1] = $0; drop = $0 != "" && unwanted() }
  else if (!drop) part[++parts] = $0
  cont = 0
  if ($0 ~ /\\$/) { match($0, /\\+$/); if (RLENGTH % 2) { cont = 1; next } }
  instr = 0
  inside(whole())
}
# The string out of its parts. Neighbors are joined until one is left, so that the
# time does not grow with the square of the length.
function whole(   i, n) {
  while (parts > 1) {
    n = 0
    for (i = 1; i <= parts; i += 2) part[++n] = i < parts ? part[i] "\"" part[i + 1] : part[i]
    parts = n
  }
  return part[1]
}
