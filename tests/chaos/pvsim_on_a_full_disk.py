"""pvsim whose disk has no room for the journal while a file called full stands beside it."""

import errno
import os
from pathlib import Path

from pvsim import journal, main
from pvsim.disk import Disk


class FullDisk(Disk):
    """Writes half of what it should, and then there is no room."""

    def write(self, descriptor: int, content: bytes) -> None:
        """See Disk."""
        directory = Path(f"/proc/self/fd/{descriptor}").readlink().parent
        if (directory / "full").exists():
            os.write(descriptor, content[: len(content) // 2])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        super().write(descriptor, content)


if __name__ == "__main__":
    vars(journal)["Disk"] = FullDisk
    main.main()
