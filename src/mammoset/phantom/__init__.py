"""Synthetic exams with known truth, the archive that serves them, and the people who read them.

From the top: `hospital.build_hospital` writes an archive and its truth, `pacs.EmbeddedPacs` serves it, `readers` and
`reviewer` stand for the people; `population.draw_population` decides what there is, `render.render` draws it.
No real patient, person, institution or device is in it.
"""
