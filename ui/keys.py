"""Keys of the session state: the only place where they are spelled.

Widgets that must survive a change of page carry `persist_state="session"` beside their key.
"""

LANGUAGE = "lang"
PROJECT = "project"
PAGES = "pages"
PAGE = "page"
VISIT = "visit"
"""Grows with every page that is turned to."""

CUTOFF_M = "cutoff_m"
CUTOFF_OF = "cutoff_of"
WINDOWS = "windows"
GROUPS = "groups"
WHEN = "when"
SEASON = "season"
OPEN_SHARE = "open_share"
KIND_DEFAULTS = "kind_defaults"

MAP = "workbench_map"
TAB = "tab"
GAP_OF = "gap_of"
BY = "by"
AREA = "area"
LOOK = "look"
MORE_AREAS = "more_areas"
MORE_QUESTIONS = "more_asked"
SENSITIVITY = "sensitivity"
PLAN_SEEN = "plan_seen"
PICKED = "picked"
EDITED = "edited"
TRIED = "tried"
MOVE_STATION = "move_station"
FLY = "fly"
FLY_TO = "fly_to"
LASSO = "lasso_held"
STREETS = "streets_held"
TAPPED = "tapped"
ANSWERED = "answered"
NOTICE = "notice"
CANDIDATE_TABLE = "candidate_table"

COMPARED = "compared"
KEPT = "scenarios_kept"

PLAN = "plan"
PLAN_BY = "plan_by"
PLAN_SEARCH = "plan_search"
PLAN_KNOWN = "plan_known"
PLAN_NEW = "plan_new"
PLAN_TARGET = "plan_target"
PLAN_GOAL = "plan_goal"
PLAN_BUDGET = "plan_budget"
PLAN_WISHES = "plan_wishes"
PLAN_WISHES_OPEN = "plan_wishes_open"
PLAN_WISH_WAY = "plan_wish_way"
PLAN_YEARS = "plan_years"
PLAN_AGAIN = "plan_again"
ACTIONS_ASKED = "actions_asked"
ACTIONS_MAY = "actions_may"

PATH_ASKED = "path_asked"
START_ASKED = "start_asked"
TOUR = "tour"
DISTRICT_NAME = "district_name"
TABLE = "import_table"
ASKED_TABLE = "import_asked_table"
DISCARDING = "import_discarding"
SOURCE = "import_source"
UPLOAD = "import_upload"
UPLOAD_ROUND = "import_round"
READ = "import_read"
DRAFT = "import_draft"
LEFT_OUT = "import_left_out"
UPLOADED = "import_uploaded"
COLUMNS_ROUND = "import_columns_round"
MEND_PAGE = "import_mend_page"
DOUBT_PAGE = "import_doubt_page"
DOUBLES_PAGE = "import_doubles_page"
MERGE_PAGE = "import_merge_page"
ADDRESS_PAGE = "import_address_page"
PLACED_ROW = "import_placed_row"
IMPORT_MAP = "import_map"
PLACED_LAST = "placed_last"
"""Key of a file, and its row that a tap placed by itself just now."""

STANDARDS_VIEW = "standards_view"
RULES_TEXT = "rules_text"
RULES_DRAFT = "rules_draft"
RULES_PAIRS = "rules_pairs"
RULES_GROUP = "rules_group"
RULES_REFUSED = "rules_refused"
RULES_PART = "rules_part"
RULES_SETTLED = "rules_settled"
RANK_RANGES = "rank_ranges"
QUOTA_OF = "quota_of"
QUOTA_LEAST = "quota_least"
QUOTA_MOST = "quota_most"
ZONES_FILE = "zones_file"
ZONES_DATUM = "zones_datum"
ZONE_DRAFT = "zone_draft"
ZONE_NAME = "zone_name"
ZONE_AREAS = "zone_areas"
ZONE_CHOSEN = "zone_chosen"
STANDARDS_BY = "standards_by"
STANDARDS_MAP = "standards_map"
STANDARDS_FLY = "standards_fly"
STANDARDS_PICKED = "standards_picked"
APART_FIRST = "apart_first"
APART_SECOND = "apart_second"
APART_AREA = "apart_area"
MAIN_STREET = "main_street"
MAIN_STREET_TABLE = "main_street_table"
USE_PART = "use_part"
USE_SHOWN = "use_shown"
USE_TABLE = "use_table"
HAVES_TABLE = "haves_table"

