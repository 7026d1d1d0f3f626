"""台账: records of every kind, their history and photos, tasks, targets, and who signs.

page        the page itself; table, record: many of them, one of them
form        a widget per column; columns, words: which stand where, and what is said
edits       what people do, stored first and told then; conflict: who was faster
history     who changed what; past: the register at the end of a day
checks      seven haves, inspections; mending: what is lacking and who is at it
place       where a new record lies; phone: what the phone says of it; photos
steps       proposed, surveyed, approved or rejected
tasks       what the district asks of units; task_edits: what becomes of it
targets     what units are to open in a year; units, people: who they are
use         idle, overloaded and duplicate stations
stored_plans  plans that were stored; export: all that was looked for, as files; look: its style
"""
