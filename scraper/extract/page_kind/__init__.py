"""Whether a page is an article, or stands in for one: a wall, an error, the front page."""

from scraper.extract.page_kind.judge_kind import judge_kind
from scraper.extract.page_kind.judgement import AN_ARTICLE, KindJudgement, PageKind

__all__ = ["AN_ARTICLE", "KindJudgement", "PageKind", "judge_kind"]
