"""What a report says, once for all formats: sentences, figures, charts, tables, verbatims."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dashboard import i18n, labels, sentences
from dashboard.charts import units
from dashboard.i18n import _, ngettext
from dashboard.measured import measured
from dashboard.report import pictures, tables, told
from dashboard.report.pictures import Picture
from dashboard.report.quotes import Quote, Quotes
from dashboard.report.tables import Table
from insights.brief import MOST, Brief
from insights.values import MIN_N, Value
from simak.taxonomy import Taxonomy

METRICS = ("volume", "complaint_rate", "net_sentiment", "stars")


@dataclass(frozen=True, slots=True)
class Figure:
    """One of the four figures, in words and as it is.

    Attributes:
        tone: `better`, `worse` or the `same`, of the change.
        rest: interval and n.
        few: whether it rests on too few to speak of.
        metric: one of `METRICS`.
        now, before, moved: this week, the week before, and the change.
    """

    name: str
    value: str
    change: str
    tone: str
    rest: str
    few: bool
    metric: str
    now: Value
    before: Value | None
    moved: Value | None


@dataclass(frozen=True, slots=True)
class Line:
    """One finding, and the customers' words it rests on."""

    text: str
    quotes: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the report.

    Attributes:
        key: the same in every language.
        lead: the sentence of its finding; the heading where there is none of its own.
        notes: how to read it.
        tables: those that a page shows.
        behind: the numbers of the picture and the lines, for those who go on counting.
    """

    key: str
    heading: str
    lead: str
    lines: tuple[Line, ...] = ()
    picture: Picture | None = None
    notes: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    behind: tuple[Table, ...] = ()

    @property
    def quotes(self) -> tuple[Quote, ...]:
        """The customers' words of all its lines."""
        return tuple(quote for line in self.lines for quote in line.quotes)


@dataclass(frozen=True, slots=True)
class Content:
    """All of a report, in the language that `i18n.use` has set.

    Attributes:
        further: what else is to be known before all, after the headline.
        sections: those that have something to say.
    """

    title: str
    language: str
    headline: str
    further: tuple[str, ...]
    figures: tuple[Figure, ...]
    sections: tuple[Section, ...]

    def section(self, key: str) -> Section | None:
        """Return a section; None where it has nothing to say."""
        return next((one for one in self.sections if one.key == key), None)


def content(brief: Brief, taxonomy: Taxonomy) -> Content:
    """Prepare the report of a week.

    Args:
        brief: any, an empty one too.
    """
    quotes = Quotes(MOST)
    found = [
        _look(brief, taxonomy),
        _moved(brief, taxonomy),
        _why(brief, taxonomy, quotes),
        _touchpoints(brief, taxonomy, quotes),
        _places(brief, taxonomy),
        _themes(brief, quotes),
        _praised(brief, taxonomy, quotes),
        _kept(brief, taxonomy, quotes),
        _brands(brief),
        _basis(brief, taxonomy),
    ]
    return Content(
        told.title(brief),
        i18n.language(),
        told.headline(brief),
        tuple(_further(brief, taxonomy)),
        tuple(_figures(brief)),
        tuple(
            one
            for one in found
            if one.lines or one.picture or one.tables or any(t.rows for t in one.behind)
        ),
    )


def _further(brief: Brief, taxonomy: Taxonomy) -> Iterator[str]:
    ranking = brief.around.ranking
    if ranking.complaints:
        yield sentences.behind(ranking, taxonomy)
    moved = sentences.moved(ranking, taxonomy)
    if moved is not None:
        yield moved


def _figures(brief: Brief) -> Iterator[Figure]:
    for metric in METRICS:
        now = brief.reputation.now[metric]
        moved = brief.reputation.change.get(metric)
        before = brief.reputation.before[metric] if brief.reputation.before else None
        change, tone = sentences.change(metric, moved, before)
        counted = metric == "volume"
        value = units.show(now.value, units.METRIC_UNITS[metric])
        yield Figure(
            labels.name(labels.METRICS, metric),
            value,
            change,
            tone,
            "" if counted else sentences.sureness(metric, now),
            not counted and not now.enough,
            metric,
            now,
            before,
            moved,
        )


def _look(brief: Brief, taxonomy: Taxonomy) -> Section:
    heading = _("What to look at")
    lines = tuple(Line(told.look(one, taxonomy)) for one in brief.look_at)
    return Section("look", heading, heading, lines)


def _moved(brief: Brief, taxonomy: Taxonomy) -> Section:
    around = brief.around
    picture = pictures.moves(around.weeks, around.events, taxonomy)
    return Section(
        "moved",
        _("What moved"),
        told.headline(brief),
        tuple(map(Line, told.moved(brief))) if brief.reputation.now["volume"].n else (),
        picture,
        picture.marked if picture else (),
        behind=(tables.weeks(around.weeks),),
    )


