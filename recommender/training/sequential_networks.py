"""GRU4Rec (Hidasi et al. 2016) and SASRec (Kang & McAuley 2018) as torch trains them."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from typing import Final, Literal

import torch
from torch import Tensor, nn

from recommender.recommenders.sales.sequential import HEADS, LONGEST
from recommender.shop.sales.events import EVENTS

Kind = Literal["gru4rec", "sasrec"]
NOTHING: Final = len(EVENTS)
"""The kind of an event that is none: what fills up a window."""


class Network(nn.Module, ABC):
    """What both have in common: `width` numbers for each of `items` goods, for no event, and for each kind of event."""

    def __init__(self, items: int, width: int, dropout: float) -> None:
        super().__init__()
        self.items = items
        self.item = nn.Embedding(items + 1, width)
        self.kind = nn.Embedding(NOTHING + 1, width)
        self.out = nn.Linear(width, items)
        self.dropout = nn.Dropout(dropout)
        nn.init.normal_(self.item.weight, 0, 0.1)
        nn.init.normal_(self.kind.weight, 0, 0.02)

    @abstractmethod
    def states(self, items: Tensor, events: Tensor) -> Tensor:
        """What the network knows after each event: (windows, longest) to (windows, longest, width)."""
        ...

    def forward(self, items: Tensor, events: Tensor, asked: Tensor) -> Tensor:
        """Logits of what comes next at the places `asked`: shape (asked places, items)."""
        return self.out(self.dropout(self.states(items, events)[asked]))  # type: ignore[no-any-return]

    def among(self, items: Tensor, events: Tensor, asked: Tensor, wanted: Tensor, drawn: Tensor) -> Tensor:
        """Logits of what came next, and of `drawn` items as all they stand for: (asked places, 1 + drawn)."""
        state = self.dropout(self.states(items, events)[asked])
        own = (state * self.out.weight[wanted]).sum(1) + self.out.bias[wanted]
        others = state @ self.out.weight[drawn].T + self.out.bias[drawn] + math.log((self.items - 1) / len(drawn))
        return torch.cat([own[:, None], others], dim=1)


class _Gru(Network):
    def __init__(self, items: int, width: int, dropout: float) -> None:
        super().__init__(items, width, dropout)
        self.gru = nn.GRU(width, width, batch_first=True)

    def states(self, items: Tensor, events: Tensor) -> Tensor:
        return self.gru(self.dropout(self.item(items) + self.kind(events)))[0]  # type: ignore[no-any-return]


class _Block(nn.Module):
    def __init__(self, width: int, dropout: float) -> None:
        super().__init__()
        self.first, self.second = nn.LayerNorm(width), nn.LayerNorm(width)
        self.mix, self.join = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.wide, self.narrow = nn.Linear(width, 2 * width), nn.Linear(2 * width, width)
        self.dropout = nn.Dropout(dropout)

    def forward(self, state: Tensor) -> Tensor:
        count, longest, width = state.shape
        parts = self.mix(self.first(state)).view(count, longest, 3, HEADS, width // HEADS).permute(2, 0, 3, 1, 4)
        seen = nn.functional.scaled_dot_product_attention(parts[0], parts[1], parts[2], is_causal=True)
        state = state + self.dropout(self.join(seen.transpose(1, 2).reshape(count, longest, width)))
        return state + self.dropout(self.narrow(torch.relu(self.wide(self.second(state)))))  # type: ignore[no-any-return]


class _Attention(Network):
    def __init__(self, items: int, width: int, dropout: float) -> None:
        super().__init__(items, width, dropout)
        self.place = nn.Embedding(LONGEST, width)
        self.blocks = nn.ModuleList([_Block(width, dropout) for _ in range(2)])
        self.norm = nn.LayerNorm(width)
        nn.init.normal_(self.place.weight, 0, 0.02)

    def states(self, items: Tensor, events: Tensor) -> Tensor:
        state = self.dropout(self.item(items) + self.kind(events) + self.place.weight[: items.shape[1]])
        for block in self.blocks:
            state = block(state)
        return self.norm(state)  # type: ignore[no-any-return]


NETWORKS: Final[dict[Kind, type[Network]]] = {"gru4rec": _Gru, "sasrec": _Attention}
