/** Requests of the smoke test: an answer that is not the expected one is a failure that shows what came. */
import type * as z from 'zod/mini';
import { problem } from '../../contract/problems.ts';
import { StepFailure } from './step.ts';

export interface Request {
  method?: string;
  headers?: Record<string, string>;
  body?: unknown;
  token?: string | undefined;
  /** What to look at where the answer is another. */
  look: string;
}

/** After this many milliseconds without an answer a request counts as lost; a cold start takes less. */
const patience = 60_000;

/** The answer, whatever its status. Throws `StepFailure` where none comes. */
export async function ask(
  url: string,
  { method = 'GET', headers, body, token, look }: Request,
): Promise<Response> {
  try {
    return await fetch(url, {
      method,
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(patience),
    });
  } catch (error) {
    throw new StepFailure({
      expected: `an answer to ${method} ${url}`,
      found: `none (${reasonOf(error)})`,
      look,
      settles: true,
    });
  }
}

/** The API of a deployment, at `base` (without a slash at its end), through a gateway with its key. */
export class Api {
  readonly base: string;
  readonly #key: string | undefined;

  constructor(base: string, key?: string) {
    this.base = base;
    this.#key = key;
  }

  /** The answer, whatever its status. Throws `StepFailure` where none comes. */
  ask(path: string, request: Request): Promise<Response> {
    const key = this.#key !== undefined && { 'ocp-apim-subscription-key': this.#key };
    // A browser's preflight carries no header of ours: it has to pass without the key.
    const headers = { ...(request.method !== 'OPTIONS' && key), ...request.headers };
    return ask(`${this.base}${path}`, { ...request, headers });
  }

  /** An answer of this status, its body read by a schema of the contract. Throws `StepFailure`. */
  async expectJson<S extends z.ZodMiniType>(
    path: string,
    { schema, ...request }: Request & { status: number; schema: S },
  ): Promise<z.output<S>> {
    const response = await this.expectStatus(path, request);
    const text = await response.text();
    const read = schema.safeParse(parse(text));
    if (read.success) return read.data;
    throw new StepFailure({
      expected: `the body that docs/openapi.json describes, of ${nameOf(path, request)}`,
      found: shorten(text),
      look: 'whether this address is the API, and its version the same as that of this folder.',
    });
  }

  /** An answer of this status. Throws `StepFailure`. */
  async expectStatus(path: string, { status, ...request }: Request & { status: number }): Promise<Response> {
    const response = await this.ask(path, request);
    if (response.status === status) return response;
    throw await unexpected(response, `${status} from ${nameOf(path, request)}`, request.look);
  }
}

const nameOf = (path: string, { method = 'GET' }: Request): string => `${method} ${path}`;

/** The failure that an answer is. Its body is read. */
export async function unexpected(response: Response, expected: string, look: string): Promise<StepFailure> {
  const text = await response.text();
  const said = problem.safeParse(parse(text));
  const found = said.success ? `${said.data.code}: ${said.data.detail}` : shorten(text);
  return new StepFailure({
    expected,
    found: `${response.status} ${found}`.trim(),
    look,
    // Roles that have not spread: Azure says 401 or 403, and the app, which sees it, 500 or 503.
    settles: [401, 403, 500, 502, 503, 504].includes(response.status),
  });
}

/** The JSON that a text is, or undefined. */
export function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const shorten = (text: string): string => (text.length > 200 ? `${text.slice(0, 200)}…` : text);

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error && cause.message !== '' ? cause.message : error.message || error.name;
}
