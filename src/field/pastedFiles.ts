/** Names for pictures that are pasted. Loaded with the first. */
import type { Answer } from '../answer/answer.js'

/** Browsers give every picture of the clipboard the one name `image.png`; a copied file keeps its own, and its date. */
function isPicture({ name, type, lastModified }: File): boolean {
  const now = new File([], '').lastModified
  return type.startsWith('image/') && /^(image\.\w+)?$/.test(name) && Math.abs(now - lastModified) < 5_000
}

/** `20261125-082700`, by the person's own clock. */
function stampOf(when: number): string {
  // Swedish writes a time in the order of its parts.
  const digits = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium' }).format(when)
  return digits.replace(/[^\d ]/g, '').replace(' ', '-')
}

/** Pasted files, pictures named `pasted-20261125-082700.png`: two of one second, and those in the list, are told apart. */
export function namedApart(files: readonly File[], { entries }: Answer, word: string): File[] {
  const taken = new Set(entries.map((entry) => (entry.state === 'restored' ? entry.stored?.name : entry.name)))
  return files.map((file) => {
    if (!isPicture(file)) return file
    const { type, lastModified } = file
    const extension = type.slice('image/'.length).replace(/\W.*/, '').replace('jpeg', 'jpg')
    const stem = `${word}-${stampOf(lastModified)}`
    let name = `${stem}.${extension}`
    for (let number = 2; taken.has(name); number += 1) name = `${stem}-${number}.${extension}`
    taken.add(name)
    return new File([file], name, { type, lastModified })
  })
}
