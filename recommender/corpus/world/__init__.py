"""The knowledge base of goods: what is bought together, and for what."""

from recommender.corpus.world.base import Good, KnowledgeBase, Member, Need, ShopKind
from recommender.corpus.world.law import NeedLaw, Session

__all__ = ["Good", "KnowledgeBase", "Member", "Need", "NeedLaw", "Session", "ShopKind"]
