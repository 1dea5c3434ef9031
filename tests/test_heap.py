import ctypes
import sys
from types import SimpleNamespace

import pytest

from engine.workspace import heap


@pytest.mark.parametrize("ask", [heap.give_back, heap.part_large])
def test_an_allocator_that_knows_no_such_thing_is_left_alone(monkeypatch, ask):
    monkeypatch.setattr(ctypes, "CDLL", lambda _: SimpleNamespace())
    assert ask() is None


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="another system")
@pytest.mark.parametrize(
    ("ask", "told"), [(heap.give_back, ("malloc_trim", (0,))), (heap.part_large, ("mallopt", (-3, 1 << 20)))]
)
def test_the_allocator_of_linux_is_asked(monkeypatch, ask, told):
    asked = []

    def function(name):
        return lambda *given: asked.append((name, given))

    monkeypatch.setattr(
        ctypes, "CDLL", lambda _: SimpleNamespace(malloc_trim=function("malloc_trim"), mallopt=function("mallopt"))
    )
    ask()
    assert asked == [told]


@pytest.mark.parametrize("ask", [heap.give_back, heap.part_large])
@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_other_systems_are_asked_for_nothing(monkeypatch, platform, ask):
    asked = []
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(ctypes, "CDLL", asked.append)
    ask()
    assert asked == []
