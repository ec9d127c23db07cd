# What the scripts do that stand for the commands of generated sessions: what their arguments up to `--` say,
# `out=LINE`, `err=LINE`, `exit=STATUS`, `die=SIGNAL`, `wait=SECONDS`, `cancel=PERIOD` (have the Session canceled, with
# that notify period if there is one) and `notified=REACTION` (to SIGTERM: `die`, `ignore`, or an exit status). The
# files `cancel` and `notified` beside the script are for the driver of the Session.
status=0
reaction=die
notified() {
  : > "${0%/*}/notified"
  case $reaction in
    ignore) ;;
    die) trap - TERM; kill -TERM $$ ;;
    *) exit "$reaction" ;;
  esac
}
pause() {
  (trap '' TERM; exec sleep "$1") < /dev/null > /dev/null 2>&1 &
  while kill -0 "$!" 2> /dev/null; do
    wait "$!"
  done
}
for arg; do
  case $arg in
    --) break ;;
    out=*) printf '%s\n' "${arg#out=}" ;;
    err=*) printf '%s\n' "${arg#err=}" >&2 ;;
    exit=*) status=${arg#exit=} ;;
    die=*) kill -"${arg#die=}" $$ ;;
    notified=*)
      reaction=${arg#notified=}
      trap notified TERM
      ;;
    wait=*) pause "${arg#wait=}" ;;
    cancel=*)
      # Until then, the lines before are read.
      sleep 0.2
      printf '%s' "${arg#cancel=}" > "${0%/*}/cancel.new"
      mv "${0%/*}/cancel.new" "${0%/*}/cancel"
      pause 6
      ;;
  esac
done
exit "$status"
