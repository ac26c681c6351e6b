/** What a fault is, as it stands in a request to `/faults`. */
import * as z from 'zod/mini';

const count = z.int().check(z.minimum(0));

export const faultSchema = z.strictObject({
  /** An operation and what it is about, such as `send backend-messages`; `*` stands for any run of characters. */
  on: z.string().check(z.minLength(1)),
  /**
   * `delay` waits; `hold` waits until the faults change; `error` refuses; `drop` never answers; `disconnect` ends the
   * connection without a goodbye.
   */
  action: z.enum(['delay', 'hold', 'error', 'drop', 'disconnect']),
  /** `before`: the operation is not done (after a delay or a hold it is). `after`: it is done, and its answer suffers. */
  when: z._default(z.enum(['before', 'after']), 'before'),
  /** Of a delay. */
  milliseconds: z._default(count, 1_000),
  /** Of an error: an HTTP status or an AMQP condition; the program's own choice where absent. */
  error: z.optional(z.union([z.int(), z.string()])),
  /** Of an error over HTTP: seconds for `Retry-After`. */
  retryAfter: z.optional(count),
  /** Lets the first so many through. */
  skip: z._default(count, 0),
  /** Strikes so often and is spent; without an end where absent. */
  times: z.optional(count),
});

export type Fault = z.infer<typeof faultSchema>;

export const faultsSchema = z.strictObject({ faults: z.array(faultSchema) });
