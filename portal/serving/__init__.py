"""The web process's HTTP: gunicorn keeps the processes, waitress reads and writes by events."""