DEMAND_ENTERPRISES = "demand_enterprises"
DEMAND_SHIFT = "demand_shift"
DEMAND_TABLES = "demand_tables"
DEMAND_GROUP = "demand_group"
DEMAND_APART = "demand_apart"
DEMAND_SWEEPERS = "demand_sweepers"
DEMAND_NEED = "demand_need"
DEMAND_TOTALS = "demand_totals"
DEMAND_COUNTED = "demand_counted"
DEMAND_NOTICE = "demand_notice"
PROFILE_TABLE = "demand_profile_table"
PROFILE_FILE = "demand_profile_file"

REPORT_VIEW = "report_view"
REPORT_PLAN = "report_plan"
REPORT_BESIDE = "report_beside"
REPORT_BY = "report_by"
REPORT_SEASON = "report_season"
REPORT_PEOPLE = "report_people"
REPORT_LANG = "report_lang"
REPORT_FORMATS = "report_formats"
REPORT_BUNDLE = "report_bundle"
REPORT_MADE = "report_made_files"
REPORT_ALL = "report_all"
REPORT_REPLAY = "report_replay"
REPORT_CHECKED = "report_checked"
REPORT_AGAIN = "report_again"
REPORT_TEMPLATE = "report_template_file"

SIGNED = "signed"
ACCOUNT = "account"
GIVEN = "given_password"
OWN_CHANGED = "own_changed"

HOSTS_FILE = "hosts_file"
HOSTS_OPEN = "hosts_open"
HOSTS_FROM = "hosts_from"
HOSTS_SPACING = "hosts_spacing"
HOSTS_FIRM = "hosts_firm"
HOSTS_PREVIEW = "hosts_preview"
HOSTS_DONE = "hosts_done"

SETTINGS_PART = "settings_part"
LOOK_CHOICE = "look_choice"

LEDGER_VIEW = "ledger_view"
LEDGER_KIND = "ledger_kind"
LEDGER_TEXT = "ledger_text"
LEDGER_UNITS = "ledger_units"
LEDGER_STATES = "ledger_states"
LEDGER_LACKS = "ledger_lacks"
LEDGER_DELETED = "ledger_deleted"
LEDGER_OFFSET = "ledger_offset"
LEDGER_ROUND = "ledger_round"
LEDGER_OPEN = "ledger_open"
LEDGER_DRAFT = "ledger_draft"
LEDGER_CONFLICT = "ledger_conflict"
LEDGER_DAY = "ledger_day"
LEDGER_PLAN = "ledger_plan"
LEDGER_PLANS = "ledger_plans"
LEDGER_FORM = "ledger_form_id"
LEDGER_PLACE = "ledger_place_chosen"
LEDGER_PHONE = "ledger_phone"
LEDGER_MAP = "ledger_map"
TASK_ANSWERED = "task_answered"
TASK_KIND = "task_kind"
TASK_UNIT = "task_unit"
TASK_ASKING = "task_asking"
TASK_ABOUT = "task_about"
TASK_CLOSED = "task_closed"
TARGET_YEAR = "target_year"
TARGETS = "targets"

# What speaks of one project's records, and must not survive a switch to the other.
OF_ONE_PROJECT = (
    PICKED,
    FLY_TO,
    LASSO,
    STREETS,
    EDITED,
    TRIED,
    TAPPED,
    NOTICE,
    PLAN,
    PLAN_SEARCH,
    PLAN_KNOWN,
    PLAN_WISHES,
    PLAN_YEARS,
    PLAN_AGAIN,
    ACTIONS_ASKED,
    READ,
    DRAFT,
    LEFT_OUT,
    HOSTS_PREVIEW,
    HOSTS_DONE,
    DEMAND_TABLES,
    DEMAND_NOTICE,
    PROFILE_TABLE,
    WINDOWS,
    GROUPS,
    REPORT_PLAN,
    REPORT_BY,
    REPORT_MADE,
    REPORT_CHECKED,
    REPORT_AGAIN,
    AREA,
    STANDARDS_PICKED,
    APART_AREA,
    MAIN_STREET,
    RULES_DRAFT,
    RULES_PAIRS,
    RULES_REFUSED,
    ZONE_DRAFT,
    ZONE_NAME,
    ZONE_AREAS,
    ZONE_CHOSEN,
    LEDGER_UNITS,
    LEDGER_STATES,
    LEDGER_OFFSET,
    LEDGER_OPEN,
    LEDGER_DRAFT,
    LEDGER_CONFLICT,
    LEDGER_DAY,
    LEDGER_PLAN,
    LEDGER_PLANS,
    TASK_ANSWERED,
    TASK_ABOUT,
    TARGETS,
)
