"""Answers as text: pages for a terminal or for Markdown, records, JSON, and the streams that they go to."""
