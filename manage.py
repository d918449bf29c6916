#!/usr/bin/env python
"""The portal's command line. `sandbox` runs on settings of its own: the provider knows nothing of
the portal.
"""

import os
import sys

if __name__ == "__main__":
    provider = sys.argv[1:2] == ["sandbox"]
    if not provider and not {"SECRET_KEY", "DEBUG", "DEMO"} & os.environ.keys():
        from portal.demo import place

        os.environ.update(place.running())  # beside `make demo` a command works on the demo
    os.environ.setdefault(
        "DJANGO_SETTINGS_MODULE", "apps.sandbox.settings" if provider else "portal.settings"
    )
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
