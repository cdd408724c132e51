// A mistake that a bundle must tell of.
import { toNodeListener } from 'file-answer-field/server/node'
import { createUploadHandler } from 'file-answer-field/server'

console.log(toNodeListener, createUploadHandler)
