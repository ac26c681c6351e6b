/** Who is calling, as it crosses the wire. */
import * as z from 'zod/mini';
import { limits } from './rooms.ts';
import { nameSchema, timeSchema } from './text.ts';

export const user = z.object({ user_id: z.string(), name: z.string() });

export const sessionBody = z.object({ name: nameSchema(limits.userName) });

export const session = z.object({ token: z.string(), user, expires_at: timeSchema });
export type Session = z.infer<typeof session>;

/** A Web PubSub client access URL, valid for minutes. */
export const negotiation = z.object({ url: z.string() });
