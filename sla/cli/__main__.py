"""`python -m sla.cli` is `sla-check`."""

import sys

from sla.cli.program import main

if __name__ == "__main__":
    sys.exit(main())
