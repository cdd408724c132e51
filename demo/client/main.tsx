import { useState } from 'react'
import { createRoot } from 'react-dom/client'

const call = async (body: object) => {
  const response = await fetch('/api/uploads', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return response.json()
}

/** One question, one file: asks for a presigned PUT, sends the bytes, shows the presigned GET. */
function Question() {
  const [stored, setStored] = useState<{ name: string; url: string } | null>(null)
  const send = async (file: File) => {
    const { grants } = await call({
      action: 'presign',
      files: [{ key: crypto.randomUUID(), name: file.name, size: file.size, type: file.type }],
    })
    const [{ id, url, headers }] = grants
    const answer = await fetch(url, { method: 'PUT', headers, body: file })
    if (!answer.ok) throw new Error(`Storage answered ${answer.status}`)
    const { files } = await call({ action: 'describe', ids: [id] })
    setStored({ name: file.name, url: files[0].url })
  }
  return (
    <label>
      Documents <input type="file" onChange={(event) => event.target.files?.[0] && send(event.target.files[0])} />
      {stored && <a href={stored.url}>{stored.name}</a>}
    </label>
  )
}

createRoot(document.getElementById('root') as HTMLElement).render(<Question />)
