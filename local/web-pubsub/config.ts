/**
 * Reads the configuration file, which has the shape of Microsoft's emulator, plus an optional section `Local`
 * with the periods and bounds that the real service fixes. The rest of the program sees only `Config`.
 */
import { readFileSync } from 'node:fs';
import * as z from 'zod/mini';

const count = z.int().check(z.minimum(1));
const seconds = z.number().check(z.positive());

/** Strict throughout: what is not understood, of the real service or mistyped, is named rather than ignored. */
const eventHandler = z.strictObject({
  UrlTemplate: z
    .url({ protocol: /^https?$/, error: 'An http or https address is needed.' })
    .check(z.refine((url) => !/^\w+:\/\/[^/?#]*[{}]/.test(url), 'Placeholders cannot stand in the host.')),
  SystemEvents: z._default(z.array(z.enum(['connect', 'connected', 'disconnected'])), []),
  EventPattern: z._default(z.string(), ''),
});

const hub = z.strictObject({
  EventHandlers: z._default(z.array(eventHandler), []),
  /** As in Azure's hub settings: `allow` lets clients in without a token, for `connect` to judge. */
  AnonymousConnectPolicy: z._default(z.enum(['allow', 'deny']), 'deny'),
});

const local = z.strictObject({
  RecoverySeconds: z._default(seconds, 30),
  BufferMessages: z._default(count, 1000),
  BufferBytes: z._default(count, 16 * 1024 * 1024),
  PingSeconds: z._default(seconds, 20),
  RetryDelaysSeconds: z._default(z.array(z.number().check(z.minimum(0))), [1, 3, 5]),
  EventTimeoutSeconds: z._default(seconds, 100),
  ValidationSeconds: z._default(seconds, 60),
  ValidationTimeoutSeconds: z._default(seconds, 10),
  Origin: z._default(z.string(), 'localhost'),
  PublicEndpoints: z._default(z.array(z.url()), []),
  CloseOnEventFailure: z._default(z.boolean(), false),
});

const file = z.object({
  WebPubSub: z.strictObject({
    AccessKey: z.string().check(z.minLength(32)),
    SecondaryAccessKey: z.optional(z.string().check(z.minLength(32))),
    AllowUnvalidatedEntraTokens: z._default(z.boolean(), false),
    Hubs: z._default(z.record(z.string(), hub), {}),
    Local: z._default(local, z.parse(local, {})),
  }),
});

export interface HandlerConfig {
  /** With `{hub}` and `{event}`. */
  urlTemplate: string;
  systemEvents: string[];
  /** `*`, or names with commas between them. */
  eventPattern: string;
}

export interface HubConfig {
  eventHandlers: HandlerConfig[];
  anonymous: boolean;
}

export interface Config {
  /** Primary first. Tokens signed with any are taken; events carry a signature for each. */
  accessKeys: string[];
  /** Believe whoever claims to bring a Microsoft Entra token. */
  allowUnvalidatedEntraTokens: boolean;
  /** By lower-case name. */
  hubs: Map<string, HubConfig>;
  /** How long a lost reliable connection can be recovered. */
  recoverySeconds: number;
  /** Unacknowledged messages kept for a reliable connection; beyond them it is closed with 1008. */
  bufferMessages: number;
  /** The same in bytes; also what may wait for a slow socket of any protocol. */
  bufferBytes: number;
  pingSeconds: number;
  /** Waits before each further try of an event. */
  retryDelaysSeconds: number[];
  /** For an event with all its tries. */
  eventTimeoutSeconds: number;
  /** How long an event handler's consent is good. */
  validationSeconds: number;
  validationTimeoutSeconds: number;
  /** `WebHook-Request-Origin`. */
  origin: string;
  /** Further addresses under which clients know this service: they appear in the tokens they sign. */
  publicEndpoints: string[];
  /** Drop a JSON client whose event the handler failed, as the real service's older documents say. */
  closeOnEventFailure: boolean;
}

/** Parses what the file holds. Throws an `Error` that names each wrong key. */
export function parseConfig(content: unknown): Config {
  const result = z.safeParse(file, content);
  if (!result.success) {
    const wrong = result.error.issues.map((issue) => `${issue.path.join('.')}: ${faultOf(issue)}`);
    throw new Error(`The configuration is not valid. ${wrong.join('; ')}`);
  }
  const { AccessKey, SecondaryAccessKey, AllowUnvalidatedEntraTokens, Hubs, Local } = result.data.WebPubSub;
  return {
    accessKeys: SecondaryAccessKey ? [AccessKey, SecondaryAccessKey] : [AccessKey],
    allowUnvalidatedEntraTokens: AllowUnvalidatedEntraTokens,
    hubs: new Map(Object.entries(Hubs).map(([name, settings]) => [name.toLowerCase(), toHub(settings)])),
    recoverySeconds: Local.RecoverySeconds,
    bufferMessages: Local.BufferMessages,
    bufferBytes: Local.BufferBytes,
    pingSeconds: Local.PingSeconds,
    retryDelaysSeconds: Local.RetryDelaysSeconds,
    eventTimeoutSeconds: Local.EventTimeoutSeconds,
    validationSeconds: Local.ValidationSeconds,
    validationTimeoutSeconds: Local.ValidationTimeoutSeconds,
    origin: Local.Origin,
    publicEndpoints: Local.PublicEndpoints,
    closeOnEventFailure: Local.CloseOnEventFailure,
  };
}

const faultOf = (issue: z.core.$ZodIssue): string =>
  issue.code === 'unrecognized_keys' ? `not understood: ${issue.keys.join(', ')}` : issue.message;

const toHub = (settings: z.infer<typeof hub>): HubConfig => ({
  eventHandlers: settings.EventHandlers.map((handler) => ({
    urlTemplate: handler.UrlTemplate,
    systemEvents: handler.SystemEvents,
    eventPattern: handler.EventPattern,
  })),
  anonymous: settings.AnonymousConnectPolicy === 'allow',
});

/** The settings of a hub: its own, else those of `_default`, else none. */
export function hubConfig(config: Config, name: string): HubConfig {
  return (
    config.hubs.get(name.toLowerCase()) ??
    config.hubs.get('_default') ?? { eventHandlers: [], anonymous: false }
  );
}

export function readConfig(path: string): Config {
  return parseConfig(JSON.parse(readFileSync(path, 'utf8')));
}
