/**
 * The one table of file types, for the field, the server and the presets. Browsers leave `File.type` empty for
 * a third of common extensions, and differ for others, so the extension decides and this table gives its type.
 */

/** Extension → the types it is known by; the first is what we send. */
export const typesByExtension: Readonly<Record<string, readonly string[]>> = {
  // documents
  pdf: ['application/pdf'],
  doc: ['application/msword'],
  docx: ['application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
  xls: ['application/vnd.ms-excel'],
  xlsx: ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
  ppt: ['application/vnd.ms-powerpoint'],
  pptx: ['application/vnd.openxmlformats-officedocument.presentationml.presentation'],
  odt: ['application/vnd.oasis.opendocument.text'],
  ods: ['application/vnd.oasis.opendocument.spreadsheet'],
  odp: ['application/vnd.oasis.opendocument.presentation'],
  rtf: ['application/rtf', 'text/rtf'],
  txt: ['text/plain'],
  md: ['text/markdown'],
  csv: ['text/csv'],
  // hangul
  hwp: ['application/x-hwp', 'application/haansofthwp', 'application/vnd.hancom.hwp'],
  hwpx: ['application/hwp+zip', 'application/haansofthwpx', 'application/vnd.hancom.hwpx', 'application/x-hwpx'],
  hwt: ['application/x-hwt'],
  // images
  jpg: ['image/jpeg'],
  jpeg: ['image/jpeg'],
  png: ['image/png'],
  gif: ['image/gif'],
  webp: ['image/webp'],
  avif: ['image/avif'],
  heic: ['image/heic', 'image/heif'],
  heif: ['image/heif', 'image/heic'],
  bmp: ['image/bmp'],
  tif: ['image/tiff'],
  tiff: ['image/tiff'],
  svg: ['image/svg+xml'],
  psd: ['image/vnd.adobe.photoshop'],
  // audio
  mp3: ['audio/mpeg', 'audio/mp3'],
  m4a: ['audio/mp4', 'audio/x-m4a', 'audio/m4a'],
  wav: ['audio/wav', 'audio/x-wav'],
  ogg: ['audio/ogg'],
  aac: ['audio/aac'],
  flac: ['audio/flac'],
  amr: ['audio/amr'],
  // video
  mp4: ['video/mp4'],
  m4v: ['video/x-m4v'],
  mov: ['video/quicktime'],
  webm: ['video/webm'],
  mkv: ['video/x-matroska', 'video/matroska'],
  avi: ['video/x-msvideo', 'video/avi'],
  wmv: ['video/x-ms-wmv'],
  '3gp': ['video/3gpp'],
  // archives
  zip: ['application/zip', 'application/x-zip-compressed'],
  '7z': ['application/x-7z-compressed'],
  rar: ['application/vnd.rar', 'application/x-rar-compressed', 'application/x-compressed'],
  tar: ['application/x-tar'],
  gz: ['application/gzip', 'application/x-gzip'],
  tgz: ['application/gzip', 'application/x-gzip'],
  alz: ['application/x-alz'],
  egg: ['application/x-egg'],
  // what a browser or a system runs: listed so that a claimed `image/png` does not carry them through
  html: ['text/html'],
  htm: ['text/html'],
  xhtml: ['application/xhtml+xml'],
  xml: ['application/xml', 'text/xml'],
  js: ['text/javascript'],
  mjs: ['text/javascript'],
  css: ['text/css'],
  json: ['application/json'],
  php: ['application/x-httpd-php'],
  phtml: ['application/x-httpd-php'],
  exe: ['application/x-msdownload', 'application/x-ms-dos-executable'],
  msi: ['application/x-msi'],
  bat: ['application/x-bat'],
  cmd: ['application/x-cmd'],
  com: ['application/x-com'],
  scr: ['application/x-scr'],
  sh: ['application/x-sh'],
  ps1: ['application/x-powershell'],
  jar: ['application/java-archive'],
  apk: ['application/vnd.android.package-archive'],
}

/** The part after the last dot, in lower case and NFC; empty where a name has none (`README`, `.gitignore`, `a.`). */
export function extensionOf(name: string): string {
  const clean = name.normalize('NFC').replace(/[\s.]+$/u, '')
  const dot = clean.lastIndexOf('.')
  return dot > 0 ? clean.slice(dot + 1).toLowerCase() : ''
}

/** A media type without its parameters, in lower case. */
const bareType = (type: string): string => (type.split(';', 1)[0] ?? '').trim().toLowerCase()

const isMediaType = (type: string): boolean => /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+$/.test(type)

/** Types our table gives a name's extension; empty where the table lacks it. */
export function knownTypes(name: string): readonly string[] {
  const extension = extensionOf(name)
  return Object.hasOwn(typesByExtension, extension) ? (typesByExtension[extension] ?? []) : []
}

/**
 * The content type to sign and to send: what the browser says, else the table's, else `application/octet-stream`.
 * Backend and page must use the same value, or the signature fails.
 */
export function contentTypeFor(name: string, type: string): string {
  const claimed = bareType(type)
  if (isMediaType(claimed)) return claimed
  return knownTypes(name)[0] ?? 'application/octet-stream'
}
