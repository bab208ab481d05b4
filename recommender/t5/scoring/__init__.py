"""What an answer is made of: the prefix tree of the candidates' names, their scores, and free writing."""
