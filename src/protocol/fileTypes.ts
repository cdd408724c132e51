/**
 * The one table of file types, for the field, the server and the presets. Browsers leave `File.type` empty for
 * a third of common extensions, and differ for others, so the extension decides and this table gives its type.
 */

/** By family, extension=subtype: `md=markdown` is `text/markdown`, `csv` alone is `text/csv`. */
const families = {
  application:
    // documents
    'pdf doc=msword docx=vnd.openxmlformats-officedocument.wordprocessingml.document ' +
    'xls=vnd.ms-excel xlsx=vnd.openxmlformats-officedocument.spreadsheetml.sheet ' +
    'ppt=vnd.ms-powerpoint pptx=vnd.openxmlformats-officedocument.presentationml.presentation ' +
    'odt=vnd.oasis.opendocument.text ods=vnd.oasis.opendocument.spreadsheet odp=vnd.oasis.opendocument.presentation rtf ' +
    // hangul
    'hwp=x-hwp hwp=haansofthwp hwp=vnd.hancom.hwp ' +
    'hwpx=hwp+zip hwpx=haansofthwpx hwpx=vnd.hancom.hwpx hwpx=x-hwpx hwt=x-hwt ' +
    // archives
    'zip zip=x-zip-compressed 7z=x-7z-compressed rar=vnd.rar rar=x-rar-compressed rar=x-compressed ' +
    'tar=x-tar gz=gzip gz=x-gzip tgz=gzip tgz=x-gzip alz=x-alz egg=x-egg ' +
    // what a browser or a system runs: listed so that a claimed `image/png` does not carry them through
    'xhtml=xhtml+xml xml json php=x-httpd-php phtml=x-httpd-php exe=x-msdownload exe=x-ms-dos-executable msi=x-msi ' +
    'bat=x-bat cmd=x-cmd com=x-com scr=x-scr sh=x-sh ps1=x-powershell jar=java-archive apk=vnd.android.package-archive',
  text: 'rtf txt=plain md=markdown csv html htm=html xml js=javascript mjs=javascript css',
  image:
    'jpg=jpeg jpeg png gif webp avif heic heic=heif heif heif=heic bmp tif=tiff tiff svg=svg+xml psd=vnd.adobe.photoshop',
  audio: 'mp3=mpeg mp3 m4a=mp4 m4a=x-m4a m4a wav wav=x-wav ogg aac flac amr',
  video: 'mp4 m4v=x-m4v mov=quicktime webm mkv=x-matroska mkv=matroska avi=x-msvideo avi wmv=x-ms-wmv 3gp=3gpp',
}

/** Extension → the types it is known by; the first is what we send. */
export const typesByExtension: Readonly<Record<string, readonly string[]>> = /* @__PURE__ */ readTable()

function readTable(): Record<string, string[]> {
  const types: Record<string, string[]> = {}
  for (const [family, members] of Object.entries(families)) {
    for (const member of members.split(' ')) {
      const [extension = '', subtype = extension] = member.split('=')
      types[extension] = [...(types[extension] ?? []), `${family}/${subtype}`]
    }
  }
  return types
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
