/**
 * A Service Bus namespace on this machine.
 * node main.ts --config config.json --data folder [--port 5672] [--admin-port 5300]
 *   [--tls-port 5671 --certificate FILE --key FILE]
 */
import { parseArgs } from 'node:util';
import { Faults } from '../fault-injection/faults.ts';
import { readOrMakeCertificate, type Certificate } from '../tls/certificate.ts';
import { Activity } from './activity.ts';
import { AdminServer } from './admin-server.ts';
import { AmqpServer } from './amqp/server.ts';
import { stampDeadLetter } from './amqp/departure.ts';
import { changeArrival, viewOf } from './amqp/message-properties.ts';
import { systemClock } from './broker/clock.ts';
import { Namespace } from './broker/namespace.ts';
import { readEmulatorFile } from './config/emulator-file.ts';
import { Database } from './store/database.ts';
import { Store } from './store/entity-store.ts';

const host = '127.0.0.1';
/** What the broker has done to contents that it cannot read. */
const contents = { stamp: stampDeadLetter, view: viewOf, change: changeArrival };

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      config: { type: 'string' },
      data: { type: 'string' },
      port: { type: 'string', default: '5672' },
      'admin-port': { type: 'string', default: '5300' },
      'tls-port': { type: 'string' },
      certificate: { type: 'string' },
      key: { type: 'string' },
    },
  });
  if (values.config === undefined || values.data === undefined) {
    throw new Error('Say where things are: --config <config.json> --data <folder>');
  }
  const description = readEmulatorFile(values.config);
  const tls = await readTls(values);
  const database = new Database(values.data, (error) => stop(`The disk refused: ${String(error)}`));
  const store = new Store(database);
  const namespace = new Namespace({ description, store, clock: systemClock, contents });
  const faults = new Faults();
  const activity = new Activity();
  const amqp = new AmqpServer({ namespace, faults, activity });
  const admin = new AdminServer({
    faults,
    status: () => ({ ...namespace.counts(), connections: amqp.connections, recent: activity.recent() }),
  });
  await listen('--port', values.port, (port) => amqp.listen(port, host));
  if (tls) await listen('--tls-port', tls.port, (port) => amqp.listen(port, host, tls.certificate));
  await listen('--admin-port', values['admin-port'], (port) => admin.listen(port, host));
  const ports = `${host}:${values.port}${tls ? ` and, with TLS, ${host}:${tls.port}` : ''}`;
  console.log(
    `Service Bus namespace "${description.Name}": AMQP on ${ports}, health on http://${host}:${values['admin-port']}/health`,
  );
  const end = async () => {
    await Promise.all([amqp.close(), admin.close()]);
    database.close();
    process.exit(0);
  };
  process.once('SIGINT', () => void end());
  process.once('SIGTERM', () => void end());
}

async function readTls(values: {
  'tls-port'?: string | undefined;
  certificate?: string | undefined;
  key?: string | undefined;
}): Promise<{ port: string; certificate: Certificate } | undefined> {
  const { 'tls-port': port, certificate: cert, key } = values;
  if (port === undefined && cert === undefined && key === undefined) return undefined;
  if (port === undefined || !cert || !key) {
    throw new Error('TLS needs all three: --tls-port PORT --certificate FILE --key FILE');
  }
  return { port, certificate: await readOrMakeCertificate({ cert, key }) };
}

async function listen(option: string, port: string, begin: (port: number) => Promise<void>): Promise<void> {
  try {
    await begin(Number(port));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new Error(`Port ${port} is taken. Stop what uses it, or set another with ${option}.`, {
      cause: error,
    });
  }
}

function stop(reason: string): never {
  console.error(reason);
  process.exit(1);
}

main().catch((error: unknown) => stop(error instanceof Error ? error.message : String(error)));
