"""pvsim with a model that a site called poison crashes as a mistake in native code would, without an exception."""

import os

from pvsim import fleet, main
from pvsim.readings import Readings
from pvsim.records import Records

EXIT_CODE = 70


class CrashingFleet(fleet.Fleet):
    """Simulates all sites but some."""

    def records(self, readings: Readings) -> Records:
        """The records of these readings, if none of them is of a site that crashes."""
        if any(site.startswith("poison") for site in readings.sites):
            os._exit(EXIT_CODE)
        return super().records(readings)


if __name__ == "__main__":
    vars(main)["Fleet"] = CrashingFleet
    main.main()
