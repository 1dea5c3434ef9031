"""Addresses of mail servers, and who asks one to send: what is taken, and what is refused."""

from __future__ import annotations

import os

import pytest

from engine import post
from engine.model.errors import CohortError
from engine.post import Protocol, Server
from engine.post.servers import credentials
from tests.mailservers import REMOTE


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtps://x.example", Server(Protocol.SMTP, "x.example", 465, True)),
        ("smtp://x.example", Server(Protocol.SMTP, "x.example", 587, False)),
        ("SMTP://X.example:25", Server(Protocol.SMTP, "x.example", 25, False)),
        ("smtp://[::1]:2525", Server(Protocol.SMTP, "::1", 2525, False)),
    ],
)
def test_addresses_of_servers(url, server):
    assert post.server(url, Protocol.SMTP) == server


def test_only_the_names_of_this_machine_are_this_machine():
    hosts = (
        "127.0.0.1",
        "::1",
        "localhost",
        "LOCALHOST",
        "127.0.0.1.x.example",
        "localhost.x.example",
        "0.0.0.0",
        REMOTE,
    )
    assert [Server(Protocol.SMTP, host, 25, False).here for host in hosts] == [True] * 4 + [False] * 4


@pytest.mark.skipif(os.name == "nt", reason="rights are kept otherwise on Windows")
def test_a_password_that_others_can_read_is_refused(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("x\n")
    secret.chmod(0o640)
    with pytest.raises(CohortError, match="chmod 600"):
        credentials(Protocol.SMTP, "u", secret, {})


@pytest.mark.parametrize("given", [{"COHORTE_SMTP_PASSWORD": "x"}, {"COHORTE_SMTP_USER": "u"}])
def test_half_of_who_asks_is_refused(given):
    with pytest.raises(CohortError, match=r"--user|--password-file"):
        credentials(Protocol.SMTP, "", None, given)
