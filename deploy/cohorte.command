#!/bin/sh
# Ouvre la page de cohorte dans le navigateur (macOS, Linux). La première fois, installe d'abord le programme.
# Un dossier donné en argument est ouvert ; sinon, celui des cohortes de la personne.
cd "$(dirname "$0")/.." || exit 3
if [ ! -x .venv/bin/cohorte ]; then
    if ! command -v python3 >/dev/null; then
        echo "Python manque sur cette machine. Le fichier LISEZMOI.md dit comment le mettre."
        exit 3
    fi
    echo "Installation du programme. Cela prend quelques minutes, une seule fois."
    python3 -m venv .venv && .venv/bin/python -m pip install --quiet --disable-pip-version-check --editable . || {
        echo "Le programme n'a pas pu s'installer. Cette machine doit avoir accès au réseau, cette fois seulement."
        exit 3
    }
fi
exec .venv/bin/python -X utf8 process.py open "${1:-$HOME/Cohortes}"
