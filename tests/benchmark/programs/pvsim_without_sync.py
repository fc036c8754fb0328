"""pvsim that does not wait for the disk: what its durability costs."""

from pvsim import journal, main
from pvsim.disk import Disk


class HastyDisk(Disk):
    """Leaves it to the system when the journal's lines get to the disk."""

    def sync(self, descriptor: int) -> None:
        """See Disk."""


if __name__ == "__main__":
    vars(journal)["Disk"] = HastyDisk
    main.main()
