#!/usr/bin/env bash
# Reads the container file as a builder does and looks at what comes of it: the
# program alone, as nobody, started with flags that it knows. Where the kernel lets
# anybody have a namespace of their own, the program is run in that root: it needs
# nothing else, and an Action runs in it.
set -euo pipefail
cd "$(dirname "$0")/../.."
file=build/package/Containerfile
fail() { echo "$file: $1" >&2; exit 1; }

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
user='' entry='' cmd='' volume=''
while read -r word rest; do
  case $word in
    '' | '#'*) ;;
    FROM) [ "$rest" = scratch ] || fail "it begins with $rest: a base must be kept up to date, and the program needs none" ;;
    COPY)
      while [ "${rest#--}" != "$rest" ]; do rest=${rest#* }; done
      from=${rest% *} to=${rest##* }
      [ -e "$from" ] || fail "there is no $from to copy"
      if [ -d "$from" ]; then mkdir -p "$root$to" && cp -r "$from/." "$root$to"; else cp "$from" "$root$to"; fi
      ;;
    USER) user=$rest ;;
    VOLUME) volume=$rest ;;
    EXPOSE) [[ $rest =~ ^[0-9]+$ ]] || fail "EXPOSE $rest" ;;
    ENTRYPOINT) entry=$rest ;;
    CMD) cmd=$rest ;;
    *) fail "nothing is known of $word here" ;;
  esac
done <"$file"

[[ $user =~ ^[1-9][0-9]*:[1-9][0-9]*$ ]] || fail "it runs as ${user:-root}, and should run as a number that is not root's"
[ "$entry" = '["/authflow"]' ] || fail "the entry point is $entry"
[ -d "$root$volume" ] || fail "there is no folder for the volume $volume"
[ -d "$root/tmp" ] || fail "Actions have no place for what is temporary"
if [ "$(find "$root" -type f ! -name README | wc -l)" != 1 ]; then fail "there is more in it than the program"; fi
grep -q -- "--store\", \"$volume/" <<<"$cmd" || fail "the store is not in the volume"
help=$(.build/authflow serve --help)
for flag in $(grep -o -- '--[a-z-]*' <<<"$cmd"); do
  grep -q -- "$flag" <<<"$help" || fail "it gives $flag, which serve does not know"
done

# Every container has /proc and /dev; Actions run the program again, by /proc/self/exe.
mkdir "$root/proc" "$root/dev"
inside() {
  unshare --user --map-root-user --mount bash -c 'mount --rbind /proc "$0/proc" && mount --rbind /dev "$0/dev" && exec chroot "$0" /authflow "$@"' "$root" "$@"
}
if inside version >/dev/null 2>&1; then
  [ "$(inside version)" = "$(.build/authflow version)" ]
  inside new /data/acme >/dev/null
  inside test /data/acme "right password" >/dev/null || fail "a scenario with an Action does not run in it"
  echo "$file is whole, and the program runs in it"
else
  echo "$file is whole; no namespace to run the program in"
fi
