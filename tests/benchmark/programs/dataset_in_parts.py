"""dataset that tells how long its parts took: start, model, and the rest, which is encoding and writing."""

import json
import resource
import sys
import time
from collections.abc import Sequence

from dataset import main, parts
from dataset.powers import Powers
from dataset.simulation import Simulation

model_cpu_s = [0.0]


class TimedSimulation(Simulation):
    """Notes the CPU seconds that the model takes."""

    def powers(self, sites: Sequence[str], instants: range) -> Powers:
        """See Simulation."""
        begin = time.process_time()
        powers = super().powers(sites, instants)
        model_cpu_s[0] += time.process_time() - begin
        return powers


if __name__ == "__main__":
    vars(parts)["Simulation"] = TimedSimulation
    start_cpu_s, begin = time.process_time(), time.perf_counter()
    main.main()
    told = {
        "wall_s": time.perf_counter() - begin,
        "start_cpu_s": start_cpu_s,
        "cpu_s": time.process_time() - start_cpu_s,
        "model_cpu_s": model_cpu_s[0],
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    sys.stdout.write(json.dumps(told) + "\n")
