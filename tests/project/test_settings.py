"""mammoset.toml: what is wrong is named, with what is allowed."""

from __future__ import annotations

from pathlib import Path

import pytest

from mammoset.errors import ConfigError
from mammoset.project.settings import TEMPLATE, DicomWebSettings, PeerSettings, parse_settings, read_settings

NAMED = '[dataset]\nname = "demo"\n'


def test_the_template_is_valid_and_says_the_defaults() -> None:
    settings = parse_settings(TEMPLATE.format(name="demo"))
    assert settings == parse_settings(NAMED)


def test_what_the_template_shows_of_the_reading_room_is_accepted() -> None:
    _, shown = TEMPLATE.format(name="demo").split("[serve]")
    lines = [line.removeprefix("# ") for line in shown.splitlines()]
    serve = parse_settings("\n".join([NAMED, "[serve]", *lines])).serve
    assert serve.trusted_proxies == ("127.0.0.1",)
    assert serve.oidc["hospital"].claim == "preferred_username"


@pytest.mark.parametrize("issuer", ["http://login.example", "login.example", "https://", "http://127.0.0.1.example/"])
def test_an_identity_provider_is_reached_encrypted_or_on_this_machine(issuer: str) -> None:
    text = f'{NAMED}\n[serve.oidc.x]\nissuer = "{issuer}"\nclient_id = "m"\nclient_secret_file = "s"'
    with pytest.raises(ConfigError, match=r"serve.oidc.x.issuer"):
        parse_settings(text)


def test_what_the_template_shows_commented_out_is_accepted_and_is_the_default() -> None:
    shown, _ = TEMPLATE.format(name="demo").split("# [serve.oidc")
    lines = [line.removeprefix("# ") if " = " in line else line for line in shown.splitlines()]
    wanted = [
        line
        for line in lines
        if not line.startswith(
            (
                "title",
                "date_",
                "# [acquire.peers",
                "host",
                "port",
                "ae_title",
                "method",
                "listen_to",
                "studies_per",
                "hours",
                "url",
                "login",
                "certificate",
                "private_key",
                "public_url",
                "trusted_proxies",
            )
        )
    ]
    settings = parse_settings("\n".join(wanted))
    default = parse_settings(NAMED)
    assert settings.split == default.split
    assert settings.publish == default.publish
    assert settings.pseudonymize.corner_width == default.pseudonymize.corner_width


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[splt]\nseed = 1", "unknown key 'splt'; did you mean 'split'?"),
        ("[split]\nsed = 1", "unknown key 'split.sed'; did you mean 'seed'?"),
        ("[acquire.peers.pacs]\nhost='h'\nport=1\nae_title='A'\nmethd='get'", "did you mean 'method'?"),
        (
            "[acquire.peers.web]\nurl='http://h/dicom-web'\nurls=1",
            "unknown key 'acquire.peers.web.urls'; did you mean 'url'",
        ),
        ("[acquire.peers.web]\nmethod='dicomweb'", "'acquire.peers.web.url' is missing; add it"),
        (
            "[acquire.peers.web]\nurl='http://h'\nport=4",
            "unknown key 'acquire.peers.web.port'; allowed here: studies_per",
        ),
        ("[acquire.peers.web]\nurl='ftp://h'", "'acquire.peers.web.url' = 'ftp://h' is not allowed"),
        ("[acquire.peers.p]\nhost='h'\nport=1", "'acquire.peers.p.ae_title' is missing; add it"),
        (
            "[acquire.peers.p]\nhost='h'\nport=1\nae_title='A'\nmethod='pull'",
            "'acquire.peers.p.method' = 'pull' is not",
        ),
        ("[acquire.peers.p]\nhost='h'\nport=1\nae_title='A'\nhours='19-6'", "write two different times of day"),
        ("[acquire.peers.p]\nhost='h'\nport=1\nae_title='A'\nhours='06:00-06:00'", "two different times of day"),
        ("[acquire.peers.p]\nhost='h'\nport=1\nae_title='A'\nstudies_per_minute=0", "studies_per_minute' = 0 is not"),
        ("[acquire]\nlisten_to = 'PACS'", 'write AE titles, as ["PACS"], or "any"'),
        ("[split]\nseed = 'one'", "'split.seed' = 'one' is not allowed"),
        ("[acquire]\nport = 70000", "'acquire.port' = 70000 is not allowed"),
        ("[acquire]\nae_title = 'A TITLE THAT IS TOO LONG'", "'acquire.ae_title'"),
        ("[publish]\ntransfer_syntax = 'jpeg'", "'publish.transfer_syntax' = 'jpeg' is not allowed"),
        ("[split", "not valid TOML"),
    ],
)
def test_a_wrong_line_is_named(text: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_settings(NAMED + text)
    assert message in str(caught.value)


def test_a_dataset_without_a_name_is_told_to_add_one() -> None:
    with pytest.raises(ConfigError, match=r"'dataset\.name' is missing; add it"):
        parse_settings("[dataset]\n")


def test_a_folder_that_is_no_project_is_told_how_to_become_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="make one with 'mammoset init'"):
        read_settings(tmp_path / "mammoset.toml")


def test_a_peer_is_one_of_two_kinds() -> None:
    text = NAMED + "[acquire.peers.a]\nhost='h'\nport=1\nae_title='A'\n[acquire.peers.b]\nurl='https://h/dicom-web'\n"
    peers = parse_settings(text).acquire.peers
    assert isinstance(peers["a"], PeerSettings)
    assert isinstance(peers["b"], DicomWebSettings)
    assert (peers["a"].method, peers["b"].method) == ("move", "dicomweb")
