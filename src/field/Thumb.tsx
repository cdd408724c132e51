'use client'
/** What a row begins with: a picture of its file where there is one, else its kind and extension. Says nothing alone. */
import { memo, type ReactNode, useState } from 'react'
import type { Entry } from '../answer/entry.js'
import { extensionOf } from '../protocol/fileTypes.js'
import { useField } from './FieldContext.js'
import { useLoaded } from './loaded.js'

const loadPictures = () => import('./pictures.js')

/** Larger ones cost more memory to decode than a small picture is worth, bytes. */
const largestPicture = 64 * 1024 * 1024

export function Thumb({ entry, name }: { readonly entry: Entry; readonly name: string }): ReactNode {
  const { look, part } = useField()
  const { Thumb: Own } = look.components
  if (look.layout === 'compact') return null
  return (
    <div {...part('thumb')} aria-hidden="true">
      {Own === undefined ? pictureOf(entry, look.hasThumbnails) : <Own entry={entry} name={name} />}
    </div>
  )
}

/** Hooks are left to what needs them: most of a thousand rows show a badge. */
function pictureOf(entry: Entry, hasThumbnails: boolean): ReactNode {
  const known = entry.state === 'restored' ? entry.stored : entry
  const type = known?.type ?? ''
  const badge = <Badge type={type} extension={extensionOf(known?.name ?? '')} />
  if (!hasThumbnails || entry.state === 'rejected') return badge
  if (entry.state === 'restored') {
    const url = entry.stored?.thumbnailUrl
    return url === undefined ? badge : <StoredPicture key={url} url={url} instead={badge} />
  }
  // An SVG may hold anything; a file that was refused may be anything.
  const isPicture = entry.size <= largestPicture && /^image\/(?!svg)/.test(type)
  return isPicture ? <ChosenPicture entryKey={entry.key} file={entry.file} instead={badge} /> : badge
}

function StoredPicture({ url, instead }: { readonly url: string; readonly instead: ReactNode }): ReactNode {
  const [isDead, setDead] = useState(false)
  if (isDead) return instead
  return (
    <img src={url} alt="" loading="lazy" decoding="async" referrerPolicy="no-referrer" onError={() => setDead(true)} />
  )
}

function ChosenPicture(file: {
  readonly entryKey: string
  readonly file: File
  readonly instead: ReactNode
}): ReactNode {
  const pictures = useLoaded(loadPictures)
  return pictures === null ? file.instead : <pictures.Picture {...file} />
}

const glyphs = {
  image: 'M14 9h20v17H14zM14 23l6-6 5 5 3-3 6 6M29 14h.01',
  video: 'M12 10h16v15H12zM28 16l8-4v11l-8-4',
  audio: 'M20 25V11l12-3v14M20 25a3.5 3.5 0 1 1-7 0 3.5 3.5 0 0 1 7 0ZM32 22a3.5 3.5 0 1 1-7 0 3.5 3.5 0 0 1 7 0Z',
  archive: 'M13 11h8l3 4h11v12H13zM29 15v3M29 20v3',
  document: 'M16 7h10l6 6v15H16zM26 7v6h6',
}

function kindOf(type: string, extension: string): keyof typeof glyphs {
  const [kind] = type.split('/')
  if (kind === 'image' || kind === 'video' || kind === 'audio') return kind
  return /^(zip|7z|rar|alz|egg|tar|t?gz)$/.test(extension) ? 'archive' : 'document'
}

/** Lines and letters have their looks from the style sheet: attributes of a thousand drawings cost time. */
const Badge = memo(function Badge({ type, extension }: { readonly type: string; readonly extension: string }) {
  return (
    <svg viewBox="0 0 48 48" width="48" height="48" fill="none" stroke="currentColor">
      <path d={glyphs[kindOf(type, extension)]} />
      <text x="24" y="41.5">
        {extension.slice(0, 5).toUpperCase()}
      </text>
    </svg>
  )
})
