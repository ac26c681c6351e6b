/**
 * Passwords: hashed by argon2id at OWASP's parameters (Password Storage Cheat Sheet: 19 MiB, two passes, one lane),
 * on the thread pool. Where the runtime has no argon2 (Node before 24.7) by scrypt, with its parameters from there.
 * Stored as PHC strings, which say how they were made.
 */
import * as crypto from 'node:crypto';
import { promisify } from 'node:util';
import { ProblemError } from '../platform/problem.ts';

const current = { m: 19_456, t: 2, p: 1 };
const scryptCost = { ln: 17, r: 8, p: 1 };
const tagLength = 32;
const hasArgon2 = typeof (crypto as { argon2?: unknown }).argon2 === 'function';

/** Hashing fills memory and threads: two of the pool's four stay free for files and names. */
const atOnce = 2;
/** More than wait half a minute are better told to come back. */
const mostWaiting = 100;
let running = 0;
const waiting: (() => void)[] = [];

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= atOnce) {
    if (waiting.length >= mostWaiting) {
      throw new ProblemError('too_many_requests', 'Many people sign in just now. Try again in a moment.', {
        retryAfterSeconds: 5,
      });
    }
    // Who is woken takes over the place of who wakes.
    await new Promise<void>((go) => waiting.push(go));
  } else running += 1;
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }
}

const argon2 = promisify(crypto.argon2 ?? (() => {}));
const scrypt = promisify<string, Buffer, number, crypto.ScryptOptions, Buffer>(crypto.scrypt);

type Parameters = Record<string, number>;

/** The same password typed on two keyboards is the same bytes. */
const asTyped = (password: string): string => password.normalize('NFKC');

function derive(id: string, password: string, salt: Buffer, parameters: Parameters): Promise<Buffer> {
  return inTurn(async () => {
    if (id === 'scrypt') {
      const { ln = 0, r = 0, p = 0 } = parameters;
      return scrypt(asTyped(password), salt, tagLength, { N: 2 ** ln, r, p, maxmem: 256 * 2 ** ln * r });
    }
    const { m = 0, t = 0, p = 0 } = parameters;
    const message = asTyped(password);
    return argon2('argon2id', { message, nonce: salt, parallelism: p, tagLength, memory: m, passes: t });
  });
}

const base64 = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '');

/** A PHC string of a password, with a salt of its own. Throws `too_many_requests` where too many wait. */
export async function hashPassword(password: string): Promise<string> {
  const salt = crypto.randomBytes(16);
  const [id, parameters] = hasArgon2 ? ['argon2id', current] : ['scrypt', scryptCost];
  const tag = await derive(id, password, salt, parameters);
  const said = Object.entries(parameters).map(([name, value]) => `${name}=${value}`);
  const version = id === 'argon2id' ? '$v=19' : '';
  return `$${id}${version}$${said.join(',')}$${base64(salt)}$${base64(tag)}`;
}

/** Made as a password of today would be, and nobody's. */
const nobodys = (hasArgon2 ? '$argon2id$v=19$m=19456,t=2,p=1' : '$scrypt$ln=17,r=8,p=1').concat(
  `$${'A'.repeat(22)}`,
  `$${'A'.repeat(43)}`,
);

/**
 * Whether it is the password of this PHC string. Where there is none, the same work is done, so that the time tells
 * nobody whether there is an account. Throws as `hashPassword`.
 */
export async function isPassword(password: string, stored: string | undefined): Promise<boolean> {
  const [, id, parameters, salt, tag] =
    /^\$(argon2id|scrypt)(?:\$v=19)?\$([\w=,]+)\$([\w+/]+)\$([\w+/]+)$/.exec(stored ?? nobodys) ?? [];
  if (id === undefined || !parameters || !salt || !tag)
    throw new Error('A stored password is no PHC string.');
  const values = Object.fromEntries(parameters.split(',').map((each) => each.split('='))) as object;
  const numbers = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Number(value)]));
  const derived = await derive(id, password, Buffer.from(salt, 'base64'), numbers);
  return crypto.timingSafeEqual(derived, Buffer.from(tag, 'base64')) && stored !== undefined;
}
