/** Class names or ids of an attribute, in a row; undefined where there are none. */
export const spaced = (...words: readonly (string | false | null | undefined)[]): string | undefined =>
  words.filter(Boolean).join(' ') || undefined
