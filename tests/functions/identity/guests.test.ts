/** Signing in with a name: whose it is, until when, and what a token proves. */
import * as fc from 'fast-check';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Session } from '../../../contract/identity.ts';
import type { Problem } from '../../../contract/problems.ts';
import { postSession } from '../../../functions/identity/http.ts';
import { requirePerson } from '../../../functions/identity/principal.ts';
import { clock } from '../../../functions/platform/clock.ts';
import { json } from '../../../functions/platform/http.ts';
import { settings } from '../../../functions/platform/settings.ts';
import { startAzurite, type Azurite } from '../../support/azurite.ts';
import { call } from '../call.ts';

let azurite: Azurite;
const now = clock.now;
const hour = 3_600_000;

beforeAll(async () => {
  azurite = await startAzurite();
  Object.assign(process.env, {
    AzureWebJobsStorage: azurite.connectionString,
    WEBHOOK_CODE: 'a-code-for-tests-only',
    SESSION_SIGNING_KEY: 'a-key-for-tests-only-0123456789-0123456789',
    SESSION_HOURS: '24',
    GUESTS: 'on',
  });
});
afterAll(() => azurite.stop());
beforeEach(() => {
  clock.now = now;
});

const signIn = (name: unknown, token?: string) =>
  call<Session & Problem>(postSession, { body: { name }, ...(token !== undefined && { token }) });

const whoAmI = (token: string | undefined, headers = {}) =>
  call<{ user_id: string; name: string; kind: string } & Problem>(
    async (request) => json(200, await requirePerson(request)),
    { headers, ...(token !== undefined && { token }) },
  );

/** The clock as it will be. */
const travel = (milliseconds: number): void => {
  clock.now = () => new Date(now().getTime() + milliseconds);
};

let names = 0;
const freshName = (): string => `guest ${(names += 1)}`;

describe('signing in as a guest', () => {
  it('gives a new person a token that proves who they are', async () => {
    const name = freshName();
    const { status, body, headers } = await signIn(`  ${name} `);
    expect(status).toBe(201);
    expect(body.user).toEqual({
      user_id: expect.stringMatching(/^[\da-f]{8}-[\da-f]{4}-7/),
      name,
      kind: 'guest',
    });
    expect(new Date(body.expires_at).getTime() - Date.now()).toBeGreaterThan(23 * hour);
    expect(headers.get('cache-control')).toBe('no-store');
    expect((await whoAmI(body.token)).body).toEqual({ ...body.user, generation: 0 });
  });

  it('keeps the name for its guest, however another writes it', async () => {
    const name = freshName();
    await signIn(name);
    for (const written of [name, name.toUpperCase(), name.replace(' ', '   ')]) {
      const { status, body } = await signIn(written);
      expect([status, body.code]).toEqual([409, 'name_taken']);
    }
  });

  it('renews under the same user id with the token of the earlier session', async () => {
    const name = freshName();
    const first = (await signIn(name)).body;
    travel(5 * hour);
    const second = await signIn(name.toUpperCase(), first.token);
    expect(second.status).toBe(201);
    expect(second.body.user).toEqual({
      user_id: first.user.user_id,
      name: name.toUpperCase(),
      kind: 'guest',
    });
    expect(second.body.expires_at > first.expires_at).toBe(true);
    travel(25 * hour); // The first has ended; the renewed one holds the name.
    expect((await signIn(name)).status).toBe(409);
  });

  it('frees the name when the token ends, for somebody else', async () => {
    const name = freshName();
    const first = (await signIn(name)).body;
    travel(25 * hour);
    const second = await signIn(name, first.token);
    expect(second.status).toBe(201);
    expect(second.body.user.user_id).not.toBe(first.user.user_id);
  });

  it('gives who takes another name another user id', async () => {
    const first = (await signIn(freshName())).body;
    const second = (await signIn(freshName(), first.token)).body;
    expect(second.user.user_id).not.toBe(first.user.user_id);
  });

  it('[NAME] lets one of many through who want one name at one instant', async () => {
    const name = freshName();
    const answers = await Promise.all(Array.from({ length: 30 }, () => signIn(name)));
    expect(Map.groupBy(answers, ({ status }) => status).get(201)).toHaveLength(1);
    expect(Map.groupBy(answers, ({ status }) => status).get(409)).toHaveLength(29);
  });

  it('[NAME] lets one of many through who want a name that has just become free', async () => {
    const name = freshName();
    await signIn(name);
    travel(25 * hour);
    const answers = await Promise.all(Array.from({ length: 30 }, () => signIn(name)));
    expect(answers.filter(({ status }) => status === 201).length).toBe(1);
  });

  it('takes every name that the contract allows', async () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(text, async (name) => {
        const { status, body } = await signIn(name);
        if (status === 201) expect(body.user.name).toBe(name.trim());
        else expect(['invalid', 'name_taken']).toContain(body.code);
      }),
      { numRuns: 60, examples: [['a/b\\c#d?e'], ['%2F'], ["o'hara"], ['ẞ'], ['…'], ['head']] },
    );
  });

  it('[BAD] refuses what is not a name, and says what to mend', async () => {
    const bad = [
      '',
      '   ',
      'x'.repeat(51),
      'a\u0000b',
      'tab\there',
      '\ud800',
      7,
      null,
      undefined,
      {},
      ['a'],
      '\u200b\n',
    ];
    for (const name of bad) {
      const { status, body } = await signIn(name);
      expect([status, body.code, body.errors?.[0]?.path]).toEqual([400, 'invalid', 'name']);
    }
  });

  it('[BAD] refuses bodies that are no JSON, and whatever is no object', async () => {
    for (const body of ['', '{', 'null', '7', '"alice"', '[]', '\u0000']) {
      expect((await call(postSession, { body })).status).toBe(400);
    }
    await fc.assert(
      fc.asyncProperty(fc.json(), async (body) => {
        const { status } = await call(postSession, { body });
        expect([400, 201, 409]).toContain(status);
      }),
      { numRuns: 50 },
    );
  });

  it('is refused where guests are switched off', async () => {
    const known = settings();
    known.GUESTS = 'off';
    const { status, body } = await signIn(freshName());
    known.GUESTS = 'on';
    expect([status, body.code]).toEqual([403, 'guests_off']);
  });
});

