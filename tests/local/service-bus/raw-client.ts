/** A client of plain rhea, beside the official SDK: it says what the SDK never says, and shows what the SDK hides. */
import { once } from 'node:events';
import rhea, { type Connection, type Delivery, type EventContext, type Receiver, type Sender } from 'rhea';

export interface Received {
  message: Record<string, unknown>;
  delivery: Delivery;
}

export class RawClient {
  readonly connection: Connection;

  private constructor(connection: Connection) {
    this.connection = connection;
  }

  /** `tls` has the options of Node's `tls.connect`, with `transport: 'tls'`. */
  static async connect(port: number, tls: object = {}): Promise<RawClient> {
    const connection = rhea.create_container().connect({
      host: '127.0.0.1',
      port,
      username: 'anybody',
      reconnect: false,
      ...tls,
    });
    connection.on('disconnected', () => {});
    await once(connection, 'connection_open');
    return new RawClient(connection);
  }

  /** A link to send on; rejects with the condition where it is refused. */
  async sender(target: unknown, options: object = {}): Promise<Sender> {
    const session = this.connection.create_session();
    session.begin();
    const link = session.open_sender({ target, autosettle: true, ...options });
    await opened(link, 'sender');
    if (!link.sendable()) await once(link, 'sendable');
    return link;
  }

  /** A link to receive on, without credit. */
  async receiver(source: unknown, options: object = {}): Promise<Receiver> {
    const session = this.connection.create_session();
    session.begin();
    const link = session.open_receiver({ source, credit_window: 0, autoaccept: false, ...options });
    await opened(link, 'receiver');
    return link;
  }

  /** Sends a message, or the bytes of one, and answers the outcome: "accepted", or the condition of a rejection. */
  async send(link: Sender, message: object | Buffer, format?: number): Promise<string> {
    const delivery = link.send(
      message as Buffer,
      undefined,
      Buffer.isBuffer(message) ? (format ?? 0) : format,
    );
    return outcomeOf(link, delivery);
  }

  /** Brings a token of this type to `$cbs`, and answers what it says. */
  async putToken(type: string, token: string): Promise<Record<string, unknown>> {
    const [replies, requests] = [await this.receiver('$cbs'), await this.sender('$cbs')];
    replies.add_credit(1);
    const answer = once(replies, 'message') as Promise<[EventContext]>;
    requests.send({
      message_id: 'token-1',
      reply_to: replies.name,
      application_properties: { operation: 'put-token', name: 'sb://localhost/q1', type },
      body: token,
    });
    const [{ message }] = await answer;
    return { ...message!.application_properties };
  }

  /** Asks an operation of `<entity>/$management`, and answers its status and body. */
  async manage(entity: string, operation: string, body: unknown = {}): Promise<Record<string, unknown>> {
    const address = `${entity}/$management`;
    const replies = await this.receiver(address, { target: { address: 'replies' } });
    const requests = await this.sender(address);
    replies.add_credit(1);
    const answer = once(replies, 'message') as Promise<[EventContext]>;
    requests.send({
      message_id: 'request-1',
      reply_to: 'replies',
      application_properties: { operation },
      body,
    });
    const [{ message }] = await answer;
    return {
      ...message!.application_properties,
      id: message!.correlation_id,
      body: message!.body as unknown,
    };
  }

  close(): void {
    this.connection.close();
  }
}

/** The next message on a link, asked for with one credit. */
export async function next(link: Receiver): Promise<Received> {
  const message = once(link, 'message') as Promise<[EventContext]>;
  link.add_credit(1);
  const [context] = await message;
  return {
    message: context.message as unknown as Record<string, unknown>,
    delivery: context.delivery!,
  };
}

/** Settles in the way of a client that waits for the answer: "accepted", or the condition of a rejection. */
export async function settle(link: Receiver, delivery: Delivery, act: () => void): Promise<string> {
  const settled = once(link, 'settled');
  act();
  await settled;
  return describe(delivery);
}

async function outcomeOf(link: Sender, delivery: Delivery): Promise<string> {
  while (!delivery.remote_settled) await once(link, 'settled');
  return describe(delivery);
}

function describe({ remote_state: state }: Delivery): string {
  const error = state?.['error'] as { condition?: string } | undefined;
  return error?.condition ?? 'accepted';
}

/** A refusal is an attach and a detach right after it, so that it is there when a later request is answered. */
async function opened(link: Sender | Receiver, kind: 'sender' | 'receiver'): Promise<void> {
  link.on(`${kind}_error`, () => {});
  link.on(`${kind}_close`, () => {});
  await once(link, `${kind}_open`);
  const later = link.connection.create_session();
  later.begin();
  await once(later, 'session_open');
  later.close();
  const refusal = link.error as { condition?: string } | undefined;
  if (refusal) throw new Error(refusal.condition);
}
