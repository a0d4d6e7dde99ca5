# Small tools.

say() { printf '%s\n' "$*" >&2; }
die() { say "$PROGRAM: $*"; end_tracked KILL; cleanup; trap - EXIT; exit 2; }
have() { command -v "$1" >/dev/null 2>&1; }

# Milliseconds where date knows them, else whole seconds.
now_ms() {
  t=$(date +%s%N 2>/dev/null)
  case $t in
    '' | *[!0-9]*) t=$(date +%s); t=$((t * 1000)) ;;
    ????????????????*) t=${t%??????} ;;
    *) t=$((t * 1000)) ;;
  esac
  printf '%s\n' "$t"
}
utc() { date -u +%Y-%m-%dT%H:%M:%SZ; }

sha256_of() {
  if have sha256sum; then sha256sum <"$1"; elif have shasum; then shasum -a 256 <"$1"
  else openssl dgst -sha256 <"$1"; fi | awk '{ for (i = 1; i <= NF; i++) if (length($i) == 64) { print $i; exit } }'
}
bytes_of() { wc -c <"$1" | tr -d ' \t'; }

# A name that is safe as a folder: letters, digits, dot, underscore, hyphen.
safe_name() {
  printf '%s' "$1" | tr '\n' '_' | sed -e 's/[^A-Za-z0-9._-]/_/g' -e 's/^[.-]/_/' -e 's/\.\./__/g' | cut -c1-128
}

# JSON as lines "path<TAB>value": flat [FILE]
flat() { awk "$AWK_STRINGS$AWK_FLAT" "$@"; }
# Escaped JSON strings, one per line, as parts of a URL path.
url_words() { awk "$AWK_URL"; }
