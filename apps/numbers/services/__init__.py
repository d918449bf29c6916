"""What is done here: take in the provider's list, write what a change told, save a label."""