describe('a token', () => {
  const sign = (key: string, change: (token: SignJWT) => SignJWT = (token) => token): Promise<string> =>
    change(
      new SignJWT({ name: 'mallory', kind: 'guest' })
        .setProtectedHeader({ alg: 'HS256' })
        .setIssuer('hubbub')
        .setAudience('hubbub')
        .setSubject('someone')
        .setExpirationTime('1h'),
    ).sign(new TextEncoder().encode(key));
  const ours = (): string => settings().SESSION_SIGNING_KEY;

  it('proves nothing once it has ended', async () => {
    const { token } = (await signIn(freshName())).body;
    expect((await whoAmI(token)).status).toBe(200);
    travel(25 * hour);
    expect((await whoAmI(token)).body.code).toBe('unauthenticated');
  });

  it('[BAD] proves nothing unless we signed it, for this use, with an end', async () => {
    const unsigned = `${btoa('{"alg":"none"}')}.${btoa('{"sub":"a","name":"a","kind":"guest"}')}.`.replaceAll(
      '=',
      '',
    );
    const bad = [
      await sign('another-key-0123456789-0123456789-0123'),
      await sign(ours(), (token) => token.setIssuer('somebody')),
      await sign(ours(), (token) => token.setAudience('something')),
      unsigned,
      'x',
      'a.b.c',
      `${await sign(ours())}x`,
    ];
    expect((await whoAmI(await sign(ours()))).status).toBe(200);
    for (const token of bad) {
      const { status, body } = await whoAmI(token);
      expect([status, body.code], token).toEqual([401, 'unauthenticated']);
    }
  });

  it('[BAD] is asked for where it is missing or not a bearer token', async () => {
    for (const headers of [
      {},
      { authorization: '' },
      { authorization: 'Basic YTpi' },
      { authorization: 'Bearer ' },
    ]) {
      expect((await whoAmI(undefined, headers)).status).toBe(401);
    }
  });
});
