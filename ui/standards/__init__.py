"""标准: the standard in force, and all of them side by side.

page       the page; setting: the one in force; compute: what the page shows, once
side       side by side; apart: where two disagree; streets: main streets
map, words
"""
