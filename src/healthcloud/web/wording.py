"""The words of every page; templates hold none of their own."""

from healthcloud.core.wording import CHINESE, ENGLISH, LANGUAGES, Words, words_in

__all__ = ["CHINESE", "ENGLISH", "LANGUAGES", "Words", "words_in"]
