"""The appliances of a home: their share of its energy, the hours they are used in, and what one run draws."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from meter.walltime import QUARTERS

Floats = NDArray[np.float64]


class Stage(NamedTuple):
    """A part of a run: constant power, or a high power for a share of each of some cycles and a low one else."""

    seconds: int  # in the mean [s]
    high: int  # power [W] of a run of mean strength
    low: int = 0  # [W]
    duty: float = 1.0  # share of a cycle at high power
    cycles: tuple[int, int] = (1, 1)  # how many, from and to
    vary: int = 0  # a run's stage is longer by at most so much [s], or shorter; the stages of a run keep their sum

    @property
    def energy(self) -> float:
        """Energy in the mean [Wh]."""
        return self.seconds * (self.low + self.duty * (self.high - self.low)) / 3600


class Appliance(NamedTuple):
    """One kind of appliance."""

    name: str
    share: float  # of the energy of all appliances; the shares are scaled to a sum of 1
    peaks: tuple[float, ...]  # local hours around which it is used most
    width: float  # standard deviation of the use around a peak [h]
    floor: float  # use at any hour, as a part of that at a peak
    stages: tuple[Stage, ...]

    @property
    def seconds(self) -> int:
        """Duration of a run [s]."""
        return sum(stage.seconds for stage in self.stages)

    @property
    def energy(self) -> float:
        """Mean energy of a run [Wh]."""
        return sum(stage.energy for stage in self.stages)


_MEALS = (7.5, 12.5, 18.5)
_MIN = 60

# The powers and durations are those of common household appliances; docs/model.md says more.
APPLIANCES = (
    Appliance("lighting", 0.12, (7.0, 20.5), 2.0, 0.2, (Stage(90 * _MIN, 45),)),
    Appliance("tv-and-it", 0.27, (12.0, 20.5), 3.0, 0.2, (Stage(120 * _MIN, 110),)),
    Appliance("misc", 0.12, (10.0, 17.0), 2.0, 0.0005, (Stage(40 * _MIN, 180),)),
    Appliance("kettle", 0.025, _MEALS, 1.0, 0.0005, (Stage(150, 2000),)),
    Appliance("coffee-maker", 0.02, _MEALS, 1.0, 0.0005, (Stage(5 * _MIN, 1100),)),
    Appliance("microwave", 0.02, _MEALS, 1.0, 0.0005, (Stage(3 * _MIN, 1250),)),
    Appliance(
        "hob",
        0.10,
        (12.3, 18.5),
        1.2,
        0.0005,
        (Stage(150, 1800), Stage(1350, 1800, duty=0.38, cycles=(25, 45))),  # periods of 54 to 30 s
    ),
    Appliance(
        "oven",
        0.05,
        (12.0, 18.3),
        1.2,
        0.0005,
        (Stage(10 * _MIN, 2300), Stage(35 * _MIN, 2300, duty=55 / 150, cycles=(14, 14))),
    ),
    Appliance(
        "dishwasher",
        0.075,
        (13.5, 20.0),
        1.7,
        0.0005,
        (
            Stage(8 * _MIN, 50),  # the pump: 40 to 60 W, as runs differ by a fifth
            Stage(15 * _MIN, 2000),
            Stage(40 * _MIN, 50),
            Stage(13 * _MIN, 2000),
            Stage(24 * _MIN, 50),
        ),
    ),
    Appliance(
        "washing-machine",
        0.055,
        (10.0, 17.0),
        2.0,
        0.0005,
        (
            Stage(5 * _MIN, 70),
            Stage(1050, 2000, vary=150),  # heats for 15 to 20 min
            Stage(4650, 230, low=70, duty=0.5, cycles=(60, 80), vary=-150),  # the drum turns to and fro
            Stage(10 * _MIN, 450),
        ),
    ),
    Appliance(
        "dryer",
        0.06,
        (12.0, 18.5),
        2.0,
        0.0005,
        (
            Stage(20 * _MIN, 2100),
            Stage(5 * _MIN, 180),
            Stage(16 * _MIN, 2100),
            Stage(6 * _MIN, 180),
            Stage(13 * _MIN, 2100),
            Stage(10 * _MIN, 180),
        ),
    ),
    Appliance("vacuum-cleaner", 0.02, (10.5, 16.0), 2.0, 0.0005, (Stage(15 * _MIN, 850),)),
    Appliance("hair-dryer", 0.015, (7.0, 21.0), 0.6, 0.0005, (Stage(5 * _MIN, 1500),)),
    Appliance(
        "iron",
        0.015,
        (11.0, 19.0),
        2.0,
        0.0005,
        (Stage(2 * _MIN, 1400), Stage(28 * _MIN, 1400, duty=0.3, cycles=(25, 40))),
    ),
    Appliance("short-boost", 0.055, (6.8, 18.0, 21.0), 0.6, 0.0005, (Stage(7 * _MIN, 3500),)),
)

LONGEST_MS = 1000 * max(appliance.seconds for appliance in APPLIANCES)


def shares_by_hour(day: Floats) -> Floats:
    """Each appliance's share of the power of all, by quarter hour of the day: shape [appliances, 96], sums of 1.

    Over a day of such power (shape [96], any unit) each has its share of the energy, by iterative proportional fitting.
    """
    shares = np.array([appliance.share for appliance in APPLIANCES])
    shares /= shares.sum()
    use = np.stack([_use(appliance) for appliance in APPLIANCES])
    for _ in range(20):
        use *= (shares / (use @ day))[:, np.newaxis]
        use /= use.sum(axis=0)
    return use


def _use(appliance: Appliance) -> Floats:
    """How much an appliance is used, relative to its peaks, at the middle of each quarter hour: bells on a floor."""
    hours = (np.arange(QUARTERS) + 0.5) / 4
    from_peaks = np.abs(hours - np.array(appliance.peaks)[:, np.newaxis])
    from_peaks = np.minimum(from_peaks, 24 - from_peaks)
    return np.asarray(appliance.floor + np.exp(-0.5 * (from_peaks / appliance.width) ** 2).sum(axis=0))
