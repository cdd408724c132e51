'use client'
/**
 * Small pictures of chosen images. The browser decodes them beside the page; a few at a time, only of rows that are
 * seen, drawn into canvases (which no content security policy knows) and freed again. What can't be decoded has none.
 */
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useField } from './FieldContext.js'
import { useCommitEffect } from './useFileAnswer.js'

/** Sides of a picture, px: a row's 48 on a screen of two dots a px. */
const side = 96
const atOnce = 2
/** Pictures of rows that left the screen are kept for when they come back, up to so many. */
const mostKept = 60

async function pictureOf(bytes: Blob): Promise<HTMLCanvasElement> {
  const bitmap = await createImageBitmap(bytes, { resizeWidth: side, resizeQuality: 'medium' })
  const canvas = document.createElement('canvas')
  canvas.width = side
  canvas.height = side
  const scale = Math.max(side / bitmap.width, side / bitmap.height)
  const [width, height] = [bitmap.width * scale, bitmap.height * scale]
  canvas.getContext('2d')?.drawImage(bitmap, (side - width) / 2, (side - height) / 2, width, height)
  bitmap.close()
  return canvas
}

interface Wish {
  readonly file: File
  readonly bytes: () => Promise<Blob | null>
  readonly show: (picture: HTMLCanvasElement) => void
}

const wishes = new Set<Wish>()
/** Of files that are in the list and not on screen, the one that left last at the end. */
const kept = new Map<File, HTMLCanvasElement>()
/** What the browser has no decoder for is not tried at every turn. */
const undecodable = new WeakSet<File>()
let running = 0

function keep(file: File, picture: HTMLCanvasElement): void {
  kept.set(file, picture)
  for (const oldest of kept.keys()) {
    if (kept.size <= mostKept) return
    free(oldest)
  }
}

/** Frees a picture's memory: not with the next collection, but now. */
function free(file: File): void {
  const picture = kept.get(file)
  if (picture !== undefined) picture.width = 0
  kept.delete(file)
}

async function make({ file, bytes, show }: Wish): Promise<void> {
  const blob = await bytes()
  if (blob === null || blob.size === 0) return
  try {
    show(await pictureOf(blob))
  } catch {
    undecodable.add(file)
  }
}

function work(): void {
  for (const wish of wishes) {
    if (running >= atOnce) return
    wishes.delete(wish)
    running += 1
    void make(wish).finally(() => {
      running -= 1
      work()
    })
  }
}

/** Gives back the end of the wish. */
function ask(wish: Wish): () => void {
  const picture = kept.get(wish.file)
  if (picture !== undefined) {
    kept.delete(wish.file)
    wish.show(picture)
  } else if (!undecodable.has(wish.file)) {
    wishes.add(wish)
    work()
  }
  return () => wishes.delete(wish)
}

/** Who is told that a node came on screen, or nearly, or left it. */
const watchers = new Map<Element, (isSeen: boolean) => void>()
/** One for all rows of the page: a thousand would each be asked at every scroll. */
let observer: IntersectionObserver | null = null

/** Runs `whileSeen` as long as a node is on screen, or nearly; what it gives back ends it. */
function watch(node: Element, whileSeen: () => () => void): () => void {
  let end: (() => void) | null = null
  observer ??= new IntersectionObserver(
    (changes) => {
      for (const { target, isIntersecting } of changes) watchers.get(target)?.(isIntersecting)
    },
    { rootMargin: '200px' },
  )
  watchers.set(node, (isSeen) => {
    if (isSeen === (end !== null)) return
    end?.()
    end = isSeen ? whileSeen() : null
  })
  observer.observe(node)
  return () => {
    observer?.unobserve(node)
    watchers.delete(node)
    end?.()
  }
}

export function Picture({
  entryKey,
  file,
  instead,
}: {
  readonly entryKey: string
  readonly file: File
  /** What is shown while there is none. */
  readonly instead: ReactNode
}): ReactNode {
  const { answer } = useField()
  const place = useRef<HTMLSpanElement>(null)
  const [picture, setPicture] = useState<HTMLCanvasElement | null>(null)
  useEffect(() => {
    const row = place.current?.parentElement
    if (row == null || typeof createImageBitmap === 'undefined' || typeof IntersectionObserver === 'undefined') return
    let isMounted = true
    const end = watch(row, () => {
      let isSeen = true
      let shown: HTMLCanvasElement | null = null
      const endWish = ask({
        file,
        bytes: () => answer.bytesOf(entryKey),
        show(made) {
          if (isSeen) setPicture((shown = made))
          else if (isMounted) keep(file, made)
        },
      })
      return () => {
        isSeen = false
        endWish()
        setPicture(null)
        if (shown !== null) keep(file, shown)
      }
    })
    return () => {
      isMounted = false
      end()
      free(file)
    }
  }, [answer, entryKey, file])
  useCommitEffect(() => {
    place.current?.replaceChildren(...(picture === null ? [] : [picture]))
  }, [picture])
  return (
    <>
      <span ref={place} hidden={picture === null} />
      {picture === null ? instead : null}
    </>
  )
}
