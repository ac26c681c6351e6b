/** One whole stack, page included, for all tests in a browser. */
import { startStack } from '../support/stack.ts';

export default async function setup(): Promise<() => Promise<void>> {
  const stack = await startStack({
    only: ['storage', 'serviceBus', 'webPubSub', 'functions', 'page', 'status'],
  });
  process.env['HUBBUB_PAGE'] = stack.page;
  process.env['HUBBUB_API'] = stack.api;
  process.env['HUBBUB_STATUS'] = `http://localhost:${stack.stack.ports.status}`;
  return () => stack.stop();
}
