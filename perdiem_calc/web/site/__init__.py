"""The Django project of `perdiem serve`: settings, models, forms, views. Only `perdiem serve` imports it."""
