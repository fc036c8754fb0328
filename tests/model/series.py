"""Statistics of series, whatever they are of; time runs along the last axis, and NaN is what does not count."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def means(values: Floats, count: int) -> Floats:
    """The mean of every `count` values; what is left over at the end is left out."""
    whole = values.shape[-1] // count
    return np.asarray(values[..., : whole * count].reshape(*values.shape[:-1], whole, count).mean(axis=-1))


def steps(values: Floats, lag: int = 1) -> Floats:
    """How much each value is greater than the one `lag` before."""
    return values[..., lag:] - values[..., :-lag]


def correlation(one: Floats, other: Floats) -> float:
    """Pearson's correlation of the pairs of which neither is NaN; NaN where one of the series is constant."""
    both = np.isfinite(one) & np.isfinite(other)
    x, y = one[both] - one[both].mean(), other[both] - other[both].mean()
    scale = float(np.sqrt((x @ x) * (y @ y)))
    return float(x @ y) / scale if scale > 0 else float("nan")


def autocorrelation(values: Floats, lag: int) -> float:
    """Correlation of a series with itself `lag` values earlier."""
    return correlation(values[..., lag:], values[..., :-lag])


def relative_error(values: Floats, expected: Floats) -> float:
    """Mean of |value − expected| / expected (MAPE)."""
    return float(np.mean(np.abs(values - expected) / expected))


def variability_index(power: Floats, clear: Floats, step_min: float) -> float:
    """Length of the curve of a day / length of the clear day's, both in W/m2 and minutes.

    Source: Stein, Hansen, Reno: The variability index, Sandia, 2012. About 1 for a clear or an overcast day.
    """
    return float(np.hypot(steps(power), step_min).sum() / np.hypot(steps(clear), step_min).sum())


def dominant_period(windows: Floats, step_min: float) -> float:
    """The period [min] that is strongest in the median spectrum of windows of equal length (rows).

    A window has to hold a period twice. Each is freed of its mean, tapered (Hann) and padded with zeros; the median
    over windows passes over those in which something else happened.
    """
    count = windows.shape[-1]
    tapered = (windows - windows.mean(axis=-1, keepdims=True)) * np.hanning(count)
    spectrum = np.median(np.abs(np.fft.rfft(tapered, 8 * count)) ** 2, axis=0)
    frequencies = np.fft.rfftfreq(8 * count, step_min)
    looked_at = frequencies >= 2 / (count * step_min)
    return float(1 / frequencies[looked_at][np.argmax(spectrum[looked_at])])


def coincidence(power: Floats, size: int) -> float:
    """Greatest power of `size` homes together / sum of the greatest of each; the mean over groups of homes (rows)."""
    groups = power[: len(power) // size * size].reshape(-1, size, power.shape[-1])
    return float(np.mean(groups.sum(axis=1).max(axis=-1) / groups.max(axis=-1).sum(axis=1)))
