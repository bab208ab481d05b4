"""Recommenders on questions: the questions, the measures, the measuring, and what the law itself would reach."""
