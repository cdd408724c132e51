/** The `accept` rule: which types of file a question takes. One judge for the page and the server. */
import { contentTypeFor, extensionOf, knownTypes, typesByExtension } from './fileTypes.js'

/** A native `accept` string (`'.pdf,image/*'`), or a map from type to extensions (`{ 'application/pdf': ['.pdf'] }`). */
export type Accept = string | Readonly<Record<string, readonly string[]>>

interface AcceptRule {
  readonly extensions: ReadonlySet<string>
  readonly types: readonly string[]
}

const tokensOf = (accept: Accept): string[] =>
  (typeof accept === 'string' ? accept.split(',') : Object.entries(accept).flatMap(([type, list]) => [type, ...list]))
    .map((token) => token.trim().toLowerCase())
    .filter((token) => token !== '')

function parseAccept(accept: Accept): AcceptRule {
  const tokens = tokensOf(accept)
  return {
    extensions: new Set(tokens.filter((token) => !token.includes('/')).map((token) => token.replace(/^\./, ''))),
    types: tokens.filter((token) => token.includes('/')),
  }
}

const svg = 'image/svg+xml'

/** Whether a rule's type (`image/*`, `application/pdf`) covers a type. SVG can carry script, so it must be named. */
function typeCovers(rule: string, type: string): boolean {
  if (rule === type || rule === '*/*' || rule === '*') return true
  return rule.endsWith('/*') && type.startsWith(rule.slice(0, -1)) && type !== svg
}

/**
 * Whether a file may enter under a rule. A listed extension decides alone; a bare type admits a file whose extension
 * the table gives that type; only where the table lacks the extension does the file's own type decide.
 */
export function accepts(accept: Accept | undefined, file: { readonly name: string; readonly type: string }): boolean {
  if (accept === undefined) return true
  const { extensions, types } = parseAccept(accept)
  if (extensions.size === 0 && types.length === 0) return true
  const extension = extensionOf(file.name)
  if (extensions.has(extension)) return true
  const known = knownTypes(file.name)
  const candidates = known.length > 0 ? known : [contentTypeFor('', file.type)]
  return types.some((rule) => candidates.some((type) => typeCovers(rule, type)))
}

/** The file input's attribute: types *and* extensions, since pickers know the one or the other. */
export function acceptAttribute(accept: Accept | undefined): string | undefined {
  if (accept === undefined) return undefined
  const { extensions, types } = parseAccept(accept)
  const tokens = new Set<string>(types)
  for (const type of types) {
    for (const [extension, known] of Object.entries(typesByExtension)) {
      if (known.some((candidate) => typeCovers(type, candidate))) {
        // A wildcard finds most files by itself; only extensions that systems know no type for are added to it.
        if (!type.endsWith('*') || unknownToSystems.has(extension)) tokens.add(`.${extension}`)
      }
    }
  }
  for (const extension of extensions) {
    tokens.add(`.${extension}`)
    for (const type of knownTypes(`x.${extension}`)) tokens.add(type)
  }
  return tokens.size === 0 ? undefined : [...tokens].join(',')
}

/** Measured: a bare Windows or Android gives these no type, so a wildcard greys them out. */
const unknownToSystems = new Set(['heic', 'heif', 'aac', 'amr', '3gp', 'm4a', 'mov', 'avi', 'mkv'])

/** `image/*`, `audio/*` or `video/*`, for what people call so: a drawing of a program's own is neither. */
function familyOf(extension: string): string | undefined {
  const family = /^(image|audio|video)\/(?!svg|vnd)/.exec(knownTypes(`x.${extension}`)[0] ?? '')?.[1]
  return family && `${family}/*`
}

/**
 * The accepted kinds as people know them: `['PDF', 'HWP', 'image/*']`. A wildcard stands for a whole family and is put
 * into words by the catalogue; a family named extension by extension is told as the family.
 */
export function acceptedKinds(accept: Accept | undefined): string[] {
  if (accept === undefined) return []
  const { extensions, types } = parseAccept(accept)
  const kinds = new Set<string>()
  const isWhole = (family: string) =>
    types.includes(family) ||
    Object.keys(typesByExtension).every((extension) => extensions.has(extension) || familyOf(extension) !== family)
  const add = (extension: string) => {
    const family = familyOf(extension)
    if (family !== undefined && isWhole(family)) kinds.add(family)
    else kinds.add(extension === 'jpeg' ? 'JPG' : extension === 'tiff' ? 'TIF' : extension.toUpperCase())
  }
  for (const token of tokensOf(accept)) {
    if (!token.includes('/')) add(token.replace(/^\./, ''))
    else if (token.endsWith('/*') && token !== '*/*') kinds.add(token)
    else {
      const named = Object.entries(typesByExtension).filter(([, known]) => known.includes(token))
      if (typeof accept === 'string' || named.every(([extension]) => !extensions.has(extension))) {
        for (const [extension] of named) add(extension)
      }
    }
  }
  return [...kinds]
}

/** All extensions of a preset with every type they are known by. */
function preset(...extensions: readonly string[]): Readonly<Record<string, readonly string[]>> {
  const map: Record<string, string[]> = {}
  for (const extension of extensions) {
    for (const type of typesByExtension[extension] ?? []) {
      map[type] = [...(map[type] ?? []), `.${extension}`]
    }
  }
  return map
}

/** PDF, Word, Excel, PowerPoint, OpenDocument, RTF, plain text and CSV. Spread into `accept`: `{ ...documents, ...hwp }`. */
export const documents = /* @__PURE__ */ preset(
  'pdf',
  'doc',
  'docx',
  'xls',
  'xlsx',
  'ppt',
  'pptx',
  'odt',
  'ods',
  'odp',
  'rtf',
  'txt',
  'csv',
)
/** Hangul word processor documents: .hwp and .hwpx. */
export const hwp = /* @__PURE__ */ preset('hwp', 'hwpx')
/** Photographs and pictures, HEIC among them; without SVG, which can carry script. */
export const images = /* @__PURE__ */ preset(
  'jpg',
  'jpeg',
  'png',
  'gif',
  'webp',
  'avif',
  'heic',
  'heif',
  'bmp',
  'tif',
  'tiff',
)
/** Sound recordings. */
export const audio = /* @__PURE__ */ preset('mp3', 'm4a', 'wav', 'ogg', 'aac', 'flac', 'amr')
/** Films. */
export const video = /* @__PURE__ */ preset('mp4', 'm4v', 'mov', 'webm', 'mkv', 'avi', 'wmv', '3gp')
/** ZIP, 7z, RAR, tar and the Korean ALZ and EGG. */
export const archives = /* @__PURE__ */ preset('zip', '7z', 'rar', 'tar', 'gz', 'tgz', 'alz', 'egg')
