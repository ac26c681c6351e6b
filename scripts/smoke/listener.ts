/** An open Web PubSub connection that hears messages. */
import { once } from 'node:events';
import { WebPubSubClient } from '@azure/web-pubsub-client';
import { serverFrame } from '../../contract/events.ts';
import { StepFailure } from './step.ts';

export interface Listener {
  /** Whether a message of this id has come, or comes within so many milliseconds. */
  hears(messageId: string, deadline: number): Promise<boolean>;
  close(): void;
}

/** Opens the connection. Throws `StepFailure` where it is not open by the deadline (milliseconds). */
export async function listen(url: string, deadline: number): Promise<Listener> {
  const client = new WebPubSubClient(url, { autoReconnect: false });
  const heard = new Set<string>();
  const arrivals = new EventTarget();
  const take = ({ message }: { message: { data: unknown } }): void => {
    const frame = serverFrame.safeParse(message.data);
    if (!frame.success) return;
    const { data } = frame;
    if (data.type === 'message') heard.add(data.message_id);
    if (data.type === 'messages') for (const each of data.messages) heard.add(each.message_id);
    arrivals.dispatchEvent(new Event('message'));
  };
  client.on('group-message', take);
  client.on('server-message', take);
  await open(client, url, deadline);
  return {
    async hears(messageId, within) {
      const signal = AbortSignal.timeout(within);
      while (!heard.has(messageId)) {
        const arrived = await once(arrivals, 'message', { signal }).catch(() => undefined);
        if (arrived === undefined) return false;
      }
      return true;
    },
    close: () => client.stop(),
  };
}

async function open(client: WebPubSubClient, url: string, deadline: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(() => reject(new Error(`not open after ${deadline / 1000} s`)), deadline);
  client.on('connected', () => resolve());
  client.on('disconnected', ({ message }) => reject(new Error(message?.message ?? 'closed again at once')));
  client.on('stopped', () => reject(new Error('refused or closed')));
  client.start().catch(reject);
  try {
    await promise;
  } catch (error) {
    client.stop();
    throw new StepFailure({
      expected: `an open connection to ${new URL(url).host}`,
      found: error instanceof Error ? error.message : String(error),
      look: 'the event handler of the hub in Web PubSub: its address, its code; the log of `webpubsub-events`.',
      settles: true,
    });
  } finally {
    clearTimeout(timer);
  }
}
