"""How passwords are kept: Argon2id, with the least memory that OWASP recommends for it.

Django's own setting takes 100 MB for each check. Whoever may ask for the page to sign in may ask a dozen times at
once, and an office's computer may be small.
"""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """Argon2id: 19 MiB, two passes, one lane (OWASP Password Storage Cheat Sheet)."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
