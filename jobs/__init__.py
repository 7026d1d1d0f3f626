"""Worker processes with limits of time and memory; knows nothing of what they compute.

runner   `run(function, *args, wall_s=...)`: one call in a process of its own, killed at its limit
child    what that process does: sets its limits, calls, answers
progress how far a job has come
wire     how a call and its answer travel
errors   a job met its limit, or failed
"""

from jobs.errors import JobFailedError, LimitReached
from jobs.progress import tell
from jobs.runner import run

__all__ = ["JobFailedError", "LimitReached", "run", "tell"]
