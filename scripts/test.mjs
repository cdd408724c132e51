// Runs every suite, prints each stage's seconds, and ends with one line: `N passed, N failed`.
//   node scripts/test.mjs          what CI runs
//   node scripts/test.mjs --full   the long ones at full length
//   node scripts/test.mjs NAME…    only these stages
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { cephAvailable, startCeph } from './ceph.mjs'
import { unhandledErrorsFile } from './unhandledErrors.mjs'

const args = process.argv.slice(2)
const full = args.includes('--full')
const only = args.filter((arg) => !arg.startsWith('--'))
const ceph = cephAvailable()
const botocore = spawnSync('python3', ['-c', 'import botocore'], { stdio: 'ignore' }).status === 0
if (!ceph && process.env.CI) {
  console.error('CI must run the Ceph suites, and Ceph is not installed: run `npm run setup` as root on Debian.')
  console.log('0 passed, 1 failed')
  process.exit(1)
}
const hasFirefox = existsSync('/usr/bin/firefox-esr')
const hasWebKit = ['/usr/bin/WebKitWebDriver', '/usr/bin/xvfb-run'].every((path) => existsSync(path))
const missing = [...(hasFirefox ? [] : ['Firefox']), ...(hasWebKit ? [] : ['WebKitGTK'])]
if (missing.length > 0 && process.env.CI) {
  console.error(`CI must run in every browser, and ${missing.join(' and ')} is not installed: run \`npm run setup\`.`)
  console.log('0 passed, 1 failed')
  process.exit(1)
}

mkdirSync('.cache', { recursive: true })
const unhandledErrors = () =>
  existsSync(unhandledErrorsFile) ? JSON.parse(readFileSync(unhandledErrorsFile, 'utf8')) : []
const vitestCount = (file) => {
  const { numPassedTests, numFailedTests, numFailedTestSuites, numPendingTests, testResults } = JSON.parse(
    readFileSync(file, 'utf8'),
  )
  return {
    passed: numPassedTests,
    failed: Math.max(numFailedTests, numFailedTestSuites > 0 ? 1 : 0),
    skipped: numPendingTests,
    why: [
      ...unhandledErrors(),
      ...testResults.flatMap(({ name, message, assertionResults }) => [
        ...(message ? [`${name}\n${message}`] : []),
        ...assertionResults
          .filter(({ status }) => status === 'failed')
          .map(({ fullName, failureMessages }) => `${name}\n${fullName}\n${failureMessages.join('\n')}`),
      ]),
    ],
  }
}
const playwrightCount = (file) => {
  const { stats, suites } = JSON.parse(readFileSync(file, 'utf8'))
  const specsOf = (suite) => [...(suite.specs ?? []), ...(suite.suites ?? []).flatMap(specsOf)]
  return {
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky,
    skipped: stats.skipped,
    why: suites
      .flatMap(specsOf)
      .flatMap(({ file: spec, title, tests }) =>
        tests
          .flatMap(({ results }) => results.flatMap(({ errors }) => errors))
          .map(({ message }) => `${spec}\n${title}\n${message}`),
      ),
  }
}
const vitest = (name, projects, env = {}, files = []) => ({
  name,
  command: [
    'npx',
    'vitest',
    'run',
    ...files,
    ...projects.flatMap((project) => ['--project', project]),
    '--reporter=default',
    '--reporter=json',
    '--reporter=./scripts/unhandledErrors.mjs',
    `--outputFile=.cache/${name}.json`,
  ],
  env,
  report: `.cache/${name}.json`,
  count: vitestCount,
})
const playwright = (storage) => ({
  name: `e2e-${storage}`,
  command: ['npx', 'playwright', 'test'],
  env: { FAF_STORAGE: storage },
  report: `.cache/e2e-${storage}.json`,
  count: playwrightCount,
})
const packsCount = (file) => {
  const outcomes = JSON.parse(readFileSync(file, 'utf8'))
  const failures = outcomes.filter(({ error }) => error !== undefined)
  return {
    passed: outcomes.length - failures.length,
    failed: failures.length,
    skipped: 0,
    why: failures.map(({ title, error }) => `${title}\n${error}`),
  }
}
/** Drafts in Chromium, and the browser killed at seeded moments. */
const kill = {
  name: 'kill',
  command: ['npx', 'playwright', 'test', '--config', 'test/drafts/playwright.config.ts'],
  report: '.cache/kill.json',
  count: playwrightCount,
}
/** The list of what a respondent may expect, by browser. */
const acceptance = (name, project) => ({
  name,
  command: ['npx', 'playwright', 'test', '--config', 'test/acceptance/playwright.config.ts', '--project', project],
  env: { FAF_REPORT: name },
  report: `.cache/${name}.json`,
  count: playwrightCount,
})
/** A smoke run in WebKitGTK, which wants a screen. */
const webkit = () => {
  const stage = vitest('webkit', ['webkit'])
  return { ...stage, command: ['xvfb-run', '-a', ...stage.command] }
}
const check = (name, ...command) => ({ name, command })

