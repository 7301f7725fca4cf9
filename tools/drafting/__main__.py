"""``python -m tools.drafting``: see :mod:`tools.drafting.draft`."""

import sys

from tools.drafting.draft import main

sys.exit(main())
