"""The portfolio: what is followed, from whom and for whom. YAML validated by pydantic; nothing of it is in the code."""
