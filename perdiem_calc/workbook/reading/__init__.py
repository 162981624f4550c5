"""Reading workbooks that came from outside."""
