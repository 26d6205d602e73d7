#!/bin/sh
# Runs junheng where there is no make: sh junheng.sh report 990101
# Makes .venv at the first start: from wheels/ where that folder is there, else from a package index.
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd) || exit 2
venv=$here/.venv
own=$venv/bin/python

if ! "$own" -c 'import pip' 2>/dev/null; then
  found=
  for python in "$here/python/bin/python3" "${PYTHON:-python3.13}" python3.13 python3.12 python3.11 python3; do
    if "$python" "$here/analysis/run/python_fits.py" >/dev/null 2>&1; then found=$python; break; fi
  done
  if [ -z "$found" ]; then
    case ${REPORT_LANG-} in en) language=en ;; *) language=zh ;; esac
    cat "$here/analysis/run/no_python.$language.txt" >&2
    exit 2
  fi
  "$found" -m venv --clear "$venv" || exit 2
fi
if ! cmp -s "$here/requirements.txt" "$venv/.installed"; then
  "$own" "$here/analysis/run/install.py" "$here/requirements.txt" || exit 2
  cp "$here/requirements.txt" "$venv/.installed"
fi
PYTHONPATH=$here
export PYTHONPATH
exec "$own" -P -m analysis "$@"
