"""mammoset.toml: one table per stage; an unknown key is an error that names the nearest valid one."""

from __future__ import annotations

import difflib
import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Discriminator, Field, Tag, ValidationError

from mammoset.errors import ConfigError

FILE_NAME = "mammoset.toml"
AeTitle = Annotated[str, Field(min_length=1, max_length=16, pattern=r"^[\x20-\x5b\x5d-\x7e]+$")]
Port = Annotated[int, Field(ge=0, le=65535)]
Share = Annotated[float, Field(gt=0, lt=1)]


class Table(BaseModel):
    """A table of the settings: typed, frozen, no unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class DatasetSettings(Table):
    """What the dataset is called and who may use it."""

    name: str = Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")
    title: str = ""
    description: str = ""
    license: str = "All rights reserved until the data owner chooses a license."
    contact: str = ""


def _clock(text: str) -> str:
    """Check hours such as ``19:00-06:00``; empty means all day."""
    found = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)", text)
    if text and (found is None or found[1] + found[2] == found[3] + found[4]):
        raise ValueError('write two different times of day, as "19:00-06:00"')
    return text


class PacedSettings(Table):
    """How much an archive is asked to bear.

    ``hours`` are local time, from the first included to the second excluded; they may reach over midnight.
    """

    studies_per_minute: Annotated[float, Field(gt=0)] | None = None
    hours: Annotated[str, AfterValidator(_clock)] = ""


class PeerSettings(PacedSettings):
    """A PACS that exams come from, by C-MOVE or C-GET."""

    host: str
    port: Port
    ae_title: AeTitle
    method: Literal["move", "get"] = "move"


class DicomWebSettings(PacedSettings):
    """An archive that exams come from by DICOMweb (PS3.18).

    ``login_file`` is the path, relative to the project folder, of a file with one line: ``user:password``, or a
    token. The password itself does not belong into mammoset.toml.
    """

    url: Annotated[str, Field(pattern=r"^https?://[^\s/?#@]+[^\s?#@]*$")]
    method: Literal["dicomweb"] = "dicomweb"
    login_file: Path | None = None


def _kind_of_peer(value: Any) -> str:
    if isinstance(value, dict):
        return "dicomweb" if value.get("method") == "dicomweb" or "url" in value else "dicom"
    return "dicomweb" if isinstance(value, DicomWebSettings) else "dicom"


AnyPeer = Annotated[
    Annotated[PeerSettings, Tag("dicom")] | Annotated[DicomWebSettings, Tag("dicomweb")], Discriminator(_kind_of_peer)
]


class AcquireSettings(Table):
    """Our own DICOM address, what to ask for, who may send of itself, and the peers by name.

    ``listen_to`` are AE titles, or ``"any"``; empty means the titles of the peers. ``retain_originals_days`` is for
    how many days after the last decision about an exam `purge` leaves its originals; None for none.
    """

    ae_title: AeTitle = "MAMMOSET"
    host: str = "127.0.0.1"
    port: Port = 11112
    modality: str = "MG"
    date_from: date | None = None
    date_to: date | None = None
    seed: int = 0
    listen_to: Literal["any"] | tuple[AeTitle, ...] = ()
    retain_originals_days: Annotated[int, Field(ge=0)] | None = None
    peers: dict[str, AnyPeer] = {}


class PseudonymizeSettings(Table):
    """The gate's switches.

    ``text_check`` says how burned-in text is looked for; ``off`` claims nothing about it. ``corners`` also fills two
    rectangles at the top and the bottom of the side away from the chest wall, ``corner_height`` and ``corner_width``
    being shares of the image's rows and columns. The ``retain_…`` switches are the options of PS3.15 Annex E;
    ``age_band`` gives ages as the lower end of bands of so many years.
    """

    text_check: Literal["fast", "thorough", "off"] = "fast"
    corners: bool = False
    corner_height: Share = 1 / 12
    corner_width: Share = 1 / 5
    retain_patient_characteristics: bool = True
    retain_size_and_weight: bool = False
    retain_modified_dates: bool = False
    age_band: Annotated[int, Field(ge=1, le=50)] = 1
    private_integers: tuple[str, ...] = ()
    keep_further_views: bool = True
    workers: Annotated[int, Field(ge=1)] | None = None


class ReviewSettings(Table):
    """Human review of every image and every value before anything is read.

    ``second_look`` is the share of the images, drawn with ``seed``, that another reviewer looks at too.
    """

    required: bool = True
    second_look: Annotated[float, Field(ge=0, le=1)] = 0.05
    seed: int = 0


class ReadSettings(Table):
    """Assignment of studies to readers.

    ``senior_share`` is the share of the concordant exams, drawn with ``seed``, that an arbiter who has not seen them
    reads once more, blinded, for quality; the final answer does not change by it. ``training`` says whether readers
    must have been through the training before an exam opens for them. ``priors`` says whether earlier exams of the same
    patient are shown beside the one that is read, where the dates that tell which is earlier were kept.
    """

    seed: int = 0
    senior_share: Annotated[float, Field(ge=0, le=1)] = 0.0
    training: Literal["offered", "required"] = "offered"
    priors: Literal["hidden", "shown"] = "hidden"


class SplitSettings(Table):
    """Names and shares of the folds."""

    seed: int = 0
    folds: dict[str, Annotated[float, Field(gt=0)]] = {"training": 0.8, "test": 0.2}


class PublishSettings(Table):
    """How a release stores its images, and how many patients must at least share what is known of one.

    ``k_anonymity`` 1 asks for nothing.
    """

    transfer_syntax: Literal["jpeg-ls", "jpeg2000", "htj2k", "uncompressed"] = "jpeg-ls"
    k_anonymity: Annotated[int, Field(ge=1)] = 5


def _issuer(text: str) -> str:
    """Check the address of an identity provider: encrypted, but for one on this machine."""
    if not re.fullmatch(r"https://[^\s?#]+|http://(127\.0\.0\.1|localhost|\[::1\])(:\d+)?(/[^\s?#]*)?", text):
        raise ValueError("write the issuer as its provider states it, beginning with https://")
    return text


class OidcSettings(Table):
    """An identity provider (OpenID Connect Core 1.0).

    ``client_secret_file`` is the path, relative to the project folder, of a file with one line. ``claim`` is what of
    a person's token must be their name here when they first come; after that they are known by issuer and subject.
    """

    name: str = ""
    issuer: Annotated[str, AfterValidator(_issuer)]
    client_id: str = Field(min_length=1)
    client_secret_file: Path
    claim: Literal["preferred_username", "email"] = "preferred_username"


class ServeSettings(Table):
    """Where the pages are served, and how people get there.

    Beyond this machine only encrypted: by ``certificate`` and ``private_key`` (PEM files, paths relative to the
    project folder), or behind a proxy that encrypts: ``public_url`` is the address people use, ``trusted_proxies``
    the addresses from which that proxy comes.
    """

    host: str = "127.0.0.1"
    port: Port = 8000
    certificate: Path | None = None
    private_key: Path | None = None
    public_url: Annotated[str, Field(pattern=r"^(https://[^\s/?#@]+)?$")] = ""
    trusted_proxies: tuple[str, ...] = ()
    oidc: dict[Annotated[str, Field(pattern=r"^[a-z0-9-]{1,32}$")], OidcSettings] = {}


class Settings(Table):
    """All of mammoset.toml."""

    dataset: DatasetSettings
    acquire: AcquireSettings = AcquireSettings()
    pseudonymize: PseudonymizeSettings = PseudonymizeSettings()
    review: ReviewSettings = ReviewSettings()
    read: ReadSettings = ReadSettings()
    split: SplitSettings = SplitSettings()
    publish: PublishSettings = PublishSettings()
    serve: ServeSettings = ServeSettings()
    catalog: str = ""
    """Database URL; empty means catalog.sqlite in the project folder."""


PEERS: dict[str, type[Table]] = {"dicom": PeerSettings, "dicomweb": DicomWebSettings}


def parse_settings(text: str, source: str = FILE_NAME) -> Settings:
    """Read settings from TOML text.

    Raises
    ------
    ConfigError
        Naming the key, the value, what is allowed, and for an unknown key the nearest valid one.
    """
    try:
        return Settings.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{source}: not valid TOML: {error}") from None
    except RecursionError:
        raise ConfigError(f"{source}: lists are nested too deeply") from None
    except ValidationError as error:
        raise ConfigError("\n".join(_explain(source, one) for one in error.errors())) from None


def _explain(source: str, error: Any) -> str:
    place = [str(part) for part in error["loc"]]
    is_peer = place[:2] == ["acquire", "peers"] and len(place) > 3
    model = PEERS[place.pop(3)] if is_peer else None  # the kind of peer is no key
    if place[:2] == ["acquire", "listen_to"]:
        return f'{source}: \'acquire.listen_to\' is not allowed: write AE titles, as ["PACS"], or "any"'
    key = ".".join(place)
    if error["type"] == "extra_forbidden":
        allowed = list(model.model_fields) if model else _keys_at(place[:-1])
        near = difflib.get_close_matches(place[-1], allowed, n=1)
        hint = f"did you mean '{near[0]}'?" if near else f"allowed here: {', '.join(allowed)}"
        return f"{source}: unknown key '{key}'; {hint}"
    if error["type"] == "missing":
        return f"{source}: '{key}' is missing; add it"
    return f"{source}: '{key}' = {error['input']!r} is not allowed: {error['msg']}"


def _keys_at(place: list[str]) -> list[str]:
    model: Any = Settings
    for part in place:
        field = getattr(model, "model_fields", {}).get(part)
        if field is not None:
            model = field.annotation
    return list(getattr(model, "model_fields", {}))


def read_settings(path: Path) -> Settings:
    """Read mammoset.toml; `ConfigError` when it is absent or wrong."""
    try:
        return parse_settings(path.read_text(encoding="utf-8-sig"), path.name)
    except FileNotFoundError:
        raise ConfigError(
            f"{path.parent} is no mammoset project: it has no {path.name}; make one with 'mammoset init'"
        ) from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path.name}: not UTF-8; save it as UTF-8 text") from None


TEMPLATE = """\
# mammoset.toml – settings of one dataset, one table per stage. Every key has a default except dataset.name;
# what stands here commented out shows it. An unknown key is an error.

