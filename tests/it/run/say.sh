#!/bin/sh
# A process of the sessions that two command lines are compared by. It prints its arguments, the variables of its
# Session, and the files that its arguments name; then it does what its arguments up to `--` say.
for arg; do
  printf 'argument %s\n' "$arg"
  if [ "$arg" != "$0" ] && [ -f "$arg" ]; then
    cat -- "$arg"
    echo
  fi
done
env | grep '^V_' | sort
status=0
for arg; do
  case $arg in
    --) break ;;
    out=*) printf '%s\n' "${arg#out=}" ;;
    err=*) printf '%s\n' "${arg#err=}" >&2 ;;
    exit=*) status=${arg#exit=} ;;
  esac
done
exit "$status"
