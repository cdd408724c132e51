import { PureArgsTable } from '@storybook/addon-docs/blocks'
import type { TypeMember } from '../../.storybook/propsOfTypes.js'

/** A table of props or members as the types and their docstrings have them. */
export function TypeTable({ of }: { readonly of: readonly TypeMember[] }) {
  const rows = of.map(({ name, type, isRequired, description, fallback, group }) => [
    name,
    {
      name,
      description,
      type: { name: 'other', value: type, required: isRequired },
      table: {
        type: { summary: type },
        category: group,
        ...(fallback === null ? {} : { defaultValue: { summary: fallback } }),
      },
    },
  ])
  return <PureArgsTable rows={Object.fromEntries(rows)} sort="none" />
}
