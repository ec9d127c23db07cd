#!/bin/sh
# A process of the sessions that two runtimes are compared by. It appends to the file `log` beside it: what it
# is, its arguments, its environment, and the files that its arguments name, each field ended by a NUL. `act.sh`
# follows.
{
  printf '%s\0' "$0" "$#" "$@"
  env -0
  printf '\0'
  for arg; do
    if [ "$arg" != "$0" ] && [ -f "$arg" ]; then
      runnable=no
      [ ! -x "$arg" ] || runnable=yes
      printf '%s\0' "$arg" "$runnable"
      cat -- "$arg"
      printf '\0'
    fi
  done
  printf '\0'
} >> "${0%/*}/log"