[dataset]
name = "{name}"                # pseudonyms are derived from it and from the vault's key: do not change it later
# title = "", description = "", license = "", contact = ""

[acquire]
# ae_title = "MAMMOSET"        # our own DICOM address, to which a PACS sends
# host = "127.0.0.1"
# port = 11112
# date_from = 2018-01-01       # study dates to ask for, both ends included
# date_to = 2020-12-31
# seed = 0                     # of the random sample
# listen_to = ["PACS"]         # who may send of itself to 'acquire listen'; without it the peers' titles, or "any"
# retain_originals_days = 30   # 'acquire purge' leaves originals so long after the last decision about their exam

# [acquire.peers.pacs]         # then: mammoset acquire pacs pacs --sample 100
# host = "127.0.0.1"
# port = 4242
# ae_title = "PACS"
# method = "move"              # or "get"
# studies_per_minute = 6       # no faster than this
# hours = "19:00-06:00"        # and only then, local time

# [acquire.peers.web]          # then: mammoset acquire dicomweb web --sample 100
# url = "https://127.0.0.1:8042/dicom-web"
# method = "dicomweb"
# login_file = "web-login"     # one line, user:password or a token

[pseudonymize]
# text_check = "fast"          # burned-in text: "thorough" also finds faint text on tissue; "off" does not look
# corners = false              # also black out both corners away from the chest wall,
# corner_height = 0.0833       # by this share of the rows
# corner_width = 0.2           # and this share of the columns
# retain_patient_characteristics = true   # age and sex
# retain_size_and_weight = false          # of the patient; a release then needs k-anonymity
# retain_modified_dates = false           # study dates, shifted by days that only the vault's key tells
# age_band = 1                 # 10: an age of 47 is given as 40
# private_integers = []        # creators of private elements whose integers are kept
# keep_further_views = true    # spot, ML, XCCL … beside the four

