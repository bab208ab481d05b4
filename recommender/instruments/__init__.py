"""The instruments of "See why" and of `explain`, a folder each. The registry finds them; nothing else lists them.

instrument.py  states its name, its settings, what it needs and how it is worked out: read this one first
computing.py   asks any recommender, in one batch
drawing.py     makes HTML of what came of it, with drawing.html
printing.py    makes lines of it, where `explain` has it
words.toml     every sentence of it, in all languages

A new one is a folder with these files: it is then on the page, and, if it says so, among the options of `explain`, in
the schema of the endpoint and in the JSON of both.
"""
