"""Themes of public reviews and tweets: how many texts are left over, how stable, how coherent.

Of each set the texts that complain by their stars (1 and 2) or by their label are stored up to
the day by which four fifths of them had been said, themes are found, the rest is stored and the
job runs again. Beside it stands what a few lines of scikit-learn give: k-means over TF-IDF, with
as many groups.

    python -m benchmarks.themes --data ../shared/data
"""

from __future__ import annotations

import itertools
import math
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.metrics import adjusted_rand_score

from benchmarks.report import Figure, finish, say
from insights.themes.find import find_themes
from insights.themes.space import Singles
from insights.themes.weights import class_weights
from insights.themes.words import MIN_WORDS, is_name, stop_words, words_of
from models.embedding import Embedding
from simak.mention import RawMention
from simak.tags import Tags
from store import themes as shelf
from store.engine import Store, open_store
from store.mentions import Privacy, save, text_hash
from store.tags import save_tags, waiting
from store.theme_texts import placed

SETS = {
    "Tokopedia": ("tokopedia_google_play_reviews.csv.gz", "content", "at"),
    "Gojek": ("gojek_google_play_reviews.csv.gz", "content", "review_date"),
    "United": ("airline_tweets.csv.gz", "text", "tweet_created"),
}
BEFORE = 0.8
TOP = 8
"""Words of a group whose coherence is measured."""

_PAGE = 200
_COMMAND = "python -m benchmarks.themes --data DATA"
_COMPLAINT = Tags("negative", True, {}, (), "id", {"negative": 1.0})


class Remembering:
    """The encoder, asked once a text: the second run is about the job, not about the encoder."""

    def __init__(self) -> None:
        self._embed = Embedding()
        self._known: dict[str, Singles] = {}
        self.version = self._embed.version
        self.seconds = 0.0

    def __call__(self, texts: Sequence[str]) -> Singles:
        """Return one vector a text."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            began = time.perf_counter()
            self._known |= dict(zip(new, self._embed(new), strict=True))
            self.seconds += time.perf_counter() - began
        return np.stack([self._known[text] for text in texts])


def complaints(data: Path, brand: str) -> pd.DataFrame:
    """Return `text` and `at` of a set's complaints, the oldest first, no text twice."""
    file, text, at = SETS[brand]
    rows = pd.read_csv(data / "exports" / file, dtype=str)
    if "airline" in rows:
        rows = rows[(rows["airline"] == brand) & (rows["airline_sentiment"] == "negative")]
    else:
        stars = rows["score" if "score" in rows else "rating"]
        rows = rows[stars.astype(float) <= 2]
    found = pd.DataFrame({"text": rows[text], "at": pd.to_datetime(rows[at], utc=True)})
    found = found.dropna().drop_duplicates("text")
    return found.sort_values(["at", "text"]).reset_index(drop=True)


def put(store: Store, brand: str, rows: pd.DataFrame) -> None:
    """Store rows as tagged complaints."""
    now = datetime.now(UTC)
    raw = [
        RawMention(
            external_id=f"{row.at.isoformat()} {row.Index}", text=row.text, published_at=row.at
        )
        for row in rows.itertuples()
    ]
    for start in range(0, len(raw), _PAGE):
        with store.write() as connection:
            save(
                store,
                connection,
                raw[start : start + _PAGE],
                brand=brand,
                source="benchmark",
                privacy=Privacy(b"benchmark", keep_raw=True),
                now=now,
            )
    for batch in waiting(store, "benchmark"):
        save_tags(store, batch, [_COMPLAINT] * len(batch), model="benchmark", now=now)


def where(store: Store, texts: Sequence[str]) -> dict[str, str]:
    """Return the mark of each text, by the text."""
    (brand_id,) = shelf.brand_names(store)
    hashes = {text_hash(text): text for text in texts}
    found = placed(store, brand_id, "negative", list(hashes), since=None)
    return {hashes[one]: name for one, name in found.items()}


def coherence(texts: Sequence[str], groups: NDArray[np.intp], brand: str) -> float:
    """Return the mean normalised pointwise mutual information of the groups' telling words.

    Of each group's `TOP` words, pair by pair, over the texts as windows. Source: Bouma (2009),
    GSCL; as a measure of topics: Lau, Newman and Baldwin (2014), EACL.

    Args:
        groups: of each text; -1 for none.

    Example:
        >>> coherence(["saldo hilang"] * 5 + ["driver lama"] * 5, np.repeat([0, 1], 5), "x")
        1.0
    """
    usual = CountVectorizer(analyzer=lambda text: _words(text, brand), min_df=4, binary=True)
    found = usual.fit_transform(texts).tocsc().astype(float)
    k, n = int(groups.max()) + 1, len(texts)
    counts = np.stack([np.asarray(found[groups == one].sum(axis=0)).ravel() for one in range(k)])
    weights, number = class_weights(counts), np.asarray(found.sum(axis=0)).ravel()
    scores = []
    for group in range(k):
        top = [w for w in np.argsort(-weights[group], kind="stable")[:TOP] if counts[group, w]]
        both = (found[:, top].T @ found[:, top]).toarray() / n
        for one, other in itertools.combinations(range(len(top)), 2):
            p = both[one, other]
            expected = number[top[one]] * number[top[other]] / n / n
            scores.append(-1.0 if p == 0 else math.log(p / expected) / -math.log(p))
    return round(float(np.mean(scores)), 6)


