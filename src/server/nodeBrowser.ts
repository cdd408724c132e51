/** What `file-answer-field/server/node` is in a browser: a reason instead of an empty `node:stream`. */
function refuse(): never {
  throw new Error(
    'file-answer-field/server/node is for Node’s http server: import it on the server only, and give the field its `endpoint`.',
  )
}

export const toNodeListener: never = refuse()
