"""报告: what goes in, its first page, its files, and earlier ones checked.

page       the page; asked, scenario: what goes in; template: the district's own Word file
making     content and files, one after another; files: the button and how far it is
earlier    what was reported; check: one of them made again, figure by figure; words
"""
