/** Who the smoke test is: a guest, a throw-away account, or whoever's token was given. */
import { randomUUID } from 'node:crypto';
import { providers, session } from '../../contract/identity.ts';
import type { Api } from './requests.ts';
import { StepFailure, type Done } from './step.ts';

export interface Person {
  token: string;
  /** Of whom the test made, and so deletes; absent for who was there before. */
  password?: string;
  made: boolean;
}

const look = 'the settings GUESTS and ACCOUNTS, and SESSION_SIGNING_KEY.';

/** Signs in with what the deployment offers. `token` is an access token of a person. Throws `StepFailure`. */
export async function signIn(api: Api, token: string | undefined): Promise<Done<Person>> {
  if (token !== undefined) return ['with the token that was given', { token, made: false }];
  const offered = await api.expectJson('/auth/providers', { status: 200, schema: providers, look });
  const name = `Smoke ${randomUUID().slice(0, 8)}`;
  if (offered.guests) {
    const guest = await api.expectJson('/session', {
      method: 'POST',
      body: { name },
      status: 201,
      schema: session,
      look,
    });
    return [`as the guest "${name}"`, { token: guest.token, made: true }];
  }
  if (!offered.accounts) {
    throw new StepFailure({
      expected: 'guests or accounts among GET /auth/providers, or --token',
      found: `only ${offered.oidc.map((each) => each.name).join(', ') || 'nothing'}`,
      look: 'the option --token: the access token of a person who signed in through the provider.',
    });
  }
  const [email, password] = [`smoke-${randomUUID()}@example.com`, randomUUID()];
  const account = await api.expectJson('/auth/register', {
    method: 'POST',
    body: { email, password, name },
    status: 201,
    schema: session,
    look,
  });
  return [`as ${email}, an account for this test`, { token: account.token, password, made: true }];
}

/** Deletes whom the test made. */
export async function goAway(api: Api, { token, password }: Person): Promise<Done<void>> {
  await api.expectStatus('/me', {
    method: 'DELETE',
    token,
    body: { ...(password !== undefined && { password }) },
    status: 204,
    look: 'the log of the function `me-delete`; the account is left over, and harmless.',
  });
  return ['gone', undefined];
}
