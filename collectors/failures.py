"""Several places in one source: what fails in one must not keep the others from being read."""

from __future__ import annotations

from collections.abc import Sequence

from simak.errors import RetryLater, SimakError


def combined(errors: Sequence[SimakError]) -> SimakError:
    """Return one error that says all of `errors`; of the kind of the first.

    The time to come back is the earliest named.

    Example:
        >>> str(combined([SimakError("a is gone"), SimakError("b is gone")]))
        'a is gone; b is gone'
    """
    if len(errors) == 1:
        return errors[0]
    message = "; ".join(dict.fromkeys(str(error) for error in errors))
    first = errors[0]
    if isinstance(first, RetryLater):
        times = [e.retry_at for e in errors if isinstance(e, RetryLater) and e.retry_at]
        return RetryLater(message, retry_at=min(times, default=None))
    return type(first)(message)
