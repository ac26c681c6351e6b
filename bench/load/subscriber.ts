/**
 * One subscriber of the load client: a raw socket that speaks as much WebSocket as a server insists on. Counts what
 * arrives, answers pings, and acknowledges where the connection is a reliable one.
 */
import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { FrameWalker } from './frames.ts';
import { MarkFinder } from './marks.ts';

export interface Target {
  port: number;
  /** As the server is to be called, where that is not its port here: tokens are for one name. */
  host?: string;
  /** With query. */
  path: string;
  subprotocol?: string;
}

export interface Hearing {
  /** A message has arrived whole. */
  message?: (subscriber: Subscriber) => void;
  /** Given, the stream is searched for marks: for servers that may put several messages into one frame. */
  mark?: (number: number) => void;
}

/** A reliable client acknowledges at the latest after so many messages; the service keeps 1,000. */
const mostUnacknowledged = 50;

export class Subscriber {
  /** Frames of messages so far. */
  messages = 0;
  /** Frames of all kinds so far: answers and greetings, too. */
  frames = 0;
  isClosed = false;
  #socket: Socket | undefined;
  #lastNumber = 0;
  #acknowledged = 0;

  /** Connects and waits for the server's consent. */
  open(target: Target, hearing: Hearing): Promise<void> {
    const walker = new FrameWalker({
      message: () => {
        this.messages += 1;
        hearing.message?.(this);
      },
      frame: () => (this.frames += 1),
      ping: (payload) => this.#write(0xa, payload),
      closed: () => (this.isClosed = true),
      numbered: (number) => this.#number(number),
    });
    const { mark } = hearing;
    const marks = mark && new MarkFinder(mark);
    return new Promise((done, fail) => {
      const socket = connect({ port: target.port, host: '127.0.0.1', noDelay: true });
      this.#socket = socket;
      let greeting = Buffer.alloc(0);
      const take = (chunk: Buffer): void => {
        walker.push(chunk);
        marks?.push(chunk);
      };
      const greet = (chunk: Buffer): void => {
        greeting = Buffer.concat([greeting, chunk]);
        const end = greeting.indexOf('\r\n\r\n');
        if (end === -1) return;
        const [status = ''] = greeting.toString('latin1', 0, end).split('\r\n');
        if (!status.includes(' 101 ')) return fail(new Error(`${target.path.slice(0, 60)}: ${status}`));
        socket.off('data', greet).on('data', take);
        done();
        if (greeting.length > end + 4) take(greeting.subarray(end + 4));
      };
      socket.on('data', greet);
      socket.on('error', fail);
      socket.on('close', () => (this.isClosed = true));
      socket.write(upgradeRequest(target));
    });
  }

  /** Sends a text, as a browser would. */
  say(text: string): void {
    this.#write(0x1, Buffer.from(text));
  }

  /** Tells a reliable service what has arrived, if that is new. */
  acknowledge(): void {
    if (this.#lastNumber === this.#acknowledged) return;
    this.#acknowledged = this.#lastNumber;
    this.say(`{"type":"sequenceAck","sequenceId":${this.#lastNumber}}`);
  }

  /** Ends the connection for good, as a page that is closed: a reliable one is not kept for a recovery. */
  leave(): void {
    const normalClosure = Buffer.from([1_000 >> 8, 1_000 & 0xff]);
    this.#write(0x8, normalClosure);
  }

  close(): void {
    this.#socket?.destroy();
  }

  #number(number: number): void {
    this.#lastNumber = number;
    if (number - this.#acknowledged >= mostUnacknowledged) this.acknowledge();
  }

  /** RFC 6455: what a client sends is masked; a mask of zeros is one, and leaves the bytes as they are. */
  #write(opcode: number, payload: Buffer): void {
    const { length } = payload;
    const header = length < 126 ? Buffer.alloc(6) : Buffer.alloc(8);
    header[0] = 0x80 | opcode;
    header[1] = 0x80 | Math.min(length, 126);
    if (length >= 126) header.writeUInt16BE(length, 2);
    this.#socket?.write(Buffer.concat([header, payload]));
  }
}

function upgradeRequest({ port, host = `localhost:${port}`, path, subprotocol }: Target): string {
  const lines = [
    `GET ${path} HTTP/1.1`,
    `Host: ${host}`,
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
    'Sec-WebSocket-Version: 13',
    ...(subprotocol === undefined ? [] : [`Sec-WebSocket-Protocol: ${subprotocol}`]),
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}
