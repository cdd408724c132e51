/**
 * Whether a file's first bytes can be those of the type it claims. A guard against the renamed `.exe` and the page that
 * calls itself a picture; no proof that the rest of the file is sound.
 */
import { GetObjectCommand } from '@aws-sdk/client-s3'
import type { Bytes } from './bytes.js'
import type { GrantedFile } from './grantedFile.js'
import { sendOptions, type Storage } from './storage.js'

/** As many as the deepest sign needs: `%PDF-` may come within the first kilobyte. */
const headBytes = 1024

/** The first kilobyte of a stored file. */
export async function firstBytesOf(file: GrantedFile, { client }: Storage, signal?: AbortSignal): Promise<Bytes> {
  if (file.size === 0) return new Uint8Array()
  const range = { Bucket: file.bucket, Key: file.key, Range: `bytes=0-${headBytes - 1}` }
  const { Body } = await client.send(new GetObjectCommand(range), sendOptions(signal))
  return new Uint8Array((await Body?.transformToByteArray()) ?? [])
}

/** Bytes at a place, as text of Latin-1. */
type Sign = readonly [at: number, text: string]

const signs = {
  png: [[0, '\x89PNG\r\n\x1a\n']],
  jpeg: [[0, '\xff\xd8\xff']],
  gif: [
    [0, 'GIF87a'],
    [0, 'GIF89a'],
  ],
  webp: [[8, 'WEBP']],
  bmp: [[0, 'BM']],
  tiff: [
    [0, 'II*\0'],
    [0, 'MM\0*'],
    [0, 'II+\0'],
    [0, 'MM\0+'],
  ],
  psd: [[0, '8BPS']],
  // The family of MP4: HEIC, AVIF, M4A, QuickTime and 3GP too. Old QuickTime begins with its boxes.
  mp4: [
    [4, 'ftyp'],
    [4, 'moov'],
    [4, 'mdat'],
    [4, 'free'],
    [4, 'skip'],
    [4, 'wide'],
  ],
  riff: [
    [0, 'RIFF'],
    [0, 'RF64'],
  ],
  matroska: [[0, '\x1aE\xdf\xa3']],
  asf: [[0, '0&\xb2u\x8ef\xcf\x11']],
  ogg: [[0, 'OggS']],
  flac: [
    [0, 'fLaC'],
    [0, 'ID3'],
  ],
  mp3: [
    [0, 'ID3'],
    [0, '\xff\xfb'],
    [0, '\xff\xfa'],
    [0, '\xff\xf3'],
    [0, '\xff\xf2'],
    [0, '\xff\xe3'],
  ],
  aac: [
    [0, '\xff\xf1'],
    [0, '\xff\xf9'],
    [0, 'ID3'],
    [0, 'ADIF'],
  ],
  amr: [[0, '#!AMR']],
  zip: [
    [0, 'PK\x03\x04'],
    [0, 'PK\x05\x06'],
    [0, 'PK\x07\x08'],
  ],
  // What Office and Hancom wrote before they zipped.
  ole: [[0, '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1']],
  hwp3: [[0, 'HWP Document File']],
  rtf: [[0, '{\\rtf']],
  '7z': [[0, "7z\xbc\xaf'\x1c"]],
  rar: [[0, 'Rar!\x1a\x07']],
  gzip: [[0, '\x1f\x8b']],
  tar: [[257, 'ustar']],
  exe: [[0, 'MZ']],
  elf: [[0, '\x7fELF']],
} as const satisfies Record<string, readonly Sign[]>

type SignName = keyof typeof signs

