# Behind lines.awk: the certificates in a text, and nothing else of it.
BEGIN { needs = 1 }
{
  if ($0 ~ /^-----BEGIN (TRUSTED )?CERTIFICATE-----/) incert = 1
  if (incert) { sub(/\r$/, ""); emit($0) }
  if ($0 ~ /^-----END (TRUSTED )?CERTIFICATE-----/) incert = 0
}
