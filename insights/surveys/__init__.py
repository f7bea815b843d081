"""What customers answer when they are asked: satisfaction, recommendation, effort, who stays."""

from insights.surveys.beside import Beside, Together, rank_correlation
from insights.surveys.customers import Leaving, Month, Retention, stays
from insights.surveys.questions import Question
from insights.surveys.scores import Score
from insights.surveys.surveys import Surveys, surveys

__all__ = [
    "Beside",
    "Leaving",
    "Month",
    "Question",
    "Retention",
    "Score",
    "Surveys",
    "Together",
    "rank_correlation",
    "stays",
    "surveys",
]
