"""The claim workbook: written with XlsxWriter, read with lxml, and never executed.

`write.write_claim` and `form.write_form` write it, `submitted.read_claim` reads it back. `layout`, `claim_page` and
`columns` say where everything stands; `formulas` what the workbook computes by itself.
"""
