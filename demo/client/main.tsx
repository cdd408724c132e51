import { createFileAnswer } from 'file-answer-field/engine'
import { useState } from 'react'
import { createRoot } from 'react-dom/client'

const answer = createFileAnswer({ endpoint: '/api/uploads', defaultValue: [] })

const describe = async (ids: readonly string[]) => {
  const response = await fetch('/api/uploads', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ action: 'describe', ids }),
  })
  return (await response.json()).files
}

/** One question: files go to storage through the engine, and the presigned GET links are shown. */
function Question() {
  const [stored, setStored] = useState<{ id: string; name: string; url: string }[]>([])
  answer.listen({
    onChange: async (ids, files) =>
      setStored(
        (await describe(ids)).map((file: { id: string; url: string }, index: number) => ({
          ...file,
          name: files[index]?.name,
        })),
      ),
  })
  return (
    <label>
      Documents <input type="file" onChange={(event) => answer.add(event.target.files ?? [])} />
      {stored.map(({ id, name, url }) => (
        <a key={id} href={url}>
          {name}
        </a>
      ))}
    </label>
  )
}

createRoot(document.getElementById('root') as HTMLElement).render(<Question />)