const stages = [
  check('types', 'npx', 'tsc', '-p', '.'),
  check('lint', 'npx', 'oxlint', '--deny-warnings'),
  check('format', 'npx', 'biome', 'format', '.'),
  vitest('unit', ['node', 'jsdom']),
  vitest('http', ['http']),
  // The same contract on the stand-in and on Ceph; then the server's own suites once more, on Ceph.
  { ...vitest('storage', ['storage']), needsCeph: true },
  ...(ceph
    ? [
        {
          ...vitest('server-on-ceph', ['node', 'http'], {}, [
            'test/server',
            'test/cli',
            '--exclude',
            'test/server/faults.test.ts',
          ]),
          needsCeph: true,
        },
      ]
    : []),
  // Real Chromium, a proxy that does harm, real Ceph.
  ...(ceph ? [{ ...vitest('faults', ['faults']), needsCeph: true }] : []),
  vitest('browser', ['browser']),
  vitest('stories', ['stories']),
  acceptance('acceptance', 'chromium'),
  ...(hasFirefox ? [acceptance('firefox', 'firefox')] : []),
  ...(hasWebKit ? [webkit()] : []),
  check('package', 'npm', 'run', '--silent', 'package'),
  // After the build: the package as a host gets it.
  { ...check('packs', 'node', 'scripts/packs.mjs'), report: '.cache/packs.json', count: packsCount },
  // The protocol's page is enough for a backend in another language. What was built just now is what runs.
  ...(botocore || process.env.CI ? [check('python', 'node', 'scripts/checkPythonExample.mjs')] : []),
  check(
    'storybook',
    'sh',
    '-c',
    'rm -rf storybook-static && npm run --silent build-storybook -- --quiet && node scripts/checkStorybook.mjs',
  ),
  playwright('stand-in'),
  kill,
  ...(ceph ? [{ ...playwright('ceph'), needsCeph: true }] : []),
  // After the build, as above.
  check(
    'bench',
    'sh',
    '-c',
    `npm ci --prefix bench --no-audit --no-fund --silent && npx tsc -p bench && node bench/serving.mjs --check && node bench/run.mjs ${full ? '--check' : '--quick'}`,
  ),
]

/** Those that drive a browser. */
const browserStages = new Set('faults browser stories acceptance firefox webkit e2e-stand-in kill e2e-ceph'.split(' '))

const started = Date.now()
const totals = { passed: 0, failed: 0, skipped: 0 }
const rows = []
let running = null

/** Runs a stage to its end, and counts. */
function run({ name, command, env = {}, report, count, needsCeph }) {
  const gateway = needsCeph && running !== null ? { FAF_CEPH_ENDPOINT: running.endpoint } : {}
  if (report) rmSync(report, { force: true })
  console.log(`\n── ${name}: ${command.join(' ')}`)
  const { status } = spawnSync(command[0], command.slice(1), {
    stdio: 'inherit',
    env: { ...process.env, ...env, ...gateway, ...(full ? { FAF_FULL: '1' } : {}) },
  })
  if (!report) return { passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1, skipped: 0 }
  let counts = { passed: 0, failed: 1, skipped: 0 }
  try {
    counts = count(report)
  } catch {}
  // A runner that fails without a failed test (a crash, an unhandled error) is a failure all the same.
  if (status !== 0 && counts.failed === 0) counts.failed = 1
  if (status === 0 && counts.passed === 0) counts.failed = 1
  return counts
}

for (const stage of stages) {
  if (only.length > 0 && !only.includes(stage.name)) continue
  const begun = Date.now()
  // One gateway for all stages that want it.
  if (stage.needsCeph && ceph) running ??= await startCeph()
  const first = run(stage)
  // A whole browser may stumble over a busy machine. It is run once more as a whole, and what was red is told below all
  // the same; what is broken is red twice.
  const again = first.failed > 0 && browserStages.has(stage.name) ? run(stage) : undefined
  const counts = again ?? first
  for (const key of Object.keys(totals)) totals[key] += counts[key]
  const why = [...(first.why ?? []), ...(again?.why ?? [])]
  rows.push({ name: stage.name, seconds: (Date.now() - begun) / 1000, ...counts, why, wasRed: first.failed })
}
await running?.stop()
// What failed, once more at the end: the end is what is kept of a long log.
for (const { name, why, wasRed } of rows) {
  if (wasRed === 0) continue
  for (const text of why.slice(0, 10)) console.log(`\nfailed in ${name}: ${text.slice(0, 2_000)}`)
}
console.log('')
for (const { name, seconds, passed, failed, skipped, wasRed } of rows) {
  const more = [...(skipped ? [`${skipped} skipped`] : []), ...(wasRed ? [`${wasRed} red at first`] : [])]
  console.log(
    `${name.padEnd(18)} ${seconds.toFixed(1).padStart(7)} s  ${[`${passed} passed`, `${failed} failed`, ...more].join(', ')}`,
  )
}
if (!ceph) console.log('Ceph is not installed, so its suites were left out: `npm run setup` installs it on Debian.')
for (const browser of missing)
  console.log(`${browser} is not installed, so its suite was left out: \`npm run setup\` installs it on Debian.`)
if (!botocore && !process.env.CI)
  console.log("botocore is not installed, so the backend in Python was left out: Debian's python3-botocore has it.")
console.log(`in ${((Date.now() - started) / 1000).toFixed(0)} s`)
console.log(`${totals.passed} passed, ${totals.failed} failed`)
process.exit(totals.failed === 0 ? 0 : 1)
