"""Every table of the store. SQL lives in this package and nowhere else.

Three tables hold one text, by who owns it: `mention` is the source's, `tag` the model's,
`correction` a person's. `label` and `label_touchpoint` are what a reader sees (the correction
where there is one, else the tag), narrow and indexed so that a list reads an index and nothing
else; `profile` is every combination of labels that occurs, `label_facet` what a mention can be
segmented by, `label_reply` when it was answered. `daily_count` and `daily_touchpoint` are counts
per day, `monthly_…` the same per month, `monthly_profile` those of the profiles; `wording` is
every different text once, with how useful a person's word on it would be; `copy` is every text
that many accounts have copied, by group, the first of each not a `repeat`, and `sketch` is what
they are found by. All of these are derived; all but `copy` and `sketch` are written by
`store.labels.relabel` alone.

`survey_answer` and `customer_count` hold what `store.surveys` is given, each number as it came.
`promise` and `action` are what people put on record; `theme` is what complaints and praise are
about, `theme_space` what themes are found with; `mark` is a group of mentions that a job has
found, such as those of a theme; `vector` is where a text lies among those it is compared with,
by the `vector_space` that it was measured in.

`mention_case` is what people do about a mention, `case_change` all that became of it,
`saved_view` a page as somebody wants to see it again, `replaced_correction` the correction before
the one that holds, to go back to.

`erasure` is whom and what people have asked to be erased, by hash, so that it does not come back.
`alert` is what stood out and was told, with the mentions of `alert_mention` as its words;
`alert_delivery` is where it went and what came of it, `alert_mute` what is not told for a while.
"""

from store.tables.alerts import alert, alert_delivery, alert_mention, alert_mute
from store.tables.columns import UNDATED, UNDATED_DAY, UNPLACED, UNTAGGED, UtcDateTime, metadata
from store.tables.derived import (
    MONTHLY,
    USEFUL,
    copy,
    daily_count,
    daily_touchpoint,
    facet,
    label,
    label_facet,
    label_reply,
    label_touchpoint,
    monthly_count,
    monthly_profile,
    monthly_touchpoint,
    profile,
    sketch,
    wording,
)
from store.tables.members import audit, membership, token
from store.tables.mentions import brand, correction, mention, mention_version, meta, model, tag
from store.tables.people import case_change, mention_case, replaced_correction, saved_view
from store.tables.privacy import erasure
from store.tables.records import (
    action,
    customer_count,
    mark,
    promise,
    survey_answer,
    theme,
    theme_change,
    theme_space,
    vector,
    vector_space,
)
from store.tables.runs import bad_record, cursor, lease, run

__all__ = [
    "MONTHLY",
    "UNDATED",
    "UNDATED_DAY",
    "UNPLACED",
    "UNTAGGED",
    "USEFUL",
    "UtcDateTime",
    "action",
    "alert",
    "alert_delivery",
    "alert_mention",
    "alert_mute",
    "audit",
    "bad_record",
    "brand",
    "case_change",
    "copy",
    "correction",
    "cursor",
    "customer_count",
    "daily_count",
    "daily_touchpoint",
    "erasure",
    "facet",
    "label",
    "label_facet",
    "label_reply",
    "label_touchpoint",
    "lease",
    "mark",
    "membership",
    "mention",
    "mention_case",
    "mention_version",
    "meta",
    "metadata",
    "model",
    "monthly_count",
    "monthly_profile",
    "monthly_touchpoint",
    "profile",
    "promise",
    "replaced_correction",
    "run",
    "saved_view",
    "sketch",
    "survey_answer",
    "tag",
    "theme",
    "theme_change",
    "theme_space",
    "token",
    "vector",
    "vector_space",
    "wording",
]
