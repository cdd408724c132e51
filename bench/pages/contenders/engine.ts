/** Our engine without a user interface: the difference to the field is what React and the rows cost. */
import { createFileAnswer } from 'file-answer-field/engine'
import { expose } from '../harness.js'

expose(null, async (files) => {
  const answer = createFileAnswer({ endpoint: '/api/uploads' })
  return () =>
    new Promise((resolve) => {
      answer.listen({
        onChange: (ids) => {
          if (ids.length === files.length) resolve()
        },
      })
      answer.add(files)
    })
})
