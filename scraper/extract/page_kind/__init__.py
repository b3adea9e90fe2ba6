"""What kind of page it is: an article, a list, a product …, or a wall or an error in its place."""

from scraper.extract.page_kind.judge_kind import judge_kind
from scraper.extract.page_kind.judgement import AN_ARTICLE, KindJudgement

__all__ = ["AN_ARTICLE", "KindJudgement", "judge_kind"]
