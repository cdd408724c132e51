/** Reads members of interfaces with their docstrings, so that the manual's tables are made from the types themselves. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseSync, type Plugin } from 'vite'

export interface TypeMember {
  readonly name: string
  /** As written. */
  readonly type: string
  readonly isRequired: boolean
  readonly description: string
  /** What `@default` says. */
  readonly fallback: string | null
  /** The heading it stands under. */
  readonly group: string
}

interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly id?: { readonly name: string }
  readonly declaration?: Node
  readonly body?: { readonly body: readonly Member[] }
}
interface Member extends Node {
  readonly key: { readonly name: string; readonly start: number }
  readonly optional?: boolean
  readonly typeAnnotation?: { readonly typeAnnotation: Node }
}

/** The text of a docstring, and its `@default` apart. */
function told(comment: string): Pick<TypeMember, 'description' | 'fallback'> {
  const text = comment
    .replaceAll(/^\s*\* ?/gm, '')
    .replaceAll(/\{@link (\S+)\}/g, '`$1`')
    .replaceAll(/\s+/g, ' ')
    .trim()
  const [description = '', fallback] = text.split(/\s*@default\s*/)
  return { description, fallback: fallback ?? null }
}

/** The members of one interface of a file. */
export function membersOf(path: string, source: string, name: string, group: string): TypeMember[] {
  const { program, comments } = parseSync(path, source)
  const declarations = (program.body as unknown as Node[]).map((node) => node.declaration ?? node)
  const found = declarations.find(({ type, id }) => type === 'TSInterfaceDeclaration' && id?.name === name)
  if (found?.body === undefined) throw new Error(`${path} has no interface ${name}.`)
  return found.body.body.map((member) => {
    const comment = comments.find(({ end }) => end < member.start && source.slice(end, member.start).trim() === '')
    const shown = member.typeAnnotation?.typeAnnotation ?? { ...member, start: member.key.start }
    const type = source
      .slice(shown.start, shown.end)
      .replaceAll(/\s+/g, ' ')
      .replace(/ \| undefined$/, '')
      .replace(/^\|? ?\((.*)\)$/, '$1')
    return { name: member.key.name, type, isRequired: member.optional !== true, group, ...told(comment?.value ?? '') }
  })
}

const tables = {
  fieldProps: [
    ['src/field/props.ts', 'CommonProps', 'The field'],
    ['src/answer/admission.ts', 'Rules', 'Rules'],
    ['src/field/props.ts', 'Value', 'The value'],
    ['src/engine/valueExchange.ts', 'FileAnswerListeners', 'The value'],
    ['src/field/props.ts', 'Persisted', 'The draft'],
  ],
  fieldHandle: [['src/field/props.ts', 'FileAnswerHandle', 'The handle']],
} as const

const id = 'virtual:types-of-the-field'

/** `import { fieldProps, fieldHandle } from 'virtual:types-of-the-field'` */
export function typesOfTheField(): Plugin {
  return {
    name: 'types-of-the-field',
    resolveId: (asked) => (asked === id ? `\0${id}` : null),
    load(asked) {
      if (asked !== `\0${id}`) return null
      return Object.entries(tables)
        .map(([name, rows]) => {
          const members = rows.flatMap(([file, type, group]) => {
            const path = fileURLToPath(new URL(`../${file}`, import.meta.url))
            this.addWatchFile(path)
            return membersOf(path, readFileSync(path, 'utf8'), type, group)
          })
          return `export const ${name} = ${JSON.stringify(members)}`
        })
        .join('\n')
    },
  }
}
