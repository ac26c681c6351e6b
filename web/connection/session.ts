/**
 * The session of this browser: kept for the next visit, shared by its tabs, renewed before it ends, and dropped
 * when the server refuses it. A guest renews with the token itself; an account with a refresh token, which is good
 * for one use: of all tabs one at a time renews. Knows nothing of what is done with the session.
 */
import * as z from 'zod/mini';
import { session as sessionSchema, type Session } from '../../contract/identity.ts';
import type { Problem } from '../../contract/problems.ts';
import type { Api } from './api.ts';
import type { Environment } from './environment.ts';
import { isPassing, problemOf } from './http.ts';

export interface SessionOptions {
  environment: Environment;
  api: Pick<Api, 'signIn' | 'refresh'>;
  /** Told whenever the session is another one, or none. The same person's renewed token counts as another. */
  onChange: (session: Session | undefined) => void;
  /** Told before it is none, where the person did not end it. */
  onEnded: (why: Problem) => void;
}

const key = 'hubbub.session';
/** Timers cannot wait longer than this, which is 24 days: the rest is waited for after it. */
const longest = 2 ** 31 - 1;
/** A token that ends within this time may have ended when it arrives. */
const margin = 10_000;

export class KeptSession {
  readonly #options: SessionOptions;
  #current: Session | undefined;
  #cancelRenewal: () => void = () => undefined;
  /** When to renew: epoch milliseconds. */
  #renewAt = Number.POSITIVE_INFINITY;
  #renewing: Promise<void> | undefined;

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

  /** The token for a call that begins now. Where it cannot be renewed, the one that there is. */
  async token(): Promise<string | undefined> {
    const { environment } = this.#options;
    const current = this.#current;
    const left = Date.parse(current?.expires_at ?? '') - environment.now();
    if (current?.refresh_token !== undefined && left <= margin) await this.#renew().catch(() => undefined);
    return this.#current?.token;
  }

  set(session: Session | undefined): void {
    const { storage } = this.#options.environment;
    if (session === undefined) storage.removeItem(key);
    else storage.setItem(key, JSON.stringify(session));
    this.#take(session);
  }

  /**
   * `token` was refused: it is renewed where that is possible, and otherwise the session ends.
   * @returns whether there is another token now, with which the call may be repeated.
   * Rejects as the API does where it is not known yet.
   */
  async refused(token: string | undefined): Promise<boolean> {
    this.#adopt();
    if (this.#current === undefined) return false;
    if (this.#current.token !== token) return true;
    if (this.#current.refresh_token === undefined || this.#isOver(this.#current)) this.#end();
    else await this.#renew();
    return this.#current !== undefined && this.#current.token !== token;
  }

  #end(): void {
    this.#options.onEnded(problemOf('unauthenticated'));
    this.set(undefined);
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

  #isOver({ expires_at, refresh_token, refresh_expires_at }: Session): boolean {
    const end = refresh_token === undefined ? expires_at : (refresh_expires_at ?? expires_at);
    return Date.parse(end) <= this.#options.environment.now();
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
        : environment.after(wait, () => void this.#renew().catch(() => undefined));
  }

  /** Rejects where no answer came: then it is tried again later. */
  #renew(): Promise<void> {
    this.#adopt();
    const before = this.#current;
    // A session that is over is not renewed: the next call is refused, and the person hears why.
    if (before === undefined || this.#isOver(before)) return Promise.resolve();
    this.#renewing ??= this.#options.environment
      .alone(key, () => this.#renewOnce(before))
      .finally(() => {
        this.#renewing = undefined;
      });
    return this.#renewing;
  }

  async #renewOnce(before: Session): Promise<void> {
    // While one waited for one's turn another tab may have done it.
    this.#adopt();
    if (this.#current?.token !== before.token) return;
    const { api } = this.#options;
    try {
      const renewed = await (before.refresh_token === undefined
        ? api.signIn(before.user.name, before.token)
        : api.refresh(before.refresh_token));
      if (this.#current?.token === before.token) this.set(renewed);
    } catch (failure) {
      if (isPassing(failure)) {
        this.#renewAt = this.#options.environment.now() + 60_000;
        this.#awaitRenewal();
        throw failure;
      }
      this.#adopt();
      // A guest's token is good until it ends; a refresh token that is refused has ended everything.
      if (before.refresh_token !== undefined && this.#current?.token === before.token) this.#end();
    }
  }
}
