"""`python -m ringfence.cli`."""

import sys

from . import main

sys.exit(main())
