from pathlib import Path

from simak.cli.show import show

PAGE = (Path(__file__).parents[2] / "docs" / "insights.md").read_text(encoding="utf-8")


def test_every_question_stands_on_the_page() -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("| ")]
    named = "\n".join(row.split("|")[2] + row.split("|")[3] for row in rows)
    assert [name for name in show.commands if f"`{name}" not in named] == []
