"""Reading patient files: CSV in five encodings and workbooks, as a stream of rows whatever is wrong with them."""
