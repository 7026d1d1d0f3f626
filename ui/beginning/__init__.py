"""The first look around, and five steps to a district of one's own.

path       what is done and what comes next; panel: the steps, drawn; tour; words
"""
