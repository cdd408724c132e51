/** Which pages may call: those of this origin, and the origins the host lists. Cookies alone prove nothing. */
import { Refusal } from './refusal.js'

/** Whether the origin is the one this request came to, as the browser or a proxy before us names it. */
function isOwn(origin: string, request: Request): boolean {
  if (!URL.canParse(origin)) return false
  const { host } = new URL(origin)
  // No foreign page can set these two headers without asking first, which is refused below.
  const names = [request.headers.get('host'), request.headers.get('x-forwarded-host')]
  return host !== '' && (names.includes(host) || new URL(request.url).host === host)
}

/** Refuses calls that a foreign page makes a browser send. @throws Refusal */
export function checkOrigin(request: Request, allowed: ReadonlySet<string>): void {
  const origin = request.headers.get('origin')
  const site = request.headers.get('sec-fetch-site')
  if (origin !== null && allowed.has(origin)) return
  const refused = () => new Refusal('denied', { message: 'This origin may not call; see allowedOrigins.' })
  if (site !== null ? site !== 'same-origin' && site !== 'none' : origin !== null && !isOwn(origin, request)) {
    throw refused()
  }
}

/** The headers by which a browser lets an allowed page read the answer; none for others. */
export function corsHeaders(request: Request, allowed: ReadonlySet<string>): Record<string, string> {
  if (allowed.size === 0) return {}
  const origin = request.headers.get('origin')
  if (origin === null || !allowed.has(origin)) return { vary: 'origin' }
  return {
    vary: 'origin',
    'access-control-allow-origin': origin,
    'access-control-allow-credentials': 'true',
    'access-control-expose-headers': 'retry-after',
  }
}

/** The answer to a browser's question before a call from another origin. */
export function preflight(request: Request, allowed: ReadonlySet<string>): Response {
  const headers = corsHeaders(request, allowed)
  if (headers['access-control-allow-origin'] === undefined) return new Response(null, { status: 403, headers })
  return new Response(null, {
    status: 204,
    headers: {
      ...headers,
      'access-control-allow-methods': 'POST',
      // With credentials `*` is no wildcard: the names asked for are the names allowed.
      'access-control-allow-headers': request.headers.get('access-control-request-headers') ?? 'content-type',
      'access-control-max-age': '7200',
    },
  })
}
