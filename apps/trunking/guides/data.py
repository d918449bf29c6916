"""What VoiceTel's own guide tells its customers, as figures. Mend them here when VoiceTel does.

They can change: pages show them as VoiceTel's, with the day they were taken down.
"""

from datetime import date

AS_OF = date(2026, 11, 30)
PORT = 5060
EXPIRES = 360  # seconds between registrations
OPTIONS = 30  # seconds between OPTIONS
CODECS = ("ulaw", "alaw", "g729")
PASSWORD = "YOUR_SIP_PASSWORD"  # noqa: S105 (a placeholder; no page knows the real one)

# Firewalls let UDP in and out of these.
NETWORKS: tuple[tuple[str, str], ...] = (
    ("50.18.88.40/32", "Proxy"),
    ("52.201.88.130/32", "Proxy"),
    ("192.73.251.107/32", "Proxy"),
    ("52.9.226.100/32", "Media"),
    ("52.20.181.50/32", "Media"),
    ("104.225.6.160/29", "San Jose"),
    ("104.225.13.72/29", "Dallas"),
    ("192.73.246.104/29", "Chicago"),
    ("192.73.250.96/29", "Denver"),
    ("192.73.251.104/29", "New York"),
    ("94.75.246.192/26", "Amsterdam"),
    ("148.59.176.0/23", "Anycast"),
)
# What SIP answers mean here, and what to do.
ANSWERS: tuple[tuple[str, str], ...] = (
    ("401", "The password is wrong, or From isn't your account number."),
    ("403", "Your address isn't listed, or From shows a caller ID."),
    ("408", "Your firewall blocks VoiceTel. Check every range above."),
    ("480", "Nothing is registered. Reload and check again."),
)
# In this order, when it registers only at times.
UNSTEADY: tuple[str, ...] = (
    "Check the username and the password.",
    "Check which authentication type is in force.",
    "Allow the ranges above, in the list that your profile uses.",
    "Restart the profile, and wait for a new REGISTER.",
    "Reboot the device: some keep bans in memory.",
    "Try the other host, then a single site.",
)
