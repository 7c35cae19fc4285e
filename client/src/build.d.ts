/** Digest of the descriptions of the server's answers that this client was built with. */
declare const BUILT_SCHEMA: string
