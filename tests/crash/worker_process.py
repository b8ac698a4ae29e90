"""One of several workers on a PostgreSQL. What it held when it died waits a few seconds only."""

import asyncio
import sys
from datetime import timedelta
from pathlib import Path

from tests.crash.engine_process import main
from vioP.flows import deliver

if __name__ == "__main__":
    # A minute and a half otherwise, for mail servers that are slow to answer.
    deliver.LEASE, deliver.LONGEST_SEND = timedelta(seconds=6), timedelta(seconds=2)  # type: ignore[attr-defined]
    asyncio.run(main(sys.argv[1], Path(sys.argv[2]), None))
