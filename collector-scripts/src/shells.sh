# What differs between shells.

# put TEXT: prints a credential by a command that is built into the shell. In mksh
# and posh, printf is a program, and everybody may read the arguments of a program.
choose_put() {
  case $(type printf 2>/dev/null) in
    *built*) put() { printf '%s\n' "$1"; }; return ;;
  esac
  # without a PATH only what is built in is found
  # shellcheck disable=SC2030,SC2123
  if (PATH=/nowhere; print -r -- x) >/dev/null 2>&1; then put() { print -r -- "$1"; }
  elif (PATH=/nowhere; echo x) >/dev/null 2>&1; then put() { put_echo "$1"; }
  else put() { die 'this shell can print nothing by itself: run the script with another one'; }; fi
}
# An echo that reads backslashes gets them twice.
put_echo() {
  p_left=$1; p_text=
  while :; do
    case $p_left in *\\*) ;; *) break ;; esac
    p_text=$p_text${p_left%%\\*}\\\\; p_left=${p_left#*\\}
  done
  # shellcheck disable=SC2028,SC2116
  case $(echo 'a\\b') in 'a\b') echo "$p_text$p_left" ;; *) echo "$1" ;; esac
}

# A limit on file sizes then gives an error to the writer instead of killing it.
ignore_file_limit() {
  # shellcheck disable=SC3048
  if (trap '' XFSZ) 2>/dev/null; then trap '' XFSZ; fi
}

# Nothing of the caller's environment decides what is run, and nothing of the script's own
# variables reaches a program by having been exported before.
clean_environment() {
  set +x +v
  LC_ALL=C; COPYFILE_DISABLE=1; export LC_ALL COPYFILE_DISABLE
  unset CDPATH ENV BASH_ENV GREP_OPTIONS TAR_OPTIONS
  unset PASSWORD TOKEN USER_NAME m_user m_pass p_left p_text
}
