/** All that is tried of a bucket. */
import type { Check } from '../check.js'
import { attackChecks } from './checks/attacks.js'
import { pageChecks } from './checks/page.js'
import { reachChecks } from './checks/reach.js'
import { tidinessChecks } from './checks/tidiness.js'
import type { Place } from './place.js'

export const doctorChecks: readonly Check<Place>[] = [...reachChecks, ...pageChecks, ...attackChecks, ...tidinessChecks]
