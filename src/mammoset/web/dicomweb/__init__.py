"""DICOMweb: search (QIDO-RS) and retrieval (WADO-RS) of the exams that a person may see, as PS3.18 has them.

`negotiation` chooses what is sent, `searching` answers questions, `stored` reads objects and brings them into another
transfer syntax, `rendering` makes pictures, `multipart` and `answers` put the result on the wire piece by piece.
"""
