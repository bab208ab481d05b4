"""The instruments of "See why", a folder each.

`computing` asks any recommender, in one batch; `drawing` makes HTML of what came of it.

reasons     what each bought item adds to the recommended one, or to one candidate rather than another
orders      the same question with the candidates, or the purchases, in other orders
neighbours  the training purchases that are most like the basket
others      the same basket by recommenders without a language model, and a blend with them
samples     what the model writes when left free, many times over
autopsy     what became of the question on its way, hop by hop
"""
