import stat
from pathlib import Path

import pytest

from simak.errors import ConfigurationError
from simak.hours import parse_hours
from simak.label_map import Meaning
from simak.settings import Settings, load_settings


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("SIMAK_DB", "SIMAK_CONFIG", "SIMAK_AUTHOR_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def _load(text: str) -> Settings:
    Path("simak.toml").write_text(text)
    return load_settings()


def test_without_a_file_the_defaults_hold() -> None:
    settings = load_settings()
    assert settings == Settings()
    assert settings.store_url == "sqlite:///data/simak.db"


def test_everything_that_can_be_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MY_SECRET", "s3cret")
    (tmp_path / "touchpoints.toml").write_text("")
    path = tmp_path / "elsewhere.toml"
    path.write_text(
        """
[store]
url = "sqlite:///mine.db"
[display]
timezone = "Asia/Makassar"
language = "en"
[privacy]
keep_raw = true
[model]
path = "my-model"
threads = 2
[taxonomy]
path = "touchpoints.toml"
[response]
business_hours = "Mon-Fri 09:00-17:00"
unanswered_after_days = 5
[[source]]
name = "forum"
type = "reddit"
brand = "Senandika"
client_secret = "env:MY_SECRET"
subreddits = ["indonesia"]
"""
    )
    settings = load_settings(path)
    assert settings.store_url == f"sqlite:///{tmp_path / 'mine.db'}"
    assert (settings.timezone, settings.language) == ("Asia/Makassar", "en")
    assert (settings.keep_raw, settings.model, settings.threads) == (True, "my-model", 2)
    assert settings.taxonomy == tmp_path / "touchpoints.toml"
    assert settings.business_hours == parse_hours("Mon-Fri 09:00-17:00")
    assert settings.unanswered_after_days == 5
    (source,) = settings.sources
    assert (source.name, source.type, source.brand, source.line) == (
        "forum",
        "reddit",
        "Senandika",
        17,
    )
    assert source.options == {"client_secret": "s3cret", "subreddits": ["indonesia"]}


@pytest.mark.parametrize(
    ("text", "line", "sign"),
    [
        ("[store]\nurll = 'x'", 2, "'urll' is not known in [store]; there is url"),
        ("\n[stor]\nurl = 'x'", 2, "'stor' is not known"),
        ("[store]\nurl = 3", 2, "store.url = 3 must be a str"),
        ("[model]\n\nthreads = true", 3, "threads"),
        ("[model]\nthreads = -1", 2, "0 or more"),
        ("[display]\nlanguage = 'fr'", 2, "id or en"),
        ("[taxonomy]\npath = 'none.toml'", 2, "there is no"),
        ("a = = 1", 1, "not TOML"),
        ("[response]\nunanswered_after_days = 0", 2, "1 or more"),
        ("[response]\nunanswered_after_days = 1.5", 2, "must be a int"),
        ("[response]\nbusiness_hours = 9", 2, "must be a str"),
        (
            "[response]\n\nbusiness_hours = 'Mon 9-17'",
            3,
            "response.business_hours: 'Mon 9-17' is no business hours; write such as",
        ),
        ("[model]\nlabels = 'x'", 2, "model.labels = 'x' must be a table"),
        ("[model.labels]\nA = 'negative'\nB = 'bad'", 3, "model.labels, 'B': 'bad' is nothing"),
        ("[model.labels]\n'1 star' = 'delivery:x'", 2, "'delivery:x' is nothing that a label"),
        ('[store]\nurl = "x"\n[model.labels]\n"url" = 3', 4, "'url': 3 is nothing"),
        ('[model.labels]\nB.C = "negative"', 2, "model.labels, 'B': {'C': 'negative'} is nothing"),
        ('[model.labels]\n"\\u0041" = "x"', 1, "model.labels, 'A': 'x' is nothing"),
        ("[model]\nlabels = { url = 'x' }\n[store]\nurl = 'y'", 2, "'url': 'x' is nothing"),
        ("source = 3", 1, "[[source]]"),
        ("[[source]]\nname = 'a'\ntype = 'rss'", 1, "no 'brand'"),
        (
            "[[source]]\nname='a'\ntype='rss'\nbrand='b'\n[[source]]\nname='a'\ntype='rss'\nbrand='b'",
            5,
            "stands twice",
        ),
        ("brand = 3", 1, "[[brand]]"),
        ("[[brand]]\nname = 'a'", 1, "this brand has no 'query'"),
        ("[[brand]]\nname = 'a'\nquery = 'a AND'", 3, "brand 'a': the query 'a AND' cannot be"),
        ("[[brand]]\nname = 'a'\nquery = 'a'\ncontext = 'b'", 4, "a list of words"),
        ("[[brand]]\nname = 'a'\nquery = 'a'\nkontext = []", 4, "'kontext' is not known"),
        ("[[source]]\nname='a'\ntype='rss'\nbrand='b'\nenabled=1", 5, "true or false"),
        ("[[source]]\nname='a'\ntype='rss'\nbrand='b'\nmax_items=0", 5, "a number above 0"),
        ("[[source]]\nname='a'\ntype='rss'\nbrand='b'\nmax_minutes=true", 5, "above 0"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(text: str, line: int, sign: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        _load(text)
    assert str(caught.value).startswith(f"simak.toml, line {line}: ")
    assert sign in str(caught.value)
    assert caught.value.line == line


def test_labels_are_read_with_the_touchpoints_of_ones_own_file(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(
        """
[[touchpoint]]
id = "wallet"
phase = "transaction"
owner = "product"
name = { id = "Dompet", en = "Wallet" }
description = { id = "Dompet", en = "Wallet" }
"""
    )
    labels = "[model.labels]\n'saldo hilang' = 'wallet:negative'\nLABEL_1 = 'ignore'\n"
    settings = _load(labels + "[taxonomy]\npath = 'own.toml'")
    assert settings.labels == {
        "saldo hilang": Meaning("touchpoint", "wallet", "negative"),
        "LABEL_1": Meaning("ignore", "ignore"),
    }
    with pytest.raises(ConfigurationError, match=r"line 2: .*'wallet:negative' is nothing"):
        _load(labels)
    with pytest.raises(ConfigurationError, match=r"a touchpoint \(wallet\) alone"):
        _load("[model.labels]\nA = 'delivery'\n[taxonomy]\npath = 'own.toml'")


def test_a_named_file_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"none\.toml: cannot be read"):
        load_settings(tmp_path / "none.toml")


def test_the_environment_names_file_and_store(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "a.toml").write_text("[display]\nlanguage = 'en'")
    monkeypatch.setenv("SIMAK_CONFIG", str(tmp_path / "a.toml"))
    monkeypatch.setenv("SIMAK_DB", "postgresql+psycopg://h/d")
    settings = load_settings()
    assert (settings.language, settings.store_url) == ("en", "postgresql+psycopg://h/d")


def test_the_author_key_is_made_once_and_for_the_owner_only(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings = Settings(folder=tmp_path)
    key = settings.author_key()
    assert len(key) == 64
    assert settings.author_key() == key
    assert (tmp_path / "data" / "author.key").stat().st_mode & 0o077 == 0
    monkeypatch.setenv("SIMAK_AUTHOR_KEY", "shared")
    assert settings.author_key() == b"shared"


def test_an_author_key_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where a folder should be")
    with pytest.raises(ConfigurationError, match=r"author\.key"):
        Settings(folder=tmp_path).author_key()


def test_what_all_sources_have_is_no_option_of_their_type() -> None:
    (source,) = _load(
        "[[source]]\nname='a'\ntype='rss'\nbrand='b'\nurl='u'\nenabled=false\nown=true\nmax_items=5\n"
        "max_minutes=0.5\nrequests_per_minute=7"
    ).sources
    assert source.options == {"url": "u"}
    assert (source.enabled, source.own, source.max_items) == (False, True, 5)
    assert (source.max_minutes, source.requests_per_minute) == (0.5, 7)


def test_a_secret_that_is_missing_is_the_fault_of_its_source_alone() -> None:
    text = "[[source]]\nname='a'\ntype='rss'\nbrand='b'\nkey='env:NOT_THERE'\n"
    broken, good = _load(text + "[[source]]\nname='c'\ntype='rss'\nbrand='b'\nkey='k'").sources
    assert str(broken.error) == "simak.toml, line 5: key: the environment has no NOT_THERE"
    assert (good.error, good.options) == (None, {"key": "k"})


def test_secrets_are_found_in_lists_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FEED", "https://a.example/?key=1")
    text = "[[source]]\nname='a'\ntype='rss'\nbrand='b'\nurl=['env:FEED', 'x']"
    assert _load(text).sources[0].options["url"] == ["https://a.example/?key=1", "x"]


def test_a_brand_has_a_query_and_words_that_tell_it_apart() -> None:
    settings = _load("[[brand]]\nname = 'Senja'\nquery = 'senja'\ncontext = ['kopi']")
    about = settings.relevance("Senja")
    assert about is not None
    assert about("kopi senja")
    assert not about("senja di pantai")
    assert settings.relevance("Lain") is None


def test_the_author_key_is_whole_or_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SIMAK_AUTHOR_KEY", raising=False)
    settings = Settings(folder=tmp_path)
    path = tmp_path / "data" / "author.key"

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_text", killed)
        with pytest.raises(KeyboardInterrupt):
            settings.author_key()
    assert not path.exists()
    key = settings.author_key()
    assert settings.author_key() == key
    assert len(key) == 64
    assert [p.name for p in path.parent.iterdir()] == ["author.key"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.write_text("")  # as a disk that was full has left it
    with pytest.raises(ConfigurationError, match="empty: restore it from a backup"):
        settings.author_key()
