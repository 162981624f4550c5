"""What keeps the product right and documented, and is no part of it: benchmarks, fuzzing, mutants, pictures."""
