/**
 * How far the person has read, on its way to the server: told at most once a second for each room, again after a
 * failure, and never downwards.
 */
import { isPassing } from './http.ts';
import type { Surroundings } from './room-state.ts';

const rest = 1_000;
const afterFailure = 5_000;

export class Reading {
  readonly #surroundings: Surroundings;
  /** By room: what the server was told last, and whether more is being told or rested from. */
  readonly #told = new Map<string, number>();
  /** By room: how far was read here. */
  readonly #marked = new Map<string, number>();
  readonly #busy = new Set<string>();

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  mark(roomId: string, seq: number): void {
    const { store } = this.#surroundings;
    const { memberships } = store.getState();
    const membership = memberships[roomId];
    if (membership === undefined || membership.last_read >= seq) return;
    store.setState({ memberships: { ...memberships, [roomId]: { ...membership, last_read: seq } } });
    this.tell(roomId);
  }

  /** The state knows how far; the server hears it if it does not know yet. */
  tell(roomId: string): void {
    const seq = this.#surroundings.store.getState().memberships[roomId]?.last_read ?? 0;
    this.#marked.set(roomId, Math.max(this.marked(roomId), seq));
    if (this.#busy.has(roomId)) return;
    if (seq <= (this.#told.get(roomId) ?? 0)) return;
    this.#busy.add(roomId);
    void this.#tell(roomId, seq);
  }

  /** How far was read on this device, 0 where nothing was. */
  marked(roomId: string): number {
    return this.#marked.get(roomId) ?? 0;
  }

  /** What the server says it knows needs not be told. */
  known(roomId: string, seq: number): void {
    this.#told.set(roomId, Math.max(this.#told.get(roomId) ?? 0, seq));
  }

  clear(): void {
    this.#told.clear();
    this.#marked.clear();
  }

  async #tell(roomId: string, seq: number): Promise<void> {
    const { api, environment } = this.#surroundings;
    let wait = rest;
    try {
      await api.markRead(roomId, seq);
      this.known(roomId, seq);
    } catch (failure) {
      if (isPassing(failure)) wait = afterFailure;
      // A refusal means that one is not in the room any more: this far, there is nothing to tell.
      else this.known(roomId, seq);
    }
    environment.after(wait, () => {
      this.#busy.delete(roomId);
      this.tell(roomId);
    });
  }
}
