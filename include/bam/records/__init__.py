"""Records: claims that speak of one real-world thing become one record; values by rule; the counting ledger."""
