"""The four steps by which a file comes in: nothing is stored before the last button.

words      what the steps say
draft      what people chose so far for one file, kept while they go on and back
reading    the file as it was chosen to be read, remembered between runs of the page
rows       rows of the file as they stand in it, with its own row numbers
file       step 1: what it is, encoding, sheet or layer
columns    step 2: which column is what
datum      step 3: the datum, what the file states, what the evidence says; `sketch` draws it
check      step 4: the frame; `mending` rows, `doubles`, `unplaced` rows, `merging` of registers
storing    the last button: one batch that can be undone
rejected   the rows that were left out, as a spreadsheet
"""
