/** Files to send that the backend's own rules admit. */
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { contentTypeFor, isObject } from '../../protocol/index.js'
import type { Backend, Sample } from './backend.js'

/** A name and type that an `accept` admits: its first extension, else a file of its first type. */
function acceptedBy(accept: unknown): { name: string; type: string } {
  const [type, extensions] = isObject(accept) ? (Object.entries(accept)[0] ?? []) : []
  const listed = typeof accept === 'string' ? accept.split(',').map((token) => token.trim()) : []
  const extension =
    listed.find((token) => token.startsWith('.')) ??
    (Array.isArray(extensions) ? (extensions[0] as string | undefined) : undefined)
  if (extension !== undefined) {
    const name = `conformance${extension.startsWith('.') ? extension : `.${extension}`}`
    return { name, type: type !== undefined && !type.includes('*') ? type : contentTypeFor(name, '') }
  }
  const wanted = listed.find((token) => token.includes('/')) ?? type
  if (wanted === undefined || wanted === '*/*') return { name: 'conformance.pdf', type: 'application/pdf' }
  const [kind = '', subtype = ''] = wanted.split('/')
  const usual: Readonly<Record<string, string>> = { image: 'png', text: 'plain', audio: 'mpeg', video: 'mp4' }
  const whole = subtype === '*' ? `${kind}/${usual[kind] ?? 'octet-stream'}` : wanted
  const ending = whole === 'text/plain' ? 'txt' : (whole.split('/')[1] ?? 'bin').replace(/[^a-z0-9].*$/, '')
  return { name: `conformance.${ending}`, type: whole }
}

const filled = (size: number, from: Uint8Array | undefined): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(size).fill(0x2e)
  if (from !== undefined) bytes.set(from.subarray(0, size))
  return bytes
}

/** The small file and the large one. `file`: the host's own, where a backend looks at the first bytes. */
export async function samplesFor(
  call: Backend['call'],
  { file, large }: { readonly file: string | undefined; readonly large: number },
): Promise<{ sample: Sample; large: Sample }> {
  const { json } = await call({ action: 'rules' })
  const rules = isObject(json) && isObject(json.rules) ? json.rules : {}
  const own = file === undefined ? undefined : new Uint8Array(await readFile(file))
  const named =
    file === undefined ? acceptedBy(rules.accept) : { name: basename(file), type: contentTypeFor(basename(file), '') }
  const least = typeof rules.minSize === 'number' ? rules.minSize : 1
  const most = typeof rules.maxSize === 'number' ? rules.maxSize : Number.POSITIVE_INFINITY
  // One byte below the limit: a check sends one more.
  const size = own?.length ?? Math.max(least, Math.min(1024, most - 1), 1)
  return { sample: { ...named, bytes: filled(size, own) }, large: { ...named, bytes: filled(large, own) } }
}
