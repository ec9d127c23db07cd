# What the scripts do that stand for the commands of generated sessions: what their arguments up to `--` say,
# `out=LINE`, `err=LINE`, `exit=STATUS`.
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
