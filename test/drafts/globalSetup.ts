import { fileURLToPath } from 'node:url'
import { buildPage } from '../buildPage.ts'
import { builtPage } from './place.js'

export default () => buildPage(fileURLToPath(new URL('./page', import.meta.url)), builtPage)
