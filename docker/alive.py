"""Exit 0 when this container's web process answers /healthz; it asks under the portal's own name,
as a proxy would.
"""

import http.client
import os
import sys
from urllib.parse import urlsplit

link = http.client.HTTPConnection("127.0.0.1", 8000, timeout=2)
try:
    link.request(
        "GET", "/healthz", headers={"Host": urlsplit(os.environ["PORTAL_URL"]).hostname or ""}
    )
    sys.exit(link.getresponse().status != http.HTTPStatus.OK)
except OSError:
    sys.exit(1)
