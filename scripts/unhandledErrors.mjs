// A reporter for Vitest: errors outside any test fail a run, and its JSON report doesn't name them.
import { rmSync, writeFileSync } from 'node:fs'

export const unhandledErrorsFile = '.cache/unhandled.json'

export default class UnhandledErrors {
  onTestRunStart() {
    rmSync(unhandledErrorsFile, { force: true })
  }
  onTestRunEnd(_modules, errors) {
    const texts = errors.map(
      ({ name, message, stack }) => `an error outside any test\n${name}: ${message}\n${stack ?? ''}`,
    )
    if (texts.length > 0) writeFileSync(unhandledErrorsFile, JSON.stringify(texts))
  }
}
