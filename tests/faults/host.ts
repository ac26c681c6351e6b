/** One functions host of several on the same services, each behind a line to the tables of its own. */
import { join } from 'node:path';
import { prepareFiles, storageConnection } from '../../local/stack/files.ts';
import { stackParts } from '../../local/stack/parts.ts';
import type { Ports } from '../../local/stack/ports.ts';
import { RunningPart } from '../../local/stack/process.ts';
import { FaultyLine } from '../functions/messages/faults.ts';

export interface HostOptions {
  /** Of the stack, with this host's own port as `functions`. */
  ports: Ports;
  data: string;
  settings: { [name: string]: string };
}

export class Host {
  /** `http://localhost:PORT/api` */
  readonly api: string;
  readonly line: FaultyLine;
  readonly #options: HostOptions;
  #storage: string | undefined;
  #running: RunningPart | undefined;
  #ahead = 0;

  constructor(options: HostOptions) {
    this.#options = options;
    this.api = `http://localhost:${options.ports.functions}/api`;
    this.line = new FaultyLine(`http://127.0.0.1:${options.ports.table}/devstoreaccount1`);
  }

  async start(): Promise<void> {
    const { ports, settings } = this.#options;
    this.#storage ??= await this.line.open(storageConnection(ports));
    const data = join(this.#options.data, `host-${ports.functions}`);
    const changes = { settings: { ...settings, AzureWebJobsStorage: this.#storage } };
    const files = prepareFiles(data, ports, changes);
    const part = stackParts({ data, ports, files, watch: false }).functions;
    this.#running = new RunningPart({ ...part, environment: this.#clock() });
    await this.#running.ready();
  }

  /** Ends it, and starts it with its clock wrong by so many milliseconds. */
  async restart({ ahead }: { ahead: number }): Promise<void> {
    await this.kill();
    this.#ahead = ahead;
    await this.start();
  }

  /** As `kill -9`: the host with its workers. */
  async kill(): Promise<void> {
    this.#running?.kill();
    await this.#running?.ended;
  }

  /** Stops the processes where they stand; `SIGCONT` lets them go on. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    process.kill(-this.#running!.child.pid!, signal);
  }

  async stop(): Promise<void> {
    await this.#running?.stop();
    this.line.close();
  }

  /** Workers inherit it. */
  #clock(): { [name: string]: string } {
    if (this.#ahead === 0) return {};
    const module = new URL('wrong-clock.mjs', import.meta.url).href;
    return { NODE_OPTIONS: `--import=${module}`, HUBBUB_CLOCK_AHEAD: String(this.#ahead) };
  }
}
