"""Pure knowledge: label schema, reading rules, workflow, discordance, agreement, the published tables.

Values in, values out: no file (except the package's own default labels), no socket, no SQL, no clock.
"""
