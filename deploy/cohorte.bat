@echo off
rem Ouvre la page de cohorte dans le navigateur. La premiere fois, installe d'abord le programme.
rem Un dossier depose sur ce fichier est ouvert ; sinon, celui des cohortes de la personne.
setlocal
title cohorte
set "ICI=%~dp0.."
set "PYTHON=%ICI%\.venv\Scripts\python.exe"
set "DOSSIER=%~1"
if not defined DOSSIER set "DOSSIER=%USERPROFILE%\Cohortes"
if not exist "%ICI%\.venv\Scripts\cohorte.exe" goto installer
rem Un Python retire ou remplace depuis laisse un programme qui ne demarre plus.
"%PYTHON%" -c "" >nul 2>nul
if not errorlevel 1 goto ouvrir
:installer
echo Installation du programme. Cela prend quelques minutes, une seule fois.
py -3 -c "import sys; sys.exit(sys.version_info < (3, 11))" >nul 2>nul
if errorlevel 1 goto sans_python
py -3 -m venv --clear "%ICI%\.venv"
if errorlevel 1 goto rate
"%PYTHON%" -m pip install --quiet --disable-pip-version-check --editable "%ICI%"
if errorlevel 1 goto rate
:ouvrir
rem Le point final : la racine d'un disque finit par une barre, qui prendrait le guillemet.
"%PYTHON%" -X utf8 "%ICI%\process.py" open "%DOSSIER%\."
if errorlevel 1 pause
exit /b
:sans_python
echo Python manque sur cette machine, ou il est anterieur a la version 3.11.
echo Le fichier LISEZMOI.md, partie Windows, dit comment le mettre.
pause
exit /b 3
:rate
echo Le programme n'a pas pu s'installer. Cette machine doit avoir acces au reseau, cette fois seulement.
echo Refaites un double-clic ; sinon, montrez cette fenetre au service informatique.
pause
exit /b 3
