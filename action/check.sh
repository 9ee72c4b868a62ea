#!/usr/bin/env bash
# The step of the GitHub action: installs ocspolicy from the action's own checkout, judges, writes annotations, the
# step summary and the outputs. All input comes through the environment; nothing of it is ever part of a script.
# It runs on bash 3.2 too, which macOS has and which takes an empty array for an unset one.
set -euo pipefail

# Nothing of the checked tree may be imported, neither here nor in what pip starts.
unset PYTHONPATH PYTHONHOME
reports=$(mktemp -d "${RUNNER_TEMP:-${TMPDIR:-/tmp}}/ocspolicy.XXXXXX")

finish() { # finish STATUS: hands over what there is
  if [ "${OCSPOLICY_SUMMARY:-true}" = true ] && [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then
    if [ -f "$reports/summary.md" ]; then
      cat "$reports/summary.md" >>"$GITHUB_STEP_SUMMARY"
    else
      echo "**could not judge** (status $1): there is no report; the log of the step says why" >>"$GITHUB_STEP_SUMMARY"
    fi
  fi
  if [ -n "${GITHUB_OUTPUT:-}" ]; then
    echo "status=$1" >>"$GITHUB_OUTPUT"
    for output in json sarif junit; do
      if [ -f "$reports/result.$output" ]; then echo "$output=$reports/result.$output" >>"$GITHUB_OUTPUT"; fi
    done
  fi
  exit "$1"
}
refuse() { # refuse MESSAGE
  echo "error: $1" >&2
  finish 2
}

install() ( # in a folder that the checked tree has no part in
  cd "$reports" || exit
  for python in python3 python; do
    "$python" -I -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue
    "$python" -I -m venv environment >&2 || exit
    for own in environment/bin/python environment/Scripts/python.exe; do
      [ -x "$own" ] || continue
      "$own" -I -m pip install --quiet --no-cache-dir --disable-pip-version-check "$OCSPOLICY_ACTION" >&2 || exit
      echo "$reports/$own"
      exit
    done
  done
  exit 1
)
if [ -z "${OCSPOLICY_PYTHON:-}" ]; then
  OCSPOLICY_PYTHON=$(install) ||
    refuse "could not install ocspolicy, expected Python 3.11 or newer with venv on the PATH; see above, or set one up"
fi

arguments=()
one() { # one OPTION VALUE: an option with a value, where there is one
  if [ -n "$2" ]; then arguments+=("$1=$2"); fi
}
each() { # each OPTION VALUES: an option for each line
  while IFS= read -r value; do one "$1" "${value%$'\r'}"; done <<<"$2"
}
flag() { # flag OPTION TRUE-OR-FALSE
  case "$2" in
    true) arguments+=("$1") ;;
    false | "") ;;
    *) refuse "the input for $1 is neither true nor false" ;;
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
one --markdown-limit "${OCSPOLICY_MARKDOWN_LIMIT:-}"
flag --tracked "${OCSPOLICY_TRACKED:-}"
flag --include-planned "${OCSPOLICY_INCLUDE_PLANNED:-}"
flag --no-waivers "${OCSPOLICY_NO_WAIVERS:-}"
flag --allow-local-plugins "${OCSPOLICY_ALLOW_LOCAL_PLUGINS:-}"
flag --quiet "${OCSPOLICY_QUIET:-}"
flag --verbose "${OCSPOLICY_VERBOSE:-}"
plain=github
if [ "${OCSPOLICY_ANNOTATIONS:-true}" != true ]; then plain=concise; fi
arguments+=(--format "$plain" --format "markdown:$reports/summary.md")
for output in json sarif junit; do arguments+=(--format "$output:$reports/result.$output"); done
arguments+=(--)
while IFS= read -r path; do
  path=${path%$'\r'}
  if [ -n "$path" ]; then arguments+=("$path"); fi
done <<<"${OCSPOLICY_PATHS:-.}"

status=0
"$OCSPOLICY_PYTHON" -I -X utf8 -m ocspolicy check "${arguments[@]}" || status=$?
# Whatever ends without a result has judged nothing, be it an interpreter that never got to ocspolicy.
if [ "$status" -gt 1 ] || [ ! -f "$reports/result.json" ]; then status=2; fi
finish "$status"
