declare module 'virtual:types-of-the-field' {
  import type { TypeMember } from '../../.storybook/propsOfTypes.js'

  export const fieldProps: readonly TypeMember[]
  export const fieldHandle: readonly TypeMember[]
}