[review]
# required = true              # nothing is read before people have approved every image and every value
# second_look = 0.05           # share of the images that a second person looks at too
# seed = 0                     # of their draw

[read]
# seed = 0                     # of the assignment
# senior_share = 0.0           # share of the concordant exams that a senior reads once more, for quality
# priors = "hidden"            # "shown": earlier exams of the patient beside the one that is read, where dates are kept
# training = "offered"         # "required": an exam opens for a reader only after the five training exams

[split]
# seed = 0
# folds = {{ training = 0.8, test = 0.2 }}

[publish]
# transfer_syntax = "jpeg-ls"  # or "jpeg2000", "htj2k", "uncompressed"
# k_anonymity = 5              # so many patients at least share age, sex, device and whatever else is told of each

[serve]
# host = "127.0.0.1"           # beyond this machine only with a certificate, or behind a proxy that has one
# port = 8000
# certificate = "server.pem"   # with its private_key: the server speaks TLS itself
# private_key = "server.key"
# public_url = "https://reading.hospital.example"   # the address that people use
# trusted_proxies = ["127.0.0.1"]   # from where the proxy that encrypts comes; nobody else may connect then

# [serve.oidc.hospital]        # people may sign in there; each needs an account here: mammoset user add NAME
# name = "Hospital login"
# issuer = "https://login.hospital.example/realms/staff"
# client_id = "mammoset"
# client_secret_file = "oidc-secret"   # one line
# claim = "preferred_username"         # or "email": what must be the person's name here when they first come
"""