def plain_groups(texts: Sequence[str], k: int, brand: str) -> NDArray[np.intp]:
    """Return the groups that k-means finds over TF-IDF."""
    tfidf = TfidfVectorizer(analyzer=lambda text: _words(text, brand), min_df=4, sublinear_tf=True)
    groups: NDArray[np.intp] = KMeans(k, n_init=4, random_state=0).fit_predict(
        tfidf.fit_transform(texts)
    )
    return groups


def measure(brand: str, rows: pd.DataFrame, folder: Path) -> list[Figure]:
    """Return the figures of one set."""
    embed = Remembering()
    cut = int(BEFORE * len(rows))
    store = open_store(f"sqlite:///{folder / brand}.db")
    texts = [text for text in rows["text"] if len(words_of(text)) >= MIN_WORDS]
    old = [text for text in rows["text"][:cut] if len(words_of(text)) >= MIN_WORDS]
    put(store, brand, rows[:cut])
    began = time.perf_counter()
    find_themes(store, embed)
    first = time.perf_counter() - began
    before = where(store, old)
    put(store, brand, rows[cut:])
    began, read = time.perf_counter(), embed.seconds
    (found, *_) = find_themes(store, embed)
    second = time.perf_counter() - began
    say(f"{brand}: {found.themes} themes, {[change.change for change in found.changes]}")
    after = where(store, texts)
    again = open_store(f"sqlite:///{folder / brand}-again.db")
    put(again, brand, rows[:cut])
    find_themes(again, embed)
    same = where(again, old) == before
    themed = [text for text in old if before[text].isdigit()]
    both = [text for text in themed if after[text].isdigit()]
    groups = np.array([int(after[t]) if after[t].isdigit() else -1 for t in texts])
    _, packed = np.unique(groups[groups >= 0], return_inverse=True)
    groups[groups >= 0] = packed
    k = int(groups.max()) + 1
    plain = plain_groups(texts, k, brand)
    plain_old = plain_groups(old, k, brand)
    place = dict(zip(texts, plain, strict=True))
    note = f"{len(rows)} texts, {k} themes"
    ours, theirs = coherence(texts, groups, brand), coherence(texts, plain, brand)
    return [
        Figure(
            f"{brand}: texts of four words or more without a theme",
            100 * float((groups < 0).mean()),
            "%",
            _COMMAND,
            at_most=25,
            note=note,
        ),
        Figure(
            f"{brand}: texts with a theme that keep it as a fifth is added",
            100 * sum(after[text] == before[text] for text in themed) / len(themed),
            "%",
            _COMMAND,
            note=", ".join(sorted({change.change for change in found.changes})) or "no changes",
        ),
        Figure(
            f"{brand}: adjusted Rand index before and after",
            adjusted_rand_score([before[t] for t in both], [after[t] for t in both]),
            "",
            _COMMAND,
            note="of TF-IDF and k-means "
            f"{adjusted_rand_score(plain_old, [place[text] for text in old]):.2f}",
        ),
        Figure(f"{brand}: found twice, the same", float(same), "", _COMMAND, at_least=1),
        Figure(
            f"{brand}: coherence (NPMI) of themes less that of TF-IDF and k-means",
            ours - theirs,
            "",
            _COMMAND,
            note=f"{ours:.3f} and {theirs:.3f}; largest group: {_largest(groups):.0f} % of the "
            f"texts and {_largest(plain):.0f} %",
        ),
        Figure(
            f"{brand}: finding themes the first time",
            first,
            "s",
            _COMMAND,
            note=f"{read:.0f} s of it in the encoder; after a fifth more {second:.1f} s",
        ),
    ]


def _largest(groups: NDArray[np.intp]) -> float:
    return 100 * float(np.bincount(groups + 1)[1:].max()) / len(groups)


def _words(text: str, brand: str) -> list[str]:
    stops = stop_words()
    return [word for word in words_of(text) if word not in stops and not is_name(word, brand)]


@click.command(help=(__doc__ or "").strip().partition("\n")[0])
@click.option("--data", type=click.Path(path_type=Path), required=True, help="The data sets.")
@click.option("--texts", default=1_000_000, help="Of each set, at most so many.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def main(data: Path, texts: int, as_json: bool) -> None:
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory() as folder:
        for brand in SETS:
            figures += measure(brand, complaints(data, brand)[:texts], Path(folder))
    finish(figures, as_json=as_json)


if __name__ == "__main__":
    main()
