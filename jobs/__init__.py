"""Worker processes with limits of time and memory; knows nothing of what they compute.

runner   `run(function, *args, wall_s=...)`: one call in a process of its own, killed at its limit
child    what that process does: sets its limits, calls, answers
handle   `start(function, *args, wall_s=...)`: a call to be looked at while it is under way, and
         cancelled; its process serves the next call
server   what that process does
progress `tell`: how far a job of `run` has come; `report`: what one of `start` has so far
wire     how a call and its answer travel
errors   a job met its limit, or failed
"""

from jobs.errors import JobFailedError, LimitReached
from jobs.handle import Job, prepare, start
from jobs.progress import report, tell
from jobs.runner import run

__all__ = ["Job", "JobFailedError", "LimitReached", "prepare", "report", "run", "start", "tell"]
