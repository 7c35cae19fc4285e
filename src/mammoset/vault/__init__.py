"""The vault: secret key, identities, quarantine of originals. Only `acquire` and `pseudonymize` import it.

::

    <vault>/                 mode 0700
      key                    32 random bytes, hex, mode 0600; or
      key.wrapped            the same under a passphrase
      identities.sqlite      original ↔ pseudonym, which original lies where, who was withdrawn
      quarantine/<study pseudonym>/<image pseudonym>.dcm     originals, byte for byte
      quarantine/.incoming/  what is just arriving; emptied whenever an acquisition starts
      quarantine/.pushed/    what a PACS sent of itself and was told we have, until it is sorted in

Pseudonyms are HMAC-SHA256 under keys derived from the vault key and the dataset's name (HKDF, RFC 5869),
so two datasets of one hospital cannot be linked to each other without the key.
"""

from mammoset.vault.keys import Keys
from mammoset.vault.store import Original, Vault

__all__ = ["Keys", "Original", "Vault"]
