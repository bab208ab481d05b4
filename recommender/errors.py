"""What can go wrong, as a tree; every error is a key and fields that `strings` words in either language.

RecommenderError
├── RequestError        a request that can't be answered (exit status 2)
│   ├── UnknownItemError    a name that is in no catalogue
│   └── PromptTooLongError  more items than the model's stated limit
├── DataError           a file of items, baskets or rows that can't be used
└── ModelError          a checkpoint, device or network that isn't there
    └── DeviceError         a device that failed: nothing on it works any more
"""

from __future__ import annotations

from recommender.language import sentence

__all__ = [
    "DataError",
    "DeviceError",
    "ModelError",
    "PromptTooLongError",
    "RecommenderError",
    "RequestError",
    "UnknownItemError",
]


class RecommenderError(Exception):
    """An error that has a sentence for a reader: `key` names it, `fields` fill its placeholders."""

    def __init__(self, key: str, **fields: object) -> None:
        super().__init__(key, fields)
        self.key = key
        self.fields = fields

    def sentence(self, language: str = "en") -> str:
        """What is wrong and what to do, in `language`."""
        return sentence(self.key, language, **self.fields)

    def __str__(self) -> str:
        return self.sentence()


class RequestError(RecommenderError):
    """A request that can't be answered as it stands."""


class UnknownItemError(RequestError):
    """A name that is in no catalogue; its sentence offers the nearest names."""


class PromptTooLongError(RequestError):
    """A prompt longer than the model's stated limit: an error rather than a silent cut."""


class DataError(RecommenderError):
    """A file that can't be used; its sentence lists every bad row."""


class ModelError(RecommenderError):
    """A checkpoint, device or network that is missing or broken."""


class DeviceError(ModelError):
    """A device that failed while it was computing; after that nothing on it works in the whole process."""