/** Types whose files begin with a sign; of several one suffices. `pdf` and `text` are looked for otherwise. */
const expectedOf: Readonly<Record<string, readonly (SignName | 'pdf' | 'text')[]>> = {
  'application/pdf': ['pdf'],
  'image/png': ['png'],
  'image/jpeg': ['jpeg'],
  'image/gif': ['gif'],
  'image/webp': ['webp'],
  'image/bmp': ['bmp'],
  'image/tiff': ['tiff'],
  'image/heic': ['mp4'],
  'image/heif': ['mp4'],
  'image/avif': ['mp4'],
  'image/svg+xml': ['text', 'gzip'],
  'image/vnd.adobe.photoshop': ['psd'],
  'application/msword': ['ole', 'rtf', 'zip'],
  'application/vnd.ms-excel': ['ole', 'zip'],
  'application/vnd.ms-powerpoint': ['ole', 'zip'],
  // With a password Office wraps its zip into the old format.
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': ['zip', 'ole'],
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': ['zip', 'ole'],
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': ['zip', 'ole'],
  'application/vnd.oasis.opendocument.text': ['zip'],
  'application/vnd.oasis.opendocument.spreadsheet': ['zip'],
  'application/vnd.oasis.opendocument.presentation': ['zip'],
  'application/rtf': ['rtf'],
  'application/x-hwp': ['ole', 'hwp3'],
  'application/hwp+zip': ['zip'],
  'audio/mpeg': ['mp3'],
  'audio/mp4': ['mp4'],
  'audio/wav': ['riff'],
  'audio/ogg': ['ogg'],
  'audio/aac': ['aac'],
  'audio/flac': ['flac'],
  'audio/amr': ['amr'],
  'video/mp4': ['mp4'],
  'video/x-m4v': ['mp4'],
  'video/quicktime': ['mp4'],
  'video/3gpp': ['mp4'],
  'video/webm': ['matroska'],
  'video/x-matroska': ['matroska'],
  'video/x-msvideo': ['riff'],
  'video/x-ms-wmv': ['asf'],
  'application/zip': ['zip'],
  'application/x-7z-compressed': ['7z'],
  'application/vnd.rar': ['rar'],
  'application/x-tar': ['tar'],
  'application/gzip': ['gzip'],
  'text/plain': ['text'],
  'text/csv': ['text'],
  'text/markdown': ['text'],
  'text/html': ['text'],
  'application/xml': ['text'],
  'application/json': ['text'],
}

/** Other names of those types, as browsers and systems say them. */
const sameAs: Readonly<Record<string, string>> = {
  'text/rtf': 'application/rtf',
  'application/haansofthwp': 'application/x-hwp',
  'application/vnd.hancom.hwp': 'application/x-hwp',
  'application/haansofthwpx': 'application/hwp+zip',
  'application/vnd.hancom.hwpx': 'application/hwp+zip',
  'application/x-hwpx': 'application/hwp+zip',
  'audio/mp3': 'audio/mpeg',
  'audio/x-m4a': 'audio/mp4',
  'audio/m4a': 'audio/mp4',
  'audio/x-wav': 'audio/wav',
  'video/matroska': 'video/x-matroska',
  'video/avi': 'video/x-msvideo',
  'application/x-zip-compressed': 'application/zip',
  'application/x-rar-compressed': 'application/vnd.rar',
  'application/x-compressed': 'application/vnd.rar',
  'application/x-gzip': 'application/gzip',
  'text/xml': 'application/xml',
}

const latin1 = (bytes: Bytes): string => String.fromCharCode(...bytes)

const begins = (head: string, name: SignName): boolean =>
  signs[name].some(([at, text]) => head.slice(at, at + text.length) === text)

// A NUL is in every program and picture, and in no text but UTF-16, which says so at its start.
const isText = (head: string): boolean => !head.includes('\0') || /^(\xff\xfe|\xfe\xff)/.test(head)

const isKind = (head: string, name: SignName | 'pdf' | 'text'): boolean =>
  name === 'pdf' ? head.includes('%PDF-') : name === 'text' ? isText(head) : begins(head, name)

/** Whether bytes at the start of a file may be those of a type. True for types whose files have no sign of their own. */
export function mayBe(type: string, bytes: Bytes): boolean {
  const name = Object.hasOwn(sameAs, type) ? (sameAs[type] ?? type) : type
  const expected = Object.hasOwn(expectedOf, name) ? expectedOf[name] : undefined
  if (expected === undefined || bytes.length === 0) return true
  const head = latin1(bytes)
  return expected.some((kind) => isKind(head, kind))
}

/** Signs that tell one type, the surest first. */
const types: readonly (readonly [SignName | 'pdf', string])[] = [
  ['png', 'image/png'],
  ['jpeg', 'image/jpeg'],
  ['gif', 'image/gif'],
  ['webp', 'image/webp'],
  ['psd', 'image/vnd.adobe.photoshop'],
  ['tiff', 'image/tiff'],
  ['exe', 'application/x-msdownload'],
  ['elf', 'application/x-executable'],
  ['zip', 'application/zip'],
  ['7z', 'application/x-7z-compressed'],
  ['rar', 'application/vnd.rar'],
  ['gzip', 'application/gzip'],
  ['rtf', 'application/rtf'],
  ['matroska', 'video/webm'],
  ['ogg', 'audio/ogg'],
  ['pdf', 'application/pdf'],
]

/** The type that the bytes look like; null where no sign tells. A page is told by its first tag. */
export function kindOf(bytes: Bytes): string | null {
  const head = latin1(bytes)
  const known = types.find(([name]) => isKind(head, name))
  if (known !== undefined) return known[1]
  return /^[\s\ufeff\xef\xbb\xbf]*<(!doctype html|html|head|body|script|iframe|svg|\?xml)/i.test(head)
    ? 'text/html'
    : null
}
