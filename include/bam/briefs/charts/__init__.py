"""The drawings of a brief: vector, by matplotlib, from the context's chart data, the same bytes each time."""
