"""Random streams and noise tiles: the only sources of chance in the pictures.

A field is never generated for one picture: a periodic tile, made once per process from a fixed seed, is sampled at an
offset and a rotation that come from the plan's seeds. This is what makes a full-field view affordable.
"""

from __future__ import annotations

from enum import IntEnum
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from numpy.random import PCG64, Generator, SeedSequence
from numpy.typing import NDArray

Field = NDArray[np.float32]
"""A picture-like array of float32, shape (rows, columns) of some grid."""


class Stream(IntEnum):
    """What a stream of random numbers is for; two purposes never share one."""

    BODY = 1
    SIDE = 2
    POSITIONING = 3
    GLAND = 4
    STRANDS = 5
    VESSELS = 6
    NOISE = 7
    NODES = 8
    LESION_PLACE = 9
    LESION_LOOK = 10
    TILE = 11


def stream(purpose: Stream, *seeds: int) -> Generator:
    """Return the generator of one purpose and some seeds; the same everywhere and in every order of calls.

    Parameters
    ----------
    seeds : int
        Any integers; negative ones are taken modulo 2**64.
    """
    return Generator(PCG64(SeedSequence([int(purpose), *(int(seed) % (1 << 64) for seed in seeds)])))


def as_float(array: Any) -> Field:
    """Return what OpenCV gave as a float32 array."""
    return np.asarray(array, dtype=np.float32)


def smoothstep(values: Field, low: float | Field, high: float | Field) -> Field:
    """Return 0 below `low`, 1 above `high`, and a smooth ramp between; `low` may be above `high` for a falling ramp."""
    start = as_float(low)
    ramp = np.clip((values - start) / (as_float(high) - start), 0.0, 1.0)
    return as_float(ramp * ramp * (3.0 - 2.0 * ramp))


def _spectral(size: int, exponent: float, longest: float, shortest: float, seed: int) -> Field:
    """Return periodic noise, mean 0 and deviation 1, with power 1/f**exponent between two wavelengths in samples."""
    rng = stream(Stream.TILE, seed)
    spectrum = np.fft.rfft2(rng.standard_normal((size, size)))
    radius = np.hypot(np.fft.fftfreq(size)[:, None], np.fft.rfftfreq(size)[None, :])
    radius[0, 0] = 1.0
    amplitude = np.maximum(radius, 1.0 / longest) ** (-exponent / 2.0)
    amplitude *= np.exp(-((radius * shortest) ** 2)) * (1.0 - np.exp(-((radius * longest * 1.5) ** 2)))
    amplitude[0, 0] = 0.0
    tile = np.fft.irfft2(spectrum * amplitude, s=(size, size))
    return as_float(tile / tile.std())


CLOUD_PITCH = 0.5
"""Millimetres per sample of `cloud_tile` and `web_tile` at their natural scale."""


@lru_cache(maxsize=1)
def cloud_tile() -> Field:
    """Return 1/f**3 noise, the spectrum of breast tissue; period 256 mm at `CLOUD_PITCH`."""
    return _closed(_spectral(512, exponent=3.0, longest=110.0, shortest=1.5, seed=1))


@lru_cache(maxsize=1)
def swell_tile() -> Field:
    """Return noise without fine detail, for the lobes of the gland; period 256 mm at `CLOUD_PITCH`."""
    return _closed(_spectral(512, exponent=2.8, longest=90.0, shortest=7.0, seed=6))


@lru_cache(maxsize=1)
def web_tile() -> Field:
    """Return a net of fine bright curves in 0–1 (the ridges of smooth noise); period 256 mm at half `CLOUD_PITCH`."""
    total = np.zeros((1024, 1024), dtype=np.float32)
    for seed, longest, weight in ((2, 90.0, 1.0), (3, 60.0, 0.7), (4, 130.0, 0.8)):
        noise = _spectral(1024, exponent=3.4, longest=longest, shortest=14.0, seed=seed)
        sheet = _spectral(1024, exponent=3.0, longest=120.0, shortest=12.0, seed=seed + 10)
        # A curve fades in and out along its way: an even net would look like cells under a microscope.
        total += weight * np.exp(-((noise / 0.08) ** 2)) * smoothstep(sheet, -0.2, 1.6)
    return _closed(as_float(np.clip(total, 0.0, 1.0)))


@lru_cache(maxsize=1)
def grain_tile() -> Field:
    """Return what is finer than the working grid, per stored pixel, mean 0: tissue texture and quantum noise."""
    noise = stream(Stream.TILE, 20).standard_normal((1024, 1024), dtype=np.float32)
    # A detector of finite sharpness blurs the noise a little; wrapped first, so that the tile stays periodic.
    blurred = as_float(cv2.GaussianBlur(np.pad(noise, 8, mode="wrap"), (0, 0), 0.6)[8:-8, 8:-8])
    texture = _spectral(1024, exponent=2.4, longest=16.0, shortest=1.2, seed=21)
    return as_float(0.018 / float(blurred.std()) * blurred + 0.022 * texture)


def sample(tile: Field, u: Field, v: Field) -> Field:
    """Return a periodic square tile at the fractional sample positions (u, v), bilinearly.

    Parameters
    ----------
    tile : Field
        Shape (n + 1, n + 1), the last row and column those of the next period.
    u, v : Field
        Column and row positions, in samples of the tile, of any size and sign.
    """
    # OpenCV's own wrapping is many times slower than positions that are inside to begin with.
    size = tile.shape[0] - 1
    return as_float(cv2.remap(tile, _wrapped(u, size), _wrapped(v, size), cv2.INTER_LINEAR))


def _closed(tile: Field) -> Field:
    """Return a periodic tile with the first row and column of the next period appended, as `sample` wants it."""
    return as_float(np.pad(tile, (0, 1), mode="wrap"))


def _wrapped(positions: Field, size: int) -> Field:
    """Return positions moved by whole periods into 0 to size."""
    turns = np.floor(positions * np.float32(1.0 / size))
    return as_float(positions - turns * np.float32(size))


def drift(tile: Field, x: Field, y: Field, pitch: float, rng: Generator) -> Field:
    """Return a tile sampled over millimetre coordinates at a random offset and rotation.

    Parameters
    ----------
    x, y : Field
        Millimetres.
    pitch : float
        Millimetres per sample of the tile; larger makes coarser structures.
    rng : Generator
        Three numbers are drawn.
    """
    turn = rng.uniform(0.0, 2.0 * np.pi)
    size = tile.shape[0] - 1
    shift_u, shift_v = rng.uniform(0.0, size, 2)
    cos, sin = np.float32(np.cos(turn) / pitch), np.float32(np.sin(turn) / pitch)
    return sample(tile, x * cos - y * sin + np.float32(shift_u), x * sin + y * cos + np.float32(shift_v))


def roughen(picture: Field, strength: float, rng: Generator) -> None:
    """Multiply a picture, in place, with 1 plus the grain times a strength, from a random offset; draws two numbers."""
    grain = grain_tile()
    size = grain.shape[0]
    rows = (np.arange(min(size, picture.shape[0])) + int(rng.integers(0, size))) % size
    columns = (np.arange(min(size, picture.shape[1])) + int(rng.integers(0, size))) % size
    factor = np.float32(1.0) + np.float32(strength) * grain[np.ix_(rows, columns)]
    for top in range(0, picture.shape[0], size):
        for left in range(0, picture.shape[1], size):
            block = picture[top : top + size, left : left + size]
            block *= factor[: block.shape[0], : block.shape[1]]
