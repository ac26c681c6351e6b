/** The whole local stack for one test file: every part a process, on free ports, its data in a folder of its own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Changes } from '../../local/stack/files.ts';
import type { PartName } from '../../local/stack/parts.ts';
import { Stack } from '../../local/stack/stack.ts';
import { freeStackPorts } from './ports.ts';

export interface TestStack {
  stack: Stack;
  /** `http://localhost:PORT/api` */
  api: string;
  /** `http://localhost:PORT`, where the page is, if it was started. */
  page: string;
  data: string;
  stop(): Promise<void>;
}

/** Starts the stack from the built packages (`npm run build`). Everything but the page, unless `only` says so. */
export async function startStack(options: { only?: PartName[]; changes?: Changes } = {}): Promise<TestStack> {
  const { only = ['storage', 'serviceBus', 'webPubSub', 'functions'], changes } = options;
  const ports = await freeStackPorts();
  const data = mkdtempSync(join(tmpdir(), 'hubbub-stack-'));
  const stack = new Stack({ ports, data, only, ...(changes && { changes }) });
  const killIt = () => stack.kill();
  process.once('exit', killIt);
  await stack.start();
  return {
    stack,
    api: `http://localhost:${ports.functions}/api`,
    page: `http://localhost:${ports.page}`,
    data,
    stop: async () => {
      await stack.stop();
      process.off('exit', killIt);
      rmSync(data, { recursive: true, force: true });
    },
  };
}
