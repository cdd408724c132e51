// The package as a host gets it: packed, installed into an app of its own outside the repository, with the oldest React.
//   node scripts/packs.mjs          after `npm run build`
//   node scripts/packs.mjs --full   in a Next app too
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { extname, join, resolve } from 'node:path'
import { chromium } from 'playwright'
import { chromiumLaunch } from './chromium.mjs'

const root = resolve(import.meta.dirname, '..')
const place = mkdtempSync(join(tmpdir(), 'packs-'))
const app = join(place, 'app')
const report = join(root, '.cache', 'packs.json')
const isFull = process.argv.includes('--full') || process.env.FAF_FULL === '1'
const runIn =
  (cwd) =>
  (command, ...args) =>
    execFileSync(command, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'] })
const run = runIn(app)

/** What the app's lockfile says, and the package beside it. */
function install(folder, tarball) {
  const quiet = ['--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error']
  runIn(folder)('npm', 'ci', ...quiet)
  runIn(folder)('npm', 'install', '--no-save', '--no-package-lock', '--prefer-offline', ...quiet, tarball)
}

const outcomes = []
async function check(title, body) {
  try {
    await body()
    outcomes.push({ title })
    console.log(` ✓ ${title}`)
  } catch (error) {
    outcomes.push({ title, error: String(error?.stack ?? error) })
    console.log(` ✗ ${title}\n${error}`)
  }
}
const expect = (isSo, what) => {
  if (!isSo) throw new Error(what)
}

/** The built app, as a web server would send it. */
async function serve(folder) {
  const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' }
  const server = createServer((req, res) => {
    const path = req.url === '/' ? '/index.html' : req.url.split('?')[0]
    try {
      const body = readFileSync(join(folder, path))
      res.writeHead(200, { 'content-type': types[extname(path)] ?? 'application/octet-stream' }).end(body)
    } catch {
      res.writeHead(404).end()
    }
  })
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening))
  return { url: `http://127.0.0.1:${server.address().port}/`, stop: () => server.close() }
}

async function uploadsInThePage(url) {
  const browser = await chromium.launch(chromiumLaunch)
  try {
    const page = await browser.newPage()
    const told = []
    page.on('console', (message) => ['error', 'warning'].includes(message.type()) && told.push(message.text()))
    page.on('pageerror', (error) => told.push(String(error)))
    await page.goto(url)
    const photo = { name: '사진.png', mimeType: 'image/png', buffer: Buffer.from([137, 80, 78, 71]) }
    await page.locator('input[type=file]').setInputFiles([photo])
    await page.getByText('1', { exact: true }).waitFor()
    await page.getByRole('listitem').getByText('업로드 완료').waitFor()
    expect(told.length === 0, `the console says: ${told.join('\n')}`)
  } finally {
    await browser.close()
  }
}

async function nextServes(folder) {
  const port = 20_000 + (process.pid % 20_000)
  const server = spawn('npx', ['next', 'start', '-p', String(port)], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  })
  try {
    await new Promise((ready, failed) => {
      server.stdout.on('data', (text) => String(text).includes('Ready') && ready())
      server.on('exit', () => failed(new Error('next start ended')))
    })
    const url = `http://localhost:${port}`
    const html = await (await fetch(url)).text()
    for (const text of ['type="file"', '지난 사진.png', 'value="saved"'])
      expect(html.includes(text), `no ${text} in the page`)
    const files = [{ key: 'k', name: '사진.png', size: 4, type: 'image/png' }]
    const body = JSON.stringify({ action: 'presign', field: 'photos', files })
    const headers = { 'content-type': 'application/json' }
    const answer = await (await fetch(`${url}/api/uploads`, { method: 'POST', headers, body })).json()
    expect(answer.grants?.[0]?.id?.length > 0, `it answered ${Object.keys(answer)}`)
  } finally {
    process.kill(-server.pid)
  }
}

try {
  cpSync(join(root, 'test', 'packs', 'app'), app, { recursive: true })
  const [{ filename }] = JSON.parse(
    execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', place], {
      cwd: root,
      encoding: 'utf8',
    }),
  )
  install(app, join(place, filename))

  await check('an app with the types of React 18 compiles, with exactOptionalPropertyTypes', () =>
    run('npx', 'tsc', '-p', '.'),
  )
  for (const resolution of ['node16', 'nodenext'])
    await check(`every subpath has its types where modules are resolved as ${resolution}`, () =>
      run('npx', 'tsc', '-p', '.', '--module', resolution, '--moduleResolution', resolution),
    )
  await check('Vite bundles the app, and what is rarely needed stays in chunks of its own', () => {
    run('npx', 'vite', 'build', '--logLevel', 'warn')
    const bundles = readdirSync(join(app, 'dist', 'assets')).filter((name) => name.endsWith('.js'))
    const text = (name) => readFileSync(join(app, 'dist', 'assets', name), 'utf8')
    const main = bundles.filter((name) => name.startsWith('index'))
    expect(main.length === 1 && bundles.length > 1, `bundles: ${bundles.join(', ')}`)
    for (const name of bundles) expect(!text(name).includes('aws4_request'), `${name} holds the signer`)
    expect(!text(main[0]).includes('crypto.subtle.digest'), 'checksums are in the first bundle')
  })
  const served = await serve(join(app, 'dist'))
  await check('the built app uploads in Chromium under StrictMode, and the console stays empty', () =>
    uploadsInThePage(served.url),
  )
  served.stop()
  await check('the server side in a page says what is wrong', () => {
    writeFileSync(join(app, 'index.html'), '<script type="module" src="/src/server-in-page.ts"></script>')
    run('npx', 'vite', 'build', '--logLevel', 'error', '--outDir', 'dist-mistake')
    const [bundle] = readdirSync(join(app, 'dist-mistake', 'assets'))
    const { status, stderr } = spawnSync('node', ['--input-type=module', '-'], {
      input: readFileSync(join(app, 'dist-mistake', 'assets', bundle)),
      encoding: 'utf8',
    })
    expect(status !== 0 && stderr.includes('import it on the server only'), `it said: ${stderr}`)
  })

  const suites = spawnSync(
    'npx',
    ['vitest', 'run', '--reporter=default', '--reporter=json', '--outputFile=vitest.json'],
    {
      cwd: app,
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  )
  const { testResults } = JSON.parse(readFileSync(join(app, 'vitest.json'), 'utf8'))
  for (const { name, message, assertionResults } of testResults) {
    if (assertionResults.length === 0) outcomes.push({ title: name, error: message })
    for (const { fullName, status, failureMessages } of assertionResults)
      outcomes.push({
        title: fullName,
        ...(status === 'passed' ? {} : { error: failureMessages.join('\n') || status }),
      })
  }
  if (suites.status !== 0 && outcomes.every(({ error }) => error === undefined))
    outcomes.push({ title: 'the suites of the app', error: 'Vitest failed outside any test' })

  if (isFull) {
    const next = join(place, 'next')
    cpSync(join(root, 'test', 'packs', 'next'), next, { recursive: true })
    install(next, join(place, filename))
    await check('Next builds a server component with the field, a server action and the handler as a route', () =>
      runIn(next)('npx', 'next', 'build'),
    )
    await check("Next's server gives the field's HTML, and grants to its page", () => nextServes(next))
  }
} finally {
  rmSync(place, { recursive: true, force: true })
}

mkdirSync(join(root, '.cache'), { recursive: true })
writeFileSync(report, JSON.stringify(outcomes))
const failed = outcomes.filter(({ error }) => error !== undefined).length
console.log(`${outcomes.length - failed} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)