def _why(brief: Brief, taxonomy: Taxonomy, quotes: Quotes) -> Section:
    heading = _("Why")
    lines = tuple(Line(told.event(one, taxonomy), quotes(one.verbatims)) for one in brief.events)
    return Section("why", heading, heading, lines, behind=(tables.events(brief, taxonomy),))


def _touchpoints(brief: Brief, taxonomy: Taxonomy, quotes: Quotes) -> Section:
    few = told.too_few(brief)
    if few is not None:
        lines = [Line(few, quotes([row for one in brief.touchpoints for row in one.verbatims]))]
    else:
        lines = [
            Line(told.blamed(one, taxonomy), quotes(one.verbatims)) for one in brief.touchpoints
        ]
    ranking = brief.around.ranking
    table = tables.ranking(ranking, taxonomy)
    return Section(
        "touchpoints",
        _("Touchpoints behind the complaints"),
        sentences.behind(ranking, taxonomy),
        tuple(lines),
        pictures.ranking(ranking, taxonomy),
        tables=(table,) if table.rows else (),
    )


def _places(brief: Brief, taxonomy: Taxonomy) -> Section:
    found = brief.around.places
    heading = _("Where they are said")
    picture = pictures.places(found, taxonomy)
    worse = [told.look(one, taxonomy) for one in brief.look_at if one.kind == "channel"]
    if picture is None:
        return Section("places", heading, heading)
    days = i18n.days(brief.around.weeks["start"].min(), brief.around.weeks["end"].max())
    notes = (
        _("All complaints of {days}: a single week is too short to compare channels.", days=days),
        _(
            "Each column: of the channel's complaints, how many speak badly of the touchpoint. "
            "Grey: fewer than {least} complaints in the channel, shown as how many of how many.",
            least=MIN_N,
        ),
    )
    return Section(
        "places",
        heading,
        worse[0] if worse else heading,
        picture=picture,
        notes=notes,
        behind=(tables.places(found, taxonomy),),
    )


def _themes(brief: Brief, quotes: Quotes) -> Section:
    heading = _("New or growing in the complaints")
    lines = tuple(Line(told.theme(one), quotes(one.verbatims)) for one in brief.themes)
    return Section("themes", heading, heading, lines, behind=(tables.themes(brief),))


def _praised(brief: Brief, taxonomy: Taxonomy, quotes: Quotes) -> Section:
    heading = _("What customers praise")
    if brief.praised is None:
        return Section("praised", heading, heading)
    line = Line(told.praised(brief.praised, taxonomy), quotes(brief.praised.verbatims))
    return Section("praised", heading, heading, (line,))


def _kept(brief: Brief, taxonomy: Taxonomy, quotes: Quotes) -> Section:
    heading = _("Promises and actions")
    lines = [Line(told.promise(one), quotes(one.verbatims)) for one in brief.promises]
    lines += [Line(told.action(one)) for one in brief.actions]
    shown = (tables.promises(brief), tables.actions(brief, taxonomy))
    return Section(
        "kept",
        heading,
        heading,
        tuple(lines),
        tables=tuple(table for table in shown if table.rows),
    )


def _brands(brief: Brief) -> Section:
    heading = _("Beside the other brands")
    brands = brief.around.brands
    if len(brands) < 2:
        return Section("brands", heading, heading)
    picture = pictures.beside(brands, brief.brand)
    table = tables.brands(brands, brief.brand)
    notes = _few_brands(table)
    return Section("brands", heading, heading, picture=picture, notes=notes, tables=(table,))


def _few_brands(table: Table) -> tuple[str, ...]:
    if not any(table.few):
        return ()
    return (_("Grey rows: fewer than {least} tagged mentions, too few to compare.", least=MIN_N),)


def _basis(brief: Brief, taxonomy: Taxonomy) -> Section:
    heading = _("What the figures rest on")
    result = brief.reputation
    n = result.now["volume"].n
    lines = [
        ngettext(
            "{n} mention of {brand}, {days}; {tagged} of it tagged by the model.",
            "{n} mentions of {brand}, {days}; {tagged} of them tagged by the model.",
            n,
            brand=brief.brand,
            days=i18n.days(brief.since, brief.until),
            tagged=i18n.number(result.now["complaint_rate"].n),
        )
    ]
    if result.untagged:
        lines.append(told.untagged(result.untagged))
    lines.append(
        _(
            "In brackets stands the 95% interval. Below n = {least} a rate says too little and "
            "is not ranked.",
            least=MIN_N,
        )
    )
    if brief.around.model is None:
        lines.append(_("No model has tagged yet"))
    else:
        lines += [text for text in measured(brief.around.model, taxonomy) if text]
    return Section("basis", heading, heading, tuple(map(Line, lines)))


def told_quotes(sections: Sequence[Section]) -> Iterator[tuple[str, str, Quote]]:
    """Return every customer's words with the heading and the finding they stand under."""
    for section in sections:
        for line in section.lines:
            for quote in line.quotes:
                yield section.heading, line.text, quote
