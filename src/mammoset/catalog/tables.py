"""The catalog's tables. Facts and decisions are only ever appended; the newest row is in force."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

UID = String(64)
"""VR UI, PS3.5 6.2."""


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC; SQLite forgets the zone, this gives it back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert to UTC before storing."""
        del dialect
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Mark as UTC after loading."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Base of all tables."""

    type_annotation_map = {datetime: UtcDateTime}  # noqa: RUF012 - SQLAlchemy's own form


class PoolRow(Base):
    """A study of the pool."""

    __tablename__ = "pool"
    study_id: Mapped[str] = mapped_column(UID, primary_key=True)
    draw: Mapped[int] = mapped_column(Integer, index=True)
    source: Mapped[str] = mapped_column(String(64))


class DecisionRow(Base):
    """A decision of a stage about a study or an image."""

    __tablename__ = "decisions"
    __table_args__ = (Index("decisions_by_subject", "stage", "study_id", "image_id"),)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    stage: Mapped[str] = mapped_column(String(16))
    study_id: Mapped[str] = mapped_column(UID)
    image_id: Mapped[str] = mapped_column(UID, default="")
    outcome: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(String(32), default="")
    detail: Mapped[str] = mapped_column(Text, default="")
    by: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class StudyRow(Base):
    """A study that passed the gate."""

    __tablename__ = "studies"
    study_id: Mapped[str] = mapped_column(UID, primary_key=True)
    patient_id: Mapped[str] = mapped_column(String(64), index=True)
    age_years: Mapped[int | None] = mapped_column(Integer)
    sex: Mapped[str] = mapped_column(String(1), default="")


class ImageRow(Base):
    """An image that passed the gate."""

    __tablename__ = "images"
    image_id: Mapped[str] = mapped_column(UID, primary_key=True)
    study_id: Mapped[str] = mapped_column(UID, ForeignKey("studies.study_id"), index=True)
    series_id: Mapped[str] = mapped_column(UID)
    patient_id: Mapped[str] = mapped_column(String(64))
    laterality: Mapped[str] = mapped_column(String(1))
    view_position: Mapped[str] = mapped_column(String(8))
    height: Mapped[int] = mapped_column(Integer)
    width: Mapped[int] = mapped_column(Integer)
    is_standard: Mapped[bool] = mapped_column(Boolean)
    codestream_offset: Mapped[int] = mapped_column(BigInteger)
    tile_part_ends: Mapped[list[int]] = mapped_column(JSON)
    pixel_sha256: Mapped[str] = mapped_column(String(64), index=True)
    file_sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(BigInteger)
    masked: Mapped[list[list[int]]] = mapped_column(JSON)
    attributes: Mapped[dict[str, Any]] = mapped_column(JSON)
    cleaning: Mapped[dict[str, Any]] = mapped_column(JSON)
    elements: Mapped[list[int]] = mapped_column(JSON)
    rules: Mapped[str] = mapped_column(String(64), default="")


class HeldRegionRow(Base):
    """A region of an image that a person has yet to decide about; gone once the study has passed."""

    __tablename__ = "held_regions"
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    study_id: Mapped[str] = mapped_column(UID, index=True)
    image_id: Mapped[str] = mapped_column(UID)
    box: Mapped[list[int]] = mapped_column(JSON)
    found_by: Mapped[str] = mapped_column(String(16))
    score: Mapped[float] = mapped_column(Float)


class ElementValueRow(Base):
    """A value that some file holds in one element; images name it by its number."""

    __tablename__ = "element_values"
    __table_args__ = (UniqueConstraint("element", "value"),)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    element: Mapped[str] = mapped_column(String(255))
    value: Mapped[str] = mapped_column(Text)


class ReviewFactRow(Base):
    """Something a reviewer said."""

    __tablename__ = "review_facts"
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    kind: Mapped[str] = mapped_column(String(16), index=True)
    verdict: Mapped[str] = mapped_column(String(16))
    by: Mapped[str] = mapped_column(String(64))
    study_id: Mapped[str] = mapped_column(UID, default="", index=True)
    image_id: Mapped[str] = mapped_column(UID, default="")
    element: Mapped[str] = mapped_column(String(255), default="")
    value: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]


class ReaderRow(Base):
    """A person who reads, arbitrates or reviews."""

    __tablename__ = "readers"
    reader_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    roles: Mapped[list[str]] = mapped_column(JSON)
    years_experience: Mapped[int | None] = mapped_column(Integer)
    annual_volume: Mapped[int | None] = mapped_column(Integer)
    is_available: Mapped[bool] = mapped_column(Boolean, default=True)
    workload_cap: Mapped[int | None] = mapped_column(Integer)


class AccountRow(Base):
    """How a person of `ReaderRow` signs in; the one thing here that is changed in place, each change an event."""

    __tablename__ = "accounts"
    reader_id: Mapped[str] = mapped_column(String(64), ForeignKey("readers.reader_id"), primary_key=True)
    password_hash: Mapped[str] = mapped_column(Text, default="")
    must_change: Mapped[bool] = mapped_column(Boolean, default=False)
    subject: Mapped[str | None] = mapped_column(String(512), unique=True)
    disabled_at: Mapped[datetime | None]


class SignInRow(Base):
    """An open session of a person, by the digest of its token."""

    __tablename__ = "sign_ins"
    token_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    reader_id: Mapped[str] = mapped_column(String(64), index=True)
    way: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    last_seen: Mapped[datetime]


class DraftRow(Base):
    """An answer in the making: one row a person, study and role, replaced only by who knows its version."""

    __tablename__ = "drafts"
    study_id: Mapped[str] = mapped_column(UID, primary_key=True)
    reader_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    role: Mapped[str] = mapped_column(String(16), primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    reading: Mapped[dict[str, Any]] = mapped_column(JSON)
    seconds: Mapped[dict[str, float]] = mapped_column(JSON)
    viewed: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    stage: Mapped[str] = mapped_column(String(32), default="")
    at: Mapped[datetime]


class EventRow(Base):
    """Something that a person did in the reading room; appended only."""

    __tablename__ = "events"
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    kind: Mapped[str] = mapped_column(String(32), index=True)
    by: Mapped[str] = mapped_column(String(64))
    about: Mapped[str] = mapped_column(String(64), default="")
    study_id: Mapped[str] = mapped_column(UID, default="", index=True)
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime]


class FactRow(Base):
    """A fact of the reading workflow."""

    __tablename__ = "facts"
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    kind: Mapped[str] = mapped_column(String(16))
    study_id: Mapped[str] = mapped_column(UID, index=True)
    reader_id: Mapped[str] = mapped_column(String(64), index=True)
    role: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(Text, default="")
    reading: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    seconds: Mapped[dict[str, float] | None] = mapped_column(JSON)
    viewed: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    at: Mapped[datetime]


class SplitRow(Base):
    """One run of the split."""

    __tablename__ = "splits"
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    folds: Mapped[dict[str, str]] = mapped_column(JSON)
    report: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime]


class WithdrawnRow(Base):
    """An exam that was withdrawn, or refused because its patient had been; known by nothing but a keyed token."""

    __tablename__ = "withdrawn"
    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    reason: Mapped[str] = mapped_column(String(32), default="")
    at: Mapped[datetime]


class BackupRow(Base):
    """A backup that was begun."""

    __tablename__ = "backups"
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    place: Mapped[str] = mapped_column(Text)
    parts: Mapped[list[str]] = mapped_column(JSON)
    at: Mapped[datetime]
