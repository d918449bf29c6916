"""How what is done with jobs is said: in the activity and in notices."""

from apps.audit.services import ACTIONS
from apps.notifications.kinds import KINDS, Group, Kind

ACTIONS.add(
    {
        "job_started": "started a job",
        "job_paused": "paused a job",
        "job_resumed": "resumed a job",
        "job_stopped": "stopped a job",
    }
)

TOLD: dict[str, Kind] = {
    "job_begun": Kind(
        Group.CHANGES,
        "{by} asked VoiceTel to {what}",
        (
            ("{by} started this job for {name}, VoiceTel account {number}, at {when}. {about}"),
            (
                "We email every owner about changes that can cost money or send calls somewhere"
                " else. If you didn't expect it, ask {by}. The job's page can stop and undo it."
            ),
        ),
        "/jobs/{job}/",
        "Review job",
        "warn",
        owners=True,
    ),
    "job_ended": Kind(
        Group.CHANGES,
        "Job {job} is {word}: {what}",
        ("Job {job} on {name}, VoiceTel account {number}, is {word}. {why}",),
        "/jobs/{job}/",
        "Review results",
    ),
    "job_waits": Kind(
        Group.CHANGES,
        "Job {job} is paused: {what}",
        (
            "Job {job} on {name}, VoiceTel account {number}, is paused. {why}",
            "Nothing more is sent until someone resumes it.",
        ),
        "/jobs/{job}/",
        "Review job",
        "warn",
    ),
}
KINDS.add(TOLD)
