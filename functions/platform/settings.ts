/**
 * App settings, parsed once. Besides this file only the Functions host and the SDKs read the environment.
 * A missing or malformed setting ends the start with a sentence that names it.
 */
import * as z from 'zod/mini';
import { connections } from '../../contract/names.ts';

const seconds = (fallback: number) => z._default(z.coerce.number().check(z.minimum(0)), fallback);

const schema = z.object({
  /** Secret in the webhook's `?code=`. */
  WEBHOOK_CODE: z.string().check(z.minLength(16)),
  /** Signs guest sessions (HS256), hence at least 256 bits. */
  SESSION_SIGNING_KEY: z.string().check(z.minLength(32)),
  GUESTS: z._default(z.enum(['on', 'off']), 'off'),
  SESSION_HOURS: z._default(z.coerce.number().check(z.positive()), 24 * 30),
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
