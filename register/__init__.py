"""What people told us, in a real database with versions and events.

tables      the tables of the database; record columns come from data/reference/schema.toml
engine      engines, transactions and the errors of a database: what is common
on_sqlite, on_postgres  the modules that know SQLite and PostgreSQL
schema, migrations  how the tables came to be, step by step; run when a register is opened
values      what a record may hold, checked; one canonical JSON
events      the append-only ledger: who did what when and why, chained by hashes
records     records with versions, read and written inside a transaction
layers      content-addressed files beside the database, one active layer of each kind
shared_files  the bytes of those files in a team's database
plans       stored proposals
scenarios   scenarios, kept by name
plan_records  proposals as the register keeps them, and what a stored one rests on
references  records that name other records: checked when written, listed where they hang
shipped_units  the shipped list of Daxing's units as records
users       who works with a register, on the district's side or a unit's
accounts, passwords  who may come in, of the installation; no records
access_log  who came in and what was refused, beside the ledger
tasks, task_steps  what the district asks of units, and who may take which step
targets, checks  figures that are computed: progress, the seven haves, hazards
year        a year's work as the register tells it, for the report
photos      photos without what cameras write beside them
editions    rules and standards as they were
settings    what the district has settled for itself: the standard in force
imports     whole tables taken in as one batch, and what can be undone
verification  whether all is as it was written
checking    full checks and backups in processes of their own
sample      the shipped sample, as contents and as what a real register refuses
moments     which event a date or a time means; clocks that were put back
demand_layers   what the demand was made of, tables of heads, the presence of the district
past        what the register said after an event, read from the ledger
reader      `Reader`: a register opened, and everything that asks it without changing it
finding     how records are found by their words and by what they lack
pages       pages of records and of events: filtered, sorted, counted
steps       what an event changed, column by column
privacy     who sees whose names and phones
undoing     what can be undone now, and why not; one's last change and last undoing
browsing    `Browsing`: a register as people look through it
writer      `Writer`: the one door through which everything is written
edits       `RecordEdits`: single records added, changed, removed; changes undone
contents    `ContentEdits`: whole tables and files taken in, put in use and out of use
register    `Register`: the one thing that other rooms talk to
home        `Home`: the folder with the sample and the district, never mixed
"""

from register.events import Event
from register.home import Home
from register.layers import Layer
from register.moments import AsOf
from register.pages import EventPage, Page, Sort, Wanted, WantedEvents
from register.plans import Plan
from register.records import Batch, Record
from register.register import Register
from register.steps import Difference, Step
from register.tables import DECIDED_ON, KINDS, Kind
from register.undoing import Undoable

__all__ = [
    "DECIDED_ON",
    "KINDS",
    "AsOf",
    "Batch",
    "Difference",
    "Event",
    "EventPage",
    "Home",
    "Kind",
    "Layer",
    "Page",
    "Plan",
    "Record",
    "Register",
    "Sort",
    "Step",
    "Undoable",
    "Wanted",
    "WantedEvents",
]
