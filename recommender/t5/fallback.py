"""When a model's device breaks the processor takes over, and everybody is told.

After an error on a GPU nothing on it works any more in the whole process, and its copy of the weights is lost too: they
are read from disk again and computed on the processor. The operator learns of it from the log, from `trouble` (which
makes a server unready), and from the device that each answer names.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence

from recommender.errors import DeviceError
from recommender.t5.batching import Job
from recommender.t5.engine import Engine, Result

logger = logging.getLogger(__name__)


class Fallback:
    """A model's engine, and how to make another one on the processor if the first one's device fails."""

    def __init__(self, make: Callable[[], Engine], spare: Callable[[], Engine] | None = None) -> None:
        """Begin with what `make` makes; without a `spare` a device's failure is the end.

        Raises:
            ModelError: if neither can be made.
        """
        self.trouble: DeviceError | None = None
        self._spare = spare
        self._lock = threading.Lock()
        try:
            self.engine = make()
        except DeviceError as error:
            self.engine = self._instead(error)

    def run(self, jobs: Sequence[Job]) -> list[Result]:
        """What each job comes to, in order: by the device, or by the processor once it has failed.

        Raises:
            ModelError: if memory runs out, or the processor can't take over.
        """
        engine = self.engine
        try:
            return engine.run(jobs)
        except DeviceError as error:
            with self._lock:
                # Several threads may fail at the same device: only the first one replaces the engine.
                if self.engine is engine:
                    self.engine = self._instead(error)
            return self.engine.run(jobs)

    def _instead(self, error: DeviceError) -> Engine:
        if self._spare is None:
            raise error
        if self.trouble is None:
            cause = error.__cause__
            reason = str(cause).strip().partition("\n")[0]
            logger.error("%s (%s: %s)", error, type(cause).__name__, reason)
        # Set before the processor is ready, which takes a while: a load balancer must send nobody here meanwhile.
        self.trouble = error
        return self._spare()
