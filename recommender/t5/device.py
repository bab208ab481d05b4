"""Which device computes, in which numbers, and what becomes of its errors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import torch

from recommender.errors import DeviceError, ModelError
from recommender.t5.gpu.capture import CaptureError


def pick_device(device: str | None = None) -> torch.device:
    """The device asked for, or by default a GPU if there is one.

    Raises:
        ModelError: if it isn't there, or no such kind is known.
    """
    found = torch.cuda.device_count() if torch.cuda.is_available() else 0
    if device is None:
        return torch.device("cuda" if found else "cpu")
    kind, _, number = device.partition(":")
    if kind not in ("cpu", "cuda") or not (number.isdecimal() if ":" in device else True):
        raise ModelError("device_unknown", device=device)
    if kind == "cuda" and int(number or 0) >= found:
        raise ModelError("device_missing", device=device)
    return torch.device(device)


def pick_dtype(device: torch.device) -> torch.dtype:
    """bf16 where the device multiplies it in hardware, else fp32; never fp16, which overflows in T5-large.

    Decided by features, so that a machine always gives the same answer.
    """
    on_gpu = device.type == "cuda"
    fast = torch.cuda.is_bf16_supported(including_emulation=False) if on_gpu else cpu_multiplies_bf16()
    return torch.bfloat16 if fast else torch.float32


def cpu_multiplies_bf16() -> bool:
    """Whether this processor multiplies bf16 in hardware (AMX or AVX512-BF16); elsewhere bf16 is slower than fp32."""
    # torch before 2.10 doesn't say.
    features: Mapping[str, object] = getattr(torch.cpu, "get_capabilities", dict)()
    return bool(features.get("amx_bf16") or features.get("avx512_bf16"))


@contextmanager
def device_guard(device: torch.device) -> Iterator[None]:
    """Turn the errors of a device other than the processor into a sentence; a processor's are bugs, and pass.

    A graph that can't be captured counts as a failure of the device, because the failed capture may have broken it.

    Raises:
        DeviceError: for any error of torch on a device except too little memory, which leaves the device usable.
    """
    try:
        yield
    except (RuntimeError, CaptureError) as error:
        if device.type == "cpu" or isinstance(error, torch.OutOfMemoryError):
            raise
        raise DeviceError("device_failed", device=str(device)) from error
