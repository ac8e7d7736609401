#!/usr/bin/env bash
# Makes the Debian package, twice, and looks at what is in it: the program runs,
# the unit is one, nothing but the program and its settings is there.
set -euo pipefail
cd "$(dirname "$0")/../.."

deb=$(build/package/deb.sh)
sum=$(sha256sum "$deb")
[ "$(build/package/deb.sh)" = "$deb" ]
[ "$(sha256sum "$deb")" = "$sum" ] || { echo "two packages of one program differ" >&2; exit 1; }

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
dpkg-deb --extract "$deb" "$root"
dpkg-deb --control "$deb" "$root/DEBIAN"
[ "$("$root/usr/bin/authflow" version)" = "$(.build/authflow version)" ]
grep -qx '/etc/authflow/authflow.env' "$root/DEBIAN/conffiles"
sh -n "$root/DEBIAN/postinst"
sh -n "$root/DEBIAN/prerm"
if [ "$(stat -c %a "$root/etc/authflow/secrets")" != 750 ]; then echo "the folder of the secrets is open to others" >&2; exit 1; fi

# What the unit starts, the program understands.
flags=$(sed -n 's/^ExecStart=//p' "$root/usr/lib/systemd/system/authflow.service" | tr ' ' '\n' | grep '^--')
help=$("$root/usr/bin/authflow" serve --help)
for flag in $flags $(sed -n 's/^AUTHFLOW_SERVE_FLAGS="\(.*\)"/\1/p' "$root/etc/authflow/authflow.env" | tr ' ' '\n' | grep '^--'); do
  grep -q -- "$flag" <<<"$help" || { echo "the unit gives $flag, which serve does not know" >&2; exit 1; }
done
if command -v systemd-analyze >/dev/null; then
  sed -i "s|/usr/bin/authflow|$root/usr/bin/authflow|" "$root/usr/lib/systemd/system/authflow.service"
  systemd-analyze verify "$root/usr/lib/systemd/system/authflow.service"
fi
echo "$deb is whole"
