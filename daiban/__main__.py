"""``python -m daiban``: the same as the ``daiban`` command."""

import sys

from daiban.cli import main

if __name__ == "__main__":
    sys.exit(main())
