import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Accept,
  acceptAttribute,
  acceptedKinds,
  accepts,
  archives,
  audio,
  documents,
  hwp,
  images,
  video,
} from '../../src/protocol/accept.js'
import { contentTypeFor, extensionOf } from '../../src/protocol/fileTypes.js'

const presets = { documents, hwp, images, audio, video, archives }
const file = (name: string, type = '') => ({ name, type })

/** What browsers were seen to say of files people answer with: name, type, and the preset that takes it. */
const seen: [name: string, types: string[], accept: Accept][] = [
  [
    'a.hwp',
    ['application/x-hwp', '', 'application/haansofthwp', 'application/vnd.hancom.hwp', 'application/octet-stream'],
    hwp,
  ],
  ['a.hwpx', ['', 'application/hwp+zip', 'application/zip', 'application/vnd.hancom.hwpx'], hwp],
  ['a.zip', ['application/zip', 'application/x-zip-compressed', ''], archives],
  ['a.alz', ['', 'application/x-alz'], archives],
  ['a.egg', [''], archives],
  ['a.7z', ['application/x-7z-compressed', ''], archives],
  ['a.rar', ['application/vnd.rar', 'application/x-compressed', ''], archives],
  ['a.heic', ['image/heif', 'image/heic', ''], images],
  ['a.jpg', ['image/jpeg', ''], images],
  ['a.png', ['image/png', ''], images],
  ['a.m4a', ['audio/x-m4a', 'audio/mp4', 'audio/m4a', ''], audio],
  ['a.aac', ['audio/aac', ''], audio],
  ['a.amr', ['audio/AMR', ''], audio],
  ['a.mp3', ['audio/mpeg'], audio],
  ['a.3gp', ['video/3gpp', ''], video],
  ['a.mov', ['video/quicktime', ''], video],
  ['a.avi', ['video/x-msvideo', ''], video],
  ['a.mkv', ['video/x-matroska', 'video/matroska'], video],
  ['a.mp4', ['video/mp4'], video],
  ['a.csv', ['text/csv', 'application/vnd.ms-excel', ''], documents],
  ['a.docx', ['application/vnd.openxmlformats-officedocument.wordprocessingml.document', ''], documents],
  ['a.odt', ['application/vnd.oasis.opendocument.text', ''], documents],
  ['a.pdf', ['application/pdf', ''], documents],
]

describe('presets', () => {
  test.each(seen.flatMap(([name, types, accept]) => types.map((type) => [name, type, accept] as const)))(
    'take %s of type "%s"',
    (name, type, accept) => {
      expect(accepts(accept, file(name, type))).toBe(true)
      expect(accepts(accept, file(name.toUpperCase(), type))).toBe(true)
    },
  )

  test('no type stands in two presets, so that spreading loses nothing', () => {
    const types = Object.values(presets).flatMap((preset) => Object.keys(preset))
    expect(types.filter((type, index) => types.indexOf(type) !== index)).toEqual([])
    const all = { ...documents, ...hwp, ...images, ...audio, ...video, ...archives }
    for (const [name, types] of seen) expect(accepts(all, file(name, types[0]))).toBe(true)
  })

  test('none takes what a browser or a system runs', () => {
    for (const name of ['a.svg', 'a.html', 'a.js', 'a.exe', 'a.php', 'a.jpg.php', 'a.pdf.exe']) {
      for (const preset of Object.values(presets)) expect(accepts(preset, file(name, 'image/png')), name).toBe(false)
    }
  })
})

