"""Keys of the session state: the only place where they are spelled.

Widgets that must survive a change of page carry `persist_state="session"` beside their key.
"""

LANGUAGE = "lang"
PROJECT = "project"

CUTOFF_M = "cutoff_m"
WINDOWS = "windows"
GROUPS = "groups"

PICKED = "picked"
TAPPED = "tapped"
LAST_EVENT = "last_event"
NOTICE = "notice"
ADD_ATTEMPT = "add_attempt"

PLAN = "plan"
PLAN_BY = "plan_by"
PLAN_NEW = "plan_new"
PLAN_BUDGET = "plan_budget"

INTAKE = "intake"
UPLOAD_ROUND = "upload_round"
