"""The browser application: `perdiem serve` prepares a claim from the first question to the workbook.

`questions` is the one table of what is asked, `answers` turns typed text into a claim's JSON and back, `judging` asks
the rules and checks about a draft. `site` is the Django project; nothing outside it knows Django.
"""
