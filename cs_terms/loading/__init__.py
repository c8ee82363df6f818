"""Definition files to a database of what they say.

`files` finds and reads them, `yaml_tree` makes a tree of one, `shape` holds it against the `schema`, `build` turns it into
the model's types, `rules` (`within` a file, `between` files) say what is wrong, `compiling` writes it all into a database,
`kept` finds that again in the next run, and `database` answers questions to it.
"""
