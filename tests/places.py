"""Where things lie, for tests: the checkout and the package."""

from pathlib import Path

import recommender

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = Path(recommender.__file__).resolve().parent
