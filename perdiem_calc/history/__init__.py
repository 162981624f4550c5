"""An officer's other claims: who the officer is, what was paid, and what conflicts."""
