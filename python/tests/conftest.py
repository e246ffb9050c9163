"""Folders of packages with data alone, which `npm test` installs: the last place where a package is looked for."""

import os
import sys

sys.path.extend(filter(None, [os.environ.get("AUTOMLGEN_TEST_PRACTICE_PACKAGES")]))
