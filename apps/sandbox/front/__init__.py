"""The provider's doors: requests and replies, over HTTP and in the process, whole or spoilt."""
