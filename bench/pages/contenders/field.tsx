/** Our field as a host mounts it. */
import { FileAnswerField } from 'file-answer-field'
import 'file-answer-field/styles.css'
import { createRoot } from 'react-dom/client'
import { chosen, expose, untilShown, withResolvers } from '../harness.js'

expose('li[data-state]', async (files) => {
  const stored = withResolvers()
  const onChange = (ids: string[]) => {
    if (ids.length === files.length) stored.resolve()
  }
  createRoot(document.body.appendChild(document.createElement('main'))).render(
    <FileAnswerField label="Files" endpoint="/api/uploads" onChange={onChange} />,
  )
  const choose = await chosen(files)
  return async () => {
    choose()
    await stored.promise
    await untilShown('li[data-state="done"]', files.length)
  }
})
