"""The page, as `make demo` and a Hugging Face Space start it."""

import sys

from recommender.cli import main

if __name__ == "__main__":
    sys.exit(main(["demo", *sys.argv[1:]]))
