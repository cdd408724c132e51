import { explore } from './explore.js'

explore('a field of one file, whose successor takes its place', { maxFiles: 1, restored: [] }, 0.1)
