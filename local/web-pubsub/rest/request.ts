/** What an operation sees of a request, and how it reads the parts that several operations share. */
import type { IncomingMessage } from 'node:http';
import type { Connection } from '../connection/connection.ts';
import { badRequest, invalidGroup, invalidTtl, tooLarge, unsupportedMediaType } from '../errors.ts';
import type { Accepts, Hub } from '../hub.ts';
import { isGroupName } from '../names.ts';
import { faultOfMetadata, fromBody, type Metadata, type Payload } from '../payload.ts';
import type { Tokens } from '../tokens.ts';
import type { Caller } from './auth.ts';
import { parseFilter } from './filter.ts';

export interface RestRequest {
  hub: Hub;
  /** The decoded `{…}` segments of the path. */
  params: Record<string, string>;
  query: URLSearchParams;
  message: IncomingMessage;
  caller: Caller;
  tokens: Tokens;
  /** `http://host:port`, or `https`, as the caller wrote it. */
  origin: string;
}

export interface RestAnswer {
  status: number;
  body?: unknown;
}

const largestBody = 1024 * 1024;

/** A segment of the path that the route has. */
export function param(request: RestRequest, name: string): string {
  const value = request.params[name];
  if (value === undefined) throw new Error(`The route has no {${name}}`);
  return value;
}

export function groupParam(request: RestRequest): string {
  const group = param(request, 'group');
  if (!isGroupName(group)) throw invalidGroup(group);
  return group;
}

/** Throws 413 above 1 MiB. */
export async function readBody(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Read on after a refusal, or the caller, who still writes, would see a broken line instead of the answer.
  const body: AsyncIterable<Buffer> = message.iterator({ destroyOnReturn: false });
  for await (const chunk of body) {
    size += chunk.length;
    if (size > largestBody) {
      message.resume();
      throw tooLarge();
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

export async function readPayload({ message }: RestRequest): Promise<Payload> {
  const contentType = message.headers['content-type'] ?? '';
  const body = await readBody(message);
  let payload: Payload | undefined;
  try {
    payload = fromBody(body, contentType);
  } catch {
    throw badRequest('The body is not JSON.', 'body');
  }
  if (!payload) throw unsupportedMediaType(contentType);
  return payload;
}

const metadataPrefix = 'x-webpubsub-metadata-';

export function readMetadata({ message }: RestRequest): Metadata | undefined {
  const headers = Object.entries(message.headersDistinct).filter(([name]) => name.startsWith(metadataPrefix));
  if (headers.length === 0) return undefined;
  const metadata = Object.fromEntries(
    headers.map(([name, values]) => [name.slice(metadataPrefix.length), values?.join(',') ?? '']),
  );
  const fault = faultOfMetadata(metadata);
  if (fault) throw badRequest(`Invalid metadata: ${fault}.`, 'metadata');
  return metadata;
}

export function readTtl({ query }: RestRequest): number | undefined {
  const given = query.get('messageTtlSeconds');
  if (given === null) return undefined;
  if (!/^\d{1,3}$/.test(given) || Number(given) > 300) throw invalidTtl();
  return Number(given);
}

/** Which connections `excluded` and `filter` leave; undefined for all. */
export function readAccepts({ query }: RestRequest): Accepts | undefined {
  const excluded = new Set(query.getAll('excluded'));
  const filter = query.get('filter');
  const matches = filter ? parseFilter(filter) : undefined;
  if (excluded.size === 0) return matches;
  return (connection: Connection) => !excluded.has(connection.id) && (!matches || matches(connection));
}
