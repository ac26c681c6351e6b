/**
 * Clients of Service Bus namespaces, one for each connection that bindings name. Loading the SDK takes longer than
 * starting the host, so it happens when the first function needs it.
 */
import type { ServiceBusClient } from '@azure/service-bus';
import { connectionString } from '../app-settings.ts';

/**
 * The SDK waits 30 s before it tries again unless told otherwise. Receivers try for ever, so that a namespace that
 * comes back is found within half a second.
 */
const retryOptions = { maxRetries: 0, retryDelayInMs: 500, maxRetryDelayInMs: 500, timeoutInMs: 10_000 };

/** Names that a binding leaves out. */
const defaultConnection = 'ServiceBus';

export class Connections {
  #env: NodeJS.ProcessEnv;
  #clients = new Map<string, Promise<ServiceBusClient>>();

  constructor(env: NodeJS.ProcessEnv) {
    this.#env = env;
  }

  /** Throws a sentence where no app setting says how to reach the namespace. */
  check(name: string | undefined): void {
    this.#address(name);
  }

  /** The client of a binding's `connection`; it connects when it is used. */
  client(name: string | undefined): Promise<ServiceBusClient> {
    const key = name ?? '';
    let client = this.#clients.get(key);
    if (!client) {
      client = this.#connect(name);
      this.#clients.set(key, client);
    }
    return client;
  }

  async close(): Promise<void> {
    const closings = [...this.#clients.values()].map(async (client) => (await client).close());
    await Promise.allSettled(closings);
  }

  async #connect(name: string | undefined): Promise<ServiceBusClient> {
    const address = this.#address(name);
    const sdk = await import('@azure/service-bus');
    if ('connectionString' in address)
      return new sdk.ServiceBusClient(address.connectionString, { retryOptions });
    const { DefaultAzureCredential } = await import('@azure/identity');
    const { namespace, clientId } = address;
    const credential = new DefaultAzureCredential(clientId ? { managedIdentityClientId: clientId } : {});
    return new sdk.ServiceBusClient(namespace, credential, { retryOptions });
  }

  #address(name = ''): { connectionString: string } | { namespace: string; clientId: string | undefined } {
    const setting = name === '' ? `AzureWebJobs${defaultConnection}` : name;
    const text = connectionString(name === '' ? defaultConnection : name, this.#env);
    if (text) return { connectionString: text };
    const namespace = this.#env[`${setting}__fullyQualifiedNamespace`];
    if (namespace) return { namespace, clientId: this.#env[`${setting}__clientId`] };
    throw new Error(`the Service Bus connection string '${setting}' is missing or empty.`);
  }
}
