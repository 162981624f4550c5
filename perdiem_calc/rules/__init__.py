"""The regulation and the award program: what is payable of a claim, line by line."""
