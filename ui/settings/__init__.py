"""设置: what an administrator settles for this installation.

page       the page; basemap, tiles, limits, look: its parts; lock: who must sign first
storing    changes, asked of the server anew and stored; installed: as pages read them; words
"""
