"""Marks and margins as the reasons show them."""

from __future__ import annotations

from decimal import Decimal

from engine.model.values import figure


def shortfall(value: Decimal, bar: Decimal, more: str = "") -> str:
    """By how much a figure is under its bar, exactly."""
    return f"il manque {more}{mark_figure(bar - value)}"


def mark_figure(number: Decimal) -> str:
    """A mark with two decimals at least: 10,00; 9,999 stays 9,999."""
    whole, _, decimals = figure(number).partition(",")
    return f"{whole},{decimals.ljust(2, '0')}"
