// What a host's test would do, in whichever test DOM: requests mocked by MSW, no kit of ours.
import { render, screen, waitFor } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { HttpResponse, http } from 'msw'
import { setupServer } from 'msw/node'
import { createElement } from 'react'
import { FileAnswerField } from 'file-answer-field'
import { expect, onTestFinished, test, vi } from 'vitest'

export function uploadsFinish(): void {
  test('files are uploaded by a mocked network and their ids come through onChange', async () => {
    const put: string[] = []
    const server = setupServer(
      http.post('http://localhost:3000/api/uploads', async ({ request }) => {
        const { action, files } = (await request.json()) as { action: string; files: { name: string }[] }
        if (action !== 'presign')
          return HttpResponse.json({ error: { code: 'unknown-action', message: '' } }, { status: 400 })
        return HttpResponse.json({
          grants: files.map(({ name }) => ({ id: `id of ${name}`, url: `http://storage.example/${name}` })),
        })
      }),
      http.put('http://storage.example/:name', ({ params }) => {
        put.push(String(params.name))
        return new HttpResponse(null, { status: 200 })
      }),
    )
    server.listen({ onUnhandledRequest: 'error' })
    onTestFinished(() => server.close())
    const onChange = vi.fn()
    render(
      createElement(FileAnswerField, { label: 'Documents', endpoint: 'http://localhost:3000/api/uploads', onChange }),
    )

    // One above the size that needs upload events in a browser.
    const large = new File([new Uint8Array(400_000)], 'b.pdf', { type: 'application/pdf' })
    await userEvent.upload(screen.getByLabelText('Documents', { selector: 'input' }), [
      new File(['a'], 'a.pdf', { type: 'application/pdf' }),
      large,
    ])

    await waitFor(() => expect(onChange).toHaveBeenLastCalledWith(['id of a.pdf', 'id of b.pdf'], expect.anything()), {
      timeout: 15_000,
    })
    expect(put.toSorted()).toEqual(['a.pdf', 'b.pdf'])
  })
}
