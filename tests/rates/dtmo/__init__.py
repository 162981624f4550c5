"""OCONUS rates: reading, keeping and answering."""
