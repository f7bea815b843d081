"""The default tagger: a model directory of the project's format, without torch."""

from __future__ import annotations

from collections.abc import Sequence

from models.adapt.adaptation import GIVEN_FROM, Adaptation
from models.adapt.linear import Floats
from models.encoding import Encoded
from models.evidence import evidence_span
from models.labels import SENTIMENTS, SIGNALS, TOUCHPOINTS
from models.language import detect
from models.package import Package
from models.probabilities import sigmoid, softmax
from models.runtime import Logits, Runtime
from simak.tags import Tags, TouchpointTag

NOTHING_SAID = dict.fromkeys((*SENTIMENTS, "complaint", *TOUCHPOINTS, *SIGNALS), 0.0) | {
    "neutral": 1.0
}
"""The scores of a text with nothing to read in it."""


class OnnxTagger:
    """Tags texts with a model directory in the project's format.

    Args:
        package: a directory that `models.package.read_package` has checked.
        threads: texts tagged at a time; None for one a core.
        adaptation: heads of this installation's own; None for none.

    Attributes:
        adaptation: as it was given, for a tagger elsewhere to be given the same.

    Raises:
        ModelError: the files cannot be loaded.
    """

    def __init__(
        self,
        package: Package,
        *,
        threads: int | None = None,
        adaptation: Adaptation | None = None,
    ) -> None:
        self.version = package.version
        self.quality = package.quality
        if adaptation is not None:
            self.version += f"+{adaptation.version}"
            self.quality = adaptation.quality(package.quality)
        self.adaptation = adaptation
        self._package = package
        self._runtime = Runtime(package.directory, package.max_length, threads=threads)

    def predict(self, texts: Sequence[str]) -> list[Tags]:
        """Return one `Tags` per text, in order; equal texts are tagged once.

        Example:
            >>> from models.checkpoint import load_tagger
            >>> tags = load_tagger().predict(["pengiriman lama sekali"])[0]
            >>> tags.touchpoints["delivery"].polarity
            'negative'
        """
        distinct = list(dict.fromkeys(texts))
        said = self._runtime.run(distinct, states=self.adaptation is not None)
        tags = {
            text: tags_of(self._package, encoded, logits, self.adaptation, language=detect(text))
            for text, (encoded, logits) in zip(distinct, said, strict=True)
        }
        return [tags[text] for text in texts]


def tags_of(
    package: Package,
    encoded: Encoded,
    logits: Logits | None,
    adaptation: Adaptation | None,
    *,
    language: str = "unknown",
) -> Tags:
    """Return what a model says of a text that its network has read.

    Args:
        package: the model.
        encoded: the text.
        logits: what the network says, with the token states where there is an adaptation; None
            where there was nothing to read.
        adaptation: heads of this installation's own; None for none.
        language: of the text.
    """
    if logits is None:
        own = dict.fromkeys(adaptation.own, 0.0) if adaptation is not None else {}
        return Tags("neutral", False, scores=NOTHING_SAID | own)
    thresholds, calibration = package.thresholds, package.calibration
    said_own: list[tuple[str, float, Floats]] = []
    if adaptation is not None:
        logits, said_own = adaptation.apply(encoded, logits)
    scores = dict(zip(SENTIMENTS, softmax(logits.sentiment, calibration["sentiment"]), strict=True))
    sentiment = max(scores, key=lambda name: scores[name])
    scores["complaint"] = sigmoid(logits.complaint, calibration["complaint"])[0]
    scores.update(
        zip(TOUCHPOINTS, sigmoid(logits.presence, calibration["touchpoints"]), strict=True)
    )
    scores.update(zip(SIGNALS, sigmoid(logits.signals, calibration["signals"]), strict=True))
    touchpoints = {
        name: TouchpointTag(
            SENTIMENTS[int(logits.polarity[index].argmax())],
            scores[name],
            evidence_span(encoded, logits.evidence[index].tolist()),
        )
        for index, name in enumerate(TOUCHPOINTS)
        if scores[name] >= thresholds[name]
    }
    signals = tuple(name for name in SIGNALS if scores[name] >= thresholds[name])
    for name, score, parts in said_own:
        scores[name] = score
        if score >= GIVEN_FROM:
            span = evidence_span(encoded, parts.tolist())
            touchpoints[name] = TouchpointTag(sentiment, score, span)
    return Tags(
        sentiment,
        scores["complaint"] >= thresholds["complaint"],
        touchpoints,
        signals,
        language,
        scores,
    )
