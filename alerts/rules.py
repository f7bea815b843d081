"""The rules that hold: those of the settings, and a default for each kind that has none there."""

from __future__ import annotations

from simak.alert_settings import COOLDOWN, AlertRule, Kind
from simak.errors import ConfigurationError
from simak.own_touchpoints import taxonomy_of
from simak.settings import Settings

DEFAULTS: tuple[Kind, ...] = ("spike", "shift", "promise", "silent", "budget")
"""What is told where nobody wrote a rule: more complaints than usual, a level that has changed, a
promise that more say was broken, a source that fell silent, a budget that runs out. A threshold
has no default, as what is too much is for the brand to say."""


def rules_of(settings: Settings) -> tuple[AlertRule, ...]:
    """Return the rules that hold.

    A kind with a rule of its own in the settings, be it one that is turned off, has no default.

    Raises:
        ConfigurationError: a rule names a touchpoint or a source that there is not.

    Example:
        >>> [rule.kind for rule in rules_of(Settings())]
        ['spike', 'shift', 'promise', 'silent', 'budget']
    """
    written = {rule.kind for rule in settings.alerts}
    defaults = (
        AlertRule(f"default: {kind}", kind, cooldown=COOLDOWN[kind])
        for kind in DEFAULTS
        if kind not in written
    )
    rules = (*settings.alerts, *defaults)
    _check(settings)
    return tuple(rule for rule in rules if rule.enabled)


def _check(settings: Settings) -> None:
    known = {"touchpoint": taxonomy_of(settings).ids, "source": [s.name for s in settings.sources]}
    for rule in settings.alerts:
        for key, names in known.items():
            value = getattr(rule, key)
            if value is not None and value not in names:
                raise ConfigurationError(
                    f"alert {rule.name!r}: there is no {key} {value!r}; there is "
                    + (", ".join(names) or "none"),
                    path=settings.path,
                    line=rule.line,
                )
