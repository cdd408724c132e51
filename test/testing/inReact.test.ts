// @vitest-environment jsdom
import { render, screen } from '@testing-library/react'
import { type ChangeEvent, createElement, type DragEvent, useState } from 'react'
import { describe, expect, test, vi } from 'vitest'
import { chooseFiles, dropFiles, makeFile } from '../../src/testing.js'

/** A host's own field, that reads its files some turns later, as fields do that look for folders. */
function Field() {
  const [names, setNames] = useState<string[]>([])
  const add = async (files: Iterable<File> | null) => {
    const given = [...(files ?? [])]
    await Promise.resolve()
    setNames((before) => [...before, ...given.map(({ name }) => name)])
  }
  return createElement(
    'div',
    {
      onDragOver: (event: DragEvent) => event.preventDefault(),
      onDrop: (event: DragEvent) => {
        event.preventDefault()
        void add(event.dataTransfer.files)
      },
    },
    createElement('input', {
      type: 'file',
      multiple: true,
      'aria-label': 'Documents',
      onChange: ({ target }: ChangeEvent<HTMLInputElement>) => void add(target.files),
    }),
    names.map((name) => createElement('p', { key: name }, name)),
  )
}

describe("in a React host's test", () => {
  test.each([
    ['chosen', chooseFiles],
    ['dropped', dropFiles],
  ])('files %s on a field of React appear, without a warning about act', async (_, give) => {
    const complaints = vi.spyOn(console, 'error').mockImplementation(() => {})
    const { unmount } = render(createElement(Field))
    give(screen.getByLabelText('Documents'), [makeFile('a.pdf'), makeFile('b.pdf')])
    await screen.findByText('b.pdf', {}, { timeout: 15_000 })
    expect(complaints.mock.calls).toEqual([])
    unmount()
    complaints.mockRestore()
  })
})
