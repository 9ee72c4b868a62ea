#!/usr/bin/env bash
# The step of the GitHub action: installs ocspolicy from the action's own checkout, judges, writes annotations, the
# step summary and the outputs. All input comes through the environment; nothing of it is ever part of a script.
set -euo pipefail

reports=$(mktemp -d "${RUNNER_TEMP:-${TMPDIR:-/tmp}}/ocspolicy.XXXXXX")
if [ -z "${OCSPOLICY_COMMAND:-}" ]; then
  python3 -m venv "$reports/environment"
  "$reports/environment/bin/python" -m pip install --quiet --disable-pip-version-check "$OCSPOLICY_ACTION" >&2
  OCSPOLICY_COMMAND=$reports/environment/bin/ocspolicy
fi

arguments=()
one() { # one OPTION VALUE: an option with a value, where there is one
  if [ -n "$2" ]; then arguments+=("$1=$2"); fi
}
each() { # each OPTION VALUES: an option for each line
  while IFS= read -r value; do one "$1" "$value"; done <<<"$2"
}
flag() { # flag OPTION TRUE-OR-FALSE
  case "$2" in
    true) arguments+=("$1") ;;
    false | "") ;;
    *) echo "error: the input for $1 is neither true nor false" >&2; exit 2 ;;
  esac
}
each --inventory "${OCSPOLICY_INVENTORY:-}"
one --config "${OCSPOLICY_CONFIG:-}"
one --select "${OCSPOLICY_SELECT:-}"
one --ignore "${OCSPOLICY_IGNORE:-}"
one --fail-on "${OCSPOLICY_FAIL_ON:-}"
one --as-of "${OCSPOLICY_AS_OF:-}"
one --policy-from "${OCSPOLICY_POLICY_FROM:-}"
one --inventory-from "${OCSPOLICY_INVENTORY_FROM:-}"
flag --include-planned "${OCSPOLICY_INCLUDE_PLANNED:-}"
flag --no-waivers "${OCSPOLICY_NO_WAIVERS:-}"
paths=()
while IFS= read -r path; do
  if [ -n "$path" ]; then paths+=("$path"); fi
done <<<"${OCSPOLICY_PATHS:-.}"

plain=github
if [ "${OCSPOLICY_ANNOTATIONS:-true}" != true ]; then plain=concise; fi
status=0
"$OCSPOLICY_COMMAND" check "${arguments[@]}" \
  --format "$plain" \
  --format "json:$reports/result.json" \
  --format "sarif:$reports/result.sarif" \
  --format "junit:$reports/result.xml" \
  --format "markdown:$reports/summary.md" \
  -- "${paths[@]}" || status=$?

if [ "${OCSPOLICY_SUMMARY:-true}" = true ] && [ -n "${GITHUB_STEP_SUMMARY:-}" ] && [ -f "$reports/summary.md" ]; then
  cat "$reports/summary.md" >>"$GITHUB_STEP_SUMMARY"
fi
if [ -n "${GITHUB_OUTPUT:-}" ]; then
  {
    echo "status=$status"
    echo "json=$reports/result.json"
    echo "sarif=$reports/result.sarif"
    echo "junit=$reports/result.xml"
  } >>"$GITHUB_OUTPUT"
fi
exit "$status"
