"""Stage *acquire*: exams from an archive or a folder into the vault's quarantine, drawn and counted."""

from mammoset.acquire.custody import unwrap_key, wrap_key
from mammoset.acquire.folder import acquire_folder
from mammoset.acquire.listen import listen
from mammoset.acquire.pace import Clock
from mammoset.acquire.pacs import acquire_pacs
from mammoset.acquire.pseudonyms import pseudonyms_of, study_pseudonyms_of
from mammoset.acquire.purge import PurgeSummary, purge
from mammoset.acquire.sample import ObjectHeader, StudyVerdict, choose
from mammoset.acquire.summary import AcquireSummary
from mammoset.acquire.wanted import WantedList, read_list

__all__ = [
    "AcquireSummary", "Clock", "ObjectHeader", "PurgeSummary", "StudyVerdict", "WantedList", "acquire_folder",
    "acquire_pacs", "choose", "listen", "pseudonyms_of", "purge", "read_list", "study_pseudonyms_of",
    "unwrap_key", "wrap_key",
]  # fmt: skip
