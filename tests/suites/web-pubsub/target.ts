/**
 * What the suites of this folder run against: any Web PubSub that a connection string names. They use nothing
 * but the official SDKs, so the same suites say whether a stand-in, Microsoft's emulator or Azure behaves.
 *
 *   WEB_PUBSUB_TEST_CONNECTION_STRING="Endpoint=http://localhost:8080;AccessKey=…;Version=1.0;" \
 *     npx vitest run tests/local/web-pubsub/suites.test.ts
 *
 * Without the variable our own service is started. The hub is `WEB_PUBSUB_TEST_HUB`, or `conformance`; it needs
 * no event handler, and must be nobody else's while the suites run.
 */
import { randomUUID } from 'node:crypto';
import { WebPubSubServiceClient } from '@azure/web-pubsub';
import { WebPubSubClient, type WebPubSubClientOptions } from '@azure/web-pubsub-client';

export interface Target {
  connectionString: string;
  hub: string;
}

export const allRoles = ['webpubsub.joinLeaveGroup', 'webpubsub.sendToGroup'];

/** A name that no earlier run has used. */
export const fresh = (prefix: string): string => `${prefix}-${randomUUID().slice(0, 8)}`;

export const serviceClient = ({ connectionString, hub }: Target): WebPubSubServiceClient =>
  new WebPubSubServiceClient(connectionString, hub, {
    allowInsecureConnection: /Endpoint=http:/i.test(connectionString),
    retryOptions: { maxRetries: 0 },
  });

export interface ClientNeeds {
  userId?: string;
  roles?: string[];
  groups?: string[];
  client?: WebPubSubClientOptions;
}

/** A client of the SDK that is connected, with what it has received so far. */
export interface ConnectedClient {
  client: WebPubSubClient;
  connectionId: string;
  /** The data of group and server messages, in the order of their arrival. */
  received: unknown[];
}

/** Clients that a test opens, closed together when it ends. */
export class Clients {
  readonly #target: () => Target;
  readonly #open: WebPubSubClient[] = [];

  constructor(target: () => Target) {
    this.#target = target;
  }

  async connect(needs: ClientNeeds = {}): Promise<ConnectedClient> {
    const { userId, roles = allRoles, groups = [], client: options } = needs;
    const service = serviceClient(this.#target());
    const client = new WebPubSubClient(
      {
        getClientAccessUrl: async () =>
          (await service.getClientAccessToken({ ...(userId && { userId }), roles, groups })).url,
      },
      { messageRetryOptions: { maxRetries: 0 }, ...options },
    );
    const received: unknown[] = [];
    client.on('group-message', ({ message }) => received.push(message.data));
    client.on('server-message', ({ message }) => received.push(message.data));
    const connected = new Promise<string>((done) =>
      client.on('connected', ({ connectionId }) => done(connectionId)),
    );
    this.#open.push(client);
    await client.start();
    return { client, connectionId: await connected, received };
  }

  closeAll(): void {
    for (const client of this.#open.splice(0)) client.stop();
  }
}
