"""The claim form that needs no program (layout 2): one table of boxes and columns, its writer and its reader."""
