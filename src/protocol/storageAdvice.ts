/** What storage's own words mean for whoever sets it up: told by the field in development, and by `doctor`. */

/** S3's codes, in a sentence. */
export const storageAdvice: Readonly<Record<string, string>> = {
  RequestTimeTooSkewed: "The signing server's clock and the storage's differ by more than 15 minutes.",
  SignatureDoesNotMatch:
    'What was sent differs from what was signed (a header, the content type, the length, the host name), or the secret key is wrong.',
  InvalidAccessKeyId: 'The storage does not know the access key that signed.',
  NoSuchBucket: 'The bucket of the signed URL does not exist at this endpoint.',
  PermanentRedirect: 'The bucket is in another region than the URL was signed for: set `region` and `endpoint`.',
  TemporaryRedirect: 'The bucket is in another region than the URL was signed for: set `region` and `endpoint`.',
  AuthorizationHeaderMalformed: 'The URL was signed for another region than the bucket is in: set `region`.',
  AuthorizationQueryParametersError: 'The URL was signed for another region than the bucket is in: set `region`.',
  EntityTooLarge: 'The file is larger than the policy allows.',
  EntityTooSmall: 'The file is smaller than the policy allows.',
  AccessDenied: "The signer's credentials lack the permission to put this object, or a bucket policy denies it.",
}

/** The checksum of nothing, which the AWS SDK's default settings sign into a presigned PUT. */
export const emptyChecksumAdvice =
  "The signed URL holds the checksum of an empty body, which some stores refuse: give the S3Client `requestChecksumCalculation: 'WHEN_REQUIRED'`."

/** Whether a name is this machine's own: a page that is served from it reaches it too. */
export const isLoopback = (hostname: string): boolean => /^(localhost|127\.[\d.]+|\[::1\])$/.test(hostname)

/** Names that only the server's own network knows: `minio`, `storage.internal`, `10.0.0.5`. */
export function isInnerHost(hostname: string): boolean {
  if (isLoopback(hostname)) return false
  return (
    (!hostname.includes('.') && !hostname.startsWith('[')) ||
    /\.(internal|local|lan|svc|docker|localhost)$/.test(hostname) ||
    /^(10\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.|\[f[cde])/.test(hostname)
  )
}
