/** Presets for the `accept` rule, to spread: `accept={{ ...documents, ...hwp }}`. Safe to import on a server. */
export { type Accept, archives, audio, documents, hwp, images, video } from './protocol/accept.js'
