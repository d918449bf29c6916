"""What is done here to our rows of 911 records."""
