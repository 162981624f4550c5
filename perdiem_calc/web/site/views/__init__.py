"""The pages: each reads an answer, calls one function, and shows what came of it."""
