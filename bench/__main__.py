"""Runs the benchmarks whose name begins with ONLY (default: all) and prints one JSON object a line.

A module of this package joins in by BENCHES: a name to a function that yields dicts with name,
value, unit, against and ratio.
"""

import importlib
import json
import pkgutil
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent


def benches() -> dict[str, Callable[[], Iterable[dict[str, Any]]]]:
    found: dict[str, Callable[[], Iterable[dict[str, Any]]]] = {}
    for module in sorted(
        one.name
        for one in pkgutil.iter_modules([str(ROOT / "bench")])
        if not one.name.startswith("_")
    ):
        found |= getattr(importlib.import_module(f"bench.{module}"), "BENCHES", {})
    return found


def commit() -> str:
    done = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip()


def main(only: str = "") -> int:
    here, broken = commit(), 0
    for name, run in benches().items():
        if not name.startswith(only):
            continue
        try:
            for line in run():
                print(
                    json.dumps(
                        {
                            **line,
                            "at": datetime.now(UTC).isoformat(timespec="seconds"),
                            "commit": here,
                        }
                    ),
                    flush=True,
                )
        except Exception:  # noqa: BLE001 - one broken benchmark must not hide the others
            broken += 1
            print(f"{name}:", file=sys.stderr)
            traceback.print_exc()
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main("".join(word for word in sys.argv[1:2] + sys.argv[2:3] if word != "--only")))
