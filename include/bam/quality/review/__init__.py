"""Review: what people decide about doubtful facts, kept as a history from which the present state follows."""
