"""The line of the terminal that tells how far the work is."""

from __future__ import annotations

from dataclasses import dataclass

import click

from engine.workspace.progress import Count


@dataclass
class Line(Count):
    """« Retours lus : 12 sur 340, encore 40 s environ », each time over the one before; ``shown``: its length."""

    shown: int = 0

    def advance(self, count: int) -> None:
        """Show that so many more are done."""
        super().advance(count)
        self._show(f"{self.about.capitalize()} : {self.done} sur {self.total}{self.left}")

    def clear(self) -> None:
        """Leave nothing of it."""
        self._show("")

    def _show(self, text: str) -> None:
        if text or self.shown:
            click.echo(f"\r{text.ljust(self.shown)}", err=True, nl=False)
        self.shown = len(text)
        if not text:
            click.echo("\r", err=True, nl=False)