describe('accepts', () => {
  test.each<[string, Accept | undefined, string, string, boolean]>([
    ['no rule takes everything', undefined, 'a.exe', '', true],
    ['an empty rule takes everything', '', 'a.exe', '', true],
    ['a listed extension decides alone', '.pdf', 'a.pdf', 'text/html', true],
    ['whatever its case', '.PDF', 'a.Pdf', '', true],
    ['a decomposed name matches', '.pdf', 'ﾊ보고서.pdf'.normalize('NFD'), '', true],
    ['a bare type takes the extensions of the table', 'application/zip', 'a.zip', 'application/x-zip-compressed', true],
    ['a bare type does not believe a claim against the table', 'image/png', 'a.php', 'image/png', false],
    ['where the table lacks the extension, the type decides', 'image/png', 'a.xyz', 'image/png', true],
    ['a file without an extension goes by its type', 'image/*', 'photo', 'image/png', true],
    ['parameters of a type don’t count', 'text/x-log', 'a.log', 'text/x-log; charset=utf-8', true],
    ['a wildcard takes its family', 'image/*', 'a.heic', '', true],
    ['but not svg', 'image/*', 'a.svg', 'image/svg+xml', false],
    ['nor a nameless svg', 'image/*', 'drawing', 'image/svg+xml', false],
    ['unless it is named', 'image/*,.svg', 'a.svg', '', true],
    ['or its type is', 'image/svg+xml', 'a.svg', '', true],
    ['the last extension counts', '.jpg', 'a.jpg.php', 'image/jpeg', false],
    ['a trailing dot hides nothing', '.jpg', 'a.php.', 'image/jpeg', false],
    ['a dotfile has no extension', '.gitignore', '.gitignore', '', false],
    ['spaces in the rule don’t matter', ' .pdf , image/* ', 'a.png', '', true],
    ['a map takes types and extensions', { 'application/pdf': ['.pdf'] }, 'a.pdf', '', true],
    ['a prototype’s name is no extension', 'image/*', 'a.constructor', '', false],
  ])('%s', (_, accept, name, type, taken) => {
    expect(accepts(accept, file(name, type))).toBe(taken)
  })

  test('any name and type get a verdict', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.string(),
        fc.string(),
        (accept, name, type) => void accepts(accept, file(name, type)),
      ),
    )
  })
})

describe('the input’s attribute', () => {
  test('holds types and extensions for a picker that knows one of them', () => {
    const tokens = (acceptAttribute(hwp) ?? '').split(',')
    expect(tokens).toEqual(expect.arrayContaining(['.hwp', '.hwpx', 'application/x-hwp', 'application/hwp+zip']))
  })

  test('gives a wildcard the extensions that a bare system has no type for', () => {
    const tokens = (acceptAttribute('image/*') ?? '').split(',')
    expect(tokens).toEqual(expect.arrayContaining(['image/*', '.heic', '.heif']))
    expect(tokens).not.toContain('.svg')
  })

  test.each([[undefined], ['']])('is absent for %j', (accept) => {
    expect(acceptAttribute(accept)).toBeUndefined()
  })
})

describe('the kinds told to people', () => {
  test.each<[Accept, string[]]>([
    ['.pdf,.hwp', ['PDF', 'HWP']],
    [hwp, ['HWP', 'HWPX']],
    [images, ['image/*']],
    ['image/*,.pdf', ['image/*', 'PDF']],
    ['.jpg,.jpeg,.png', ['JPG', 'PNG']],
    ['application/pdf', ['PDF']],
  ])('of %j', (accept, kinds) => {
    expect(acceptedKinds(accept)).toEqual(kinds)
  })
})

describe('the content type that is signed and sent', () => {
  test.each([
    ['a.hwp', '', 'application/x-hwp'],
    ['a.hwpx', '', 'application/hwp+zip'],
    ['a.heic', '', 'image/heic'],
    ['a.m4a', '', 'audio/mp4'],
    ['a.bin', '', 'application/octet-stream'],
    ['a.txt', 'text/plain;charset=utf-8', 'text/plain'],
    ['a.pdf', 'not a type', 'application/pdf'],
    ['a.pdf', 'text/html\r\nx: y', 'application/pdf'],
    ['a.zip', 'application/x-zip-compressed', 'application/x-zip-compressed'],
  ])('of %s as "%s" is %s', (name, type, sent) => {
    expect(contentTypeFor(name, type)).toBe(sent)
  })

  test('of any name and claim is a media type', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (name, type) => {
        expect(contentTypeFor(name, type)).toMatch(/^[\w!#$&^.+-]+\/[\w!#$&^.+-]+$/)
      }),
    )
  })

  test.each([
    ['a.PDF', 'pdf'],
    ['a.tar.gz', 'gz'],
    ['README', ''],
    ['.env', ''],
    ['a.pdf. ', 'pdf'],
    ['', ''],
  ])('the extension of "%s" is "%s"', (name, extension) => {
    expect(extensionOf(name)).toBe(extension)
  })
})
