"""What other systems read and write, one file a format, and the server for assistants."""
