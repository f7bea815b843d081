"""Several places in one source: what fails in one must not keep the others from being read."""

from __future__ import annotations

from collections.abc import Sequence

from simak.errors import RetryLater, SimakError


def combined(errors: Sequence[SimakError]) -> SimakError:
    """Return one error that says all of `errors`; of the kind of the first.

    Where one of them says "later", so does the whole, with the earliest time named.

    Example:
        >>> str(combined([SimakError("a is gone"), SimakError("b is gone")]))
        'a is gone; b is gone'
    """
    if len(errors) == 1:
        return errors[0]
    message = "; ".join(dict.fromkeys(str(error) for error in errors))
    later = [error for error in errors if isinstance(error, RetryLater)]
    if later:
        times = [error.retry_at for error in later if error.retry_at]
        return RetryLater(message, retry_at=min(times, default=None))
    return type(errors[0])(message)
