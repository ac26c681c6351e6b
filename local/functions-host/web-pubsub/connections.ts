/**
 * Web PubSub services that bindings name: their addresses and keys from app settings, and clients for their hubs. The
 * SDK is loaded when the first function needs it.
 */
import type { WebPubSubServiceClient } from '@azure/web-pubsub';
import { connectionString } from '../app-settings.ts';

/** Names that a binding leaves out. */
const defaultConnection = 'WebPubSubConnectionString';

/** A service as far as its events are concerned. */
export interface Upstream {
  /** Host name without port, in lower case. */
  host: string;
  /** Undefined for an identity-based connection, whose events are not checked. */
  accessKey: string | undefined;
}

export class WebPubSubConnections {
  #env: NodeJS.ProcessEnv;
  #clients = new Map<string, Promise<WebPubSubServiceClient>>();

  constructor(env: NodeJS.ProcessEnv) {
    this.#env = env;
  }

  /** The hub of a binding, or that of the app setting `WebPubSubHub`. Throws a sentence where there is neither. */
  hub(name: unknown): string {
    const hub = typeof name === 'string' && name !== '' ? name : this.#env['WebPubSubHub'];
    if (!hub) throw new Error("it names no hub, and the app setting 'WebPubSubHub' is missing.");
    return hub;
  }

  /** Throws a sentence where no app setting says how to reach the service. */
  upstream(name = defaultConnection): Upstream {
    const text = connectionString(name, this.#env);
    const address = text === undefined ? this.#env[`${name}__serviceUri`] : part(text, 'Endpoint');
    if (address === undefined || !URL.canParse(address))
      throw new Error(`the Web PubSub connection string '${name}' is missing or names no endpoint.`);
    return {
      host: new URL(address).hostname.toLowerCase(),
      accessKey: text === undefined ? undefined : part(text, 'AccessKey'),
    };
  }

  /** The services whose events a trigger takes; without any it takes everybody's. */
  upstreams(names: string[] | undefined): Upstream[] {
    if (names) return names.map((name) => this.upstream(name));
    const isSet =
      connectionString(defaultConnection, this.#env) ?? this.#env[`${defaultConnection}__serviceUri`];
    return isSet === undefined ? [] : [this.upstream()];
  }

  /** The client of a hub. */
  client(connection: unknown, hub: string): Promise<WebPubSubServiceClient> {
    const name = typeof connection === 'string' && connection !== '' ? connection : defaultConnection;
    const key = JSON.stringify([name, hub]);
    let client = this.#clients.get(key);
    if (!client) {
      client = this.#open(name, hub);
      this.#clients.set(key, client);
    }
    return client;
  }

  async #open(name: string, hub: string): Promise<WebPubSubServiceClient> {
    this.upstream(name);
    const sdk = await import('@azure/web-pubsub');
    const text = connectionString(name, this.#env);
    const options = { allowInsecureConnection: true };
    if (text !== undefined) return new sdk.WebPubSubServiceClient(text, hub, options);
    const { DefaultAzureCredential } = await import('@azure/identity');
    const clientId = this.#env[`${name}__clientId`];
    const credential = new DefaultAzureCredential(clientId ? { managedIdentityClientId: clientId } : {});
    return new sdk.WebPubSubServiceClient(this.#env[`${name}__serviceUri`]!, credential, hub, options);
  }
}

function part(connection: string, name: string): string | undefined {
  return connection
    .split(';')
    .find((each) => each.toLowerCase().startsWith(`${name.toLowerCase()}=`))
    ?.slice(name.length + 1);
}
