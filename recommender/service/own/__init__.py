"""Shops that visitors bring: kept in memory for a while, trained one at a time, and given to nobody else."""
