"""Lesson mode: ten steps, each a question, a guess, something to do on the live page, and something to see.

steps (what is asked and set up) -> judge (what the live page answered) -> record (what a class has guessed and done)
-> panel (beside the page), sheet (to print or save). The record lives in the visitor's browser; the server keeps none.
"""
