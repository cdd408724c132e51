// @vitest-environment jsdom
import { uploadsFinish } from './uploads.js'

uploadsFinish()
