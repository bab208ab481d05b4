"""What an explanation is written with for people: names, figures and tables in one language."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from recommender.cli.show import columns, percent
from recommender.language import LANGUAGES, figures, sentence
from recommender.shop.items import Item


class Printer:
    """Writes in `language`, the best `top` of each list; `items` are all that a result may name, by id."""

    def __init__(self, language: str, top: int, items: Mapping[str, Item]) -> None:
        self.language = language
        self.top = top
        self.items = items

    def say(self, key: str, **fields: object) -> str:
        """The sentence `explain_{key}`."""
        return sentence(f"explain_{key}", self.language, **fields)

    def name(self, item: Item) -> str:
        """An item's name."""
        return item.name(self.language)

    def named(self, item_id: str) -> str:
        """The name of an item, by its id."""
        return self.name(self.items[item_id])

    def percent(self, share: float) -> str:
        """A share from 0 to 1 as a percentage."""
        return percent(share, self.language)

    def signed(self, change: float) -> str:
        """A difference of shares with its sign."""
        return ("-" if change < 0 else "+") + self.percent(abs(change))

    def figure(self, text: str) -> str:
        """A number in the language's digits."""
        return figures(text, self.language)

    def listed(self, texts: Iterable[str]) -> str:
        """Texts one after the other."""
        return LANGUAGES[self.language].comma.join(texts)

    def table(self, rows: Sequence[Sequence[str]], left: Collection[int] = (0,)) -> list[str]:
        """Lines of aligned cells: to the left in the columns `left`, to the right in the others.

        Printers of tables that can do this take more options than this has lines.
        """
        widths = [max(map(columns, column)) for column in zip(*rows, strict=True)]
        lines = []
        for row in rows:
            cells = []
            for place, (text, width) in enumerate(zip(row, widths, strict=True)):
                space = " " * (width - columns(text))
                cells.append(text + space if place in left else space + text)
            lines.append("  " + "  ".join(cells).rstrip())
        return lines
