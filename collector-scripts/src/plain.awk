# Behind lines.awk: text of no special form.
{ was = pem; l = pemline($0); if (was && l == "") next; emit(was ? l : scrub(l)) }
