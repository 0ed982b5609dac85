"""What is shown of the counts: by key, hour, institution and district, and the deeds behind them."""
