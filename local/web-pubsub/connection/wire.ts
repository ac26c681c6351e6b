/** One WebSocket as connections write to it. Knows no protocol. */
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Departing, Departures } from './departures.ts';
import { toFrame, type Frame } from './frame.ts';
import type { Sheaf } from './sheaf.ts';

/** Up to here one piece is written faster than many. */
const mostJoined = 64 * 1024;

export class Wire implements Departing {
  /** False between a ping and its answer. */
  answered = true;
  departedIn = 0;
  readonly #webSocket: WebSocket;
  readonly #socket: Duplex;
  readonly #departures: Departures;
  #pending: Sheaf | undefined;
  /** How many keep it from writing. */
  #stalls = 0;

  constructor(webSocket: WebSocket, socket: Duplex, departures: Departures) {
    this.#webSocket = webSocket;
    this.#socket = socket;
    this.#departures = departures;
  }

  /** Bytes that wait for a slow receiver. */
  get backlog(): number {
    return this.#socket.writableLength + (this.#pending?.length ?? 0);
  }

  write(frame: Frame): void {
    if (!this.#isOpen()) return;
    if (!this.#pending && this.#stalls === 0 && this.#departures.mayGo(this)) this.#send(frame);
    else this.#pending = (this.#pending ?? this.#departures.await(this)).with(frame);
  }

  text(text: string): void {
    this.write(toFrame('text', text));
  }

  /** Writes nothing before `over` resolves, as if the client read nothing: what is to leave waits. */
  async stallUntil(over: Promise<unknown>): Promise<void> {
    this.#stalls += 1;
    await over;
    this.#stalls -= 1;
    this.depart();
  }

  binary(bytes: Buffer): void {
    this.write(toFrame('binary', '', bytes));
  }

  depart(): void {
    if (this.#stalls > 0) return;
    const leaving = this.#pending;
    this.#pending = undefined;
    if (!leaving || !this.#isOpen()) return;
    this.#send(leaving.length <= mostJoined ? [leaving.bytes] : leaving.parts);
  }

  #send(parts: readonly Buffer[]): void {
    if (parts.length === 1) return void this.#socket.write(parts[0]!);
    this.#socket.cork();
    for (const part of parts) this.#socket.write(part);
    this.#socket.uncork();
  }

  /** Says goodbye, after what waits, unless that is stalled. The close frame carries at most 123 bytes of reason. */
  close(code: number, reason = ''): void {
    let text = reason;
    while (Buffer.byteLength(text) > 123) text = text.slice(0, -1);
    this.depart();
    this.#webSocket.close(code, text);
  }

  /** Cuts the line without a word. */
  abort(): void {
    this.#webSocket.terminate();
  }

  ping(): void {
    // Nobody reads the answer of a client that has to wait.
    if (!this.#isOpen() || this.#webSocket.isPaused) return;
    this.answered = false;
    this.#webSocket.ping();
  }

  #isOpen(): boolean {
    return this.#webSocket.readyState === this.#webSocket.OPEN;
  }
}
