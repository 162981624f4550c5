"""What an agency states: the claim, its trip and lines, and how it is parsed."""
