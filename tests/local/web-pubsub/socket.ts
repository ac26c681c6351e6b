/** A WebSocket client that hides nothing: it shows each frame, the refusal of a handshake, and the close code. */
import { SignJWT, type JWTPayload } from 'jose';
import { WebSocket, type ClientOptions } from 'ws';
import { accessKey } from './running-service.ts';

export const json = 'json.webpubsub.azure.v1';
export const reliable = 'json.reliable.webpubsub.azure.v1';
const patience = 10_000;

/** A token as the server SDK would sign it. */
export async function sign(
  audience: string,
  claims: JWTPayload = {},
  options: { key?: string; expires?: string | number } = {},
): Promise<string> {
  const { key = accessKey, expires = '1h' } = options;
  const token = new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).setAudience(audience);
  if (expires !== 'never') token.setExpirationTime(expires);
  return token.sign(new TextEncoder().encode(key));
}

export interface Closing {
  code: number;
  reason: string;
}

/** A handshake that was answered with a status. */
export class HandshakeRefused extends Error {
  readonly status: number;
  readonly body: string;

  constructor(status: number, body: string) {
    super(`${status} ${body}`);
    this.status = status;
    this.body = body;
  }
}

type Frame = Record<string, unknown>;

export class Socket {
  readonly ws: WebSocket;
  readonly closed: Promise<Closing>;
  readonly opened: Promise<void>;
  /** Frames that no test has taken yet. */
  readonly waiting: (Frame | string | Buffer)[] = [];
  #wake: (() => void) | undefined;

  constructor(url: string, protocols: string[] = [], options: ClientOptions = {}) {
    this.ws = new WebSocket(url, protocols, options);
    this.ws.on('message', (data: Buffer, isBinary) => {
      this.waiting.push(isBinary ? data : readFrame(data.toString(), this.ws.protocol.startsWith('json.')));
      this.#wake?.();
    });
    this.closed = new Promise((done) =>
      this.ws.on('close', (code, reason) => done({ code, reason: reason.toString() })),
    );
    this.opened = new Promise((done, fail) => {
      this.ws.on('open', () => done());
      this.ws.on('error', fail);
      this.ws.on('unexpected-response', (_request, response) => {
        let body = '';
        response.on('data', (part: Buffer) => (body += part.toString()));
        response.on('end', () => fail(new HandshakeRefused(response.statusCode ?? 0, body)));
      });
    });
    this.opened.catch(() => undefined);
  }

  /** The next frame, whatever it is. */
  async next(): Promise<Frame> {
    const deadline = Date.now() + patience;
    while (this.waiting.length === 0) {
      const left = deadline - Date.now();
      if (left <= 0) throw new Error('No frame has come');
      await new Promise<void>((done) => {
        const timer = setTimeout(done, left);
        this.#wake = () => {
          clearTimeout(timer);
          done();
        };
      });
    }
    return this.waiting.shift() as Frame;
  }

  /** As `next`, for frames that are not JSON objects. */
  async nextRaw(): Promise<string | Buffer> {
    return (await this.next()) as unknown as string | Buffer;
  }

  send(frame: Frame): void {
    this.ws.send(JSON.stringify(frame));
  }

  /** Sends and answers the next frame. */
  ask(frame: Frame): Promise<Frame> {
    this.send(frame);
    return this.next();
  }

  /** Loses the line as a dead network does: without a close frame. */
  async drop(): Promise<void> {
    this.ws.terminate();
    await this.closed;
  }
}

const readFrame = (text: string, isJson: boolean): Frame | string =>
  isJson ? (JSON.parse(text) as Frame) : text;

/** A field of a frame as text, '' where it is none. */
export function textOf(frame: Frame, name: string): string {
  const value = frame[name];
  return typeof value === 'string' ? value : '';
}

export interface Needs {
  userId?: string;
  roles?: string[];
  groups?: string[];
  hub?: string;
  query?: string;
}

/** The address of a client with its token. */
export async function clientUrl(host: string, needs: Needs = {}): Promise<string> {
  const { userId, roles = ['webpubsub.joinLeaveGroup', 'webpubsub.sendToGroup'], groups, query } = needs;
  const path = `${host}/client/hubs/${needs.hub ?? 'chat'}`;
  const token = await sign(`http://${path}`, {
    role: roles,
    ...(userId && { sub: userId }),
    ...(groups && { 'webpubsub.group': groups }),
  });
  return `ws://${path}?access_token=${token}${query ? `&${query}` : ''}`;
}

/** Opens a socket, and takes the `connected` frame where there is one. */
export async function connect(
  host: string,
  protocol: typeof json | typeof reliable | undefined,
  needs: Needs = {},
): Promise<{ socket: Socket; url: string; connected: Frame; connectionId: string }> {
  const url = await clientUrl(host, needs);
  const socket = new Socket(url, protocol ? [protocol] : []);
  await socket.opened;
  const connected = protocol ? await socket.next() : {};
  return { socket, url, connected, connectionId: textOf(connected, 'connectionId') };
}

/** Opens a socket for a connection that was lost. */
export async function recover(url: string, connected: Frame, protocol: string = reliable): Promise<Socket> {
  const query = new URLSearchParams({
    awps_connection_id: textOf(connected, 'connectionId'),
    awps_reconnection_token: textOf(connected, 'reconnectionToken'),
  });
  const socket = new Socket(`${url.split('?')[0]}?${query}`, [protocol]);
  await socket.opened;
  return socket;
}
