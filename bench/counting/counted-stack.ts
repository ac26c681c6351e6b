/** The whole stack with a counting proxy in front of each service that Azure bills by the operation. */
import { storageConnection } from '../../local/stack/files.ts';
import type { Ports } from '../../local/stack/ports.ts';
import { freeStackPorts } from '../../tests/support/ports.ts';
import { BenchStack } from '../stack/bench-stack.ts';
import { startAmqpProxy } from './amqp-proxy.ts';
import { startHttpProxy } from './http-proxy.ts';
import { addTableUse, noTableUse, type TableUse } from './tables.ts';

export interface Count {
  tables: TableUse;
  busSent: number;
  busReceived: number;
  pubSubCalls: number;
  /** Of what is sent, in units of 2 KB, for one receiver. */
  pubSubUnits: number;
  /** The same in bytes. */
  pubSubBytes: number;
}

export interface CountedStack {
  stack: BenchStack;
  /** What was counted since the last call. */
  take: () => Count;
  stop(): Promise<void>;
}

const none = (): Count => ({
  tables: noTableUse(),
  busSent: 0,
  busReceived: 0,
  pubSubCalls: 0,
  pubSubUnits: 0,
  pubSubBytes: 0,
});

export async function startCountedStack(settings: Record<string, string> = {}): Promise<CountedStack> {
  let count = none();
  // The proxies listen before ports are looked for: none of those can be theirs then.
  let ports: Ports | undefined;
  const tables = await startHttpProxy(
    () => ports!.table,
    (exchange) => addTableUse(count.tables, exchange),
  );
  const bus = await startAmqpProxy(() => ports!.amqp, {
    sent: () => (count.busSent += 1),
    received: () => (count.busReceived += 1),
  });
  const pubSub = await startHttpProxy(
    () => ports!.webPubSub,
    ({ url, sent }) => {
      if (!url.startsWith('/api/hubs/')) return;
      count.pubSubCalls += 1;
      if (!url.includes('/:send')) return;
      count.pubSubUnits += Math.ceil(sent.length / 2_048);
      count.pubSubBytes += sent.length;
    },
  );
  ports = await freeStackPorts();
  const stack = await BenchStack.start({
    ports,
    changes: {
      settings: {
        ...settings,
        AzureWebJobsStorage: storageConnection({ ...ports, table: tables.port }),
        ServiceBusConnection: busConnection(bus.port),
        WebPubSubConnectionString: pubSubConnection(pubSub.port),
      },
    },
  });
  return {
    stack,
    take: () => {
      const taken = count;
      count = none();
      return taken;
    },
    stop: async () => {
      await stack.stop();
      for (const proxy of [tables, bus, pubSub]) proxy.stop();
    },
  };
}

const busConnection = (port: number): string =>
  `Endpoint=sb://localhost:${port};SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=SAS_KEY_VALUE;UseDevelopmentEmulator=true;`;

const pubSubConnection = (port: number): string =>
  `Endpoint=http://localhost:${port};AccessKey=ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789ABCDEFGH;Version=1.0;`;
