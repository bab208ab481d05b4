"""Arabic words that begin with a و of their own, in names of goods: there it is no "and" glued to the next word."""

from __future__ import annotations

from typing import Final

# Beside an unknown name only this tells a pink shirt (قميص وردي) from a shirt and something else. A word that names
# goods when its و is taken away, as وجبة and جبة do, stands here only where the word with it is far commoner.
OWN: Final = frozenset(
    """
    واجهة واجهات واحد واحدة واسابي واسع واسعة واشنطونيا واشي واصلة واضح واضحة واط واطئ واطئة وافد وافر وافل واق واقع
    واقف واقفة واقي واقية واقيات والد والدة وايرلس وبر وبري وبرية وتد وتر وثائق وثيقة وجبة وجبات وجه وجهين وجوه وحدة
    وحدات وحش وحشي وحيد وحيدة وخز وداع ورد وردة وردي وردية ورود ورشة ورشستر ورق ورقة ورقي ورقية ورك ورنيش وريقات
    وزرة وزغة وزن وسائد وسائط وسادات وسادة وسخ وسط وسطى وسيط وشاح وشم وشوم وصفة وصفات وصل وصلة وصلات وصول وصيفات
    وضعية وضوء وطني وطنية وظيفة وعاء وعاءين وعائي وقائي وقائية وقاية وقت وقود وقوف ولاء ولائم ولادة ولادي ولادية
    ولاعة ولد وليمة وماض وماضة ووك وميض وهج وهمي وهمية ويب ويدج ويفر ويسكي
    """.split()
)
"""As they are written, without ال: behind it no و begins the word."""
