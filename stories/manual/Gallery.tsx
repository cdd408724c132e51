import { Canvas, Heading, Subheading } from '@storybook/addon-docs/blocks'
import { type ComponentProps, type ReactNode, useEffect, useRef, useState } from 'react'
import { storyNameFromExport } from 'storybook/internal/csf'

type Csf = NonNullable<ComponentProps<typeof Canvas>['meta']>

/** Mounted when it comes near the screen: every story has a page of its own, so that none disturbs another. */
function NearScreen({ height, children }: { readonly height: number; readonly children: ReactNode }) {
  const place = useRef<HTMLDivElement>(null)
  const [isNear, setNear] = useState(false)
  useEffect(() => {
    const observer = new IntersectionObserver((seen) => seen.some((each) => each.isIntersecting) && setNear(true), {
      rootMargin: '400px',
    })
    if (place.current !== null) observer.observe(place.current)
    return () => observer.disconnect()
  }, [])
  return (
    <div ref={place} style={{ minBlockSize: isNear ? 0 : height }}>
      {isNear ? children : null}
    </div>
  )
}

/** One story, played through, with its source. */
export function Shown({
  of,
  meta,
  height = 300,
}: {
  readonly of: object
  readonly meta: Csf
  readonly height?: number
}) {
  return (
    <NearScreen height={height}>
      <Canvas of={of} meta={meta} story={{ inline: false, height: `${height}px` }} />
    </NearScreen>
  )
}

interface GalleryProps {
  readonly title: string
  readonly meta: Csf
  /** Names of exports. @default all */
  readonly only?: readonly string[]
  readonly height?: number
}

/** Modules give their exports by the alphabet; Storybook adds the order they are written in. */
const namesIn = (meta: Csf): readonly string[] =>
  (meta as { __namedExportsOrder?: readonly string[] }).__namedExportsOrder ?? Object.keys(meta)

/** The stories of one file below each other, under their names. */
export function Gallery({ title, meta, only, height }: GalleryProps) {
  const names = namesIn(meta).filter((name) => name !== 'default' && only?.includes(name) !== false)
  return (
    <>
      <Heading>{title}</Heading>
      {names.map((name) => {
        const story = (meta as Record<string, { readonly name?: string }>)[name] ?? {}
        return (
          <div key={name}>
            <Subheading>{story.name ?? storyNameFromExport(name)}</Subheading>
            <Shown of={story} meta={meta} {...(height === undefined ? {} : { height })} />
          </div>
        )
      })}
    </>
  )
}
