/** How a call of the REST API is described: what it takes, what it answers and what it refuses with. */
import * as z from 'zod/mini';
import type { ProblemCode } from '../problems.ts';

export interface Call {
  id: string;
  tag: 'identity' | 'rooms' | 'messages' | 'moderation' | 'operations' | 'realtime';
  summary: string;
  description?: string;
  /** Without a token. */
  open?: boolean;
  body?: z.ZodMiniType;
  query?: z.ZodMiniObject;
  /** The answer where all is well: status, what it is, and its schema. */
  answer: [status: 200 | 201 | 204, description: string, schema?: z.ZodMiniType];
  headers?: Record<string, string>;
  /** A second answer, of another status. */
  otherwise?: [status: 503, description: string, schema: z.ZodMiniType];
  refuses: ProblemCode[];
}

export const limit = (most: number) =>
  z.optional(
    z
      .int()
      .check(z.minimum(1), z.maximum(most), z.describe(`At most this many; ${most} where it is absent.`)),
  );
export const cursor = z.optional(z.string().check(z.describe('From the address in `Link`; opaque.')));
export const next = {
  link: '`<…>; rel="next"` (RFC 8288) while there are more; the address in it is opaque.',
};

export type Method = 'get' | 'post' | 'patch' | 'put' | 'delete';

/** By path, below `/api`, and method. */
export type Calls = Record<string, Partial<Record<Method, Call>>>;
