"""What people see: a room per page, the live map, session keys; asks siting and register.

Rooms: overview 总览, workbench 规划, plan (beside its map), scenarios 方案, ledger 台账,
data 数据 with wizard (files in), rules 规则, standards 标准, report 报告, settings 设置,
sign_in 登录, beginning (the first look around). What they share stands here:

navigation, pages, address      the pages in the bar, by their addresses; what an address keeps
language, labels, builtin_words the language; what codes are called; Streamlit's own words
look, day_night, paper, typesetting   style rules: by day, by night, on paper, for words
tabs, scrolling, onward         what is open, where the eye is, where to go from an empty page
guard, safe                     errors as sentences; other people's text as plain text
keys, memory                    keys of the session state; results out of garbage collection's way
identity                        who sits here, and what their role may do
projects, project_bar           the sample and the district, and which of them is on the screen
compute, opening                results per state and parameters, cached; how pages begin
live_map                        the map, and what people did on it
record_form, edits              the fields of a point; what people do is written
undo_bar, shortcuts             taking one's own changes back, by button and by key
exporting, kept_downloads       what is seen, as a file; how long a promised file is kept
"""
