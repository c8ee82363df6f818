"""The server for assistants: the Model Context Protocol on standard input and output."""
