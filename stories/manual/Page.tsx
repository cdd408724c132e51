import { Markdown } from '@storybook/addon-docs/blocks'

/** The manual's pages by the files of docs/ they are made of, where they are named otherwise. */
const pages: Readonly<Record<string, string>> = { api: 'theming' }

const source = 'https://github.com/file-answer-field/file-answer-field/blob/main/'

/** Links between files of docs/ go between pages of the manual; what is no page of it is with the sources. */
export function linked(markdown: string): string {
  return markdown.replaceAll(/\]\((?!https?:|#)([^)#]+)(#[^)]*)?\)/g, (_, path: string, hash = '') => {
    const name = /^(?:docs\/)?([\w-]+)\.md$/.exec(path)?.[1]
    if (name === undefined || !/^[a-z]/.test(name) || name === 'architecture')
      return `](${new URL(path, `${source}${path.startsWith('..') ? 'docs/' : ''}`).href})`
    return `](?path=/docs/manual-${pages[name] ?? name}--docs${hash})`
  })
}

/** A page of docs/ as it stands there: the text has one source. */
export function Page({ of }: { readonly of: string }) {
  return <Markdown>{linked(of)}</Markdown>
}
