"""Arabic words that begin with a و of their own, in names of goods: there it is no "and" glued to the next word."""

from __future__ import annotations

from typing import Final

# Beside an unknown name only this tells a pink shirt (قميص وردي) from a shirt and something else. A word that names
# goods when its و is taken away, as وجبة and جبة do, stands here only where the word with it is far commoner.
OWN: Final = frozenset(
    """
    واحد واحدة واسع واسعة واق واقي واقية واقيات واجهة واط وافر وافل واصلة وايرلس ويب ويفر ويسكي
    وبر وتد وتر وثائق وثيقة وجبة وجبات وجه وجهين وحدة وحدات وحيد وحيدة
    ورد وردة وردي وردية ورود ورشة ورق ورقة ورقي ورقية وريقات ورنيش
    وزن وزرة وسادة وسادات وسائد وسخ وسط وسطى وسيط وشاح وشوم وشم وصفة وصل وصلة وصلات
    وضوء وطني وطنية وعاء وعائي وقائي وقائية وقاية وقت وقود وقوف ولادة ولادي ولادية ولد وليمة ووك وميض وهمي
    """.split()
)
"""As they are written, without ال: behind it no و begins the word."""
