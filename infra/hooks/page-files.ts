/**
 * The two files of the page that are written where it is deployed: `config.json`, which says where the API is, and
 * `staticwebapp.config.json`, whose content security policy lets the page reach exactly these hosts. All rules but
 * the hosts stand in `web/public/staticwebapp.config.json`, for every deployment and the local stack.
 * Free of dependencies: hooks run before anything is installed.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The repository, from where no hook is sure to be started. */
export const root: string = join(import.meta.dirname, '../..');

/** Where the page finds what it needs. */
export interface Addresses {
  /** The API with its path: `https://HOST/api`. */
  api: string;
  /** What clients open their WebSocket to: `wss://HOST`. */
  webPubSub: string;
  /** The app setting `OIDC_PROVIDERS`: the page asks their issuers for tokens itself. */
  providers?: string | undefined;
}

/** Writes both files to `folder`. Throws an `Error` for what is no address. */
export function writePageFiles(folder: string, { api, webPubSub, providers }: Addresses): void {
  const source = JSON.parse(readFileSync(join(root, 'web/public/staticwebapp.config.json'), 'utf8')) as {
    globalHeaders: Record<string, string>;
  };
  const hosts = [api, webPubSub, ...issuers(providers)].map((address) => new URL(address).origin);
  const policy = source.globalHeaders['content-security-policy'] ?? '';
  if (!policy.includes("connect-src 'self';"))
    throw new Error("The page's policy has no connect-src 'self'.");
  source.globalHeaders['content-security-policy'] = policy.replace(
    "connect-src 'self'",
    `connect-src 'self' ${[...new Set(hosts)].join(' ')}`,
  );
  mkdirSync(folder, { recursive: true });
  write(join(folder, 'config.json'), { api: api.replace(/\/+$/, '') });
  write(join(folder, 'staticwebapp.config.json'), source);
}

/** Reads the addresses from what a deployment puts out: `API_URL`, `WEB_PUBSUB_HOST`, and `OIDC_PROVIDERS` if set. */
export function deployedAddresses(outputs: Record<string, string | undefined>): Addresses {
  const { API_URL: url, WEB_PUBSUB_HOST: host, OIDC_PROVIDERS: providers } = outputs;
  if (!url?.startsWith('https://')) throw new Error('API_URL must be an https address. Run `azd provision`.');
  if (!host || !/^[\w.-]+$/.test(host))
    throw new Error('WEB_PUBSUB_HOST must be a host name. Run `azd provision`.');
  return { api: `${url.replace(/\/+$/, '')}/api`, webPubSub: `wss://${host}`, providers };
}

function issuers(providers: string | undefined): string[] {
  const list = JSON.parse(providers || '[]') as { issuer: string }[];
  return list.map(({ issuer }) => issuer);
}

const write = (path: string, content: unknown): void =>
  writeFileSync(path, `${JSON.stringify(content, null, 2)}\n`);
