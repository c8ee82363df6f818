"""The page to share: one HTML file that holds a glossary and all that it needs to be read."""
