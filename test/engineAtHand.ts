/** Tests on a virtual clock have what runs at hand from the start: loading a chunk takes real time. */
import { preloadUploading } from '../src/engine/lateEngine.js'

await preloadUploading()
