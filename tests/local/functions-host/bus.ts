/** A Service Bus namespace in a process of its own, on a free port, for the host's triggers to listen to. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePorts } from '../../support/ports.ts';
import { until } from '../../support/until.ts';

const main = fileURLToPath(new URL('../../../local/service-bus/main.ts', import.meta.url));

// Crashes and lost locks count as deliveries: none of them may use a message up on a slow machine.
const short = { LockDuration: 'PT5S', MaxDeliveryCount: 10 };
/** Nobody renews the locks of a batch. */
const patient = { LockDuration: 'PT30S', MaxDeliveryCount: 10 };
const description = {
  UserConfig: {
    Namespaces: [
      {
        Name: 'tests',
        Queues: [
          { Name: 'one', Properties: short },
          { Name: 'bytes', Properties: short },
          { Name: 'out', Properties: short },
          { Name: 'sessions', Properties: { ...patient, RequiresSession: true } },
        ],
        Topics: [
          {
            Name: 'news',
            Properties: {},
            Subscriptions: [
              { Name: 'all', Properties: patient },
              { Name: 'each', Properties: short },
            ],
          },
        ],
      },
    ],
    Logging: { Type: 'Console' },
  },
};

export class Bus {
  readonly connectionString: string;
  #folder = mkdtempSync(join(tmpdir(), 'functions-host-bus-'));
  #ports: number[];
  #process: ChildProcess | undefined;

  private constructor(ports: number[]) {
    this.#ports = ports;
    this.connectionString = `Endpoint=sb://localhost:${ports[0]};SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=SAS_KEY_VALUE;UseDevelopmentEmulator=true;`;
  }

  /** Chooses a port; `start` makes something answer there. */
  static async prepare(): Promise<Bus> {
    return new Bus(await freePorts(2));
  }

  async start(): Promise<void> {
    const config = join(this.#folder, 'config.json');
    writeFileSync(config, JSON.stringify(description));
    const [port, adminPort] = this.#ports;
    const flags = { config, data: join(this.#folder, 'data'), port, 'admin-port': adminPort };
    const args = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)]);
    const child = spawn(process.execPath, [main, ...args], { stdio: 'ignore' });
    const killIt = (): void => void child.kill('SIGKILL');
    process.once('exit', killIt);
    child.once('exit', () => process.off('exit', killIt));
    this.#process = child;
    await until(async () => (await fetch(`http://127.0.0.1:${adminPort}/health`)).ok, {
      what: 'the namespace',
    });
  }

  /** Ends it; what it has accepted is there after the next start. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await gone;
  }

  async remove(): Promise<void> {
    await this.stop('SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
