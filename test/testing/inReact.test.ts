// @vitest-environment jsdom
import { render, screen } from '@testing-library/react'
import { createElement, useState } from 'react'
import { useDropzone } from 'react-dropzone'
import { describe, expect, test, vi } from 'vitest'
import { chooseFiles, dropFiles, makeFile } from '../../src/testing.js'

function Field() {
  const [names, setNames] = useState<string[]>([])
  const { getRootProps, getInputProps, isDragActive } = useDropzone({
    onDrop: (files) => setNames((before) => [...before, ...files.map(({ name }) => name)]),
  })
  return createElement(
    'div',
    getRootProps({ 'data-active': isDragActive }),
    createElement('input', { ...getInputProps(), 'aria-label': 'Documents' }),
    names.map((name) => createElement('p', { key: name }, name)),
  )
}

describe("in a React host's test", () => {
  test.each([
    ['chosen', chooseFiles],
    ['dropped', dropFiles],
  ])('files %s on a drop zone appear, without a warning about act', async (_, give) => {
    const complaints = vi.spyOn(console, 'error').mockImplementation(() => {})
    const { unmount } = render(createElement(Field))
    give(screen.getByLabelText('Documents'), [makeFile('a.pdf'), makeFile('b.pdf')])
    await screen.findByText('b.pdf', {}, { timeout: 15_000 })
    expect(complaints.mock.calls).toEqual([])
    unmount()
    complaints.mockRestore()
  })
})
