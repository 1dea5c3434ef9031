#!/bin/sh
# Ouvre la page de cohorte dans le navigateur (macOS, Linux). La première fois, installe d'abord le programme.
# Un dossier donné en argument est ouvert ; sinon, celui des cohortes de la personne.
cd "$(dirname "$0")/.." || exit 3
# Un Python retiré ou remplacé depuis laisse un programme qui ne démarre plus.
if [ ! -x .venv/bin/cohorte ] || ! .venv/bin/python -c '' 2>/dev/null; then
    if ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        echo "Python manque sur cette machine, ou il est antérieur à la version 3.11. Le fichier LISEZMOI.md dit comment le mettre."
        exit 3
    fi
    echo "Installation du programme. Cela prend quelques minutes, une seule fois."
    python3 -m venv --clear .venv && .venv/bin/python -m pip install --quiet --disable-pip-version-check --editable . || {
        echo "Le programme n'a pas pu s'installer. Cette machine doit avoir accès au réseau, cette fois seulement."
        exit 3
    }
fi
exec .venv/bin/python -X utf8 process.py open "${1:-$HOME/Cohortes}"
