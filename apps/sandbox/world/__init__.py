"""What the provider's world is made of: places, numbers, ports, calls, campaigns, tickets."""
