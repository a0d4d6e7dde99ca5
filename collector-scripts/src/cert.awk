# The certificates in a text, and nothing else of it: a block is its two marks and lines of
# base64 between them. Of a block with anything else in it no line stays, and the text is not what it should be.
BEGIN { bytes = 0; bad = 0; some = 0; open = 0; n = 0 }
{
  sub(/\r$/, "")
  if ($0 ~ /^-----BEGIN (TRUSTED )?CERTIFICATE-----$/) { if (open) bad = 1; open = 1; n = 0; LINE[++n] = $0 }
  else if (!open) { if ($0 ~ /-----(BEGIN|END) /) bad = 1 }
  else if ($0 ~ /^-----END (TRUSTED )?CERTIFICATE-----$/) {
    LINE[++n] = $0; open = 0
    if (n < 3) { bad = 1; next }
    some = 1
    for (i = 1; i <= n; i++) put(LINE[i])
  }
  else if ($0 ~ /^[A-Za-z0-9+\/]+=?=?$/ && length($0) <= 76 && n < 2000) LINE[++n] = $0
  else { bad = 1; open = 0 }
}
END {
  ok = some && !bad && !open
  report(ok)
}
