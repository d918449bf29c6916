"""The rows of each domain, a file a domain."""
