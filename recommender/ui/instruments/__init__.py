"""The instruments of "See why", drawn: each module turns one result of `explain` into HTML, and computes nothing else.

reasons, neighbours, orders, others, autopsy, samples; the scoreboard draws itself (`ui.board`)
"""
