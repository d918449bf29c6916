"""`python -m tests.sandbox.fuzz [MINUTES]`; see rounds.py."""

import os
import sys
from pathlib import Path

from tests.sandbox.fuzz import rounds

document = os.environ.get("VOICETEL_OPENAPI", "")
if not Path(document).is_file():
    sys.exit("fuzz: VOICETEL_OPENAPI must name the provider's document")
sys.exit(
    rounds.main(
        float(sys.argv[1]) if len(sys.argv) > 1 else 10.0,
        str(Path(document).resolve()),
        int(os.environ.get("FUZZ_PORT", "0")),
    )
)
