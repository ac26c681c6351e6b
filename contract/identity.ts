/** Who is calling, as it crosses the wire: signing in and out, accounts, and what others see of a person. */
import * as z from 'zod/mini';
import { limits } from './rooms.ts';
import { codePoints, nameSchema, textSchema, timeSchema } from './text.ts';

/** How somebody proved who they are. A guest has a name alone, and only until their token ends. */
export const userKind = z.enum(['guest', 'account', 'oidc']);
export type UserKind = z.infer<typeof userKind>;

export const user = z.object({ user_id: z.string(), name: z.string(), kind: userKind });

export const sessionBody = z.object({ name: nameSchema(limits.userName) });

/** The token proves who one is in every call. Accounts get a refresh token, which is good for one use. */
export const session = z.object({
  token: z.string(),
  user,
  expires_at: timeSchema,
  refresh_token: z.optional(z.string()),
  refresh_expires_at: z.optional(timeSchema),
});
export type Session = z.infer<typeof session>;

/** Compared without regard to case; what is before the `@` is the provider's to judge. */
const email = z.email().check(z.maxLength(254), z.toLowerCase());
/** NIST SP 800-63B, 3.1.1: at least 8, at least 64 allowed, any characters, no rules of composition. */
const password = z.string().check(
  z.refine((text) => codePoints(text) >= 8, 'must have at least 8 characters'),
  z.refine((text) => codePoints(text) <= 256, 'must have at most 256 characters'),
);

export const registerBody = z.object({ email, password, name: nameSchema(limits.userName) });
export const signInBody = z.object({ email, password: z.string().check(z.maxLength(1_024)) });
/** An ID token that the page got from provider `provider` by authorization code with PKCE, and its nonce. */
export const oidcBody = z.object({
  provider: z.string().check(z.maxLength(64)),
  id_token: z.string().check(z.maxLength(16_384)),
  nonce: z.string().check(z.minLength(16), z.maxLength(256)),
});
export const refreshBody = z.object({ refresh_token: z.string().check(z.maxLength(1_024)) });
/** `everywhere` ends every session of the person and closes their connections. */
export const signOutBody = z.object({
  refresh_token: z.optional(z.string().check(z.maxLength(1_024))),
  everywhere: z._default(z.boolean(), false),
});
export const passwordBody = z.object({
  current: z.string().check(z.maxLength(1_024)),
  password,
});

/** What the page may offer on its first screen. */
export const providers = z.object({
  guests: z.boolean(),
  accounts: z.boolean(),
  oidc: z.array(
    z.object({
      id: z.string(),
      /** What stands on the button. */
      name: z.string(),
      /** Where `/.well-known/openid-configuration` is. */
      issuer: z.url(),
      client_id: z.string(),
      scope: z.string(),
    }),
  ),
});
export type Providers = z.infer<typeof providers>;

/** One emoji, shown in the place of the initials; '' for none. */
const avatar = textSchema(16).check(
  z.refine(
    (text) => text === '' || [...new Intl.Segmenter().segment(text)].length === 1,
    'must be one emoji',
  ),
);
const status = textSchema(limits.status);

/** What others see of somebody. */
export const profile = z.object({
  user_id: z.string(),
  name: z.string(),
  avatar: z.string(),
  status: z.string(),
});
export type Profile = z.infer<typeof profile>;

export const me = z.object({
  ...profile.shape,
  kind: userKind,
  /** Of an account of ours. */
  email: z.optional(z.string()),
});
export type Me = z.infer<typeof me>;

export const changeMeBody = z.object({
  name: z.optional(nameSchema(limits.userName)),
  avatar: z.optional(avatar),
  status: z.optional(status),
});
/** An account of ours proves itself once more before it is gone. */
export const deleteMeBody = z.object({ password: z.optional(z.string().check(z.maxLength(1_024))) });

/** What an API key may do, beside being limited to rooms. */
export const keyCall = z.enum(['publish', 'read_room', 'read_messages', 'list_members']);
export type KeyCall = z.infer<typeof keyCall>;

export const createKeyBody = z.object({
  name: nameSchema(limits.userName),
  /** Rooms that the caller owns or moderates. */
  rooms: z.array(z.uuid()).check(z.minLength(1), z.maxLength(100)),
  calls: z.array(keyCall).check(z.minLength(1)),
  expires_at: z.optional(timeSchema),
});
export const apiKey = z.object({
  id: z.uuid(),
  name: z.string(),
  /** The first characters of the key, by which its owner knows it again. */
  prefix: z.string(),
  rooms: z.array(z.uuid()),
  calls: z.array(keyCall),
  created_at: timeSchema,
  expires_at: z.optional(timeSchema),
  /** To the hour; absent where it was never used. */
  last_used_at: z.optional(timeSchema),
});
export type ApiKey = z.infer<typeof apiKey>;
/** The key itself is in this answer and never again. */
export const createdKey = z.object({ ...apiKey.shape, key: z.string() });

/** A Web PubSub client access URL, valid for minutes. */
export const negotiation = z.object({ url: z.string() });
