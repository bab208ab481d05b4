"""The measured results that lie beside a model, and the article's."""
