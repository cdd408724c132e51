import { render, screen } from '@testing-library/react'
import { useState } from 'react'
import { expect, test } from 'vitest'
import { chooseFiles, dropFiles, makeFile, pasteFiles } from '../../src/testing.js'

function Field() {
  const [names, setNames] = useState<string[]>([])
  const add = (files: Iterable<File> | null) =>
    setNames((before) => [...before, ...Array.from(files ?? [], ({ name }) => name)])
  return (
    <div
      onDrop={(event) => {
        event.preventDefault()
        add(event.dataTransfer.files)
      }}
      onPaste={({ clipboardData }) => add(clipboardData.files)}
    >
      <input type="file" multiple aria-label="Documents" onChange={({ target }) => add(target.files)} />
      {names.map((name) => (
        <p key={name}>{name}</p>
      ))}
    </div>
  )
}

test.each([
  ['chosen', chooseFiles],
  ['dropped', dropFiles],
  ['pasted', pasteFiles],
])('files %s in a real browser reach a field of React', async (_, give) => {
  const { unmount } = render(<Field />)
  give(screen.getByLabelText('Documents'), [makeFile('a.pdf'), makeFile('b.pdf')])
  await screen.findByText('b.pdf')
  unmount()
})

test('a chosen list can be emptied and chosen again', () => {
  const input = document.createElement('input')
  input.type = 'file'
  chooseFiles(input, makeFile('a.pdf'))
  input.value = ''
  expect(input.files?.length).toBe(0)
  chooseFiles(input, makeFile('b.pdf'))
  expect(input.files?.[0]?.name).toBe('b.pdf')
})
