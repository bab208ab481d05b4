"""Where the project's own files lie: `assets` and `data`, which stand beside the package in a checkout."""

from __future__ import annotations

from pathlib import Path
from typing import Final

PACKAGE: Final = Path(__file__).resolve().parent
# In an installed package both lie inside it.
_TOP: Final = PACKAGE if (PACKAGE / "assets").is_dir() else PACKAGE.parent
ASSETS: Final = _TOP / "assets"
DATA: Final = _TOP / "data"
COMPACT: Final = ASSETS / "compact"
