/**
 * A browser without a browser: the client with storage, a network that can be cut, and window events that a test
 * fires. Everything that it speaks to is real.
 */
// `idb` knows what it is given by the classes that a browser has as globals.
import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { createChatClient, type StoppableClient } from '../../../web/connection/chat-client.ts';
import { memoryStorage, type Environment, type WindowEvent } from '../../../web/connection/environment.ts';
import type { Conversation } from '../../../web/connection/model.ts';
import { until } from '../../support/until.ts';

/** What outlives a reload of the page. */
export interface Disk {
  storage: Environment['storage'];
  indexedDB: IDBFactory;
}

export const newDisk = (): Disk => ({ storage: memoryStorage(), indexedDB: new IDBFactory() });

export class Device {
  readonly client: StoppableClient;
  readonly disk: Disk;
  /** How many connections were opened. */
  opened = 0;
  /** Frames for which this answers true never arrive. */
  loses: (frame: string) => boolean = () => false;
  /** Requests to addresses for which this answers true never arrive. */
  refuses: (address: string) => boolean = () => false;
  /** Requests to addresses for which this answers true arrive, and their answers never do. */
  misses: (address: string) => boolean = () => false;
  /** By how many milliseconds its clock is wrong. */
  ahead = 0;
  #isOnline = true;
  #isCut = false;
  readonly #sockets = new Set<WebSocket>();
  readonly #listeners = new Map<WindowEvent, Set<() => void>>();

  constructor(api: string, disk: Disk = newDisk()) {
    this.disk = disk;
    this.client = createChatClient({ apiBase: api, environment: { ...disk, ...this.#environment() } });
  }

  get state() {
    return this.client.store.getState();
  }

  conversation(roomId: string): Conversation {
    const conversation = this.state.conversations[roomId];
    if (conversation === undefined) throw new Error('The room was never opened');
    return conversation;
  }

  texts(roomId: string): string[] {
    return this.conversation(roomId).messages.map(({ content }) => content);
  }

  async signIn(name: string): Promise<this> {
    await this.client.signIn(name);
    return this.untilOnline();
  }

  async untilOnline(): Promise<this> {
    await until(() => this.state.status === 'online', { what: 'the client to be online' });
    return this;
  }

  fire(event: WindowEvent): void {
    for (const listener of this.#listeners.get(event) ?? []) listener();
  }

  /** Ends every open socket without a word. */
  dropSockets(): void {
    for (const socket of this.#sockets) socket.close();
  }

  /** The browser notices before any socket does. */
  goOffline(): void {
    this.#isOnline = false;
    this.fire('offline');
  }

  /** No request and no connection comes through any more. */
  async cut(): Promise<void> {
    this.#isCut = true;
    this.dropSockets();
    this.goOffline();
    await until(() => this.#sockets.size === 0, { what: 'the sockets to be closed' });
  }

  mend(): void {
    this.#isCut = false;
    this.#isOnline = true;
    this.fire('online');
  }

  #environment(): Partial<Environment> {
    return {
      fetch: (address, request) => this.#fetch(address, request),
      openSocket: (url, protocol) => this.#open(url, protocol),
      now: () => Date.now() + this.ahead,
      isOnline: () => this.#isOnline,
      on: (event, listener) => {
        const listeners = this.#listeners.get(event) ?? new Set();
        this.#listeners.set(event, listeners.add(listener));
        return () => listeners.delete(listener);
      },
    };
  }

  async #fetch(input: string | URL | Request, request?: RequestInit): Promise<Response> {
    const address = input instanceof Request ? input.url : input.toString();
    if (this.#isCut || this.refuses(address)) throw new TypeError('cut');
    const misses = this.misses(address);
    const response = await fetch(input, request);
    if (misses) throw new TypeError('the answer was lost');
    return response;
  }

  #open(url: string, protocol: string): WebSocket {
    if (this.#isCut) throw new Error('cut');
    this.opened += 1;
    const socket = new WebSocket(url, protocol);
    this.#sockets.add(socket);
    socket.addEventListener('close', () => this.#sockets.delete(socket));
    // Registered before anybody else's: what it stops reaches nobody.
    socket.addEventListener('message', (event) => {
      if (this.loses(String(event.data))) event.stopImmediatePropagation();
    });
    return socket;
  }
}
