"""Every hiding place of an identifier that is known, as a table: `table.threats` names them, `corpus` writes files.

A row knows what it plants, where, and the canaries that tell whether it came through: `Threat.plant` makes one file of
a vendor of the phantom in one transfer syntax. Nothing here is committed as a file; all of it is
made when it is needed.
"""
