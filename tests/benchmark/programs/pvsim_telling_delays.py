"""pvsim that writes how old each message was when its records were durable: a line with milliseconds for each."""

import os
import time
from pathlib import Path

from pvsim import main
from pvsim_common.broker import Batch, Subscriber

FILE = "DELAYS_FILE"  # the environment variable that says where


class TellingSubscriber(Subscriber):
    """Notes the age of what is acknowledged, since what is acknowledged is on disk."""

    def ack(self, batch: Batch, recorded: int) -> None:
        """See Subscriber."""
        now_ms = time.time_ns() / 1e6
        ages = "".join(f"{now_ms - published_ms:.3f}\n" for published_ms in batch.published_ms)
        with Path(os.environ[FILE]).open("a") as file:
            file.write(ages)
        super().ack(batch, recorded)


if __name__ == "__main__":
    vars(main)["Subscriber"] = TellingSubscriber
    main.main()
