"""A project folder: settings, labels, catalog, content, and where the vault is."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from mammoset.catalog import Catalog
from mammoset.content import ContentStore, write_whole
from mammoset.domain.labels import LabelSchema, default_labels_text, parse_labels
from mammoset.domain.review import SecondLooks
from mammoset.errors import CatalogError, ConfigError, storing
from mammoset.model import Study
from mammoset.project.settings import FILE_NAME, TEMPLATE, Settings, parse_settings, read_settings

LABELS_NAME = "labels.toml"
VAULT_VARIABLE = "MAMMOSET_VAULT"
PASSPHRASE_VARIABLE = "MAMMOSET_PASSPHRASE_FILE"  # noqa: S105 - the name of a variable

__all__ = ["Project", "Settings", "vault_path_of"]


def vault_path_of(root: Path) -> Path:
    """Return where the vault of the project at `root` is: as the environment says, or beside the project."""
    named = os.environ.get(VAULT_VARIABLE)
    root = root.resolve()
    return Path(named) if named else root.with_name(f"{root.name}.vault")


def read_passphrase(path: Path) -> str:
    """Return a passphrase from the first line of a file; `ConfigError` when it cannot be read."""
    try:
        return path.read_text(encoding="utf-8-sig").split("\n", 1)[0].rstrip("\r")
    except (OSError, UnicodeDecodeError):
        raise ConfigError(
            f"{PASSPHRASE_VARIABLE} names no file of UTF-8 text that can be read; the passphrase is its first line"
        ) from None


@dataclass(frozen=True)
class Project:
    """An open project folder. Give it back with `close`, or use it in a ``with`` block.

    Attributes
    ----------
    asked : callable or None
        Asks a person for the passphrase of the vault's key; None where there is nobody to ask.
    """

    root: Path
    settings: Settings
    asked: Callable[[], str] | None = field(default=None, compare=False, repr=False)

    @classmethod
    def open(cls, root: Path, asked: Callable[[], str] | None = None) -> Project:
        """Open the project at `root`.

        Raises
        ------
        ConfigError
            If there is no project, or a settings file is wrong.
        """
        return cls(root.resolve(), read_settings(root / FILE_NAME), asked)

    @classmethod
    def create(cls, root: Path, name: str | None = None, settings_text: str | None = None) -> Project:
        """Make a project folder with commented settings and the default labels.

        Raises
        ------
        ConfigError
            If there is a project already.
        """
        if (root / FILE_NAME).exists():
            raise ConfigError(f"{root} is a mammoset project already; nothing was changed")
        text = settings_text or TEMPLATE.format(name=name or root.resolve().name)
        parse_settings(text)
        with storing(root):
            root.mkdir(parents=True, exist_ok=True)
        write_whole(root / LABELS_NAME, default_labels_text().encode())
        write_whole(root / FILE_NAME, text.encode())
        return cls.open(root)

    @cached_property
    def schema(self) -> LabelSchema:
        """What readers are asked, from labels.toml."""
        path = self.root / LABELS_NAME
        try:
            return parse_labels(path.read_text(encoding="utf-8-sig"), LABELS_NAME)
        except FileNotFoundError:
            raise ConfigError(
                f"{self.root} has no {LABELS_NAME}; copy one from a project made by 'mammoset init'"
            ) from None
        except UnicodeDecodeError:
            raise ConfigError(f"{LABELS_NAME}: not UTF-8; save it as UTF-8 text") from None

    @cached_property
    def catalog(self) -> Catalog:
        """The catalog, opened at first use.

        Raises
        ------
        CatalogError
            If it is damaged, or gone while the content store holds images: an empty one would forget every reading.
        """
        has_images = self.content.root.is_dir() and any(self.content.root.iterdir())
        if self.settings.catalog:
            return Catalog.open(self.settings.catalog, may_begin=not has_images)
        file = self.root / "catalog.sqlite"
        if not file.exists() and has_images:
            raise CatalogError(
                f"{file} is gone, and with it all decisions and readings; restore it from its backup, "
                "or empty content/ to begin anew"
            )
        return Catalog.open(f"sqlite:///{file}")

    @property
    def content(self) -> ContentStore:
        """The pseudonymized objects."""
        return ContentStore(self.root / "content")

    @property
    def held(self) -> Path:
        """Pictures of regions that a person has yet to decide about: they may show an identifier."""
        return self.root / "held"

    @property
    def vault_path(self) -> Path:
        """Where originals and keys live; only `acquire` and `pseudonymize` open it."""
        return vault_path_of(self.root)

    def ask_passphrase(self) -> str:
        """Return the passphrase of the vault's key, from the file that the environment names, or from a person.

        Raises
        ------
        ConfigError
            If the file cannot be read, or there is neither.
        """
        named = os.environ.get(PASSPHRASE_VARIABLE)
        if named:
            return read_passphrase(Path(named))
        if self.asked is None:
            raise ConfigError(
                f"vault: its key is under a passphrase; write that into a file that only you may read, and its path "
                f"into {PASSPHRASE_VARIABLE}"
            )
        return self.asked()

    @property
    def exports(self) -> Path:
        """Where exports are written."""
        return self.root / "exports"

    @property
    def releases(self) -> Path:
        """Where releases are written."""
        return self.root / "releases"

    @contextmanager
    def lock(self, stage: str, *, may_wait: bool = False) -> Iterator[None]:
        """Hold the project's lock of one stage, so that two of the same never run at once.

        Parameters
        ----------
        may_wait : bool
            Wait for another process that holds it, for what takes moments.

        Raises
        ------
        CatalogError
            If another process holds it.
        StorageError
            If the project's folder may not be written.
        """
        with storing(self.root):
            (self.root / ".locks").mkdir(exist_ok=True)
            file = (self.root / ".locks" / stage).open("a")
        with file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX if may_wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise CatalogError(f"'{stage}' is already running on this project; wait for it to end") from None
            yield

    @property
    def second_looks(self) -> SecondLooks:
        """Which images a second person looks at, as the settings say."""
        return SecondLooks(self.settings.review.second_look, self.settings.review.seed)

    def approved_study_ids(self) -> list[str]:
        """Return the studies that are open for reading and publishing, sorted: their review is complete."""
        required = self.settings.review.required
        return self.catalog.approved_study_ids(review_required=required, second=self.second_looks)

    def approved_studies(self) -> list[Study]:
        """Return the studies of `approved_study_ids` in the order of the draw."""
        return self.catalog.studies(self.approved_study_ids())

    def close(self) -> None:
        """Close the catalog when it was opened."""
        if "catalog" in self.__dict__:
            self.catalog.close()

    def __enter__(self) -> Project:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
