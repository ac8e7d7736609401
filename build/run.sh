#!/usr/bin/env bash
# Opens the studio on a project: in a window where there is a display and a web
# view, else in the browser. A project that does not exist yet is made from the
# starter.
set -euo pipefail
cd "$(dirname "$0")/.."

project=${1:-my-project}
program=.build/authflow
flags=()

if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
  if build/setup.sh webview && make --no-print-directory desktop; then
    program=.build/authflow-desktop
  else
    echo "The window cannot be built here; the studio opens in your browser."
  fi
else
  echo "There is no display here; the studio is served to a browser."
  flags=(--no-open)
fi
[ "$program" = .build/authflow-desktop ] || make --no-print-directory build

if [ ! -e "$project" ]; then
  "$program" new "$project"
  echo "Made the starter project in $project. Another one: make run PROJECT=folder"
fi
exec "$program" ${flags[@]+"${flags[@]}"} "$project"
