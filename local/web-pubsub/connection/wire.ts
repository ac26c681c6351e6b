/**
 * One WebSocket as connections write to it. Frames go to the socket as header, prefix and a shared buffer that
 * is not copied; all that one turn of the event loop writes leaves in one system call. Knows no protocol.
 */
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';

const final = 0x80;
const opcodes = { text: 0x1, binary: 0x2 };
const empty = Buffer.alloc(0);

export class Wire {
  /** False between a ping and its answer. */
  answered = true;
  readonly #webSocket: WebSocket;
  readonly #socket: Duplex;
  #corked = false;

  constructor(webSocket: WebSocket, socket: Duplex) {
    this.#webSocket = webSocket;
    this.#socket = socket;
  }

  /** Bytes that wait for a slow receiver. */
  get backlog(): number {
    return this.#socket.writableLength;
  }

  text(prefix: string, shared: Buffer = empty): void {
    this.#write(opcodes.text, prefix, shared);
  }

  binary(bytes: Buffer): void {
    this.#write(opcodes.binary, '', bytes);
  }

  /** Says goodbye. The close frame carries at most 123 bytes of reason. */
  close(code: number, reason = ''): void {
    let text = reason;
    while (Buffer.byteLength(text) > 123) text = text.slice(0, -1);
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

  #write(opcode: number, prefix: string, shared: Buffer): void {
    if (!this.#isOpen()) return;
    this.#cork();
    this.#socket.write(frameStart(opcode, prefix, shared.length));
    if (shared.length > 0) this.#socket.write(shared);
  }

  #cork(): void {
    if (this.#corked) return;
    this.#corked = true;
    this.#socket.cork();
    process.nextTick(() => {
      this.#corked = false;
      this.#socket.uncork();
    });
  }
}

/** RFC 6455 section 5.2: the header of an unmasked, whole message, with the first part of its payload. */
function frameStart(opcode: number, prefix: string, rest: number): Buffer {
  const prefixLength = Buffer.byteLength(prefix);
  const length = prefixLength + rest;
  const headerLength = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const start = Buffer.allocUnsafe(headerLength + prefixLength);
  start[0] = final | opcode;
  if (headerLength === 2) start[1] = length;
  else if (headerLength === 4) {
    start[1] = 126;
    start.writeUInt16BE(length, 2);
  } else {
    start[1] = 127;
    start.writeBigUInt64BE(BigInt(length), 2);
  }
  start.write(prefix, headerLength);
  return start;
}
