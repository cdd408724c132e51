// As much XML as S3's documents need: elements and text. No attributes, namespaces or document types.
import { StorageError } from './errors.js'

/** What an element can hold. An array repeats the element; `undefined` leaves it out. */
export type XmlContent =
  | string
  | number
  | boolean
  | undefined
  | readonly XmlContent[]
  | { readonly [name: string]: XmlContent }

export interface XmlElement {
  readonly name: string
  readonly text: string
  readonly children: readonly XmlElement[]
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

// Characters that XML 1.0 cannot hold, not even escaped; a key may contain them.
// oxlint-disable-next-line no-control-regex
const unrepresentable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/gu

const escape = (text: string) =>
  text.replace(unrepresentable, '\ufffd').replace(/[&<>"\r]/g, (c) => `&#${c.charCodeAt(0)};`)

function element(name: string, content: XmlContent): string {
  if (content === undefined) return ''
  if (isList(content)) return content.map((one) => element(name, one)).join('')
  if (typeof content !== 'object') return `<${name}>${escape(String(content))}</${name}>`
  const inside = Object.entries(content).map(([child, value]) => element(child, value))
  return `<${name}>${inside.join('')}</${name}>`
}

// Array.isArray does not narrow a readonly array.
const isList = (content: XmlContent): content is readonly XmlContent[] => Array.isArray(content)

export function xmlDocument(name: string, content: XmlContent): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element(name, content)}`
}

/** The root element of a document. Throws MalformedXML, also for document types, comments apart. */
export function parseXml(document: string): XmlElement {
  const malformed = () => new StorageError('MalformedXML')
  interface Open {
    name: string
    text: string
    children: XmlElement[]
  }
  const root: Open = { name: '', text: '', children: [] }
  const open: Open[] = [root]
  const current = () => open[open.length - 1] ?? root

  const token =
    /<\?[^]*?\?>|<!--[^]*?-->|<(\/?)([\w:.-]+)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|[^<]+/gy
  const source = document.replace(/^\ufeff/, '')
  while (token.lastIndex < source.length) {
    const match = token.exec(source)
    if (!match) throw malformed()
    const [all, closing, name, , selfClosing] = match
    if (name === undefined) {
      if (!all.startsWith('<')) current().text += unescape(all, malformed)
    } else if (closing) {
      const done = open.pop()
      if (!done || done === root || done.name !== name) throw malformed()
      current().children.push(done)
    } else if (selfClosing) {
      current().children.push({ name, text: '', children: [] })
    } else {
      open.push({ name, text: '', children: [] })
    }
  }
  const [only, ...others] = root.children
  if (open.length !== 1 || !only || others.length > 0 || root.text.trim() !== '') throw malformed()
  return only
}

function unescape(text: string, malformed: () => Error): string {
  return text.replace(/&([^;\s&]*);?/g, (all, name: string) => {
    const numeric = /^#(?:x([0-9a-f]+)|(\d+))$/i.exec(name)
    const code = numeric ? Number.parseInt(numeric[1] ?? numeric[2] ?? '', numeric[1] ? 16 : 10) : Number.NaN
    const character = Number.isNaN(code) ? entities[name] : code <= 0x10ffff ? String.fromCodePoint(code) : undefined
    if (character === undefined || !all.endsWith(';')) throw malformed()
    return character
  })
}

/** The text of the first child of that name. */
export function textOf(parent: XmlElement, name: string): string | undefined {
  return parent.children.find((child) => child.name === name)?.text
}

/** The texts of all children of that name. */
export function textsOf(parent: XmlElement, name: string): string[] {
  return parent.children.filter((child) => child.name === name).map((child) => child.text)
}
