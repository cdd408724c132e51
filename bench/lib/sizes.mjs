/** Sizes that page and server agree on. */
const mib = 1024 * 1024

/** Above this a file is sent in parts, as our server does by default. */
export const multipartThreshold = 32 * mib

/** Bytes of a part, as our server cuts files by default. */
export const ourPartSize = 8 * mib

/** Uppy sends a file's parts one after the other, so that more of them only cost round trips. */
export const uppyPartSize = 32 * mib
