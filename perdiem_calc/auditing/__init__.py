"""Files in, results out: reading what was sent, auditing it, writing copies and letters, recording."""
