"""What the compact model reads as it learns: vocabulary, names, questions and the stream of rows."""
