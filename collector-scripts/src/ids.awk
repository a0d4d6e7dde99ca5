# A listing of ids, one a line; what is none is counted and reaches no file. The file that side names gets the counts.
BEGIN { bytes = 0; ndrop = 0; n = 0 }
{
  sub(/\r$/, ""); sub(/ +\*?$/, "")
  if ($0 == "") next
  if ($0 !~ /^[A-Za-z0-9]+$/ || length($0) > 64 || n >= 500000) { ndrop++; next }
  if (!($0 in seen)) { seen[$0] = 1; n++; put($0) }
}
END { report(1) }
