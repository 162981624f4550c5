"""Mutation testing: `make mutants` spoils each rule in small ways, one at a time, and asks whether a test notices.

Coverage says that a line was run; only a test that fails when the line is wrong says that its result was looked at.

`modules`    what is spoilt, and the tests that must notice
`survivors`  the spoilt rules that nothing can notice, with the reason: survivors.toml
`__main__`   the run, and the score
"""
