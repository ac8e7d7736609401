#!/usr/bin/env bash
# Makes a Debian package of .build/authflow: the program, its unit, a user.
set -euo pipefail
cd "$(dirname "$0")/../.."

program=.build/authflow
[ -x "$program" ] || { echo "$program is missing: make build" >&2; exit 1; }
version=$("$program" version | sed 's/^authflow //; s/-/~/g')
arch=$(dpkg --print-architecture)
out=.build/authflow_${version}_${arch}.deb

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
install -D -m 0755 "$program" "$root/usr/bin/authflow"
install -D -m 0644 build/package/authflow.service "$root/usr/lib/systemd/system/authflow.service"
install -D -m 0640 build/package/authflow.env "$root/etc/authflow/authflow.env"
install -d -m 0750 "$root/etc/authflow/secrets"
install -D -m 0644 docs/server.md "$root/usr/share/doc/authflow/server.md"
install -D -m 0644 CHANGELOG.md "$root/usr/share/doc/authflow/CHANGELOG.md"
install -d "$root/DEBIAN"
cat >"$root/DEBIAN/control" <<CONTROL
Package: authflow
Version: $version
Architecture: $arch
Maintainer: Authflow Studio <team@authflow.studio>
Section: net
Priority: optional
Installed-Size: $(du -sk "$root" | cut -f1)
Depends: adduser
Recommends: ca-certificates
Homepage: https://github.com/authflow-studio/authflow
Description: sign-in flows: server, checks, tests, and the studio in a browser
 Draw login, registration, password-reset and MFA flows as graphs, run and debug
 them on a local harness, and serve them as an OpenID Provider from a signed
 bundle.
CONTROL
echo /etc/authflow/authflow.env >"$root/DEBIAN/conffiles"
cat >"$root/DEBIAN/postinst" <<'SCRIPT'
#!/bin/sh
set -e
if [ "$1" = configure ]; then
  adduser --system --group --quiet --home /var/lib/authflow --no-create-home authflow
  chgrp authflow /etc/authflow/authflow.env /etc/authflow/secrets
  if [ -d /run/systemd/system ]; then systemctl daemon-reload; fi
fi
SCRIPT
cat >"$root/DEBIAN/prerm" <<'SCRIPT'
#!/bin/sh
set -e
if [ "$1" = remove ] && [ -d /run/systemd/system ]; then systemctl --no-reload disable --now authflow.service || true; fi
SCRIPT
chmod 0755 "$root/DEBIAN/postinst" "$root/DEBIAN/prerm"
# The same program gives the same package.
find "$root" -exec touch -h -d "@${SOURCE_DATE_EPOCH:-1}" {} +
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-1} dpkg-deb --root-owner-group -Zzstd -z10 --build "$root" "$out" >&2
echo "$out"
