"""The meter whose homes all draw the same at any time: what the model of appliances costs."""

import numpy as np

from meter import main
from meter.household import Households
from meter.walltime import Ints

WATTS = 512


class ConstantHouseholds(Households):
    """Homes without appliances."""

    def power(self, instants: Ints) -> Ints:
        """See Households."""
        return np.full((self._sites, len(instants)), WATTS, dtype=np.int64)


if __name__ == "__main__":
    vars(main)["Households"] = ConstantHouseholds
    main.main()
