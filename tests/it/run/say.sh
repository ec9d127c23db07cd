#!/bin/sh
# A process of the sessions that two command lines are compared by. It prints its arguments, the variables of its
# Session, and the files that its arguments name. `act.sh` follows.
for arg; do
  printf 'argument %s\n' "$arg"
  if [ "$arg" != "$0" ] && [ -f "$arg" ]; then
    cat -- "$arg"
    echo
  fi
done
env | grep '^V_' | sort
