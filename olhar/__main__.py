"""``python -m olhar``: the command ``olhar``, also where its folder is not on the terminal's path."""

import sys

from olhar.cli.app import main

if __name__ == "__main__":
    sys.exit(main())
