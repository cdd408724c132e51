// @vitest-environment happy-dom
import { uploadsFinish } from './uploads.js'

uploadsFinish()
