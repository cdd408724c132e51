import { render, screen, waitFor } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { FileAnswerField } from 'file-answer-field'
import { expect, test, vi } from 'vitest'

test('the ids of the stored files come through onChange', async () => {
  vi.stubGlobal(
    'fetch',
    vi.fn(async (url: string, init: { body: string }) => {
      if (url !== '/api/uploads') return new Response(null, { status: 200 }) // the storage
      const { action, files } = JSON.parse(init.body) as { action: string; files: { name: string }[] }
      if (action !== 'presign') return new Response(null, { status: 501 }) // the field asks for `rules`, once
      return Response.json({
        grants: files.map(({ name }) => ({ id: `id of ${name}`, url: `https://bucket.example/${name}` })),
      })
    }),
  )
  const onChange = vi.fn()
  render(<FileAnswerField label="Documents" endpoint="/api/uploads" onChange={onChange} />)

  await userEvent.upload(screen.getByLabelText('Documents', { selector: 'input' }), [
    new File(['a'], 'a.pdf'),
    new File(['b'], 'b.pdf'),
  ])

  await waitFor(() => expect(onChange).toHaveBeenLastCalledWith(['id of a.pdf', 'id of b.pdf'], expect.anything()))
})
