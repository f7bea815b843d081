"""Which touchpoints weigh on complaints and stars: impact, where `insights.touchpoints` counts.

A touchpoint may be in many complaints and weigh little, because those complaints name others too,
or because their stars are no worse than the rest. What weighs is told in two ways: what would be
left without the complaints about it alone (`rows`), and what stars go with it where everything
else that is said is the same (`regression`). Both are associations.
"""

from insights.drivers.ranking import DriverRow, Drivers, Part, drivers
from insights.drivers.weights import ASSOCIATION, Effect, Regression

__all__ = ["ASSOCIATION", "DriverRow", "Drivers", "Effect", "Part", "Regression", "drivers"]
