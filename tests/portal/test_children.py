"""The demo's processes end with it, whatever the moment at which it is told to."""

import subprocess
import sys
from pathlib import Path

from tests.portal.production import ROOT

ENDED_UNSEEN = """
import os, sys, time
from pathlib import Path
from portal.demo.children import Child, Family
family = Family()
child = family.start(Child("short", lambda: None, Path(sys.argv[1])))
# As reap() does; the signal that ends the demo comes before it could note so.
os.waitpid(child.pid, 0)
family.end()
print("ended")
"""


def test_a_child_whose_end_was_not_noted_keeps_nobody_waiting(tmp_path: Path):
    command = [sys.executable, "-c", ENDED_UNSEEN, str(tmp_path)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=20, check=False)
    assert run.stdout == "ended\n", run.stderr
