/**
 * The session of this browser: kept for the next visit, shared by its tabs, renewed before it ends, and dropped
 * when the server refuses it. Knows nothing of what is done with it.
 */
import * as z from 'zod/mini';
import { session as sessionSchema, type Session } from '../../contract/identity.ts';
import { isPassing, type Api } from './api.ts';
import type { Environment } from './environment.ts';

export interface SessionOptions {
  environment: Environment;
  api: Pick<Api, 'signIn'>;
  /** Told whenever the session is another one, or none. The same person's renewed token counts as another. */
  onChange: (session: Session | undefined) => void;
}

const key = 'hubbub.session';
/** Timers cannot wait longer than this, which is 24 days: the rest is waited for after it. */
const longest = 2 ** 31 - 1;

export class KeptSession {
  readonly #options: SessionOptions;
  #current: Session | undefined;
  #cancelRenewal: () => void = () => undefined;
  /** When to renew: epoch milliseconds. */
  #renewAt = Number.POSITIVE_INFINITY;

  constructor(options: SessionOptions) {
    this.#options = options;
    const kept = this.#read();
    this.#current = kept !== undefined && this.#isOver(kept) ? undefined : kept;
    this.#planRenewal();
    options.environment.on('storage', () => this.#adopt());
    // Timers stand still while the machine sleeps.
    options.environment.on('wake', () => this.#awaitRenewal());
  }

  get current(): Session | undefined {
    return this.#current;
  }

  set(session: Session | undefined): void {
    const { storage } = this.#options.environment;
    if (session === undefined) storage.removeItem(key);
    else storage.setItem(key, JSON.stringify(session));
    this.#take(session);
  }

  /** Drops the session if `token` is still its own: another tab may have renewed it meanwhile. */
  refused(token: string | undefined): boolean {
    this.#adopt();
    if (this.#current === undefined || this.#current.token !== token) return false;
    this.set(undefined);
    return true;
  }

  /** Another tab may have signed in, out, or renewed. */
  #adopt(): void {
    const kept = this.#read();
    if (kept?.token !== this.#current?.token) this.#take(kept);
  }

  #take(session: Session | undefined): void {
    this.#current = session;
    this.#planRenewal();
    this.#options.onChange(session);
  }

  #read(): Session | undefined {
    try {
      return z.parse(sessionSchema, JSON.parse(this.#options.environment.storage.getItem(key) ?? ''));
    } catch {
      return undefined;
    }
  }

  #isOver({ expires_at }: Session): boolean {
    return Date.parse(expires_at) <= this.#options.environment.now();
  }

  /** When a fifth of the time that is left remains; a little random, so that tabs do not renew in step. */
  #planRenewal(): void {
    const { environment } = this.#options;
    const now = environment.now();
    const left = Date.parse(this.#current?.expires_at ?? '') - now;
    this.#renewAt = Number.isNaN(left)
      ? Number.POSITIVE_INFINITY
      : now + left * (0.8 + environment.random() / 10);
    this.#awaitRenewal();
  }

  #awaitRenewal(): void {
    this.#cancelRenewal();
    if (this.#current === undefined) return;
    const { environment } = this.#options;
    const wait = Math.max(0, this.#renewAt - environment.now());
    this.#cancelRenewal =
      wait > longest
        ? environment.after(longest, () => this.#awaitRenewal())
        : environment.after(wait, () => void this.#renew());
  }

  async #renew(): Promise<void> {
    this.#adopt();
    const before = this.#current;
    // A session that is over is not renewed: the next call is refused, and the person hears why.
    if (before === undefined || this.#isOver(before)) return;
    try {
      const renewed = await this.#options.api.signIn(before.user.name, before.token);
      if (this.#current?.token === before.token) this.set(renewed);
    } catch (failure) {
      if (isPassing(failure)) {
        this.#renewAt = this.#options.environment.now() + 60_000;
        this.#awaitRenewal();
      }
      // Any other refusal changes nothing yet: the token is good until it ends, and then calls are refused.
    }
  }
}
