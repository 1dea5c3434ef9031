"""What click says by itself, in French: people meet the command line in their own language.

click takes its words through ``gettext`` and has no French catalogue; its modules are handed ours instead.
"""

from __future__ import annotations

import click.core
import click.decorators
import click.exceptions
import click.formatting
import click.parser
import click.types

_WORDS = {
    "Aborted!": "Interrompu.",
    "Options": "Options ",  # click puts the colon right behind a heading
    "Commands": "Commandes ",
    "Usage:": "Utilisation :",
    "Positional arguments": "Arguments ",
    "Error: {message}": "Erreur : {message}",
    "Try '{command} {option}' for help.": "« {command} {option} » affiche l'aide.",
    "Missing command.": "Il manque une commande.",
    "Missing argument": "Il manque l'argument",
    "Missing option": "Il manque l'option",
    "Missing parameter": "Il manque le paramètre",
    "Invalid value: {message}": "Valeur refusée : {message}",
    "Invalid value for {param_hint}: {message}": "Valeur refusée pour {param_hint} : {message}",
    "No such option {name!r}.": "L'option {name} n'existe pas.",
    "No such command {name!r}.": "La commande {name} n'existe pas.",
    "Did you mean {possibility}?": "Vouliez-vous dire {possibility} ?",
    "(Did you mean one of: {possibilities}?)": "(Vouliez-vous dire : {possibilities} ?)",
    "Got unexpected extra argument ({args})": "Argument en trop : {args}.",
    "Got unexpected extra arguments ({args})": "Arguments en trop : {args}.",
    "Option {name!r} requires an argument.": "L'option {name} demande une valeur.",
    "Option {name!r} does not take a value.": "L'option {name} ne prend pas de valeur.",
    "{value!r} is not a valid {number_type}.": "« {value} » n'est pas un nombre valable.",
    "{value} is not in the range {range}.": "{value} n'est pas dans l'intervalle {range}.",
    "{name} {filename!r} does not exist.": "« {filename} » n'existe pas.",
    "{name} {filename!r} is a file.": "« {filename} » est un fichier, et non un dossier.",
    "{name} {filename!r} is a directory.": "« {filename} » est un dossier, et non un fichier.",
    "{name} {filename!r} is not readable.": "« {filename} » ne peut pas être lu : vos droits ne le permettent pas.",
    "file": "Le fichier",
    "directory": "Le dossier",
    "path": "Le chemin",
    "default: {default}": "par défaut : {default}",
    "required": "obligatoire",
    "deprecated": "à ne plus employer",
    "env var: {var}": "variable : {var}",
    "(dynamic)": "(calculé)",
    "Missing {param_type}": "Il manque {param_type}",
    "Missing parameter: {param_name}": "Il manque le paramètre {param_name}",
    "unknown error": "erreur inconnue",
    "Could not open file {filename!r}: {message}": "« {filename} » ne peut pas être ouvert : {message}",
    "Takes {nargs} values but 1 was given.": "Il faut {nargs} valeurs, une seule est donnée.",
    "Takes {nargs} values but {len} were given.": "Il faut {nargs} valeurs, {len} sont données.",
    "Argument {name!r} takes {nargs} values.": "L'argument {name} demande {nargs} valeurs.",
    "Option {name!r} requires {nargs} arguments.": "L'option {name} demande {nargs} valeurs.",
    "Choose from:\n\t{choices}": "Au choix :\n\t{choices}",
    "{value!r} is not {choice}.": "« {value} » n'est pas {choice}.",
    "{value!r} is not one of {choices}.": "« {value} » n'est pas l'une des valeurs permises : {choices}.",
    "{value!r} is not a valid boolean. Recognized values: {states}": "« {value} » n'est ni oui ni non ({states}).",
    "{value!r} does not match the format {format}.": "« {value} » n'a pas la forme {format}.",
    "{value!r} does not match the formats {formats}.": "« {value} » n'a aucune des formes {formats}.",
    "{name} {filename!r} is not writable.": "« {filename} » ne peut pas être écrit.",
    "{name} {filename!r} is not executable.": "« {filename} » ne peut pas être exécuté.",
    "Show this message and exit.": "Affiche cette aide.",
    "Show the version and exit.": "Affiche la version.",
}


def translate(message: str) -> str:
    """A sentence of click in French, or itself when it has no translation here."""
    return _WORDS.get(message, message)


def translate_count(one: str, several: str, count: int) -> str:
    """The same for a sentence that has a plural."""
    return translate(one if count == 1 else several)


def install() -> None:
    """Make click speak French, for this process."""
    for module in (click.core, click.decorators, click.exceptions, click.formatting, click.parser, click.types):
        for name, spoken in (("_", translate), ("ngettext", translate_count)):
            if hasattr(module, name):
                setattr(module, name, spoken)
