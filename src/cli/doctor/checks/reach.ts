/** Whether the storage can be reached, with these keys, by this clock, and from a browser. */
import { GetObjectCommand, HeadBucketCommand, HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { signPut } from '../../../server/presign.js'
import { statusOf, storageCodeOf } from '../../../server/storage.js'
import { signerPolicy } from '../../../server/storeSetup.js'
import { emptyChecksumAdvice, isInnerHost, isLoopback, storageAdvice } from '../../../protocol/storageAdvice.js'
import { type Check, expect, LeftOut, type Remedy, Wrong } from '../../check.js'
import { plainly } from '../../plainly.js'
import { exchange } from '../browser.js'
import { content, type Place, sendPut } from '../place.js'

/** Where to turn what the storage says. */
const options: Readonly<Record<string, string>> = {
  InvalidAccessKeyId: 'Look at AWS_ACCESS_KEY_ID and --endpoint.',
  SignatureDoesNotMatch: 'Look at AWS_SECRET_ACCESS_KEY, and at what changes requests on the way.',
  NoSuchBucket: 'Look at --bucket and --endpoint.',
  PermanentRedirect: 'Look at --region and --endpoint.',
  AuthorizationHeaderMalformed: 'Look at --region.',
  RequestTimeTooSkewed: 'Set the clocks by NTP.',
  CredentialsProviderError: 'Give AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a profile or role of the SDK.',
}

/** What mends an error of the storage; undefined for one that tells nothing. */
function remedyOf(code: string): Remedy | undefined {
  const text = [storageAdvice[code], options[code]].filter((sentence) => sentence !== undefined).join(' ')
  return options[code] === undefined ? undefined : { text }
}

const signedUrl = async (place: Place) => new URL((await signPut(place.storage, place.newFile(), 60)).url)

export const reachChecks: readonly Check<Place>[] = [
  {
    name: "the server's key may put, look at, get and delete",
    level: 'must',
    async run(place) {
      const { client, bucket } = place.storage
      try {
        const file = await place.put()
        const at = { Bucket: bucket, Key: file.key }
        await client.send(new HeadObjectCommand(at))
        await (await client.send(new GetObjectCommand(at))).Body?.transformToByteArray()
        expect((await place.cleanUp()) === 0, 'It may put and get, but not delete.')
        await client.send(new HeadObjectCommand(at)).catch((thrown: unknown) => {
          if (statusOf(thrown) === 404) return
          throw new Wrong(
            'It may not list the bucket: a missing object answers 403, and is told as an error in place of not-stored.',
          )
        })
        return 'It may, and a missing object answers 404.'
      } catch (thrown) {
        if (thrown instanceof Wrong) throw thrown
        throw new Wrong(`${plainly(thrown)}.`, remedyOf(storageCodeOf(thrown) ?? ''))
      }
    },
    remedy: ({ setup }) => ({
      text: "Give the server's key this policy (docs/storages.md#the-servers-key); is the endpoint right and the storage running?",
      document: signerPolicy(setup),
    }),
  },
  {
    name: 'browsers can reach the address that is signed',
    level: 'must',
    async run(place) {
      const { hostname, host, protocol } = await signedUrl(place)
      const page = new URL(place.options.origin)
      // A page on one's own machine reaches a storage there.
      expect(
        isLoopback(hostname) ? isLoopback(page.hostname) : !isInnerHost(hostname),
        `Signed URLs name ${host}, which only the server's own network knows.`,
      )
      expect(
        page.protocol !== 'https:' || protocol === 'https:' || isLoopback(hostname),
        `The page is https and signed URLs are http (${host}): browsers refuse that as mixed content.`,
      )
      return `${protocol}//${host}`
    },
    remedy: () => ({
      text: 'Sign for the name that browsers use, over https where the page is; try it by --public-endpoint. In createUploads:',
      document: { storage: { publicEndpoint: 'https://files.example.com' } },
    }),
  },
  {
    name: 'the clocks agree',
    level: 'must',
    async run(place) {
      const { origin, pathname } = await signedUrl(place)
      const began = Date.now()
      const { headers } = await exchange(`${origin}${pathname}`, { method: 'HEAD', origin: null })
      const theirs = Date.parse(headers.date ?? '')
      if (Number.isNaN(theirs)) throw new LeftOut('The storage tells no date.')
      // To the second, and taken somewhere between question and answer.
      const seconds = Math.round((theirs - (began + Date.now()) / 2) / 1000)
      expect(
        Math.abs(seconds) <= 60,
        `The storage is ${Math.abs(seconds)} s ${seconds > 0 ? 'ahead of' : 'behind'} this machine.`,
      )
      return `${Math.abs(seconds)} s apart.`
    },
    remedy: () => ({
      text: 'Set both clocks by NTP: beyond 15 minutes every signature is refused (RequestTimeTooSkewed), before that grants live shorter than they say.',
    }),
  },
  {
    name: 'the region is the bucket’s',
    level: 'must',
    async run(place) {
      const { client, bucket } = place.storage
      const given = place.options.region
      let region: string | undefined
      try {
        region = (await client.send(new HeadBucketCommand({ Bucket: bucket }))).BucketRegion
      } catch (thrown) {
        const { $response: response } = thrown as { $response?: { headers?: Record<string, string> } }
        region = response?.headers?.['x-amz-bucket-region']
        if (region === undefined && statusOf(thrown) === 301) throw new Wrong(`The bucket is not in ${given}.`)
      }
      if (region === undefined || region === '') throw new LeftOut('The storage does not tell.')
      expect(region === given, `The bucket is in ${region}, and signatures say ${given}.`)
      return region
    },
    remedy: () => ({
      text: 'Give the region that the bucket is in by --region, and in createUploads:',
      document: { storage: { region: '…' } },
    }),
  },
  {
    name: 'a PUT that the SDK signs with its default settings is taken',
    level: 'should',
    async run(place) {
      const { client, bucket } = place.storage
      const endpoint = place.options.publicEndpoint ?? place.options.endpoint
      const careless = new S3Client({
        region: place.options.region,
        credentials: client.config.credentials,
        forcePathStyle: client.config.forcePathStyle ?? false,
        ...(endpoint === undefined ? {} : { endpoint }),
      })
      const { key } = place.newFile()
      const url = await getSignedUrl(careless, new PutObjectCommand({ Bucket: bucket, Key: key }), { expiresIn: 60 })
      careless.destroy()
      const reply = await exchange(url, { method: 'PUT', origin: place.options.origin, body: content })
      expect(reply.ok, `It is answered ${reply.told}.`)
      return `${reply.told}. createUploads signs none anyway.`
    },
    remedy: () => ({
      text: `${emptyChecksumAdvice} createUploads does; where other code of yours presigns a PUT, so must it (or the environment: AWS_REQUEST_CHECKSUM_CALCULATION=WHEN_REQUIRED):`,
      document: { requestChecksumCalculation: 'WHEN_REQUIRED', responseChecksumValidation: 'WHEN_REQUIRED' },
    }),
  },
  {
    name: 'a signed request is answered in the page’s sight',
    level: 'must',
    async run(place) {
      const reply = await sendPut(place)
      expect(reply.ok, `A PUT just as granted is answered ${reply.told}.`)
      return reply.told
    },
    remedy: () => ({
      text: 'Is there a proxy between, which changes the host name, drops or adds headers, or decodes the path? It has to pass them as they are.',
    }),
  },
]
