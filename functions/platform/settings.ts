/**
 * App settings, parsed once. Besides this file only the Functions host and the SDKs read the environment.
 * A missing or malformed setting ends the start with a sentence that names it.
 */
import * as z from 'zod/mini';
import { connections } from '../../contract/names.ts';

const seconds = (fallback: number) => z._default(z.coerce.number().check(z.minimum(0)), fallback);

/** A provider of OpenID Connect: `issuer` is where its `/.well-known/openid-configuration` is. */
const provider = z.object({
  id: z.string().check(z.regex(/^[\w-]{1,64}$/, 'must be 1 to 64 letters, digits, _ or -')),
  name: z.string().check(z.minLength(1), z.maxLength(50)),
  issuer: z
    .url()
    .check(
      z.regex(/^(https:|http:\/\/(localhost|127\.0\.0\.1)[:/])/, 'must be https outside of one machine'),
    ),
  client_id: z.string().check(z.minLength(1)),
  scope: z._default(z.string(), 'openid profile email'),
});
export type OidcProvider = z.infer<typeof provider>;

const providers = z.pipe(
  z.pipe(
    z.string(),
    z.transform((text, context) => {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        context.issues.push({ code: 'custom', message: 'must be JSON', input: text });
        return z.NEVER;
      }
    }),
  ),
  z.array(provider),
);

const schema = z.object({
  /** Secret in the webhook's `?code=`. */
  WEBHOOK_CODE: z.string().check(z.minLength(16)),
  /** Signs sessions (HS256), hence at least 256 bits. */
  SESSION_SIGNING_KEY: z.string().check(z.minLength(32)),
  GUESTS: z._default(z.enum(['on', 'off']), 'off'),
  /** How long a guest's session, and so a guest's name, is held. */
  SESSION_HOURS: z._default(z.coerce.number().check(z.positive()), 24 * 30),
  ACCOUNTS: z._default(z.enum(['on', 'off']), 'on'),
  /** Who else may vouch for people, as a JSON array. */
  OIDC_PROVIDERS: z._default(providers, []),
  /** How long an access token of an account is good, and its refresh token. */
  ACCESS_MINUTES: z._default(z.coerce.number().check(z.positive()), 15),
  REFRESH_DAYS: z._default(z.coerce.number().check(z.positive()), 30),
  /** How long an instance believes what it read of a person or a key: so long may others take to notice their end. */
  ACCESS_CACHE_SECONDS: seconds(5),
  /** Off for measurements alone. */
  LIMITS: z._default(z.enum(['on', 'off']), 'on'),
  /** Whether each call, and each step of a message, leaves a line in the log (`trace.ts`). */
  TRACES: z._default(z.enum(['on', 'off']), 'off'),
  /** How many proxies of ours stand before the Functions front end and name the client in X-Forwarded-For. */
  TRUSTED_PROXIES: z._default(z.coerce.number().check(z.int(), z.minimum(0)), 0),
  /** How old an intent is before the sweep takes it for abandoned. */
  INTENT_SECONDS: seconds(30),
  /** How old a connection row is before its connection is looked for. */
  CONNECTION_SECONDS: seconds(600),
  /** How long the list of rooms is served from memory. */
  DIRECTORY_CACHE_SECONDS: seconds(2),
});
export type Settings = z.infer<typeof schema>;

let parsed: Settings | undefined;

export function settings(): Settings {
  if (parsed) return parsed;
  const result = schema.safeParse(process.env);
  if (!result.success) {
    const wrong = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
    throw new Error(`App settings are missing or wrong. ${wrong}. See docs/operations.md.`);
  }
  parsed = result.data;
  return parsed;
}

/** How to reach a service: a connection string, or an address for the app's own identity. */
export type Connection = { connectionString: string } | { address: string };

const addressSuffix: Record<keyof typeof connections, string> = {
  storage: '__tableServiceUri',
  serviceBus: '__fullyQualifiedNamespace',
  webPubSub: '__serviceUri',
};

/** Reads one of `contract/names.ts`'s connections, in the two forms that the Functions host accepts. */
export function connection(service: keyof typeof connections): Connection {
  const name = connections[service];
  const connectionString = process.env[name];
  if (connectionString) return { connectionString };
  const address = process.env[name + addressSuffix[service]];
  if (address) return { address };
  throw new Error(`App setting ${name} or ${name}${addressSuffix[service]} is missing.`);
}

/** Every app setting that this file reads, connections by their addresses, as a deployment without keys sets them. */
export const settingNames: readonly string[] = [
  ...Object.keys(schema.shape),
  ...(Object.keys(connections) as (keyof typeof connections)[]).map(
    (service) => connections[service] + addressSuffix[service],
  ),
];
