"""What a person reads and decides: results, suggestions, decisions, letters, explanations."""
