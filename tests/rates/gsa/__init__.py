"""The live client, over real HTTP to a server of the tests' own on this machine."""
