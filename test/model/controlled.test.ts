import { explore } from './explore.js'

explore('a controlled field, with echoes, late echoes and instructions', { controlled: true }, 0.3)
