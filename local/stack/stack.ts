/** All parts together: started in order, stopped in the opposite one. Used by `npm start` and by the tests. */
import { prepareFiles, type Changes } from './files.ts';
import { stackParts, type PartName } from './parts.ts';
import type { Ports } from './ports.ts';
import { isTaken, PartError, RunningPart } from './process.ts';

export interface StackEvents {
  starting?(title: string): void;
  started?(title: string, milliseconds: number): void;
  line?(part: PartName, line: string): void;
  /** A part ended without being asked to. */
  lost?(title: string, how: string, lastLines: string): void;
}

export interface StackOptions {
  ports: Ports;
  /** Folder for everything that is kept. */
  data: string;
  /** All of them where absent. */
  only?: PartName[];
  changes?: Changes;
  /** Load again what is built again. */
  watch?: boolean;
  events?: StackEvents;
}

const order: PartName[] = ['storage', 'serviceBus', 'webPubSub', 'functions', 'page', 'status'];

export class Stack {
  readonly ports: Ports;
  readonly #running = new Map<PartName, RunningPart>();
  readonly #options: StackOptions;

  constructor(options: StackOptions) {
    this.ports = options.ports;
    this.#options = options;
  }

  /** Starts every part and waits until each answers. After a failure everything is stopped again. */
  async start(): Promise<void> {
    const wanted = order.filter((name) => this.#options.only?.includes(name) ?? true);
    const parts = this.#parts();
    await refuseTakenPorts(wanted.flatMap((name) => parts[name].ports));
    try {
      // Those that need nothing from each other start side by side.
      await Promise.all(wanted.filter((name) => name !== 'functions').map((name) => this.startPart(name)));
      if (wanted.includes('functions')) await this.startPart('functions');
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Starts one part, or starts it again. */
  async startPart(name: PartName): Promise<void> {
    const { events } = this.#options;
    const part = this.#parts()[name];
    const began = performance.now();
    events?.starting?.(part.title);
    const running = new RunningPart(part, (line) => events?.line?.(name, line));
    this.#running.set(name, running);
    void running.ended.then((how) => {
      if (!running.stopping) events?.lost?.(part.title, how, running.lastLines);
    });
    await running.ready();
    events?.started?.(part.title, performance.now() - began);
  }

  #parts(): ReturnType<typeof stackParts> {
    const { data, ports, changes, watch = false } = this.#options;
    return stackParts({ data, ports, files: prepareFiles(data, ports, changes), watch });
  }

  /** A running part, for tests that stop or kill it. */
  part(name: PartName): RunningPart {
    const running = this.#running.get(name);
    if (!running) throw new Error(`${name} was not started`);
    return running;
  }

  /** Stops all parts, dependants first. */
  async stop(): Promise<void> {
    for (const name of order.toReversed()) await this.#running.get(name)?.stop();
  }

  /** Ends everything at once, for a process that must go. */
  kill(): void {
    for (const running of this.#running.values()) running.kill();
  }
}

async function refuseTakenPorts(ports: { port: number; variable: string }[]): Promise<void> {
  const taken: string[] = [];
  for (const { port, variable } of ports) {
    if (await isTaken(port))
      taken.push(`Port ${port} is taken. Stop what uses it, or set ${variable} to another port.`);
  }
  if (taken.length > 0) throw new PartError(taken.join('\n'));
}
