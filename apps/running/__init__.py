"""What keeps the portal going: sweeps and their leases, the broker, health and figures."""
