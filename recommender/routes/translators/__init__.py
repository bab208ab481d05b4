"""The translators that a route may use: an entry here for each, one module for each, and what guards them.

A library is imported only where its translator is asked for.
"""

from recommender.routes.translators.base import TranslationError, Translator
from recommender.routes.translators.registry import open_translator, register

__all__ = ["TranslationError", "Translator", "open_translator", "register"]


def _google() -> Translator:
    from recommender.routes.translators.google import GoogleTranslator

    return GoogleTranslator()


def _simulated() -> Translator:
    from recommender.routes.translators.simulated import simulated_translator

    return simulated_translator()


def _marian() -> Translator:
    from recommender.routes.translators.marian import MarianTranslator

    return MarianTranslator()


register("google", _google)
register("simulated", _simulated)
register("marian", _marian)
