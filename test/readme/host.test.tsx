import { render, screen, waitFor } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { FileAnswerField } from 'file-answer-field'
import { expect, test, vi } from 'vitest'

test('the ids of the stored files come through onChange', async () => {
  vi.stubGlobal(
    'fetch',
    vi.fn(async (url: string, init: RequestInit) => {
      if (url !== '/api/uploads') return new Response(null, { status: 200 }) // the storage
      const { files } = JSON.parse(String(init.body))
      const grants = files.map((file: { name: string }) => ({
        id: `id of ${file.name}`,
        url: `https://bucket.example/${file.name}`,
      }))
      return Response.json({ grants })
    }),
  )
  const onChange = vi.fn()
  render(<FileAnswerField label="Documents" endpoint="/api/uploads" onChange={onChange} />)

  await userEvent.upload(screen.getByLabelText('Documents', { selector: 'input' }), [
    new File(['a'], 'a.pdf'),
    new File(['b'], 'b.pdf'),
  ])

  await waitFor(() => expect(onChange).toHaveBeenLastCalledWith(['id of a.pdf', 'id of b.pdf'], expect.anything()))
  expect(screen.getByRole('button', { name: 'Remove a.pdf' })).toBeVisible()
})
